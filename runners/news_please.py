# /// script
# requires-python = ">=3.10"
# dependencies = ["news-please==1.6.16", "newspaper4k[nlp,zh,ja,th,hi]==0.9.6"]
# ///
"""news-please: news crawler whose text of an article is, in this release, that of newspaper4k.

Given the page instead of fetching it, and with `fetch_images=False`: by default it downloads the images of the page.
newspaper4k's language extras are named, because it comes without them; Korean pages fail as they do there. It drops a
text of fewer than 15 words between spaces, and with it articles in Chinese, Japanese and Thai.
"""

from newsplease import NewsPlease

DISTRIBUTION = "news-please"
INPUT = "text"
FORMAT = "text"


def extract(html, url=None):
    article = NewsPlease.from_html(html, url=url, fetch_images=False)
    if not article:
        return None
    return {
        "text": article.maintext,
        "title": article.title,
        "author": article.authors,
        "date": str(article.date_publish or ""),
        "language": article.language,
    }
