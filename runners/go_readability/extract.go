package main

import (
	"net/url"
	"strings"
	"time"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
)

func extract(page, address string, options map[string]any) (map[string]any, error) {
	document, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil, err
	}
	pageURL, _ := url.Parse(address)
	found, err := readability.FromDocument(document, pageURL)
	if err != nil {
		return nil, err
	}
	render := found.RenderHTML
	if options["output"] == "text" {
		render = found.RenderText
	}
	var text strings.Builder
	if found.Node != nil {
		if err := render(&text); err != nil {
			return nil, err
		}
	}
	reply := map[string]any{"text": text.String(), "title": found.Title(), "author": found.Byline(), "language": found.Language()}
	reply["date"] = nil
	if published, err := found.PublishedTime(); err == nil {
		reply["date"] = published.Format(time.RFC3339)
	}
	return reply, nil
}
