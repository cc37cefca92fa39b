"""The commands of the guides: all of them are ones that there are, and they run as they stand there."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click
import pytest

from boilerbench.cli import cli
from tests import guides
from tests.forked import WIDTH, call

if TYPE_CHECKING:
    from pathlib import Path

CONTRIBUTING = guides.ROOT / "CONTRIBUTING.md"
ALL = [(guide.name, line) for guide in (*guides.GUIDES.values(), CONTRIBUTING) for line in guides.commands(guide)]
WITH_COMMANDS = sorted({name for name, _ in ALL} - {CONTRIBUTING.name})


def parsed(arguments: list[str]) -> click.Command:
    """Find the command, and let it parse its options without running anything."""
    command: click.Command = cli
    context = click.Context(cli, info_name="boilerbench")
    while isinstance(command, click.Group):
        name, found, arguments = command.resolve_command(context, arguments)
        assert found is not None, name
        context = found.make_context(name, [*arguments], context, resilient_parsing=True)
        if context.command is not found:  # one below it, such as `stress minimise`
            arguments = arguments[1:]
        command = context.command
    context.resilient_parsing = False
    command.make_parser(context).parse_args([*arguments])
    return command


@pytest.mark.parametrize(("guide", "line"), ALL)
def test_every_command_of_the_guides_takes_what_it_is_given(guide: str, line: str) -> None:
    assert parsed(shlex.split(line)[1:]).name, guide


def test_the_guides_have_commands() -> None:
    assert len(ALL) > 60
    assert ("README.md", "boilerbench run") in ALL  # behind another command
    assert any("--fail-on" in line for guide, line in ALL if guide == "README.md")  # of a workflow
    with pytest.raises(click.NoSuchOption):
        parsed(["table", "runs/mine", "--by-language"])


def test_what_stands_in_is_needed() -> None:
    text = "\n".join(line for _, line in ALL)
    assert not [each for each in (*guides.STAND_INS, *guides.CANNOT) if each not in text]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that guides speak of."""
    folder = tmp_path_factory.mktemp("furnished")
    guides.furnish(folder)
    return folder


def too_wide(shown: str) -> list[str]:
    """Lines that a terminal has no room for: of several words, and no signature, which is to be copied."""
    wide = [line for line in shown.split("\n") if len(line) > WIDTH and "|fingerprint:" not in line]
    return [line for line in wide if " " in line.strip()]


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
@pytest.mark.parametrize("name", WITH_COMMANDS)
def test_the_commands_of_a_guide_run_as_they_stand_there(
    name: str, furnished: Path, tmp_path: Path, terminal: bool
) -> None:
    guide = guides.GUIDES[name]
    here = guides.begin(guide, furnished, tmp_path / "here")
    variables = {"BOILERBENCH_SETS": str(tmp_path / "sets"), "TERM": "xterm"}
    if name == "cache.md":  # whose commands remove from it
        variables["BOILERBENCH_CACHE"] = str(tmp_path / "cache")
    for line in filter(None, (guides.runnable(line, here) for line in guides.commands(guide))):
        done = call(line, here, variables, terminal=terminal)
        assert done.code == ("gate failed" in done.shown), (line, done.shown)  # the tree that stands in is worse
        assert "Traceback" not in done.shown, line
        if terminal:
            assert too_wide(done.shown) == [] or "--format" in line, line
        else:
            assert "\x1b" not in done.shown, line
