# /// script
# requires-python = ">=3.10"
# dependencies = ["extruct==0.18.0"]
# ///
"""extruct: what the page says of itself in JSON-LD, else by the Open Graph protocol, the baseline for metadata.

Of JSON-LD, the first object that has a `headline`, or else a `datePublished`. It has no text.
"""

import extruct

DISTRIBUTION = "extruct"
INPUT = "text"
FORMAT = "metadata"


def objects(found):
    """All objects of JSON-LD, those within others after them."""
    waiting = [found]
    for each in waiting:
        waiting += each if isinstance(each, list) else each.values() if isinstance(each, dict) else ()
        if isinstance(each, dict):
            yield each


def texts(found):
    """The texts of a value: itself, those of a list, and names of what has one."""
    values = found if isinstance(found, list) else [found]
    named = (each.get("name") if isinstance(each, dict) else each for each in values)
    return [each for each in named if isinstance(each, str)]


def extract(html, url=None):
    found = extruct.extract(html, base_url=url, syntaxes=["json-ld", "opengraph"], uniform=False, errors="ignore")
    graph = dict(reversed([pair for each in found.get("opengraph", ()) for pair in each["properties"]]))
    stated = list(objects(found.get("json-ld", ())))
    article = next((each for key in ("headline", "datePublished") for each in stated if each.get(key)), {})

    def first(key, *names):
        return next(iter([*texts(article.get(key)), *(graph[name] for name in names if name in graph)]), None)

    return {
        "title": first("headline", "og:title"),
        "author": texts(article.get("author")) or graph.get("article:author"),
        "date": first("datePublished", "article:published_time"),
        "language": first("inLanguage", "og:locale"),
    }
