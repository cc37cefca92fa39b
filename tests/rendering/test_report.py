from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from lxml.html import document_fromstring
from markdown_it import MarkdownIt

import boilerbench
from boilerbench.errors import UnknownNameError
from boilerbench.ranking.leaderboard import COLUMNS, MORE_COLUMNS
from boilerbench.ranking.runner_columns import COLUMNS as REMARKS
from boilerbench.rendering import FORMATS, render
from boilerbench.rendering.cells import score
from boilerbench.rendering.latex import escape
from boilerbench.rendering.layouts import HEADERS, SPARE

NAN = float("nan")
SIGNATURE = "set:tiny|metric:words"


def row(runner: str, **changes: object) -> dict[str, object]:
    first = (1, 2, runner, "1.0", "tiny", "default", "words", 12, 0, 3, 0.95, 0.9, 1.0, 0.93, 0.97)
    more = (0.9, 0.96, 0.95, 0.99, 0.25, 0.01, 20, "", 1, NAN, NAN)
    return dict(zip((*COLUMNS, *MORE_COLUMNS), (*first, *more), strict=True)) | changes


TABLE = pd.DataFrame(
    [
        row("good"),
        row(
            "bad|*one*", rank_low=3, rank_high=3, version="", failed=12, f1=0.0, f1_low=NAN, f1_high=NAN, precision=NAN
        ),
    ]
)


def test_every_column_is_documented_in_order() -> None:
    text = (Path(__file__).parents[2] / "docs" / "table.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| `(\w+)` \|", text.split("\n## ")[0], re.MULTILINE)
    assert documented == [*COLUMNS, "slice", *MORE_COLUMNS, *REMARKS]


def test_text_shows_rank_ranges_intervals_and_failures() -> None:
    lines = render("text", TABLE, [SIGNATURE]).splitlines()
    assert lines[0] == "tiny · words · policy default · 12 pages"
    assert lines[1] == "good has the highest F1, 95.00 points above bad|*one*; the difference is not significant."
    lines = lines[lines.index("") :]
    good = next(line for line in lines if "good" in line)
    assert good.split() == ["1-2", "good", "1.0", ".950", ".900-1.000", ".930", ".970", ".250", "0", "3"]
    bad = next(line for line in lines if "bad" in line)
    assert bad.split() == ["3", "bad|*one*", "-", ".000", "-", "-", ".970", ".250", "12", "3"]
    assert lines[-1] == SIGNATURE


TIMED = {"speed": 0.25, "p95_ms": 12.6, "peak_mb": 99.8, "flags": "unlocked own-set", "settings": "deep=true"}
LONG = "trafilatura:precision@git+https://example.org/some/long/path"


def test_text_keeps_to_a_terminal_by_leaving_out_columns_and_never_cuts_a_name() -> None:
    table = pd.DataFrame([row("a" * 24, **TIMED), row("b", **TIMED)])
    for width, lacking in ((None, 0), (100, 1), (80, 6), (70, 7)):
        lines = render("text", table, [], width=width).splitlines()
        assert max(map(len, lines)) <= (width or 110)
        assert any("a" * 24 in line for line in lines)
        told = re.findall("not shown for want of room: (.*);", " ".join(lines))
        assert [sorted(each.split(", ")) for each in told] == [sorted(SPARE[:lacking])] * bool(lacking)
    narrow = render("text", pd.DataFrame([row(LONG, failed=3)]), [], width=40)
    (line,) = (line for line in narrow.splitlines() if line.endswith("3"))
    assert line.split() == ["1-2", LONG, ".950", "3"]


NASTY = '=1+1\n| *a* <script>x</script> & _b_ `c` %0A \x1b[1m\t\u202e\u2028~~d~~ [e](f) \\ {g} &lt; $h$ ^ "\r\x00 --'
SHOWN = '=1+1 | *a* <script>x</script> & _b_ `c` %0A \\x1b[1m \\u202e ~~d~~ [e](f) \\ {g} &lt; $h$ ^ " \\x00 --'
BOARD = pd.DataFrame([row(NASTY, set=NASTY, version=NASTY, failures=NASTY, flags=NASTY, settings="")])


