import { Defuddle } from "defuddle/node";
import { parseHTML } from "linkedom";

export async function extract(html, url, options) {
  const found = await Defuddle(parseHTML(html).document, url, options);
  const { title, author, published: date, language } = found;
  return { text: found.content, title, author, date, language };
}
