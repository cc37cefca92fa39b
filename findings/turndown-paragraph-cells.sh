#!/usr/bin/env bash
# turndown 7.2.5 with turndown-plugin-gfm 1.0.2 breaks a table apart where its cells hold paragraphs.
#
# Content editors and Word write `<td><p>…</p></td>`. Turndown sets a paragraph off by blank lines, and the plugin puts what it gets
# between two bars as it is: the row goes over several lines, and the first empty one ends the table. No cell is lost as text, so that
# scores of words do not show it.
#
# Seen with Node 20, read back by markdown-it 14.1.0: of two plain cells both are cells again; of the same cells in paragraphs, the first is alone in a row
# behind an empty one, and the second is a paragraph behind the table.
# For users of boilerbench: `tables` of `turndown` on such pages (docs/extractors.md).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-fund --no-audit turndown@7.2.5 turndown-plugin-gfm@1.0.2 markdown-it@14.1.0 >/dev/null
cat >finding.mjs <<'JS'
import MarkdownIt from "markdown-it";
import TurndownService from "turndown";
import { gfm } from "turndown-plugin-gfm";

const turndown = new TurndownService().use(gfm);
const markdown = new MarkdownIt();

function rows(cell) {
  const page = `<table><thead><tr><th>Ferry</th><th>Leaves</th></tr></thead><tbody><tr>${cell("Morning")}${cell("seven")}</tr></tbody></table>`;
  const written = turndown.turndown(page);
  console.log(JSON.stringify(written));
  return (markdown.render(written).match(/<td>\w+<\/td>/g) ?? []).length;
}

const plain = rows((text) => `<td>${text}</td>`);
const paragraphs = rows((text) => `<td><p>${text}</p></td>`);
console.log(`cells with words in the table that Markdown reads: ${plain} of 2, in paragraphs ${paragraphs} of 2`);
process.exit(plain === 2 && paragraphs === 1 ? 0 : 1);
JS
node finding.mjs
echo "as described: paragraphs in cells end the table that turndown-plugin-gfm 1.0.2 writes"