def test_a_name_breaks_no_line_and_no_cell_of_text_and_csv() -> None:
    text = render("text", BOARD, [NASTY]).splitlines()
    assert (len(text), text[4].count(SHOWN), text[-1]) == (8, 2, SHOWN)
    lines = render("csv", BOARD, []).splitlines()
    (found,) = csv.DictReader(lines)
    assert (len(lines), found["runner"], found["set"]) == (2, f"'{SHOWN}", f"'{SHOWN}")
    assert json.loads(render("json", BOARD, [NASTY]))["rows"][0]["runner"] == NASTY


@pytest.mark.parametrize(
    "name", ["=a", "+a", "-a", "@a", "\t=a", "\r@a", " =a", "-3+4", "=-1", "'a", "a=b", "-1.5", "+2", "3"]
)
def test_no_text_of_a_csv_is_a_formula_and_numbers_stay_numbers(name: str) -> None:
    text = render(
        "csv", pd.DataFrame({"runner": [name], "change": [-0.5], "n": pd.array([-1], "Int64")}), [], "history"
    )
    (found,) = csv.reader(text.splitlines()[1:])
    assert not re.match(r"\s*[=+@-]", found[0]) or re.fullmatch(r"[+-]?[\d.]+", found[0])
    assert found[0].lstrip("'").split() == name.lstrip("'").split()
    assert found[1:] == ["-0.500000", "-1"]


def test_markdown_shows_a_name_as_it_is() -> None:
    text = render("markdown", BOARD, ["```", NASTY])
    parsed = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    cells = [each.children or [] for each in parsed if each.type == "inline"]
    assert ["".join(part.content for part in cell) for cell in cells].count(SHOWN) == 2
    assert "".join(part.content for part in cells[0]).startswith(f"{SHOWN} · words")
    assert {part.type for cell in cells for part in cell} == {"text", "strong_open", "strong_close"}
    assert parsed[-1].content.splitlines() == [f"{SHOWN}: {SHOWN.replace(' ', ', ')}", "```", SHOWN]


def test_latex_stays_within_its_row_and_its_comment() -> None:
    text = render("latex", BOARD, [NASTY])
    table, _, notes = text.partition("\\end{table}\n")
    assert table.count("\n") == 11
    assert all(line.startswith("% ") for line in notes.splitlines())
    plain = re.sub(r"\\text\w+\{\}|\\`\{\}|\\[&%$#_{}]|-\{\}", "", table.splitlines()[8])
    assert not re.search(r"[%$#_`~^<>|]", plain)
    assert (plain.count("&"), plain.count("{")) == (9, 0)


def test_html_runs_nothing_and_shows_a_name_as_it_is() -> None:
    text = render("html", BOARD, [NASTY])
    assert "<script" not in text
    assert [each.text_content() for each in document_fromstring(text).iter("td")][1:3] == [SHOWN, SHOWN]


def test_text_has_one_board_per_metric_and_slice() -> None:
    table = pd.DataFrame([row("a", slice="de"), row("a", slice="en"), row("a", slice="en", metric="exact", pages=1)])
    headings = [line for line in render("text", table, []).splitlines() if "policy" in line]
    assert headings == [
        "tiny · de · words · policy default · 12 pages · shows differences from .010: too few pages to rank",
        "tiny · en · words · policy default · 12 pages · shows differences from .010: too few pages to rank",
        "tiny · en · exact · policy default · 1 page · shows differences from .010: too few pages to rank",
    ]


