"""The data of each page: gold, what every runner extracted, what of it is wrong, and the page made fit to look at."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from boilerbench.labels import Policy
from boilerbench.model import Extraction, Gold, Page, Status
from boilerbench.ranking.slices import SLICES, UNKNOWN
from boilerbench.rendering.site.sanitise import sanitised, title_of
from boilerbench.rendering.site.wrong_words import differences
from boilerbench.text.decoding import decode

_NONE = Extraction(Status.ERROR, error="no extraction for this page")


def page_data(
    page: Page, gold: Gold, extractions: Mapping[str, Mapping[str, Extraction]], policies: Sequence[Policy]
) -> dict[str, Any]:
    """Everything the site shows of one page. `extractions` are by runner and page id; lists are in their order."""
    html = decode(page.read(), page.charset)
    found = [of_runner.get(page.id, _NONE) for of_runner in extractions.values()]
    texts = ["" if each.status.failed else each.text for each in found]
    return {
        "title": title_of(html),
        "gold": [[segment.label, segment.text] for segment in gold.segments],
        "with": list(gold.with_snippets),
        "without": list(gold.without_snippets),
        "extractions": [
            {"status": each.status.value, "text": text, "error": each.error or ""}
            for each, text in zip(found, texts, strict=True)
        ],
        "wrong": {policy.name: [vars(each) for each in differences(gold, policy, texts)] for policy in policies},
        "html": sanitised(html),
    }


def index(pages: pd.DataFrame, titles: Sequence[str], slices: Sequence[str]) -> list[list[str]]:
    """One row per page, in the order of their numbers: set, id, title, URL, and its value of each slice."""
    known = pages[["set", "page", "url", *(SLICES[name] for name in slices)]].fillna("").astype(str)
    return [
        [name, page, title, url, *(value or UNKNOWN for value in values)]
        for (name, page, url, *values), title in zip(known.itertuples(index=False), titles, strict=True)
    ]
