"""Speed beside others, and whether the house keeps its promises.

    python -m benchmarks [--scale] [--against COMMAND] [--json FILE] [--rounds N]
    python -m benchmarks NAME [ARGUMENT ...]

Without a name all races are run: `scoring`, `structure`, `processes`, `overhead`, `commands` (beside COMMAND, the
boilerbench of another environment), and with --scale, which takes half an hour, `scale`. Each prints a ratio that was
measured in one run, of N rounds (default 5), with equal numbers asserted; what cannot be measured here says why. Exit
code 1 where a goal is missed. With a name the script beside of that name is run.
"""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

NAMES = sorted({file.stem for file in Path(__file__).parent.glob("[a-z]*.py")} - {"plain", "report"})


def everything() -> int:
    """Run all races."""
    from benchmarks import commands, overhead, processes, scale, scoring, structure
    from benchmarks.report import Report, data

    report = Report()
    against = report.option("--against")
    long = "--scale" in report.arguments
    if unknown := [each for each in report.arguments if each != "--scale"]:
        print(f"python -m benchmarks: {unknown[0]}: not known; names are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    races = {
        "scoring": lambda: scoring.measure(report, data()),
        "structure": lambda: structure.measure(report, data()),
        "processes": lambda: processes.measure(report),
        "overhead": lambda: overhead.measure(report),
        "commands": lambda: commands.measure(report, against),
    }
    for name, race in races.items():
        try:
            race()
        except subprocess.CalledProcessError as cause:
            report.skip(name, f"{' '.join(map(str, cause.cmd[:4]))} … ended with {cause.returncode}", 1)
        except AssertionError as cause:
            report.skip(name, f"figures differ: {cause}", 1)
    missed = scale.main([]) if long else 0
    return report.end() or missed


def main() -> int:
    """Run what is named, or all races. Exit code 2 where there is none of that name."""
    if len(sys.argv) < 2 or sys.argv[1].startswith("--"):  # noqa: PLR2004  its own name and that of a script
        return everything()
    if sys.argv[1] not in NAMES:
        print(f"python -m benchmarks NAME; names are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    del sys.argv[0]
    return int(import_module(f"benchmarks.{sys.argv[0]}").main())


if __name__ == "__main__":
    sys.exit(main())
