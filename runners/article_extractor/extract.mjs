import { extractFromHtml } from "@extractus/article-extractor";

export async function extract(html, url, options) {
  const found = await extractFromHtml(html, url, options);
  return found && { text: found.content, title: found.title, author: found.author, date: found.published };
}
