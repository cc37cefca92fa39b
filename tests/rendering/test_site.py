"""The files of a site, without a browser: what they say, what they may not, and that they are the same each time."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from boilerbench import metrics
from boilerbench.errors import BadRunFolderError, UsageError
from boilerbench.labels import load_policy
from boilerbench.metrics import Answers
from boilerbench.model import Extraction, Gold, Segment, Status
from boilerbench.rendering import site
from boilerbench.rendering.site import wrong_words
from boilerbench.rendering.site.boards import pace, scored, spread
from boilerbench.rendering.site.files import replacing, script
from boilerbench.rendering.site.lines import Lines
from boilerbench.rendering.site.sanitise import sanitised, title_of
from boilerbench.rendering.site.wrong_words import differences
from boilerbench.storage.manifest import Manifest
from boilerbench.storage.run_folder import Part, RunFolder
from boilerbench.text.tokens import NATURAL_WORDS, spans
from tests import site_run
from tests.command import boilerbench, make_runner, make_set

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT = load_policy("default")
GOLD = Gold(
    (
        Segment("title", "Ferry closes"),
        Segment("paragraph", "The last boat leaves the pier."),
        Segment("cookie", "We use cookies"),
        Segment("list", "A coat 🧥 and tea"),
    )
)
GOLD_TEXT = "\n".join(segment.text for segment in GOLD.segments)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site")
    run, goldsets = site_run.make(place / "run")
    assert site.build(run, goldsets, place / "one") == 71
    assert site.build(run, goldsets, place / "two") == 71
    return place


def value(file: Path) -> Any:
    """What a data file registers."""
    inside = re.fullmatch(r"boilerbench\.put\(\.\.\.(.*)\);\n", file.read_text("utf-8"), re.DOTALL)
    assert inside, file
    key, found = json.loads(inside[1])
    assert key == file.stem
    return found


def parts(text: str, flat: list[int]) -> list[str]:
    """The parts of a text that ranges mean, which count UTF-16 units."""
    units = text.encode("utf-16-le")
    return [units[2 * a : 2 * b].decode("utf-16-le") for a, b in zip(flat[::2], flat[1::2], strict=True)]


@pytest.mark.parametrize(
    ("answer", "too_many", "optional", "missing"),
    [
        ("", [], [], ["The last boat leaves the pier", "A coat 🧥 and tea"]),
        ("The last boat leaves the pier. A coat and tea", [], [], []),
        ("Ferry closes! The last boat leaves the pier.", [], ["Ferry closes"], ["A coat 🧥 and tea"]),
        ("🧥 We use cookies. A coat and tea.", ["We use cookies"], [], ["The last boat leaves the pier"]),
        ("the the last boat leaves the pier, a coat and tea", ["the"], [], []),
        ("a coat and tea and tea", ["and tea"], [], ["The last boat leaves the pier"]),
    ],
)
def test_words_are_marked_where_they_stand(
    answer: str, too_many: list[str], optional: list[str], missing: list[str]
) -> None:
    (found,) = differences(GOLD, DEFAULT, Lines([answer]))
    assert parts(answer, found.too_many) == too_many
    assert parts(answer, found.optional) == optional
    assert parts(GOLD_TEXT, found.missing) == missing


def test_of_equal_words_the_one_out_of_context_is_marked() -> None:
    gold = Gold((Segment("paragraph", "we take the boat to the far island"),))
    answer = "the menu we take the boat to the far island"
    (found,) = differences(gold, DEFAULT, Lines([answer]))
    assert found.too_many == [0, len("the menu")]


@pytest.mark.parametrize("at_once", [1, 100, 1 << 18])
def test_texts_that_are_compared_at_once_do_not_touch_each_other(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["the last boat", "leaves the pier", "", "Ferry", "a coat 🧥 and tea and", "tea", "ⷜ̸ the ⫝̸x", "the THE"]
    alone = [found for text in texts for found in differences(GOLD, DEFAULT, Lines([text]))]
    monkeypatch.setattr(wrong_words, "_AT_ONCE", at_once)
    assert list(differences(GOLD, DEFAULT, Lines(texts))) == alone


@pytest.mark.parametrize("policy", ["default", "strict"])
def test_as_many_words_are_marked_as_the_metric_counts(policy: str) -> None:
    roles, words = load_policy(policy), metrics.get("words")
    texts = ["", GOLD_TEXT, "Ferry ferry boats", "漢字と仮名 the pier 🧥", "ⷜ̸ a\u00adcoat \u200b tea\u0301 ⫝̸x the THE"]
    counts = words.count(words.reference(GOLD, roles), Answers(texts))
    found = list(differences(GOLD, roles, Lines(texts)))
    assert [each.fp for each in found] == counts.fp.tolist()
    assert [each.fn for each in found] == counts.fn.tolist()


def test_a_page_without_gold_text_has_nothing_missing() -> None:
    (found,) = differences(Gold((), ("must occur",)), DEFAULT, Lines(["some words"]))
    assert (found.missing, found.fn) == ([], 0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello,  wörld_1 -", ["Hello", "wörld_1"]),
        ("漢字 word漢", ["漢", "字", "word", "漢"]),
        ("\u200bso\u00adft\u200b.", ["so\u00adft"]),
        ("", []),
    ],
)
def test_tokens_are_found_in_the_text_as_it_stands(text: str, words: list[str]) -> None:
    starts, ends = spans(text, NATURAL_WORDS)
    assert [text[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)] == words


def test_a_script_holds_any_text_and_says_nothing_that_html_or_javascript_could_take_for_its_own() -> None:
    found = script("key", [site_run.ATTACK, "\ud800", "\x00"])
    assert not set(b"<>&") & set(found)
    assert "\u2028" not in found.decode()
    assert json.loads(found.decode().removeprefix("boilerbench.put(...")[:-3])[1][0] == site_run.ATTACK


def test_no_number_is_written_that_javascript_would_not_read() -> None:
    assert script("key", [float("nan"), 0.5]) == b'boilerbench.put(...["key",[null,0.5]]);\n'


def test_a_page_is_left_without_anything_that_runs_loads_or_links() -> None:
    found = sanitised(site_run.LEAVES)
    assert "One\ntwo three four five" in found
    assert site_run.HOST.removeprefix("http:") not in found
    assert not re.search(r"<(script|img|iframe|link|meta|base|form|object|embed|svg|video)|\son\w+=|href=|src=", found)


def test_a_page_keeps_its_text_and_what_hides_it() -> None:
    page = (
        "<style>@import 'a.css';.x { display: none }</style>"
        "<p style='color: red; background: url(a.png)'>Kept <b class=x>not seen</b></p>"
    )
    expected = (
        '<style>.x { display: none }</style><p style="color: red; background: none">Kept <b class="x">not seen</b></p>'
    )
    assert sanitised(page) == expected


@pytest.mark.parametrize(
    ("html", "title"),
    [("<title>A &amp; b\n c</title>", "A & b c"), ("<p>no title", ""), ("<TITLE lang=en>x</TITLE>", "x")],
)
def test_a_title_is_what_a_tab_would_say(html: str, title: str) -> None:
    assert title_of(html) == title


def test_the_same_run_gives_the_same_bytes(made: Path) -> None:
    one, two = (
        {str(file.relative_to(made / name)): file.read_bytes() for file in (made / name).rglob("*") if file.is_file()}
        for name in ("one", "two")
    )
    assert one == two


def test_every_page_and_pair_of_metric_and_policy_has_its_data(made: Path) -> None:
    data = made / "one" / "data"
    about = value(data / "site.js")
    assert about["scored"][0] == ["words", "default"]
    assert len(about["scored"]) == 6
    assert "language" in about["slices"]
    assert about["runners"][1:] == ["good", "greedy"]
    assert len(value(data / "pages.js")) == 71
    for number in range(len(about["scored"])):
        assert len(value(data / f"scores-{number}.js")) == 71
        assert value(data / f"slices-language-{number}.js")["rows"]
    assert len(list(data.glob("page-*.js"))) == 71
    assert len(pd.read_parquet(made / "one" / "downloads" / "pages.parquet")) == 71


def test_all_sets_together_have_leaderboards_in_which_each_page_or_each_set_counts_the_same(made: Path) -> None:
    about, boards = (value(made / "one" / "data" / f"{name}.js") for name in ("site", "boards"))
    assert about["together"] == ["all:pages", "all:sets"]
    rows = [dict(zip(boards["columns"], row, strict=True)) for row in boards["rows"]]
    wanted = {"runner": "greedy", "metric": "words", "policy": "default"}
    found = {row["set"]: row for row in rows if wanted.items() <= row.items()}
    three, more = (found[each["name"]]["f1"] for each in about["sets"])
    assert (found["all:pages"]["pages"], found["all:pages"]["sets"]) == (71, 2)
    assert found["all:pages"]["f1"] == pytest.approx((3 * three + 68 * more) / 71, abs=2e-5)
    assert found["all:sets"]["f1"] == pytest.approx((three + more) / 2, abs=2e-5)
    signed = [(metric, policy) for name, metric, policy, _ in about["signatures"] if name == "all:sets"]
    assert sorted(signed) == sorted(map(tuple, about["scored"]))


def test_pages_may_be_in_another_order_in_the_set_than_in_the_run(made: Path, tmp_path: Path) -> None:
    run, goldsets = site_run.make(tmp_path / "run")
    turned = [replace(each, entries=each.entries[::-1]) for each in goldsets]
    assert site.build(run, turned, tmp_path / "site") == 71
    for number in (0, 3, 70):
        name = f"data/page-{number}.js"
        assert (tmp_path / "site" / name).read_bytes() == (made / "one" / name).read_bytes()


def test_a_page_that_the_set_lacks_is_refused(tmp_path: Path) -> None:
    run, goldsets = site_run.make(tmp_path / "run")
    fewer = [replace(each, entries=each.entries[1:]) for each in goldsets]
    with pytest.raises(BadRunFolderError, match="is not in set"):
        site.build(run, fewer, tmp_path / "site")


def test_a_page_has_its_extractions_in_the_order_of_the_runners(made: Path) -> None:
    page = value(made / "one" / "data" / "page-1.js")
    failing, good, greedy = page["extractions"]
    texts = ["\n".join(page["lines"][line] for line in each["lines"]) for each in (failing, good, greedy)]
    assert (failing["status"], texts[0]) == ("error", "")
    assert failing["error"].startswith("ValueError")
    assert "cookies" in texts[2]
    assert "cookies" not in texts[1]
    assert len(page["lines"]) == len(set(page["lines"]))
    assert [each["fn"] for each in page["wrong"]["default"]] == [6, 0, 0]


def test_html_files_allow_scripts_of_the_site_alone(made: Path) -> None:
    for file in (made / "one").glob("*.html"):
        text = file.read_text("utf-8")
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
        assert policy
        rules = dict(rule.split(" ", 1) for rule in policy[1].replace("&#39;", "'").split("; "))
        assert rules["default-src"] == "'none'"
        assert rules["script-src"] == "'self'"
        assert ("'unsafe-inline'" in rules["style-src"]) == (file.name == "page.html")
        assert not re.search(r"<script(?! src=\"static/)|https?://(?!www\.w3\.org/2000/svg)", text)


def test_agreement_and_spread_are_those_of_a_small_table() -> None:
    rows = [
        ("s", page, runner, f1)
        for page, pair in enumerate([(0.1, 0.2), (0.5, 0.9), (1.0, 0.4)])
        for runner, f1 in zip("ab", pair, strict=True)
    ]
    found = spread(pd.DataFrame(rows, columns=["set", "page", "runner", "f1"]), ["a", "b"])
    assert found["agreement"] == [[1.0, 0.5], [0.5, 1.0]]
    assert found["quartiles"][0] == [0.1, 0.3, 0.5, 0.75, 1.0]
    assert [sum(counts) for counts in found["histogram"]] == [3, 3]
    assert found["histogram"][0][-1] == 1


def test_times_are_those_of_answers_and_where_pages_were_timed_the_timed_ones(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path)
    folder.write_manifest(Manifest())
    answers = {"p": Extraction(Status.OK, wall=0.02), "q": Extraction(Status.OK, wall=0.04)}
    folder.put_parts(0, [Part("s", {"a": {**answers, "r": Extraction(Status.TIMEOUT, wall=30.0)}})])
    assert pace(folder).round(6).to_numpy().tolist() == [["s", "a", 30, 39]]
    folder.write_timing([("s", "a", "p", number, wall, wall) for number, wall in enumerate([0.001, 0.002, 0.009])])
    assert pace(folder).round(6).to_numpy().tolist() == [["s", "a", 2, 2]]


def test_the_default_policy_comes_first_whatever_was_scored_last() -> None:
    rows = [("words", "strict"), ("exact", "strict"), ("words", "default"), ("words", "strict")]
    found = scored(pd.DataFrame(rows, columns=["metric", "policy"]))
    assert found == [("words", "default"), ("words", "strict"), ("exact", "strict")]


def test_a_site_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("irreplaceable")
    with pytest.raises(UsageError, match="not empty and not a site"), replacing(tmp_path / "mine"):
        pass
    for content in ("old", "new"):
        with replacing(tmp_path / "site") as place:
            (place / "data").mkdir()
            (place / "data" / "site.js").write_text(content)
    assert (tmp_path / "site" / "data" / "site.js").read_text() == "new"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["mine", "site"]


def test_a_failure_leaves_the_old_site(tmp_path: Path) -> None:
    with replacing(tmp_path / "site") as place:
        (place / "data").mkdir()
        (place / "data" / "site.js").write_text("old")
    with pytest.raises(KeyError), replacing(tmp_path / "site"):
        raise KeyError
    assert (tmp_path / "site" / "data" / "site.js").read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["site"]


def test_the_command_makes_a_site_of_a_run(tmp_path: Path) -> None:
    runner = make_runner(tmp_path / "runners", "whole", "    return html")
    spec = make_set(tmp_path / "set", 2)
    run = boilerbench("run", "--runner", runner, "--set", spec, "--out", tmp_path / "run", "--env", "host")
    assert run.returncode == 0, run.stderr
    done = boilerbench("report", tmp_path / "run", "--out", tmp_path / "site")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"site of 2 pages: {tmp_path / 'site' / 'index.html'}\n"
    refused = boilerbench("report", tmp_path / "run", "--out", tmp_path / "set")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert boilerbench("report", tmp_path / "set", "--out", tmp_path / "site").returncode == 2