def test_costs_flags_and_settings_are_shown_where_there_are_any() -> None:
    plain = {"speed": NAN, "p95_ms": NAN, "peak_mb": NAN, "flags": "", "settings": ""}
    text = render("text", pd.DataFrame([row("a:deep", **TIMED), row("b", **plain)]), [SIGNATURE])
    lines = text.splitlines()
    lines = lines[lines.index("") - 1 :]
    assert lines[2].split()[-4:] == ["speed", "p95", "ms", "MB"]
    assert next(line for line in lines if " a:deep" in line).split()[-3:] == ["0.25", "13", "100"]
    assert next(line for line in lines if " b " in line).split()[-3:] == ["-", "-", "-"]
    assert lines[-2:] == ["a:deep: unlocked, own-set (tiny), deep=true", SIGNATURE]
    assert "speed" not in render("markdown", pd.DataFrame([row("b", **plain)]), [])


def test_a_slice_says_what_it_can_show_and_when_that_is_too_little() -> None:
    table = pd.DataFrame([row("a", slice="de", detectable=0.2), row("b", slice="de", detectable=0.2, f1=0.8)])
    heading = render("text", table, []).splitlines()[0]
    assert heading.endswith(" · 12 pages · shows differences from .200: too few pages to rank")
    assert "too few" not in render("markdown", table.assign(detectable=0.1), [])


def test_a_leaderboard_that_cannot_rank_or_has_few_sites_says_so() -> None:
    def heading(**changes: object) -> str:
        rows = [row("a", **changes), row("b", f1=0.8, **changes)]
        return render("text", pd.DataFrame(rows), []).splitlines()[0].removeprefix("tiny · words · policy default · ")

    assert heading(sites=6) == "12 pages"
    assert heading(sites=5) == "12 pages · 5 sites: too few to rank"
    assert heading(sites=1) == "12 pages · 1 site: too few to rank, and no intervals"
    assert heading(sites=30, detectable=1.0) == "12 pages · 30 sites: too few to rank"
    assert heading(sites=3, detectable=1.0) == "12 pages · 3 sites: too few to rank"
    assert heading(detectable=0.2) == "12 pages · shows differences from .200: too few pages to rank"
    assert "shows" not in heading(detectable=NAN, slice="de")
    apart = pd.DataFrame([row("a", rank_high=1, detectable=0.2), row("b", f1=0.8, rank_low=2, detectable=0.2)])
    assert "too few" not in render("text", apart, [])
    far = pd.DataFrame([row("a", f1=1.0, detectable=1.0, sites=3), row("b", f1=0.0, detectable=1.0, sites=3)])
    assert render("text", far, []).splitlines()[0].endswith("12 pages · 3 sites: too few to rank")


def test_a_leaderboard_of_all_sets_says_of_how_many() -> None:
    text = render(
        "markdown", pd.DataFrame([row("a", set="all:sets", sets=2), row("b", set="all:sets", sets=2, f1=0.5)]), []
    )
    assert text.splitlines()[0] == "**all:sets · words · policy default · 12 pages of 2 sets**"


def test_a_runner_without_a_rank_has_a_dash() -> None:
    table = pd.DataFrame([row("a"), row("ceiling", rank_low=pd.NA, rank_high=pd.NA)])
    table = table.astype({"rank_low": "Int64", "rank_high": "Int64"})
    assert "| 1-2 | a |" in render("markdown", table, [])
    assert "| - | ceiling |" in render("markdown", table, [])
    assert [each["rank_low"] for each in json.loads(render("json", table, []))["rows"]] == [1, None]


def test_ranks_stay_whole_numbers_in_a_leaderboard_that_is_read_again(tmp_path: Path) -> None:
    board = pd.DataFrame([row("a"), row("ceiling", rank_low=pd.NA, rank_high=pd.NA)])
    (tmp_path / "leaderboard.json").write_text(render("json", board, []), encoding="utf-8")
    (tmp_path / "manifest.json").write_text('{"schema": 1}', encoding="utf-8")
    again = boilerbench.load(tmp_path).leaderboard
    assert "| 1-2 | a |" in render("markdown", again, [])
    assert [each["rank_low"] for each in json.loads(render("json", again, []))["rows"]] == [1, None]


