import { Readability } from "@mozilla/readability";
import { JSDOM } from "jsdom";
import { parseHTML } from "linkedom";

function read(document, field) {
  const found = new Readability(document).parse();
  if (!found) return null;
  const { title, byline: author, publishedTime: date, lang: language } = found;
  return { text: found[field], title, author, date, language };
}

export function extract(html, url, { dom, field }) {
  if (dom === "linkedom") return read(parseHTML(html).document, field);
  const { window } = new JSDOM(html, URL.canParse(url) ? { url } : {});
  try {
    return read(window.document, field);
  } finally {
    window.close();
  }
}
