package main

import (
	"time"

	goose "github.com/advancedlogic/GoOse"
)

func extract(html, address string, options map[string]any) (map[string]any, error) {
	found, err := goose.New().ExtractFromRawHTML(html, address)
	if err != nil {
		return nil, err
	}
	reply := map[string]any{"text": found.CleanedText, "title": found.Title, "date": nil, "language": found.MetaLang}
	if found.PublishDate != nil {
		reply["date"] = found.PublishDate.Format(time.RFC3339)
	}
	return reply, nil
}
