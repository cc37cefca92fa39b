"""The commands of the guides: all of them are ones that there are, and those of docs/index.md do what they say."""

from __future__ import annotations

import os
import pty
import re
import shlex
import shutil
import subprocess
import threading
from pathlib import Path
from subprocess import PIPE

import click
import pytest

from boilerbench.cli import cli
from tests.command import COMMAND

ROOT = Path(__file__).parents[2]
GUIDES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
_LINE = re.compile(r"^(?: {4}|)(boilerbench(?: \S.*))$", re.MULTILINE)
WIDTH = 80
SHELL = shutil.which("sh") or ""


def commands(guide: Path) -> list[str]:
    """The lines of a guide's blocks of code that call us, without the remarks behind them."""
    text = guide.read_text("utf-8")
    blocks = [
        *re.findall(r"```(?:sh|bash)?\n(.*?)```", text, re.DOTALL),
        *re.findall(r"(?:^ {4}.*\n)+", text, re.MULTILINE),
    ]
    found = [line for block in blocks for line in _LINE.findall(block)]
    return [re.split(r" {2,}| #| \|| &&|; ", line)[0] for line in found]


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


ALL = [(guide.name, line) for guide in GUIDES for line in commands(guide)]


@pytest.mark.parametrize(("guide", "line"), ALL)
def test_every_command_of_the_guides_takes_what_it_is_given(guide: str, line: str) -> None:
    assert parsed(shlex.split(line)[1:]).name, guide


def test_the_guides_have_commands() -> None:
    assert len(ALL) > 50
    with pytest.raises(click.NoSuchOption):
        parsed(["table", "runs/mine", "--by-language"])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to work in."""
    return tmp_path_factory.mktemp("place")


def in_terminal(line: str, place: Path) -> tuple[int, list[str]]:
    """Run a command in a terminal of 80 columns: its exit code, and what it prints there, without its notes."""
    ours, theirs = pty.openpty()
    shown = bytearray()

    def read() -> None:
        try:
            while part := os.read(ours, 1 << 16):
                shown.extend(part)
        except OSError:  # its end, on Linux
            pass

    reader = threading.Thread(target=read)
    reader.start()
    environment = os.environ | {"COLUMNS": str(WIDTH), "TERM": "xterm"}
    words = [SHELL, "-c", line]
    done = subprocess.run(words, cwd=place, env=environment, check=False, stdin=theirs, stdout=theirs, stderr=PIPE)
    os.close(theirs)
    reader.join()
    os.close(ours)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode("utf-8", "replace"))
    return done.returncode, [part.rsplit("\r", 1)[-1] for part in text.replace("\r\n", "\n").split("\n")]


@pytest.mark.usefixtures("index")
def test_the_commands_of_the_index_run_as_they_stand_there_in_a_terminal_and_in_a_pipe(place: Path) -> None:
    lines = commands(ROOT / "docs" / "index.md")
    assert len(lines) == 12
    program = f"{shlex.quote(str(COMMAND))} "
    for number, line in enumerate(lines):
        command = line.replace("boilerbench ", program, 1)
        code, shown = in_terminal(command, place)
        assert code == 0, (line, shown)
        wide = [each for each in shown if len(each) > WIDTH and "|fingerprint:" not in each]
        assert wide == [] or "--format" in line, line
        again = command.replace("sets new mine", f"sets new mine{number}")
        piped = subprocess.run([SHELL, "-c", again], cwd=place, capture_output=True, encoding="utf-8", check=False)
        assert piped.returncode == 0, piped.stderr
        assert "\x1b" not in piped.stdout + piped.stderr
        assert "Traceback" not in piped.stderr
    assert (place / "report" / "comparison.md").is_file()
