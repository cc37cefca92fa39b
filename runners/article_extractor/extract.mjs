import { extractFromHtml } from "@extractus/article-extractor";

export async function extract(html, url, options) {
  return (await extractFromHtml(html, url, options))?.content;
}
