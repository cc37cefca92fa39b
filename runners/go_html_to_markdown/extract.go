package main

import (
	"net/url"
	"strings"

	"codeberg.org/readeck/go-readability/v2"
	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"golang.org/x/net/html"
)

func extract(page, address string, options map[string]any) (map[string]any, error) {
	document, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil, err
	}
	pageURL, _ := url.Parse(address)
	found, err := readability.FromDocument(document, pageURL)
	if err != nil || found.Node == nil {
		return nil, err
	}
	plugins := []converter.Plugin{base.NewBasePlugin(), commonmark.NewCommonmarkPlugin()}
	if options["tables"].(bool) {
		plugins = append(plugins, table.NewTablePlugin())
	}
	text, err := converter.NewConverter(converter.WithPlugins(plugins...)).ConvertNode(found.Node)
	return map[string]any{"text": string(text), "title": found.Title()}, err
}