def test_markdown_is_a_pipe_table_with_its_signs_escaped() -> None:
    lines = render("markdown", TABLE, [SIGNATURE]).splitlines()
    assert lines[0] == "**tiny · words · policy default · 12 pages**"
    assert r"above bad\|\*one\*; the difference" in lines[2]
    assert lines[4] == f"| {' | '.join(HEADERS)} |"
    assert lines[6] == "| 1-2 | good | 1.0 | .950 | .900-1.000 | .930 | .970 | .250 | 0 | 3 |"
    assert r"| bad\|\*one\* |" in lines[7]
    assert lines[-3:] == ["```", SIGNATURE, "```"]


def test_csv_has_six_digits_and_empty_fields_for_what_is_undefined() -> None:
    lines = render("csv", TABLE, [SIGNATURE]).splitlines()
    assert lines[0] == ",".join([*COLUMNS, *MORE_COLUMNS])
    assert lines[1].startswith("1,2,good,1.0,tiny,default,words,12,0,3,0.950000,0.900000,1.000000,")
    assert ",0.000000,,,,0.970000," in lines[2]
    assert pd.read_csv(io.StringIO(render("csv", TABLE, [])))["f1"].tolist() == [0.95, 0.0]


def test_json_has_a_schema_signatures_and_null_for_what_is_undefined() -> None:
    found = json.loads(render("json", TABLE, [SIGNATURE]), parse_constant=pytest.fail)
    assert (found["schema"], found["signatures"]) == (1, [SIGNATURE])
    assert found["rows"][0] == row("good", said=None, spurious=None)
    assert found["rows"][1]["precision"] is None


def test_latex_has_the_best_in_bold_and_its_signs_escaped() -> None:
    table = pd.DataFrame([row("a_b"), row("c&d", rank_low=2, f1=0.1, f1_low=0.05, f1_high=0.15)])
    text = render("latex", table, ["50%"])
    assert r"1--2 & \textbf{a\_b} & 1.0 & \textbf{.950} & .900--1.000 & .930" in text
    assert r" & c\&d & 1.0 & .100 & .050--.150 & " in text
    assert text.count(r"\toprule") == text.count(r"\end{tabular}") == 1
    assert text.endswith("% 50%\n")
    assert escape("a-b \\ ~^ {x} -") == r"a-b \textbackslash{} \textasciitilde{}\textasciicircum{} \{x\} -"


