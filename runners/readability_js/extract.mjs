import { Readability } from "@mozilla/readability";
import { JSDOM } from "jsdom";
import { parseHTML } from "linkedom";

function read(document, field) {
  return new Readability(document).parse()?.[field];
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
