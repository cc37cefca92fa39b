import { Defuddle } from "defuddle/node";
import { parseHTML } from "linkedom";

export async function extract(html, url, options) {
  return (await Defuddle(parseHTML(html).document, url, options)).content;
}
