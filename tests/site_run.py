"""A small scored run whose pages, gold and answers try to break out of the site that shows them."""

from __future__ import annotations

from dataclasses import replace
from itertools import starmap
from typing import TYPE_CHECKING

from boilerbench import pipeline
from boilerbench.labels import load_policy
from boilerbench.model import Extraction, Gold, GoldSet, Page, Segment, Status
from boilerbench.storage.manifest import Manifest, RunnerEntry, SetEntry
from boilerbench.storage.run_folder import Part, RunFolder
from boilerbench.storage.run_folder.columns import row_of

if TYPE_CHECKING:
    from pathlib import Path

ATTACK = '</script><img src=x onerror="window.broken=1"><!-- ]]> \u2028 {{7*7}} ${7*7} \'";alert(1)//'
"""What stands in every text of the run."""

HOST = "http://tracker.example"
"""A host that no request may go to."""

LEAVES = f"""<!doctype html><html><head><title>{ATTACK}</title>
<base href="{HOST}/"><meta http-equiv="refresh" content="0; url={HOST}/refresh">
<link rel="stylesheet" href="{HOST}/a.css"><link rel="preload" as="image" href="{HOST}/b.png">
<link rel="dns-prefetch" href="//tracker.example"><link rel="preconnect" href="{HOST}"><link rel="icon" href="/i.ico">
<style>@import url({HOST}/c.css); @font-face {{ font-family: x; src: url({HOST}/f.woff) }}
body, p {{ background: url({HOST}/d.png); font-family: x }} p::after {{ content: url({HOST}/e.png) }}</style>
<script src="{HOST}/s.js"></script><script>top.broken = 1; fetch('{HOST}/fetch')</script></head>
<body background="{HOST}/bg.png" onload="top.broken=1"><p style="background: url({HOST}/g.png)">One
two three four five</p><img src="{HOST}/h.png" srcset="{HOST}/j.png 2x"><iframe src="{HOST}/frame"></iframe>
<video src="{HOST}/v.mp4" poster="{HOST}/w.png" autoplay></video><object data="{HOST}/o"></object>
<embed src="{HOST}/p"><svg><image href="{HOST}/q.png"/><use href="{HOST}/r.svg#a"/></svg>
<form action="{HOST}/form"><input type="image" src="{HOST}/t.png"></form>
<a href="{HOST}/link" ping="{HOST}/ping">a link</a>
<table background="{HOST}/u.png"><tr><td>cell</td></tr></table><math href="{HOST}/x"><mi>y</mi></math></body></html>"""
"""A page that tries every way to a host that its author could think of."""


def make(folder: Path) -> tuple[RunFolder, list[GoldSet]]:
    """Write and score a run of three runners over two sets; the second, of two languages, has the page that leaves."""
    plain = GoldSet("plain", "plain", tuple(_entry(number) for number in range(3)))
    hostile = GoldSet(
        f"hostile {ATTACK}", "hostile", (_leaving(), *(_entry(number, ATTACK) for number in range(3, 70)))
    )
    goldsets = [plain, hostile]
    run = RunFolder.create(folder)
    about = Manifest(
        boilerbench="0.1.0",
        started="2026-01-01T00:00:00+00:00",
        sets=tuple(SetEntry.of(replace(each, source=ATTACK)) for each in goldsets),
        runners={name: RunnerEntry(ATTACK, options={ATTACK: ATTACK}) for name in RUNNERS},
    )
    run.write_manifest(about)
    found = {
        each.name: {name: {page.id: answer(gold) for page, gold in each.entries} for name, answer in RUNNERS.items()}
        for each in goldsets
    }
    rows = (row_of(each.name, page, gold.digest) for each in goldsets for page, gold in each.entries)
    run.add(0, rows, starmap(Part, found.items()))
    for policy in ("default", "strict"):
        pipeline.rescore(run, ["shingles"], load_policy(policy), goldsets)
    return run, goldsets


def _entry(number: int, words: str = "") -> tuple[Page, Gold]:
    html = f"<title>{words} Page {number}</title><p>One two three four five {number}</p>"
    segments = (
        Segment("title", f"Page {number} {words}"),
        Segment("paragraph", f"One two three four five {number} {words}"),
        Segment("cookie", f"We use cookies to know you better {words}"),
    )
    language = "en" if number % 2 else "de"
    url = f"https://site{number % 7}.example/{number}?{words}"
    return Page(f"p{number} {words}".strip(), html.encode, url, "utf-8", language, "news"), Gold(segments)


def _leaving() -> tuple[Page, Gold]:
    gold = Gold((Segment("body", f"One two three four five {ATTACK}"),), (ATTACK,), ("nowhere",))
    return Page("leaves", LEAVES.encode, f"{HOST}/page", "utf-8", "en", "news"), gold


def _good(gold: Gold) -> Extraction:
    return Extraction(
        Status.OK, gold.segments[0].text + "\n" + gold.segments[min(1, len(gold.segments) - 1)].text, wall=0.02
    )


def _greedy(gold: Gold) -> Extraction:
    return Extraction(
        Status.OK, f"{ATTACK}\n" + "\n".join(each.text for each in gold.segments), wall=0.001, peak=1 << 20
    )


def _failing(_gold: Gold) -> Extraction:
    return Extraction(Status.ERROR, error=f"ValueError: {ATTACK}")


RUNNERS = {"good": _good, "greedy": _greedy, f"failing {ATTACK}": _failing}
