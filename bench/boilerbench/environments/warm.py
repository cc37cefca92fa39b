"""What libraries build for themselves and keep in a home, such as a dictionary's tree: once, with their environment.

A runner's `warm` is called in a process that sees no page and has no network. What it leaves in its home is a part of
the environment, which no child can change, and stands in the fresh home of every child from its start.
"""

import shutil
from dataclasses import replace
from pathlib import Path

from boilerbench.errors import UnavailableError
from boilerbench.process import confinement, programs
from boilerbench.process.confinement import Command
from boilerbench.storage import temporary

FOLDER = "boilerbench-warm"
"""Where it is kept in an environment."""
_SECONDS = 300

_CALL = """\
import importlib.util, sys
spec = importlib.util.spec_from_file_location("runner", sys.argv[1])
runner = importlib.util.module_from_spec(spec)
spec.loader.exec_module(runner)
runner.warm()
"""
GIVE = f"""\
import os, sys
kept, home = os.path.join(sys.prefix, {FOLDER!r}), os.environ.get("HOME", "")
for place, _, names in os.walk(kept):
    here = os.path.join(home, os.path.relpath(place, kept))
    os.makedirs(here, exist_ok=True)
    for name in names:
        os.symlink(os.path.join(place, name), os.path.join(here, name))
"""
"""What a child does with it before everything else."""


def keep(worker: Command, file: Path, environment: Path) -> None:
    """Call a runner's `warm` and keep what it leaves. `worker` is the command of its child.

    `UnavailableError` where that fails.
    """
    python = worker.arguments[0]
    command = replace(worker, arguments=(python, "-I", "-X", "utf8", "-c", _CALL, str(file)))
    with temporary.Folder() as home:
        held = confinement.plan(command, home, confinement.layer())
        held["size"] = 0  # so that it stays when the process has ended
        own = {"HOME": home, "TMPDIR": home, "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"}
        done = programs.run(command.arguments, held=held, timeout=_SECONDS, cwd=home, env=own)
        if done.returncode:
            raise UnavailableError(f"its warm() failed: {programs.reason(done.stderr)}")
        shutil.copytree(home, environment / FOLDER, symlinks=True)
