#!/usr/bin/env bash
# go-readability 2.1.3 and go-trafilatura 1.12.2 fail on Korean pages, from some size on, where they read a page themselves.
#
# What both read with (go-shiori/dom) takes text apart to letters (NFD), removes soft hyphens and puts it together again. A syllable of
# Korean is three letters, and the step between has a buffer of fixed size. Valid UTF-8, declared as such; a page that was parsed
# before (`FromDocument`, `ExtractDocument`) is read whole.
#
# Seen with Go 1.26: "transform: short internal buffer" by `FromReader` and `Extract` for a page of 60 paragraphs (26 kB), none for 3.
# For users of boilerbench: its runners parse the page themselves, so that none of this is in their rows (docs/extractors.md).
set -euo pipefail
place=$(mktemp -d)
trap 'chmod -R u+w "$place"; rm -rf "$place"' EXIT
cd "$place"
export GOFLAGS=-mod=mod GOPATH="$place/go"
cat >main.go <<'GO'
package main

import (
	"fmt"
	"net/url"
	"os"
	"strings"

	"codeberg.org/readeck/go-readability/v2"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
)

func main() {
	sentence := "마을 위의 저수지가 사십 년 만에 처음으로 비워졌고 사람들이 구경하러 왔다. "
	address, _ := url.Parse("https://a.example/")
	found := ""
	for _, paragraphs := range []int{3, 60} {
		text := strings.Repeat("<p>"+strings.Repeat(sentence, 4)+"</p>", paragraphs)
		page := `<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>저수지</title></head><body><article>` + text + `</article></body></html>`
		_, readability1 := readability.FromReader(strings.NewReader(page), address)
		_, trafilatura1 := trafilatura.Extract(strings.NewReader(page), trafilatura.Options{})
		document, _ := html.Parse(strings.NewReader(page))
		_, readability2 := readability.FromDocument(document, address)
		_, trafilatura2 := trafilatura.ExtractDocument(document, trafilatura.Options{})
		found += fmt.Sprintf("%d paragraphs: %v, %v; parsed before: %v, %v\n", paragraphs, readability1, trafilatura1, readability2, trafilatura2)
	}
	fmt.Print(found)
	if found != "3 paragraphs: <nil>, <nil>; parsed before: <nil>, <nil>\n"+
		"60 paragraphs: failed to parse input: transform: short internal buffer, transform: short internal buffer; parsed before: <nil>, <nil>\n" {
		fmt.Println("they behave otherwise now")
		os.Exit(1)
	}
}
GO
go mod init finding 2>/dev/null
go get codeberg.org/readeck/go-readability/v2@v2.1.3 github.com/markusmobius/go-trafilatura@v1.12.2 2>/dev/null
go run .
echo "as described: go-readability 2.1.3 and go-trafilatura 1.12.2 fail on a long Korean page that they read themselves"
