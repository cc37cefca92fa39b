"""What a command loads before it knows what to do."""

import os
import subprocess
import sys

import pytest

HEAVY = {"pandas", "numpy", "pyarrow", "scipy", "rich", "lxml", "html_text", "psutil", "sqlite3", "charset_normalizer"}


def unmeasured() -> dict[str, str]:
    """The variables that let coverage into a process left out: it loads sqlite3 by itself."""
    return {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom boilerbench import cli\n"
        "sys.argv = ['boilerbench', '--help']\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        f"print('heavy:', sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=unmeasured(), capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines()[-1] == "heavy: []"


@pytest.mark.parametrize("name", ["run", "score", "table", "compare", "sets", "runners"])
def test_the_help_of_a_command_loads_no_data_libraries(name: str) -> None:
    code = (
        "import sys\nfrom boilerbench import cli\n"
        f"sys.argv = ['boilerbench', {name!r}, '--help']\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        "print('heavy:', sorted({'pandas', 'pyarrow', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=unmeasured(), capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines()[-1] == "heavy: []"
