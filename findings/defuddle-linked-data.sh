#!/usr/bin/env bash
# Defuddle 0.19.4 gives the text of another article where the page's JSON-LD has one that is longer.
#
# Pages list other articles as data: a NewsArticle with its articleBody for each teaser. Where the longest of them has more words than the text that was found, Defuddle
# gives that text and nothing of the page's own, whatever its headline or address.
#
# Seen with Defuddle 0.19.4 on linkedom 0.18.15, Node 20 or newer: without the data the page's text, with it the other article's alone.
# For users of boilerbench: `boilerbench stress defuddle --family linked-data` measures it (docs/stress.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
echo '{"private": true, "type": "module", "dependencies": {"defuddle": "0.19.4", "linkedom": "0.18.15"}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts
cat >data.mjs <<'JS'
import { Defuddle } from "defuddle/node";
import { parseHTML } from "linkedom";

const own = "The reservoir above the village was drained in March for the first time in forty years. ".repeat(4);
const other = "A heron has been seen on the roof of the town hall again, and nobody knows what it eats. ".repeat(30);
const data = { "@context": "https://schema.org", "@type": "NewsArticle", headline: "The heron", url: "https://a.example/heron", articleBody: other };
const page = (head) =>
  `<!doctype html><html lang="en"><head><title>The drained reservoir</title>${head}</head><body><main><article>` +
  `<h1>The drained reservoir</h1><p>${own}</p><p>${own}</p></article></main></body></html>`;
const extract = async (html) => (await Defuddle(parseHTML(html).document, "https://a.example/reservoir", { useAsync: false })).content;
const found = [];
for (const [name, head] of [["without", ""], ["with", `<script type="application/ld+json">${JSON.stringify(data)}</script>`]]) {
  const text = await extract(page(head));
  found.push(text.includes("reservoir"), text.includes("heron"));
  console.log(`${name} the data: own text ${text.includes("reservoir") ? "in" : "out"}, the other article ${text.includes("heron") ? "in" : "out"}`);
}
if (found.join() !== "true,false,false,true") throw new Error("Defuddle behaves otherwise now");
JS
node data.mjs
echo "as described: Defuddle 0.19.4 gives another article's text from JSON-LD"
