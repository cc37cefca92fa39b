"""What stands beside a score: a runner's settings, what is to be known of it, and what it costs."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from boilerbench.errors import BadRunFolderError
from boilerbench.model.sites import host_of
from boilerbench.ranking import stats
from boilerbench.ranking.resampling import Floats, Ints, Sums, draw, numbered
from boilerbench.ranking.terms import GOLD, UNKNOWN_SITES
from boilerbench.sets import catalogue
from boilerbench.storage.manifest import OptionsEntry, RunnerEntry, SetEntry
from boilerbench.storage.run_folder import RunFolder

COLUMNS = ("settings", "flags", "pages_per_second", "speed", "speed_low", "speed_high", "p95_ms", "peak_mb")
"""The columns that `add` gives a leaderboard, at its end: an interface."""

TRAINED = "trained-on-set"
"""The flag of a row whose runner was trained on the set's pages."""

BASELINE = "html-text"
"""The runner whose speed is 1."""

_ROUNDS, _SEED = 1000, 0
_P95 = 0.95
_NONE = ((math.nan,),) * 2


def add(table: pd.DataFrame, folder: RunFolder) -> pd.DataFrame:
    """Add `COLUMNS` to a leaderboard of a run folder; speeds where the run was timed, as seconds of a run never count.

    A row about all sets together has no speed.
    """
    manifest = folder.manifest()
    known = {about.name: about for about in manifest.sets}
    if lacking := set(table["runner"]) - manifest.runners.keys():
        raise BadRunFolderError(f"{folder.path}: its manifest lacks runner '{min(lacking)}'; make the run again")
    runners, options = manifest.runners, manifest.options
    table = table.assign(
        settings=[settings(runners[runner].options) for runner in table["runner"]],
        flags=[
            " ".join(_flags(runner, runners[runner], [known[name]] if name in known else manifest.sets, options))
            for runner, name in zip(table["runner"], table["set"], strict=True)
        ],
    )
    unknown, pages = _unknown_sites(folder), Counter(name for (name,) in folder.pages(("set",)))
    whole = "slice" not in table
    never = (table["said"] == 0) & ~(table["spurious"] > 0) & (table["failed"] < table["pages"])
    table["flags"] = [
        " ".join(
            filter(None, [flags, "never" * silent, *_of_set(count, pages[name] if whole else 0, unknown.get(name))])
        )
        for flags, name, count, silent in zip(table["flags"], table["set"], table["pages"], never, strict=True)
    ]
    table = table.merge(_speeds(folder), on=["set", "runner"], how="left")
    peaks = folder.table("extractions", ["set", "runner", "peak"])
    of_sets = peaks.groupby(["set", "runner"])["peak"].max().to_dict()
    of_all = peaks.groupby("runner")["peak"].max().to_dict()
    keys = zip(table["set"], table["runner"], strict=True)
    table["peak_mb"] = [float(of_sets.get(key, of_all.get(key[1], np.nan))) / (1 << 20) for key in keys]
    return table


def _of_set(measured: int, pages: int, unknown: int | None) -> Iterator[str]:
    """Flag all rows about a set, of whose pages a metric measured some."""
    if measured < pages:
        yield f"{GOLD}:{measured}/{pages}"
    if unknown:
        yield f"{UNKNOWN_SITES}:{unknown}"


def settings(options: Mapping[str, object]) -> str:
    """Write a runner's options the way they can be asked for: `favor_recall=true,size=3`."""
    return ",".join(f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in options.items())


