"""A set damaged on purpose, as a set."""

import json
from pathlib import Path

import pytest

from boilerbench import plugins, sets
from boilerbench.errors import UsageError
from boilerbench.stress import DOSES, known
from boilerbench.stress.stressed import parts_of, shows, spec_of
from tests.command import boilerbench, make_runner, rows
from tests.packages import install_plugin
from tests.stress.pages import PAGES, TEXTS, html, make_set


def test_each_page_is_there_as_it_was_and_in_every_dose_and_is_of_one_site(tmp_path: Path) -> None:
    own = make_set(tmp_path, 2)
    found = sets.load(spec_of(own, ["cookie-dialog", "soft-hyphens"], [5, 1]))
    assert found.name == "own-stress"
    assert [page.id for page, _ in found.entries][:5] == [
        "p0@clean",
        *("p0@clutter.cookie-dialog.1", "p0@clutter.cookie-dialog.5"),
        *("p0@encoding.soft-hyphens.1", "p0@encoding.soft-hyphens.5"),
    ]
    assert [page.site for page in found.pages] == ["site0.example"] * 5 + ["site1.example"] * 5
    clean = next(iter(sets.load(own).pages))
    assert next(iter(found.pages)).digest == clean.digest


def test_every_page_that_runners_get_shows_its_gold(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(PAGES["windows-1252"][0])
    (tmp_path / "page.txt").write_text("\n".join(TEXTS))
    found = sets.load(spec_of(f"pairs:{tmp_path}"))
    assert len(found.entries) == 1 + len(known()) * len(DOSES)
    for page, gold in found.entries:
        assert shows(page.read(), page.charset, gold), page.id


def test_a_set_named_again_is_the_same(tmp_path: Path) -> None:
    spec = spec_of(make_set(tmp_path, 2), ["markup", "shape"])
    assert sets.load(spec).fingerprint == sets.load(spec).fingerprint


def test_the_name_of_a_page_says_what_was_done_to_it() -> None:
    assert parts_of("a@b.c@clutter.cookie-dialog.3") == ("a@b.c", "clutter", "cookie-dialog", 3)
    assert parts_of("a.b@clean") == ("a.b", "", "", 0)


def test_only_the_first_pages_of_the_set_are_damaged(tmp_path: Path) -> None:
    found = sets.load(spec_of(make_set(tmp_path, 3), ["hidden"], [1], 2))
    assert [page.id for page in found.pages] == ["p0@clean", "p0@hiding.hidden.1", "p1@clean", "p1@hiding.hidden.1"]


def test_pages_whose_gold_cannot_be_seen_are_left_out_and_named(tmp_path: Path) -> None:
    rows = [
        {"id": "good", "html": html(), "text": "\n".join(TEXTS)},
        {"id": "none", "html": html(), "text": ""},
        {"id": "other", "html": html(), "text": "Was nicht auf der Seite steht."},
    ]
    (tmp_path / "own.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = sets.load(spec_of(f"jsonl:{tmp_path / 'own.jsonl'}", ["hidden"], [1]))
    assert [page.id for page in found.pages] == ["good@clean", "good@hiding.hidden.1"]
    (line,) = [line for line in sets.doubts(found) if "left out" in line]
    assert "none (has no body)" in line
    assert "other (does not show its gold in order)" in line


def test_a_set_of_whose_gold_nothing_is_seen_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "own.jsonl").write_text(json.dumps({"id": "a", "html": html(), "text": "Anderes."}))
    with pytest.raises(UsageError, match=r"no pages in .*left out: a \(does not show its gold") as refused:
        sets.load(spec_of(f"jsonl:{tmp_path / 'own.jsonl'}", ["hidden"]))
    assert "does not exist" not in str(refused.value)


def test_gold_that_grows_grows_with_the_page(tmp_path: Path) -> None:
    found = sets.load(spec_of(make_set(tmp_path, 1), ["longer"], [1, 2]))
    lengths = [len("\n".join(each.text for each in gold.segments).split("\n")) for _, gold in found.entries]
    assert lengths == [6, 26, 46]


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("stress:goldset?dose=6", "expected stress:SET"),
        ("stress:goldset?dose=x", "'x' is neither"),
        ("stress:goldset?limit=0", "'0' is neither"),
        ("stress:goldset?seed=1", "expected stress:SET"),
        ("stress:goldset?only=cluter", "did you mean 'clutter'"),
        ("stress:stress:goldset?dose=1", "expected stress:SET"),
        ("stress:nowhere", "unknown set 'nowhere'"),
    ],
)
def test_what_cannot_be_is_refused(spec: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        sets.load(spec)


def test_every_stressor_can_be_named(tmp_path: Path) -> None:
    own = make_set(tmp_path, 1)
    assert len(sets.load(spec_of(own, [*known()], [1])).entries) == 1 + len(known())


def test_a_set_at_a_url_is_refused() -> None:
    with pytest.raises(UsageError, match="has to be on this machine"):
        spec_of("jsonl:https://host.example/pages.jsonl")


SALE = """\
from boilerbench.stress import Stressor
STRESSORS = (Stressor("sale", "own", "", lambda document, dose, random: document.with_markup(0, "Sale! " * dose)),)
"""


def test_a_stressor_of_another_distribution_is_known_and_one_that_cannot_be_loaded_is_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    install_plugin(tmp_path / "site", "sale-kit", SALE, plugins.STRESSORS, "own = sale_kit:STRESSORS")
    install_plugin(tmp_path / "site", "bad-kit", "raise OSError('no')", plugins.STRESSORS, "bad = bad_kit:STRESSORS")
    asked = ("--set", make_set(tmp_path / "set", 1), "--family", "sale", "--dose", 2, "--format", "csv")
    done = boilerbench("stress", "nothing", *asked, "--out", tmp_path / "run")
    assert [(row["family"], row["stressor"]) for row in rows(done.stdout)] == [("own", ""), ("own", "sale")], (
        done.stderr
    )
    (line,) = [line for line in done.stderr.splitlines() if "bad-kit" in line]
    assert "OSError: no" in line


def test_what_is_damaged_in_one_way_is_a_set_of_its_own_name(tmp_path: Path) -> None:
    own = make_set(tmp_path, 1)
    assert [
        sets.load(spec_of(own, only, [1])).name for only in (["hiding"], ["soft-hyphens"], ["hiding", "shape"])
    ] == ["own-stress-hiding", "own-stress-soft-hyphens", "own-stress"]


def test_a_comparison_judges_a_gate_for_each_family(tmp_path: Path, cache: Path) -> None:
    assert cache
    find = "    text = ' '.join(re.findall('<p class=\"t\">(.*?)</p>', html))\n    return "
    base = make_runner(tmp_path, "base", f"{find}text", "import re")
    head = make_runner(tmp_path, "head", f"{find}text[:50] if '<div hidden>' in html else text", "import re")
    asked = ("compare", base, head, "--stress", "--set", make_set(tmp_path / "set", 7), "--limit", 6)
    done = boilerbench(*asked, "--fail-on", "significant regression", "--format", "json", "--out", tmp_path / "run")
    assert done.returncode == 1, done.stderr
    assert "own-stress-hiding: gate failed: significant regression" in done.stderr
    found = {each["set"]: each for each in json.loads(done.stdout)["sets"]}
    assert [*found] == [f"own-stress-{family}" for family in dict.fromkeys(each.family for each in known().values())]
    assert {name for name, each in found.items() if each["verdict"] == "worse"} == {"own-stress-hiding"}
    assert found["own-stress-hiding"]["pages"] == 6 * (1 + 8 * len(DOSES))


def test_a_comparison_of_results_damages_nothing(tmp_path: Path, cache: Path) -> None:
    assert cache
    assert boilerbench("run", "nothing", "--limit", 1, "--out", tmp_path / "run").returncode == 0
    done = boilerbench("compare", tmp_path / "run", tmp_path / "run", "--stress")
    assert done.returncode == 2
    assert "--stress" in done.stderr
