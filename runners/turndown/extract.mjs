import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";
import TurndownService from "turndown";
import { gfm } from "turndown-plugin-gfm";

const plain = new TurndownService();
const tables = new TurndownService().use(gfm);

export function extract(html, url, options) {
  const found = new Readability(parseHTML(html).document).parse();
  if (!found) return null;
  const { title, byline: author, publishedTime: date, lang: language } = found;
  return { text: (options.gfm ? tables : plain).turndown(found.content), title, author, date, language };
}
