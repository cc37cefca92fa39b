"""Pages that two sets share, found by their bytes, their words, or nearly the same words."""

from pathlib import Path

import pytest

from boilerbench.sets import load
from boilerbench.sets.overlap import Shared, find
from tests.command import boilerbench
from tests.sets.test_readers import lines, write

LONG = " ".join(f"word{number}" for number in range(60))
NEAR = LONG.replace("word59", "another")


def row(key: str, html: str, **gold: object) -> dict[str, object]:
    return {"id": key, "html": html, **gold}


ONE = [
    row("same", "<p>Alpha", text="Alpha beta gamma delta"),
    row("words", "<p>1", text=LONG),
    row("none", f"<p>{NEAR}</p>"),
    row("empty", "<p>2", text=""),
    row("alone", "<p>3", text="nobody else says these words here"),
]
OTHER = [
    row("byte", "<p>Alpha", text="its gold may say other words"),
    row("gold", "<p>4", text=f"{LONG}."),
    row("void", "<p>5", text=""),
    row("other", "<p>6", text="these are words that somebody else says"),
]


def spec(file: Path, rows: list[dict[str, object]]) -> str:
    write(file.parent, **{file.name: lines(*rows)})
    return f"jsonl:{file}"


def test_shared_pages_are_told_once_by_the_surest_kind(tmp_path: Path) -> None:
    one, other = load(spec(tmp_path / "one.jsonl", ONE)), load(spec(tmp_path / "other.jsonl", OTHER))
    found = find(one, other)
    assert [(each.kind, each.one, each.other) for each in found] == [
        ("bytes", "same", "byte"),
        ("text", "words", "gold"),
        ("near", "none", "gold"),
    ]
    assert found[2].share == pytest.approx(56 / 58)
    assert find(one, load(spec(tmp_path / "two.jsonl", OTHER[2:]))) == []
    assert [(each.kind, each.one) for each in find(one, one) if each.one == each.other] == [
        ("bytes", key) for key in ("alone", "empty", "none", "same", "words")
    ]


def test_the_command_lists_and_counts_them(tmp_path: Path) -> None:
    done = boilerbench("sets", "overlap", spec(tmp_path / "one.jsonl", ONE), spec(tmp_path / "other.jsonl", OTHER))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == ["bytes  one/same  other/byte  100%", "text   one/words  other/gold  100%"]
    assert "1 pages of one and 1 of other are the same, byte for byte" in done.stderr


def test_wcxb_leaks_139_pages_into_its_test_split(data: Path) -> None:
    if not (data / "wcxb" / "test").is_dir():
        pytest.skip(f"WCXB's test split is not in {data}")
    found: list[Shared] = find(load(f"wcxb:{data / 'wcxb' / 'dev'}"), load(f"wcxb:{data / 'wcxb' / 'test'}"))
    assert len({each.other for each in found if each.kind == "bytes"}) == 139
