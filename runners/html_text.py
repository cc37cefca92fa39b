# /// script
# requires-python = ">=3.10"
# dependencies = ["html-text==0.7.1"]
# ///
"""html-text: all visible text of the page, the baseline that keeps everything.

Navigation, footers and dialogs stay in; an extractor that scores below it loses more than it cleans.
"""

import html_text

DISTRIBUTION = "html-text"
INPUT = "text"
FORMAT = "text"


def extract(html, url=None):  # noqa: ARG001  # every runner takes the page's address
    return html_text.extract_text(html)
