"""`python -m benchmarks NAME [ARGUMENT ...]` runs one of the scripts beside."""

import sys
from importlib import import_module
from pathlib import Path

NAMES = sorted({file.stem for file in Path(__file__).parent.glob("[a-z]*.py")} - {"plain", "report"})


def main() -> int:
    """Run it. Exit code 2 where there is none of that name."""
    if len(sys.argv) < 2 or sys.argv[1] not in NAMES:  # noqa: PLR2004  its own name and that of a script
        print(f"python -m benchmarks NAME; names are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    del sys.argv[0]
    return int(import_module(f"benchmarks.{sys.argv[0]}").main())


if __name__ == "__main__":
    sys.exit(main())
