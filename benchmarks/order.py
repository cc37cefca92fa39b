"""How far the order of runners on one set is that on others: Spearman's rank correlation, from published results.

    python -m benchmarks order results/goldset results/wcxb-dev results/zyte

A line per other set, and one for the mean of all others: the correlation over the runners that all have, under
`words`, and two 95 % intervals, of a bootstrap over runners and of one over the sites of all sets.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

import boilerbench

ROUNDS, SEED = 1000, 0


def scores(folder: Path) -> pd.DataFrame:
    """F1 by page, runners across, with the page's site as index."""
    found = boilerbench.load(folder)
    some = found.scores[(found.scores["metric"] == "words") & (found.scores["policy"] == "default")]
    table = some.pivot_table(index="page", columns="runner", values="f1", sort=False)
    return table.set_index(found.pages.set_index("page")["site"].reindex(table.index))


def drawn(table: pd.DataFrame, generator: np.random.Generator) -> pd.Series:
    """Mean F1 by runner over sites drawn with replacement."""
    sums, counts = table.groupby(level=0).sum(), table.groupby(level=0).size()
    sites = generator.integers(len(sums), size=len(sums))
    return sums.iloc[sites].sum() / counts.iloc[sites].sum()


def correlation(one: pd.Series, other: pd.Series) -> float:
    """Spearman's rank correlation of two means by runner."""
    return float(one.rank().corr(other.rank()))


def main() -> int:
    """Print the correlations."""
    tables = {Path(name).name: scores(Path(name)) for name in sys.argv[1:]}
    first, *others = tables
    runners = sorted(set.intersection(*(set(table.columns) for table in tables.values())))
    tables = {name: table[runners] for name, table in tables.items()}
    generator = np.random.default_rng(SEED)
    rounds = [{name: drawn(table, generator) for name, table in tables.items()} for _ in range(ROUNDS)]
    picks = [generator.integers(len(runners), size=len(runners)) for _ in range(ROUNDS)]
    print(f"{len(runners)} runners: {', '.join(runners)}")
    for names in [*([name] for name in others), others]:
        means = [tables[first].mean(), sum(tables[name].mean() for name in names) / len(names)]
        by_runner = [correlation(means[0].iloc[pick], means[1].iloc[pick]) for pick in picks]
        by_site = [correlation(each[first], sum(each[name] for name in names) / len(names)) for each in rounds]
        ends = [np.nanpercentile(values, [2.5, 97.5]).round(3).tolist() for values in (by_runner, by_site)]
        print(
            f"{first} and {' + '.join(names)}: {correlation(*means):.3f}, over runners {ends[0]}, over sites {ends[1]}"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
