"""Runs what builds a runner in its folder: with the network, but seeing and changing no more than it needs."""

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
        lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        telling = [line for line in lines if "error" in line.lower()][:2]  # as npm and compilers write them
        raise UnavailableError(f"its setup failed: {': '.join(telling or lines[-1:]) or 'no reason given'}")
    return done.stdout
