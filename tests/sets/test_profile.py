"""What pages are made of, counted by hand; and sets that differ, or do not, told apart as they should be."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from boilerbench.errors import UsageError
from boilerbench.model import Gold, GoldSet, Page, Segment
from boilerbench.sets.profile import Profile, contrast
from boilerbench.sets.profile.features import FEATURES, KINDS, measure
from tests.command import boilerbench, make_set

HTML = b"""<html><head><title>t</title><script>var hidden = 1</script></head><body class="a">
<ul class="b"><li><a href="/x">ab</a> c</ul><h2>de</h2><p>one two<p>three<a>four</a>
<table><tr><td><img src="i.png">five</table></body></html>"""


@pytest.fixture(autouse=True)
def small_forests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contrast, "_TREES", 40)


def page(html: bytes = HTML, site: str = "s.example") -> Page:
    traits = {"family": "garden"}
    return Page("p", lambda: html, charset="utf-8", language="en", page_type="news", stated_site=site, traits=traits)


def test_a_page_is_measured_as_counted_by_hand() -> None:
    found = measure(page(), Gold((Segment("paragraph", "one two three"), Segment("title", "de"))))
    letters = len("t") + len("ab") + len("c") + len("de") + len("onetwo") + len("threefour") + len("five")
    assert found == {
        "bytes": len(HTML),
        "nodes": 16,
        "depth": 6,  # html body table tr td img
        "class rate": 2 / 16,
        "words": 8,  # ab c de one two threefour five, and the title
        "body words": 3,
        "share of body": 3 / 8,
        "link density": 2 / letters,
        "links": 1,
        "paragraphs": 2,
        "headings": 1,
        "lists": 1,
        "tables": 1,
        "images": 1,
        "scripts": 1,
        "page type": "news",
        "language": "en",
        "charset": "utf-8",
        "family": "garden",
    }
    assert {*found} == {*FEATURES, *KINDS}


def test_an_empty_page_has_no_shares_and_one_without_gold_no_body() -> None:
    found = measure(page(b" "), Gold(()))
    assert (found["bytes"], found["nodes"], found["depth"], found["words"]) == (1, 0, 0, 0)
    assert all(np.isnan(found[name]) for name in ("class rate", "link density", "body words", "share of body"))


def test_a_profile_has_the_quantiles_of_what_is_known_and_leaves_out_what_cannot_be_parsed() -> None:
    pages = [page(b"<p>" * count) for count in (1, 2, 3, 4, 5)] + [page(b"<div>" * 5000)]
    found = Profile.of(GoldSet("tiny", "native:tiny", tuple((each, Gold(())) for each in pages)))
    rows = found.table().set_index("feature")
    assert rows.loc["paragraphs"].tolist() == ["tiny", 5, 1.4, 2, 3, 4, 4.6]
    assert rows.loc["body words", "pages"] == 0
    assert found.lines()[:2] == ["tiny: 5 pages of 1 sites", "1 pages cannot be parsed and are left out"]
    assert "by family: garden 5" in found.lines()


def made(name: str, pages: int, nodes: float, seed: int) -> Profile:
    """Pages of three a site, whose features are drawn."""
    generator = np.random.default_rng(seed)
    table = pd.DataFrame(generator.normal(size=(pages, len(FEATURES))), columns=list(FEATURES))
    table["nodes"] += nodes
    return Profile(name, table.assign(site=[f"s{place // 3}" for place in range(pages)]), 0)


def test_sets_of_one_kind_cannot_be_told_apart() -> None:
    areas = [contrast.compare(made("a", 90, 0, seed), made("b", 120, 0, seed + 1)).area for seed in (1, 3, 5)]
    assert np.mean(areas) == pytest.approx(0.5, abs=0.1)


def test_what_tells_sets_apart_stands_first() -> None:
    one, other = made("a", 90, 2, 1), made("b", 120, 0, 2)
    found = contrast.compare(one, other)
    assert found.area > 0.85
    assert found.low < found.area < found.high
    first = found.table.iloc[0]
    assert first["feature"] == "nodes"
    pairs = one.pages["nodes"].to_numpy()[:, None] - other.pages["nodes"].to_numpy()
    assert first["delta"] == pytest.approx(np.sign(pairs).mean())
    assert first["one"] == pytest.approx(one.pages["nodes"].median())
    assert contrast.compare(one, other).table.equals(found.table)


def test_pages_of_one_site_are_never_learned_from_for_another_of_it() -> None:
    """Each site of `a` has a place of its own among the numbers: who has seen a page of it knows the others."""
    generator = np.random.default_rng(0)
    places = np.repeat(generator.uniform(0, 1000, 30), 3)
    one, other = made("a", 90, 0, 1), made("b", 90, 0, 2)
    one.pages["bytes"] = places + generator.normal(0, 0.1, 90)
    other.pages["bytes"] = generator.uniform(0, 1000, 90)
    assert contrast.compare(one, other).area < 0.65


def test_few_sites_and_a_missing_library_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="set 'a': pages of 4 sites; to compare sets takes 5 of each"):
        contrast.compare(made("a", 12, 0, 1), made("b", 90, 0, 2))
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(UsageError, match=r"needs sklearn; install it: pip install 'boilerbench\[profile\]'"):
        contrast.require()


def test_the_commands_print_and_draw_features(tmp_path: Path) -> None:
    spec, picture = make_set(tmp_path / "one"), tmp_path / "features.svg"
    done = boilerbench("sets", "profile", spec, "--out", picture, "--format", "csv")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "set,feature,pages,p10,p25,median,p75,p90"
    assert len(lines) == 1 + len(FEATURES)
    assert all(name in picture.read_text("utf-8") for name in FEATURES)
    few = boilerbench("sets", "compare", spec, f"other={spec}")
    assert (few.returncode, few.stdout) == (2, "")
    assert "pages of 1 sites" in few.stderr
