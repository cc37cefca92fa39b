"""Which settings of a runner are tried: few enough all, of more some that are drawn, and the default in any case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from boilerbench.errors import BadRunnerError, UsageError
from boilerbench.runners import registry
from boilerbench.runners.settings import named, settings
from tests.command import HEAD

if TYPE_CHECKING:
    from pathlib import Path

EXTRACT = "def extract(html, url=None, deep=False, width=3, tag='p'): pass\n"
SETTINGS = 'VARIANTS = {"wide": {"width": 9}}\nTUNABLE = {"deep": [True], "width": [5, 9]}\n'


@pytest.fixture
def own(tmp_path: Path) -> str:
    (tmp_path / "own.py").write_text(f"{HEAD}{SETTINGS}{EXTRACT}")
    return str(tmp_path / "own.py")


def tried(label: str, most: int = 99, seed: int = 0, **values: list[object]) -> list[str]:
    runner = registry.find(label)
    found = settings(label, runner, values or runner.tunable, most, seed)
    assert len(registry.find_all(list(found))) == len(found)
    return list(found.values())


def test_all_combinations_are_tried_those_that_change_least_first(own: str) -> None:
    both = ["deep=true, width=5", "deep=true, width=9"]
    assert tried(own) == ["default", "width=5", "width=9", "deep=true", *both]
    assert tried(own, tag=["a", "1", "b c"]) == ["default", "tag=a", 'tag="1"', 'tag="b c"']


def test_a_value_that_the_runner_has_anyway_is_not_tried(own: str) -> None:
    assert tried(f"{own}:wide") == ["default", "width=5", "deep=true", "deep=true, width=5"]
    assert tried(f"{own}:deep=true") == ["default", "width=5", "width=9"]
    assert tried(own, width=[5, 5]) == ["default", "width=5"]


def test_a_setting_is_asked_for_with_the_variant_options_and_origin_of_the_runner(own: str) -> None:
    label = f"{own}:wide,tag=a"
    found = settings(label, registry.find(label), {"deep": [True], "tag": ["b"]}, 99, 0)
    assert [each.removeprefix(own) for each in found] == [
        ":wide,tag=a",
        ":wide,tag=b",
        ":wide,tag=a,deep=true",
        ":wide,tag=b,deep=true",
    ]
    runner = registry.find("trafilatura@2.0.0")
    assert list(settings("trafilatura@2.0.0", runner, {"fast": [True]}, 9, 0))[1] == "trafilatura:fast=true@2.0.0"


def test_of_too_many_some_are_drawn_by_the_seed_and_none_twice(own: str) -> None:
    wide = {"width": [*range(10, 20)], "tag": [*"abcdefghij"]}
    first, again, other = (tried(own, 50, seed, **wide) for seed in (0, 0, 1))
    assert first == again != other
    assert len({*first}) == 51
    assert first[0] == "default"
    assert tried(own, 4) != tried(own, 5)  # four of five, and all five
    many = {"width": [*range(10, 10**4)], "tag": [str(number) + "x" for number in range(10**4)]}
    assert len(tried(own, 3, **many)) == 4


def test_the_folder_of_a_runner_says_its_defaults_and_values_to_try(tmp_path: Path) -> None:
    file = tmp_path / "small" / "runner.toml"
    file.parent.mkdir()
    text = 'input = "text"\nformat = "text"\ncommand = ["true", "{options}"]\n[options]\nwidth = 3\n'
    file.write_text(f"{text}[tunable]\nwidth = [3, 5]\n")
    assert tried(str(file.parent)) == ["default", "width=5"]
    file.write_text(f"{text}[tunable]\nwdith = [5]\n")
    with pytest.raises(BadRunnerError, match=r"\[tunable\] has values for 'wdith', which \[options\] has no default"):
        registry.find(str(file.parent))


@pytest.mark.parametrize(
    ("tunable", "complaint"),
    [
        ("TUNABLE = {'deep': True}", r"'TUNABLE\[...\]' must be a list"),
        ("TUNABLE = {'deep': [{1}]}", "TUNABLE cannot be written as JSON"),
        ("TUNABLE = values", "TUNABLE must be written out as a literal"),
    ],
)
def test_values_that_no_setting_can_have_are_refused(tunable: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(f"{HEAD}{tunable}\n{EXTRACT}")
    with pytest.raises(BadRunnerError, match=complaint):
        registry.find(str(tmp_path / "own.py"))


def test_where_there_is_nothing_to_try_that_is_said(own: str) -> None:
    with pytest.raises(UsageError, match=r"no value differs from the default of width; name some: --option NAME=VALUE"):
        tried(f"{own}:wide", width=[9])
    with pytest.raises(UsageError, match=r"nothing: it declares no values to try; name some"):
        tried("nothing")


def test_values_of_one_option_add_up() -> None:
    assert named(["a=1,2", "b=x", "a=3"]) == {"a": [1, 2, 3], "b": ["x"]}


@pytest.mark.parametrize("name", [name for name in registry.known() if registry.find(name).tunable])
def test_every_value_that_a_runner_declares_can_be_asked_for(name: str) -> None:
    assert len(tried(name, most=5000)) > 1
