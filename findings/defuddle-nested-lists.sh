#!/usr/bin/env bash
# Defuddle 0.19.4 puts all nested items but the first a level too deep in its Markdown.
#
# The second item of an inner list gets one tab more than the first, and becomes a child of it. Its HTML of the same page is right.
#
# Seen with Defuddle 0.19.4 on linkedom 0.18.15, Node 20 or newer: tabs 1, 2, 2 for three inner items.
# For users of boilerbench: `nested` beside `lists` is low for defuddle:markdown, and right for defuddle (docs/extractors.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
echo '{"private": true, "type": "module", "dependencies": {"defuddle": "0.19.4", "linkedom": "0.18.15"}}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts
cat >nested.mjs <<'JS'
import { Defuddle } from "defuddle/node";
import { parseHTML } from "linkedom";

const sentence = "The reservoir above the village was drained in March for the first time in forty years. ".repeat(3);
const inner = ["spring", "autumn", "winter"].map((time) => `<li>An inner item says what the keeper did in ${time}.</li>`).join("");
const list = `<ul><li>The outer item has a sentence of its own.<ul>${inner}</ul></li><li>Another outer item ends the list.</li></ul>`;
const page =
  `<!doctype html><html lang="en"><head><title>The drained reservoir</title></head><body><article>` +
  `<p>${sentence}</p>${list}<p>${sentence}</p></article></body></html>`;
const extract = async (markdown) => (await Defuddle(parseHTML(page).document, "https://a.example/", { markdown, useAsync: false })).content;
const lines = (await extract(true)).split("\n").filter((line) => line.includes("inner item"));
const tabs = lines.map((line) => line.length - line.trimStart().length).join(", ");
const flat = (await extract(false)).includes(`<ul>${inner}</ul>`);
console.log(`tabs before the inner items: ${tabs}; in its HTML they stand side by side: ${flat}`);
if (tabs !== "1, 2, 2" || !flat) throw new Error("Defuddle behaves otherwise now");
JS
node nested.mjs
echo "as described: Defuddle 0.19.4 nests the items of an inner list in its first one"