def _flags(label: str, about: RunnerEntry, of: Sequence[SetEntry], options: OptionsEntry) -> Iterator[str]:
    """Flag a runner's row about some sets."""
    if about.unlocked or (options.environment == "host" and not about.not_run_here):
        yield "unlocked"
    if options.confinement.startswith(("none", "partial")) and not about.not_run_here:
        yield "unconfined" if options.confinement.startswith("none") else "partly-confined"
    if about.not_run_here:
        yield "not-run-here"
    if about.markup_as_text:
        yield "markup-as-text"
    if about.network:
        yield "network"
    if any(each.part_of for each in of):
        yield f"partial:{sum(each.pages for each in of)}/{sum(each.part_of or each.pages for each in of)}"
    if about.remark:
        yield about.remark
    source = of[0].source if len(of) == 1 else ""
    owned = {
        _canonical(name)
        for each in catalogue.public().values()
        if source and each.source.endswith(source)
        for name in each.owns.split(" and ")
    }
    if _bare_name(label) in owned:
        yield "own-set"
    if any(trained(label, each) for each in of):
        yield TRAINED


def trained(label: str, about: SetEntry) -> bool:
    """Whether a runner was trained on the pages of a set, as far as the catalogue knows."""
    return _bare_name(label) in catalogue.trained_on(about.name, about.fingerprint)


def _bare_name(label: str) -> str:
    """The name of a runner without its variant, release and options."""
    return _canonical(re.split("[:@,]", label)[0])


def _unknown_sites(folder: RunFolder) -> dict[str, int]:
    """How many pages of a set count as a site of their own since nothing tells theirs, where there are some."""
    pages = folder.table("pages", ["set", "page", "site", "url"])
    alone = pages[pages["site"] == pages["page"]]
    unknown = alone[~alone["url"].map(host_of, na_action="ignore").fillna("").astype(bool)]
    return {str(name): int(times) for name, times in unknown["set"].value_counts().items()}


def _canonical(name: str) -> str:
    return re.sub(r"[-_. ]+", "-", name).lower()


def _speeds(folder: RunFolder) -> pd.DataFrame:
    columns = ["set", "runner", *COLUMNS[2:-1]]
    if not folder.has("timing"):
        return pd.DataFrame(columns=columns).astype(dict.fromkeys(columns[2:], float))
    return speeds(folder.table("timing"), folder.table("pages", ["set", "page", "site"]))


def speeds(timing: pd.DataFrame, pages: pd.DataFrame) -> pd.DataFrame:
    """Speed per set and runner, from the median of each page's rounds; `timing` has set, runner, page, round, wall.

    `pages_per_second` is 1 / the mean over pages. `speed` is the baseline's seconds on the pages that both have over
    the runner's, with a 95 % interval of a bootstrap over sites; NaN where the baseline was not timed. `p95_ms` is the
    95th percentile over pages.
    """
    rows = []
    for name, of_set in timing.groupby("set"):
        wide = of_set.pivot_table(index="page", columns="runner", values="wall", aggfunc="median")
        sites = pages[pages["set"] == name].set_index("page")["site"].reindex(wide.index).tolist()
        seconds = wide.to_numpy(float)
        base = wide[BASELINE].to_numpy(float) if BASELINE in wide else np.full(len(wide), np.nan)
        both = ~np.isnan(base)[:, None] & ~np.isnan(seconds)
        ratios = _ratios(np.where(both, base[:, None], np.nan), np.where(both, seconds, np.nan), numbered(sites))
        rows += [
            (name, runner, 1 / own.mean(), *ratio, 1000 * own.quantile(_P95))
            for (runner, own), ratio in zip(wide.items(), ratios, strict=True)
        ]
    return pd.DataFrame(rows, columns=["set", "runner", *COLUMNS[2:-1]])


def _ratios(base: Floats, seconds: Floats, sites: Ints) -> Iterator[tuple[float, float, float]]:
    """The baseline's seconds over each runner's (pages x runners), where both have some, with an interval."""
    sums = [Sums.of(each, sites) for each in (base, seconds)]
    of_all, of_rounds = [each.total() for each in sums], draw(sums, _ROUNDS, _SEED)
    with np.errstate(invalid="ignore"):
        whole, rounds = (one.added / other.added for one, other in (of_all, of_rounds))
    for number, there in enumerate(~np.isnan(base).T):
        low, high = stats.interval(rounds[:, [number]], stats.clusters_of(sites[there])) if there.any() else _NONE
        yield float(whole[0, number]), float(low[0]), float(high[0])
