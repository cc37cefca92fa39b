# /// script
# requires-python = ">=3.10"
# dependencies = ["newspaper4k[nlp,zh,ja,th,hi]==0.9.6"]
# ///
"""newspaper4k: news article scraper, the successor of newspaper3k, given the page instead of fetching it.

`fetch_images=False`: by default it downloads the images of the page. The language of its stopwords is the one the page
declares; the extras bring the word splitters for Arabic, Chinese, Japanese, Thai, Hindi, Bengali, Nepali and Tamil.
Korean needs NLTK's punkt_tab besides, which no package brings and nobody fetches here: such pages fail, and say so. The
variant `html` gives its `article_html`.
"""

from newspaper import Article

DISTRIBUTION = "newspaper4k"
INPUT = "text"
FORMAT = "text"
VARIANTS = {"html": {"html_of_article": True, "FORMAT": "html"}}


def extract(html, url=None, html_of_article=False):
    article = Article(url or "", fetch_images=False)
    article.download(input_html=html)
    article.parse()
    return {
        "text": article.article_html if html_of_article else article.text,
        "title": article.title,
        "author": article.authors,
        "date": str(article.publish_date or ""),
        "language": article.meta_lang,
    }
