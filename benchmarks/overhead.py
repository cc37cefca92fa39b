"""What the harness costs: wall time of `run --jobs 1 --fresh` over the seconds measured inside the children.

Usage: python benchmarks/overhead.py [SET], by default zyte:../shared/data/zyte-aeb.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

ROUNDS = 3


def measure(goldset: str, folder: Path, *options: str) -> tuple[float, float]:
    """Wall seconds of one run of the default runners, and the sum of the seconds inside their children."""
    command = [str(Path(sys.executable).with_name("boilerbench")), "run", "--set", goldset, "--out", str(folder)]
    start = time.perf_counter()
    subprocess.run([*command, *options], check=True, capture_output=True)
    wall = time.perf_counter() - start
    return wall, pd.read_parquet(folder / "extractions.parquet", columns=["wall"])["wall"].sum()


def main() -> None:
    """Build the environments with one page, then measure."""
    goldset = sys.argv[1] if len(sys.argv) > 1 else "zyte:../shared/data/zyte-aeb"
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        measure(goldset, Path(folder), "--limit", "1")
        for _ in range(ROUNDS):
            wall, inside = measure(goldset, Path(folder), "--jobs", "1", "--fresh")
            ratios.append(wall / inside)
            print(f"wall {wall:.2f} s, inside the children {inside:.2f} s, ratio {ratios[-1]:.3f}")
    print(f"median ratio {statistics.median(ratios):.3f}")


if __name__ == "__main__":
    main()
