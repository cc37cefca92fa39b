"""What a run's pages can be cut by that only their content tells: charset, length of the body, complexity.

Counted when they are first asked for, and kept across runs by content, since reading every page takes longer than
scoring it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice

import numpy as np
import pandas as pd

from boilerbench.errors import BadRunFolderError
from boilerbench.labels import load_policy
from boilerbench.model import Gold, GoldSet, Page
from boilerbench.storage.cache import Facts, opened
from boilerbench.storage.run_folder import RunFolder
from boilerbench.text import convert, decoding
from boilerbench.text.decoding import declared_charset, decode
from boilerbench.text.tokens import NATURAL_WORDS, tokenise

COLUMNS = (*Facts._fields, "length", "complexity")
"""The columns that are added to the pages' table; the last two name the quarter of its set that a page is in."""

_VERSION = 3
"""Raised whenever the same page may give other facts."""


def known(folder: RunFolder) -> bool:
    """Whether the pages' table of a run folder has `COLUMNS`."""
    return set(COLUMNS) <= set(folder.columns("pages"))


def keep(folder: RunFolder, goldsets: Sequence[GoldSet]) -> None:
    """Add `COLUMNS` to the pages' table of a run folder. Pages of other sets have no facts.

    Raises `BadRunFolderError` where the sets have other pages than the run.
    """
    entries = ((goldset.name, page, gold) for goldset in goldsets for page, gold in goldset.entries)
    known = {goldset.name for goldset in goldsets}

    def counted(pages: pd.DataFrame) -> pd.DataFrame:
        """Add the facts of a file's pages, which are the next ones of the sets."""
        keys = list(zip(pages["set"], pages["page"], strict=True))
        some = list(islice(entries, sum(name in known for name, _ in keys)))
        facts = _facts([(page, gold) for _, page, gold in some])
        found = {(name, page.id): each for (name, page, _), each in zip(some, facts, strict=True)}
        if lacking := [(name, page) for name, page in keys if name in known and (name, page) not in found]:
            name, page = lacking[0]
            raise BadRunFolderError(f"{folder.path}: page {page} is not in set '{name}'; run again")
        rows = [found.get(key, Facts(None, None, None)) for key in keys]
        return pages.assign(**pd.DataFrame(rows, pages.index, columns=list(Facts._fields)))

    folder.each_file("pages", counted)
    quarters = with_quarters(folder.table("pages", ["set", "gold_words", "page_words"]))[["length", "complexity"]]
    rows = iter(quarters.to_dict("records"))
    folder.each_file("pages", lambda pages: pages.assign(**pd.DataFrame(islice(rows, len(pages)), pages.index)))


def _facts(entries: Sequence[tuple[Page, Gold]]) -> list[Facts]:
    code = f"{_VERSION} {decoding.version()} {convert.version('html')}"
    keys = [hashlib.sha256(f"{code} {page.digest} {gold.digest}".encode()).hexdigest() for page, gold in entries]
    with opened() as cache:
        known = cache.facts(keys)
        new = {key: entry for key, entry in zip(keys, entries, strict=True) if key not in known}
        counted = {key: count(*entry) for key, entry in new.items()}
        if counted:
            cache.put_facts(counted)
    return [(known | counted)[key] for key in keys]


def count(page: Page, gold: Gold) -> Facts:
    """Read a page: its charset, the words of its body (policy `default`), and those that are written on it.

    Without gold nobody knows the words of its body.
    """
    html = page.read()
    texts = [load_policy("default").body(gold)]
    with suppress(ValueError):  # elements nested too deeply: what is written on it is not known
        texts.append(convert.to_text(decode(html, page.charset), "html"))
    body, written = [*tokenise(texts, NATURAL_WORDS).lengths.tolist(), None][:2]
    return Facts(declared_charset(html, page.charset)[0], body if gold.given else None, written)


def with_quarters(pages: pd.DataFrame) -> pd.DataFrame:
    """Add what quarter of its set each page is in, by the words of its body and by its complexity.

    Complexity is the share of a page's words that are not its body's: 1 - gold words / page words, no less than 0
    (Bevendorff et al., An Empirical Comparison of Web Content Extraction Algorithms, SIGIR 2023).
    """
    pages = pages.astype({"gold_words": "Int64", "page_words": "Int64"})
    gold, page = (pages[name].astype("float64") for name in ("gold_words", "page_words"))
    shares = pd.Series(np.divide(gold, page, out=np.full(len(pages), np.nan), where=page > 0), pages.index)
    return pages.assign(
        length=_quarters(pages["set"], gold, "{:.0f}-{:.0f} words".format),
        complexity=_quarters(pages["set"], 1 - shares.clip(0, 1), "{:.2f}-{:.2f}".format),
    )


def _quarters(sets: pd.Series[str], values: pd.Series[float], name: Callable[[float, float], str]) -> pd.Series[str]:
    """Cut each set's pages at the quartiles, and name a quarter by its least and greatest value; "" where none is."""
    by_set = values.groupby(sets)
    limits = np.array([by_set.transform("quantile", share) for share in (0.25, 0.5, 0.75)])
    above = pd.Series((values.to_numpy() > limits).sum(axis=0), values.index)
    cells = values.groupby([sets, above])
    ranges = zip(values.notna(), cells.transform("min"), cells.transform("max"), above, strict=True)
    named = [f"Q{number + 1} {name(low, high)}" if known else "" for known, low, high, number in ranges]
    return pd.Series(named, values.index)
