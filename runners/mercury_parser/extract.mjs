import Parser from "@jocmp/mercury-parser";

export async function extract(html, url, options) {
  const found = await Parser.parse(url ?? "http://localhost/", { html, fetchAllPages: false, ...options });
  if (found.error) throw new Error(found.message);
  return { text: found.content, title: found.title, author: found.author, date: found.date_published };
}
