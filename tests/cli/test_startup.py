"""What a command loads before it knows what to do."""

import os
import subprocess
import sys

import pytest

HEAVY = {"pandas", "numpy", "pyarrow", "scipy", "rich", "lxml", "html_text", "psutil", "sqlite3", "charset_normalizer"}
HEAVY |= {"fsspec", "upath"}

DATA = {"pandas", "pyarrow", "scipy"}


def unmeasured() -> dict[str, str]:
    """The variables that let coverage into a process left out: it loads sqlite3 by itself."""
    return {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}


def printed(*arguments: str, heavy: set[str]) -> list[str]:
    """What the command prints, line by line; behind it, which of these modules it has loaded."""
    code = (
        "import sys\nfrom boilerbench import cli\n"
        f"sys.argv = ['boilerbench', *{arguments!r}]\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        f"print('heavy:', sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=unmeasured(), capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout.splitlines()


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    assert printed("--help", heavy=HEAVY)[-1] == "heavy: []"


@pytest.mark.parametrize("name", ["run", "score", "table", "compare", "sets", "runners"])
def test_the_help_of_a_command_loads_no_data_libraries(name: str) -> None:
    assert printed(name, "--help", heavy=DATA)[-1] == "heavy: []"
