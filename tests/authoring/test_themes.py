"""Typical pages: content files in the markup of a site, near to what is drawn for it, and no two sites alike."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import numpy as np
import pytest

from boilerbench.authoring import marks, themes
from boilerbench.authoring.builder import build, check
from boilerbench.authoring.themes import drawing, weight
from boilerbench.authoring.themes.blocks import Blocks, labelled, sections
from boilerbench.authoring.themes.drawing import Targets
from boilerbench.authoring.themes.dressing import dress
from boilerbench.authoring.themes.naming import STYLES, namer
from boilerbench.errors import BadSetError
from boilerbench.files import read_toml, shipped
from boilerbench.sets.formats.native import read

TYPICAL = shipped("goldset") / "typical"
WORDS = read_toml(TYPICAL / "themes" / "words.toml", BadSetError)
TARGETS = read_toml(TYPICAL / "themes" / "targets.toml", BadSetError)
SITE = """name = "The Pier"
host = "pier.example"
family = "dispatch"
language = "en"
kind = "news"
tagline = "Since the first tide"
nav = ["Home", "Boats", "Tides"]
menu = [{name = "About", items = ["People", "History"]}, {name = "Help", items = ["Contact", "Lost things"]}]
teasers = [{title = "Crab race", text = "It was slow.", kicker = "Sport"}, {title = "New paint", text = ""}]
house = {title = "Buy the print", text = "It lasts.", action = "Order"}
newsletter = {title = "Low tide letter", text = "Twice a day."}
notice = {text = "We keep crumbs.", buttons = ["Fine", "No"]}
"""
PAGE = """+++
path = "/boats/1"
title = "The last boat"
page_type = "news"
description = "A boat leaves."
section = "Boats"
published = "2024-05-31"
with = ["The boat left"]
+++
The boat left at *nine*, with [nobody](/nobody) aboard.

## What now

