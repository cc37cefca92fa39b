package main

import (
	"net/url"
	"strings"

	"github.com/go-shiori/dom"
	distiller "github.com/markusmobius/go-domdistiller"
	"golang.org/x/net/html"
)

func extract(page, address string, options map[string]any) (map[string]any, error) {
	document, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil, err
	}
	pageURL, _ := url.Parse(address)
	skip := options["skip_pagination"].(bool)
	found, err := distiller.Apply(document, &distiller.Options{OriginalURL: pageURL, SkipPagination: skip})
	if err != nil {
		return nil, err
	}
	about := found.MarkupInfo
	reply := map[string]any{"text": dom.OuterHTML(found.Node), "title": found.Title, "author": about.Author, "date": about.Article.PublishedTime}
	if options["output"] == "text" {
		reply["text"] = found.Text
	}
	if about.Author == "" && len(about.Article.Authors) > 0 {
		reply["author"] = about.Article.Authors
	}
	return reply, nil
}
