package main

import (
	"net/url"
	"strings"

	"github.com/go-shiori/dom"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
)

var focuses = map[any]trafilatura.ExtractionFocus{
	"balanced":  trafilatura.Balanced,
	"precision": trafilatura.FavorPrecision,
	"recall":    trafilatura.FavorRecall,
}

func extract(page, address string, options map[string]any) (map[string]any, error) {
	document, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil, err
	}
	pageURL, _ := url.Parse(address)
	found, err := trafilatura.ExtractDocument(document, trafilatura.Options{
		OriginalURL:     pageURL,
		EnableFallback:  options["fallback"].(bool),
		Focus:           focuses[options["focus"]],
		ExcludeComments: options["exclude_comments"].(bool),
	})
	if err != nil {
		return nil, err
	}
	about := found.Metadata
	reply := map[string]any{"text": found.ContentText, "title": about.Title, "author": nil, "date": nil, "language": about.Language}
	if options["output"] == "html" {
		reply["text"] = dom.OuterHTML(found.ContentNode)
	}
	if about.Author != "" {
		reply["author"] = strings.Split(about.Author, "; ")
	}
	if !about.Date.IsZero() {
		reply["date"] = about.Date.Format("2006-01-02")
	}
	return reply, nil
}