- wait
- swim
"""


LINE = '<span data-gold="paragraph">{}</span>'
PICTURE = '<img src="/media/x.jpg" alt="A &quot;b&quot;" pic>'


def write_set(folder: Path, site: str = SITE, page: str = PAGE) -> Path:
    (folder / "content" / "pier").mkdir(parents=True)
    (folder / "set.toml").write_text('name = "x"\nlicence = "CC0-1.0"\n')
    (folder / "content" / "pier" / "site.toml").write_text(site)
    (folder / "content" / "pier" / "last-boat.md").write_text(page)
    shutil.copytree(TYPICAL / "themes", folder / "themes")
    shutil.copytree(shipped("goldset") / "hard/sources/phrases", folder.parent / "hard/sources/phrases")
    return folder


@pytest.mark.parametrize(
    ("markdown", "how", "html"),
    [
        ("One *two*.", {}, '<p data-gold="paragraph">One <em>two</em>.</p>'),
        ("One", {"paragraphs": "div"}, '<div part="text" data-gold="paragraph">One</div>'),
        ("One", {"paragraphs": "span"}, '<p data-gold="paragraph"><span>One</span></p>'),
        (
            "One\n\nTwo",
            {"paragraphs": "lines"},
            f'<div part="text">{LINE.format("One")}<br><br>{LINE.format("Two")}</div>',
        ),
        ("## A & b", {}, '<h2 data-gold="heading">A &amp; b</h2>'),
        ("### A", {"headings": "div"}, '<div part="heading" role="heading" aria-level="3" data-gold="heading">A</div>'),
        ("## A", {"headings": "strong"}, '<p data-gold="heading"><strong>A</strong></p>'),
        ("## A", {"headings": "anchor"}, '<h2 data-gold="heading"><a part="anchor" href="#"></a>A</h2>'),
        ("3. a\n4. b", {}, '<ol start="3" data-gold="list">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("```\na < b\n```", {}, '<pre data-gold="code"><code>a &lt; b\n</code></pre>'),
        (
            "```\na<b\n```",
            {"code": "tokens"},
            '<div part="code"><pre data-gold="code"><code><span>a</span>&lt;<span>b</span>\n</code></pre></div>',
        ),
        (
            '![A "b"](x.jpg "C & d")',
            {},
            f'<figure part="figure">{PICTURE}<figcaption data-gold="caption">C &amp; d</figcaption></figure>',
        ),
        ("![A](x.jpg)", {"figures": "soup"}, '<div part="figure"><img src="/media/x.jpg" alt="A" pic></div>'),
        ("| a | b |\n|---|---|\n| 1 | 2 |", {}, '<dl data-gold="list"><dt>1</dt><dd>2</dd></dl>'),
        (
            "| a | b | c |\n|---|---|---|\n| 1 | *2* | 3 |",
            {},
            '<dl data-gold="list"><dt>1</dt><dd>b: <em>2</em></dd><dd>c: 3</dd></dl>',
        ),
    ],
)
def test_blocks_have_labels_in_the_elements_of_a_family(markdown: str, how: dict[str, Any], html: str) -> None:
    assert "".join(labelled(markdown, Blocks(**how))) == html


def test_a_table_stays_one_where_the_family_has_tables() -> None:
    (found,) = labelled("| a | b |\n|---|---|\n| 1 | 2 |", Blocks(tables="scroll"))
    assert found.startswith('<div part="table-scroll"><table data-gold="table">')
    assert "<td>2</td>" in found


def test_the_first_paragraph_is_the_lead_and_posts_have_one_label() -> None:
    assert labelled("One\n\nTwo", Blocks(), lead=True)[0] == '<p part="lead" data-gold="lead">One</p>'
    assert labelled("One\n\nTwo", Blocks(), label="post") == ["<p>One</p>", "<p>Two</p>"]


def test_a_section_begins_at_each_heading() -> None:
    found = sections(labelled("One\n\n## A\n\nTwo\n\n## B", Blocks()))
    assert [each.count("data-gold") for each in found] == [1, 2, 1]


@pytest.mark.parametrize("style", STYLES)
def test_a_site_names_a_part_always_the_same_and_another_site_otherwise(style: str) -> None:
    one, other = (namer(site, style, WORDS) for site in ("one", "other"))
    parts = ["card", "card-title", "menu-list", "related"]
    assert [one.names(part, "div") for part in parts] == [one.names(part, "div") for part in parts]
    assert [one.names(part, "div") for part in parts] != [other.names(part, "div") for part in parts]
    assert all(one.names(part, "div") for part in parts)


def test_sites_are_drawn_as_the_quantiles_say() -> None:
    about = {**TARGETS, "without_scripts": 0.25}
    found = [drawing.draw("seed", f"site {number}", f"page {number}", about) for number in range(1500)]
    nodes, sizes = ([each.counts[name] for each in found] for name in ("nodes", "bytes"))
    wanted = TARGETS["features"]["nodes"]["quantiles"]
    for share, place in ((25, 5), (50, 10), (75, 15)):
        assert np.percentile(nodes, share) == pytest.approx(wanted[place], rel=0.1)
    assert np.mean([each.counts["scripts"] == 0 for each in found]) == pytest.approx(0.25, abs=0.04)
    ranks = [np.argsort(np.argsort(values)) for values in (nodes, sizes)]
    assert 0.5 < np.corrcoef(ranks)[0, 1] < 0.85
    assert drawing.draw("seed", "a", "b", about) == drawing.draw("seed", "a", "b", about)


def test_pages_of_a_site_are_nearer_to_each_other_than_to_those_of_others() -> None:
    depth = np.array(
        [
            [drawing.draw("s", f"site {site}", f"{site}/{page}", TARGETS).counts["depth"] for page in range(4)]
            for site in range(200)
        ]
    )
    assert depth.std(axis=1).mean() < depth.std() / 2


COUNTS = {
    "nodes": 60,
    "depth": 14,
    "images": 2,
    "headings": 3,
    "lists": 2,
    "paragraphs": 4,
    "scripts": 7,
    "bytes": 9000,
}
FRAME = (
    '<html><head><title>t</title></head><body part="site"><div part="menu" as="nav div" data-gold="navigation">'
    + "".join(f'<div part="menu-item"><a part="menu-link" href="/{n}">word {n}</a></div>' for n in range(6))
    + '</div><main part="main"><p data-gold="paragraph">text</p></main><div part="related" data-gold="related">'
    + "".join(
        f'<div part="card"><img src="/{n}.jpg" pic="card"><div part="card-title">t{n}</div>'
        f'<div part="card-text">s{n}</div></div>'
        for n in range(4)
    )
    + "</div></body></html>"
)


def dressed(site: str = "s", **counts: int) -> str:
    targets = Targets({**COUNTS, **counts}, 0.5, 0.5, 0.5)
    return dress(FRAME, site, targets, namer(site, "bem", WORDS))


@pytest.mark.parametrize(
    ("feature", "number", "count"),
    [
        ("headings", 4, lambda root: len(root.xpath("//h3"))),
        ("headings", 0, lambda root: len(root.xpath("//h3"))),
        ("paragraphs", 5, lambda root: len(root.xpath("//p"))),
        ("paragraphs", 1, lambda root: len(root.xpath("//p"))),
        ("lists", 2, lambda root: len(root.xpath("//ul"))),
        ("lists", 0, lambda root: len(root.xpath("//ul"))),
        ("lists", 3, lambda root: len(root.xpath("//ul"))),  # dots behind the menu
        ("lists", 4, lambda root: len(root.xpath("//ul"))),  # and behind the teasers
        ("images", 3, lambda root: len(root.xpath("//img"))),
        ("depth", 12, lambda root: max(len([*each.iterancestors()]) + 1 for each in root.iter())),
    ],
)
def test_a_page_comes_to_have_what_is_drawn(feature: str, number: int, count: Callable[[Any], int]) -> None:
    assert count(lxml.html.document_fromstring(dressed(**{feature: number}))) == number


def test_items_of_lists_are_given_pictures_where_there_are_too_few() -> None:
    menu = "".join(f'<li part="entry"><a href="/{n}">word {n}</a></li>' for n in range(6))
    targets = Targets({**COUNTS, "images": 4}, 0.5, 0.5, 0.5)
    page = f'<html><head></head><body><ul part="menu" data-gold="navigation">{menu}</ul></body></html>'
    root = lxml.html.document_fromstring(dress(page, "s", targets, namer("s", "bem", WORDS)))
    assert [len(item.xpath(".//img")) for item in root.iter("li")][:6] == [1, 1, 1, 1, 0, 0]
    assert root.xpath("//li//a/@href") == [f"/{n}" for n in range(6)]


def test_half_of_what_a_page_will_have_has_a_class_and_no_instruction_is_left() -> None:
    """Scripts, which come last, have none."""
    html = dressed()
    elements = [each for each in lxml.html.document_fromstring(html).iter() if isinstance(each.tag, str)]
    count = len(elements) + COUNTS["scripts"]
    assert sum("class" in each.attrib for each in elements) / count == pytest.approx(0.5, abs=0.02)
    assert not {"part", "as", "pic", "icon"} & {name for each in elements for name in each.attrib}


def test_dressing_loses_no_word_and_changes_no_label() -> None:
    bare = FRAME.replace(' part="', ' data-part="')
    assert [(each.label, each.text.split()) for each in marks.collect(dressed())] == [
        (each.label, each.text.split()) for each in marks.collect(bare)
    ]


@pytest.mark.parametrize("state", ["", "__STATE__"])
def test_a_page_weighs_what_is_drawn(state: str) -> None:
    targets = Targets({**COUNTS, "bytes": 80_000}, 0.5, 0.5, 0.5)
    page = weight.weigh(dressed(), "s", targets, state)
    assert len(page.encode()) == pytest.approx(80_000, rel=0.1)
    assert page.count("<script") == 7 + bool(state)
    assert [each.text for each in marks.collect(page)] == [each.text for each in marks.collect(dressed())]


def test_a_content_file_becomes_a_page_with_gold(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "typical")
    build(folder)
    assert check(folder) == []
    assert (folder / "pages/last-boat/page.html.gz").is_file()
    [(page, gold)] = read(folder).entries
    assert (page.url, page.page_type, page.traits) == ("https://pier.example/boats/1", "news", {"family": "dispatch"})
    body = [
        (each.label, each.text) for each in gold.segments if each.label in ("title", "lead", "heading", "list", "date")
    ]
    assert body == [
        ("title", "The last boat"),
        ("date", "31 May 2024"),
        ("lead", "The boat left at nine, with nobody aboard."),
        ("heading", "What now"),
        ("list", "wait\nswim"),
    ]
    assert b"data-gold" not in page.read()


@pytest.mark.parametrize(
    ("site", "page", "said"),
    [
        (SITE.replace("dispatch", "nobody"), PAGE, "pier/site.toml: there is no family 'nobody'"),
        (SITE.replace('"en"', '"tlh"'), PAGE, r"pier/last-boat.md: .*phrases/tlh.toml"),
        (SITE, PAGE.replace("+++\nThe", "The"), "last-boat.md: no TOML between lines of"),
        (SITE, PAGE.replace('"/boats/1"', "[" * 10_000), "last-boat.md: not TOML: nested too deeply"),
        (SITE, PAGE.replace("05-31", "31-05"), "pier/last-boat.md: month must be in 1..12"),
        (SITE, PAGE.replace('"news"', '"poem"'), "last-boat.md: 'page_type' cannot be 'poem'"),
        (SITE, PAGE.replace("The boat left at", "It left at"), "last-boat: snippet 'The boat left' of 'with'"),
        (SITE.replace("tagline", "motto"), PAGE, "site.toml: there is no key 'motto'|needs the key 'tagline'"),
    ],
)
def test_bad_content_is_refused_by_name(tmp_path: Path, site: str, page: str, said: str) -> None:
    with pytest.raises(BadSetError, match=said):
        build(write_set(tmp_path / "typical", site, page))


def test_an_id_is_of_one_page(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "typical")
    shutil.copytree(folder / "content/pier", folder / "content/quay")
    with pytest.raises(BadSetError, match=r"the id of .*pier/last-boat\.md"):
        build(folder)


def test_typical_pages_are_what_their_content_gives() -> None:
    assert check(TYPICAL) == []


def test_no_two_sites_share_the_markup_of_a_box_of_clutter() -> None:
    seen: Counter[str] = Counter()
    boxes: dict[str, set[str]] = {}
    for made in themes.pages(TYPICAL):
        root = lxml.html.document_fromstring(made.html)
        for box in root.xpath("//*[@data-gold]"):
            if len([*box.iter()]) >= 8 and box.get("data-gold") not in ("list", "table", "code", "paragraph"):
                shape = " ".join(f"{each.tag}.{each.get('class')}" for each in box.iter() if isinstance(each.tag, str))
                boxes.setdefault(shape, set()).add(made.front["url"].split("/")[2])
                seen[shape] += 1
    assert len(seen) > 100
    assert [hosts for hosts in boxes.values() if len(hosts) > 1] == []
