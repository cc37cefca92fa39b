"""Gold that may be wrong: what nearly all runners give and it lacks, and what of it none gives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from boilerbench.authoring.suspects import of_page
from boilerbench.model import Extraction, Gold, Segment, Status
from tests.command import boilerbench, make_runner

if TYPE_CHECKING:
    from pathlib import Path

STORY = "The pilot cutter came in at dawn with the mail."
MORE = "Nobody had seen her leave the harbour."
ASIDE = "Read also: ten ways to tie a bowline."


def gold(*texts: str, label: str = "body") -> Gold:
    return Gold(tuple(Segment("body" if place == 0 else label, text) for place, text in enumerate(texts)))


def given(*texts: str | None) -> dict[str, Extraction]:
    return {
        str(place): Extraction(Status.TIMEOUT) if text is None else Extraction(Status.OK, text)
        for place, text in enumerate(texts)
    }


BOTH = f"{STORY}\n{MORE}"


@pytest.mark.parametrize(
    ("wanted", "texts", "lacks", "unfound"),
    [
        (gold(STORY), (BOTH, BOTH, BOTH), (MORE[:-1],), ()),
        (gold(STORY), (BOTH,) * 4 + (STORY,), (MORE[:-1],), ()),  # four of five are 80 %
        (gold(STORY), (BOTH,) * 3 + (STORY,), (), ()),  # three of four are not
        (gold(STORY), (BOTH,) * 3 + (None,), (), ()),  # a runner that failed gave nothing
        (gold(STORY), (f"{MORE}\n{BOTH}",) * 2, (MORE[:-1],), ()),  # said twice, shown once
        (gold(STORY), (f"{STORY} Read on here.",) * 2, (), ()),  # too short
        (gold(BOTH), (STORY, STORY), (), (MORE[:-1],)),
        (gold(BOTH), (STORY, BOTH), (), ()),
        (gold(STORY, ASIDE, label="related"), (f"{STORY}\n{ASIDE}",) * 2, (), ()),  # gold has it, as clutter
        (gold(STORY, ASIDE, label="related"), (STORY, STORY), (), ()),
        (gold(STORY), (BOTH,), (), ()),  # one says nothing
        (gold(STORY), ("", None), (), ()),
        (Gold((), ("pilot",)), (BOTH, BOTH), (), ()),
        (gold(""), (STORY, STORY), (STORY[:-1],), ()),
    ],
)
def test_a_passage_is_suspected(
    wanted: Gold, texts: tuple[str | None, ...], lacks: tuple[str, ...], unfound: tuple[str, ...]
) -> None:
    found = of_page("p", wanted, given(*texts))
    assert (found.lacks if found else (), found.unfound if found else ()) == (lacks, unfound)


def test_suspects_are_listed_page_by_page(tmp_path: Path) -> None:
    rows = [
        {"id": "sound", "html": f"<p>{STORY}</p>", "text": STORY},
        {"id": "lacks", "html": f"<p>{BOTH}</p>", "text": STORY},
        {"id": "without", "html": f"<p>{BOTH}</p>"},
        {"id": "extra", "html": f"<p>{STORY}</p>", "text": f"{BOTH} {ASIDE}"},
    ]
    (tmp_path / "mine.jsonl").write_text("\n".join(map(json.dumps, rows)))
    body = "    return re.sub('<[^>]+>', '', html)"
    given = [part for name in "ab" for part in ("--runner", make_runner(tmp_path, name, body, "import re"))]
    spec = f"jsonl:{tmp_path}/mine.jsonl"
    for out, some in (("two", given), ("one", given[:2])):
        done = boilerbench("run", *some, "--set", spec, "--env", "host", "--out", tmp_path / out)
        assert done.returncode == 0, done.stderr
    done = boilerbench("sets", "check", spec, "--run", tmp_path / "two")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"mine/extra: none gives: {MORE} {ASIDE[:-1]}",
        f"mine/lacks: gold lacks: {MORE[:-1]}",
    ]
    assert "mine: 2 pages to look at" in done.stderr
    for spec_, out, says in ((spec, "one", "has one runner"), ("goldset", "two", "lacks extractions of pages")):
        done = boilerbench("sets", "check", spec_, "--run", tmp_path / out)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert says in done.stderr