def test_latex_shows_several_sets_side_by_side_with_labels() -> None:
    news, shops = {"set": "News 1"}, {"set": "shops"}
    table = pd.DataFrame([
        *(row("a", f1=0.9, **news), row("b", f1=0.8, **news), row("c", f1=0.5, rank_low=3, **news)),
        *(row("b", f1=0.7, **shops), row("a", f1=0.4, rank_low=2, **shops)),
    ])  # fmt: skip
    first, *others = render("latex", table, []).split("\n\\end{table}")
    assert first.splitlines()[2:] == [
        r"\caption{F1 by words, policy default}",
        r"\label{tab:f1-by-words-policy-default}",
        r"\begin{tabular}{lrr}",
        r"\toprule",
        r"runner & News 1 & shops \\",
        r"\midrule",
        r"b & .800$^{\dagger}$ & \textbf{.700} \\",
        r"a & \textbf{.900} & .400 \\",
        r"c & .500 & - \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]
    labels = re.findall(r"\\label\{(.*?)\}", "".join(others))
    assert labels == ["tab:news-1-words-policy-default", "tab:shops-words-policy-default"]
    assert "side" not in render("latex", table[:3], [])


def suites_of(table: pd.DataFrame, *signatures: str) -> list[ET.Element]:
    """Parse JUnit XML, and hold it to the order and the attributes that JUnit's readers ask for."""
    root = ET.fromstring(render("junit", table, [*signatures]))  # noqa: S314  # ours
    assert root.tag == "testsuites"
    for suite in root:
        assert [each.tag for each in suite] == ["properties", *["testcase"] * int(suite.attrib["tests"])]
        assert {"name", "tests", "failures", "errors", "skipped"} == suite.attrib.keys()
        for tag in ("failure", "error"):
            assert int(suite.attrib[f"{tag}s"]) == len(suite.findall(f"testcase/{tag}"))
        for case in suite.findall("testcase"):
            assert {"classname", "name"} <= case.attrib.keys() <= {"classname", "name", "time"}
            assert [each.tag for each in case] in (["properties"], ["properties", "failure"], ["properties", "error"])
    return list(root)


def properties_of(element: ET.Element) -> dict[str, str]:
    return {each.attrib["name"]: each.attrib["value"] for each in element.findall("properties/property")}


def test_junit_has_a_suite_per_board_and_a_case_per_runner() -> None:
    table = pd.DataFrame([row("a", slice="de", pages_per_second=40.0), row("b", slice="de"), row("a", slice="en")])
    signature = "set:tiny|version:none|policy:default|metric:words|seed:0"
    german, english = suites_of(table, signature, signature.replace("words", "words-too"))
    about = {"set": "tiny", "policy": "default", "metric": "words", "slice": "de", "signature": signature}
    assert properties_of(german) == about
    one, other = german.findall("testcase")
    assert one.attrib == {"classname": "tiny.default.words.de", "name": "a", "time": "0.025000"}
    assert "time" not in other.attrib
    found = properties_of(one)
    assert [found[name] for name in ("version", "rank_low", "f1", "f1_high")] == ["1.0", "1", "0.950000", "1.000000"]
    assert found.keys().isdisjoint({*about, "failures", "runner"})
    assert english.attrib["tests"] == "1"


def test_junit_tells_failed_pages_from_a_runner_that_could_not_run() -> None:
    failures = {"good": (0, ""), "bad": (3, "error:2 timeout:1"), "gone": (12, "unavailable:12")}
    rows = [row(name, failed=count, failures=why) for name, (count, why) in failures.items()]
    (suite,) = suites_of(pd.DataFrame(rows))
    told = {case.attrib["name"]: [each.attrib for each in case[1:]] for case in suite.findall("testcase")}
    assert told == {
        "good": [],
        "bad": [{"type": "failed", "message": "3 of 12 pages failed: error:2 timeout:1"}],
        "gone": [{"type": "unavailable", "message": "unavailable"}],
    }
    assert [suite.attrib[name] for name in ("tests", "failures", "errors", "skipped")] == ["3", "1", "1", "0"]
    (suite,) = suites_of(pd.DataFrame(rows[1:2]).drop(columns="failures"))  # as published before the column was
    assert suite[1][1].attrib["message"] == "3 of 12 pages failed"


def test_junit_holds_no_name_that_xml_cannot() -> None:
    nasty = '</testcase>&amp;"\x00\x1b\ufffe'
    (suite,) = suites_of(pd.DataFrame([row(nasty, set=nasty, version=nasty)]), f"set:{nasty}|")
    (case,) = suite.findall("testcase")
    shown = '</testcase>&amp;"' + "\ufffd" * 3
    assert (case.attrib["name"], properties_of(case)["version"], properties_of(suite)["set"]) == (shown,) * 3


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_leaderboard_can_be_written(form: str) -> None:
    assert isinstance(render(form, TABLE.iloc[:0], []), str)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="unknown format 'xls'; known: text, markdown, csv, json"):
        render("xls", TABLE, [])


@pytest.mark.parametrize(("value", "shown"), [(0.9584, ".958"), (1.0, "1.000"), (0.0, ".000"), (NAN, "-"), (None, "-")])
def test_scores_have_three_digits(value: object, shown: str) -> None:
    assert score(value) == shown
