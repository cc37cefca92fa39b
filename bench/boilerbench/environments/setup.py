"""Runs what builds a runner in its folder: with the network, but seeing and changing no more than it needs."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from boilerbench.environments import visible
from boilerbench.errors import UnavailableError
from boilerbench.process import confinement, programs
from boilerbench.process.confinement import Command
from boilerbench.storage import temporary

SECONDS = 600


def run(command: Sequence[str], folder: Path, needs: Sequence[str], variables: Mapping[str, str] | None = None) -> str:
    """Run a command in a folder that it may change, with programs that it needs and a home that is thrown away.

    Returns what it printed. In `variables`, `{home}` stands for that one. `UnavailableError` says why it failed.
    """
    with temporary.Folder() as home:
        visible.copy_settings(Path(home))
        chosen = visible.toolchains()
        seen = (*visible.programs(*needs, *command[:1]), *visible.installed(), *visible.NAMES, *chosen.values())
        held = confinement.for_setup(Command(tuple(command), sees=seen), folder, home)
        own = {name: value.replace("{home}", home) for name, value in (variables or {}).items()}
        own = confinement.variables() | chosen | {"HOME": home, "TMPDIR": home} | own
        done = programs.run(command, held=held, timeout=SECONDS, cwd=folder, env=own)
    if done.returncode:
        raise UnavailableError(f"its setup failed: {told(done.stderr or done.stdout)}")
    return done.stdout


def told(output: str) -> str:
    """Return why a tool failed, of all that it printed: its first two errors, or else its last line.

    An error names itself or a place in a file; what is indented behind it goes on with it.
    """
    lines = re.sub(r"\n[ \t]+(?=\S)", " ", output).splitlines()
    found = [line.strip(" \t|") for line in lines if line.strip() and not re.match("go: (downloading|finding)", line)]
    telling = [line for line in found if re.match(r"\S+\.\w+:\d+:\d+: |go: ", line) or "error" in line.lower()][:2]
    if any("missing go.sum entry" in line or "updates to go.mod needed" in line for line in telling):
        return "go.sum is missing, or does not fit go.mod; 'boilerbench runners lock' writes it"
    return ", ".join(telling or found[-1:]) or "no reason given"
