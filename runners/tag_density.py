# /// script
# requires-python = ">=3.10"
# dependencies = ["lxml==6.1.3"]
# ///
"""tag-density: the stretch of the page with the most words and the fewest tags, the baseline that cleans.

Body text extraction after Finn, Kushmerick and Smyth (Fact or fiction, 2001): every word is worth one and every tag
costs one, and the stretch of the highest sum is the text. One thing is added: words inside links are worth nothing. It
knows no class, no language and almost no tag: what a serious extractor has to beat.
"""

from itertools import accumulate

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

DISTRIBUTION = "lxml"
INPUT = "text"
FORMAT = "text"

UNSEEN = (etree.Comment, etree.ProcessingInstruction, "head", "noscript", "script", "style", "template")
WITHIN_LINES = {"a", "abbr", "b", "cite", "code", "em", "font", "i", "q", "small", "span", "strong", "sub", "sup", "u"}


def extract(html, url=None):  # noqa: ARG001  # every runner takes the page's address
    page = "<html>" + html.replace("\0", "")
    tree = document_fromstring(page.encode(errors="replace"), parser=HTMLParser(encoding="utf-8"))
    etree.strip_elements(tree, *UNSEEN, with_tail=False)
    pieces, worth, links = [], [0], 0
    for event, element in etree.iterwalk(tree, ("start", "end")):
        text = (element.text if event == "start" else element.tail) or ""
        links += (element.tag == "a") * (1 if event == "start" else -1)
        pieces.append(text if element.tag in WITHIN_LINES else "\n" + text)
        worth.append((0 if links else len(text.split())) - 1)
    sums = list(accumulate(worth))
    lowest = list(accumulate(range(len(sums)), lambda low, here: here if sums[here] < sums[low] else low))
    end = max(range(len(sums)), key=lambda here: sums[here] - sums[lowest[here]])
    return "".join(pieces[lowest[end] : end])
