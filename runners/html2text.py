# /// script
# requires-python = ">=3.10"
# dependencies = ["html2text==2025.4.15"]
# ///
"""html2text: the whole page as Markdown; it removes no boilerplate.

Links keep their text alone (`ignore_links`, as in its documentation's example), images are left out and lines are not
wrapped: none of that is text of the page. By default it turns accented letters written as character references, as
in `&eacute;`, into plain ones (`e`); the variant `unicode` keeps them (`unicode_snob`), and `links` the targets of
links.
"""

import html2text

DISTRIBUTION = "html2text"
INPUT = "text"
FORMAT = "markdown-no-html"
VARIANTS = {"unicode": {"unicode_snob": True}, "links": {"ignore_links": False}}
TUNABLE = {"unicode_snob": [True], "ignore_tables": [True]}


def extract(html, url=None, unicode_snob=False, ignore_links=True, ignore_tables=False):
    converter = html2text.HTML2Text(baseurl=url or "", bodywidth=0)
    converter.ignore_links = ignore_links
    converter.ignore_images = True
    converter.ignore_tables = ignore_tables
    converter.unicode_snob = unicode_snob
    return converter.handle(html)
