package main

import (
	"errors"

	_ "$distribution" // TODO: without the underscore
)

func extract(html, url string, options map[string]any) (map[string]any, error) {
	// TODO: what its documentation calls, and what that returns
	return map[string]any{"text": nil}, errors.New("say in extract.go what of $distribution is to be called")
}
