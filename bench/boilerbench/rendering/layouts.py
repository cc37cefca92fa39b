"""How each kind of table is laid out for reading: a `Document` from its rows and the lines that sign it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from boilerbench.ranking import export, stats
from boilerbench.ranking.export import Rows
from boilerbench.ranking.terms import GOLD, POOLED, UNKNOWN_SITES
from boilerbench.rendering import stress, tuning, verdict
from boilerbench.rendering.cells import (
    NOTHING,
    Block,
    Document,
    counted,
    figure,
    interval,
    number,
    points,
    ranks,
    score,
    whole,
)
from boilerbench.text.quality import SIGNS

if TYPE_CHECKING:
    import pandas as pd

HEADERS = ("rank", "runner", "version", "F1", "95 %", "prec", "recall", "exact", "failed", "empty")
"""The columns of every leaderboard made for reading."""

OF_KIND = ("said", "spurious")
"""Those that follow for a metric of a kind of block."""

TIMED = ("speed", "p95 ms", "MB")
"""Those that follow where the run was timed."""

SPARE = ("exact", "empty", "MB", "p95 ms", "speed", "version", "recall", "prec", "95 %")
"""Those that are left out where a terminal has no room for all, the first of them first."""

_UNKNOWN_SITES = re.compile(rf"\b{UNKNOWN_SITES}:(\d+)")
_PART = re.compile(r"\bpartial:(\d+)/(\d+)")
"""The flag that all rows of a leaderboard have where only a part of the pages was scored."""

_GOLD = re.compile(rf"\b{GOLD}:(\d+)/(\d+)")
"""The flag that all rows of a leaderboard have where a metric could measure a part of the pages."""

LEAST_BLAME = 0.005
"""Labels that explain a smaller share of every runner's false words are left out of the block on blame."""

SHARES = {
    "coverage": "coverage: share of the label's words that came",
    "leak": "leak: share of the label's words that got through",
    "blame": "blame: share of the false words that the label explains",
}
"""The columns of a table by label that are shown, each as a block of its own, with what stands above it."""


def leaderboards(table: Rows) -> Iterator[tuple[Block, Rows]]:
    """Yield a block for each leaderboard in a table (docs/table.md), in its order, and its part of the table."""
    keys = ("set", "slice", "metric", "policy")
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in table:
        groups.setdefault(tuple(str(row.get(key, "")) for key in keys), []).append(row)
    slices: dict[tuple[str, ...], list[tuple[str, Rows]]] = {}
    for (name, value, *how), rows in groups.items():
        slices.setdefault((name, *how), []).append((value, rows))
    for (name, value, metric, policy), rows in groups.items():
        least = rows[0].get("detectable")
        says_nothing = least is not None and _says_nothing(rows, least)
        parts = [name, value, metric, f"policy {policy}"]
        parts += [*_extent(rows, name), *_power(rows, least, says_nothing=says_nothing)]
        more = [
            names
            for names, columns in ((OF_KIND, OF_KIND), (TIMED, ("p95_ms",)))
            if any(row.get(column) is not None for row in rows for column in columns)
        ]
        headers = (*HEADERS, *(name for names in more for name in names))
        cells = [[written[name] for name in headers] for written in map(_ranked, rows)]
        spare = tuple(headers.index(name) for name in SPARE if name in headers)
        told = _verdict(rows, slices[name, metric, policy])
        heading = " · ".join(filter(None, parts))
        first = [number for number, row in enumerate(rows) if row["rank_low"] == 1 and not says_nothing]
        best = [(number, headers.index(name)) for number in first for name in ("runner", "F1")]
        yield Block(heading, headers, cells, (1, 2), spare, says_nothing=says_nothing, verdict=told, best=best), rows


def _says_nothing(rows: Rows, least: float) -> bool:
    """Whether no difference could be shown, or none as great as could be was there, and none was shown all the same."""
    f1 = [row["f1"] for row in rows if row["f1"] is not None]
    apart = any((row["rank_low"] or 1) > 1 for row in rows)
    return least >= 1 or (bool(f1) and least > max(f1) - min(f1) and not apart)


def _verdict(rows: Rows, slices: list[tuple[str, Rows]]) -> list[str]:
    """What a leaderboard says; of those of several slices, what they say together, at the first."""
    if "slice" not in rows[0]:
        return [*verdict.sentences(rows)]
    return [*filter(None, [verdict.of_slices(slices)])] if slices[0][1] is rows else []


def _extent(rows: Rows, name: str) -> Iterator[str]:
    """How many pages a leaderboard is of, and of how many there are; how many of the sets."""
    if (pages := _most(rows, "pages")) is None:
        return
    of = f" of {_most(rows, 'sets')} sets" if name in POOLED and "sets" in rows[0] else ""
    part, gold = (flag.search(rows[0].get("flags") or "") for flag in (_PART, _GOLD))
    yield f"{part[1]} of {part[2]} pages" if part else "" if gold else counted(pages, "page") + of
    if gold:
        yield f"gold {gold[1]}/{gold[2]}"


def _most(rows: Rows, column: str) -> int | None:
    return max((int(row[column]) for row in rows if row.get(column) is not None), default=None)


def _power(rows: Rows, least: float | None, *, says_nothing: bool) -> Iterator[str]:
    """What difference a leaderboard can show, where that is worth a word, and why it can show none."""
    untested = least is not None and least >= 1
    if not untested and (says_nothing or ("slice" in rows[0] and least is not None)):
        yield f"shows differences from {score(least)}" + (": too few pages to rank" if says_nothing else "")
    if (sites := _most(rows, "sites")) is not None and (untested or sites < stats.NEEDED):
        yield f"{counted(sites, 'site')}: too few to rank{', and no intervals' if sites == 1 else ''}"
    if "slice" not in rows[0] and (unknown := _UNKNOWN_SITES.search(rows[0].get("flags") or "")):
        yield f"site of {unknown[1]} unknown, each taken for one"


def _ranked(row: Mapping[str, Any]) -> dict[str, str]:
    """What stands in a row, by header."""
    cells = [
        ranks(row["rank_low"], row["rank_high"]),
        str(row["runner"]),
        str(row["version"] or NOTHING),
        score(row["f1"]),
        interval(row),
        *(score(row[name]) for name in ("precision", "recall", "exact")),
        *(whole(row[name]) for name in ("failed", "empty")),
        *(score(row.get(name)) for name in OF_KIND),
        number(row.get("speed"), "{:.2f}"),
        *(number(row.get(name), "{:.0f}") for name in ("p95_ms", "peak_mb")),
    ]
    return dict(zip((*HEADERS, *OF_KIND, *TIMED), cells, strict=True))


def _remarks(table: Rows) -> list[str]:
    """A line for each runner that has flags or settings."""
    known = [[row[name] for name in ("set", "runner", "flags", "settings")] for row in table if "flags" in row]
    lines = []
    for name, runner, flags, settings in known:
        words = [
            f"own-set ({name})" if flag == "own-set" else flag
            for flag in [*_UNKNOWN_SITES.sub("", flags).split(), settings]
            if not _PART.match(flag) and not _GOLD.match(flag)
        ]
        lines.append(f"{runner}: {', '.join(filter(None, words))}" if any(words) else "")
    return list(dict.fromkeys(filter(None, lines)))


def _by_label(table: pd.DataFrame) -> Iterator[Block]:
    """Yield a block for each set, policy and share: labels down, runners across."""
    for (name, policy), rows in table.groupby(["set", "policy"], sort=False):
        runners = list(dict.fromkeys(rows["runner"]))
        for column, meaning in SHARES.items():
            values = rows.pivot_table(index="label", columns="runner", values=column, sort=False)
            if column == "blame":
                values = values[values.max(axis=1) >= LEAST_BLAME]
            shares = values.reindex(columns=runners).to_numpy(float).tolist()
            cells = [[str(label), *map(score, line)] for label, line in zip(values.index, shares, strict=True)]
            if cells:
                yield Block(f"{name} · policy {policy} · {meaning}", ["label", *runners], cells)


def _by_policy(table: pd.DataFrame) -> Iterator[Block]:
    """Yield a block for each set and metric: runners down, policies across, place and rank range and F1 in a cell."""
    for (name, metric), rows in table.groupby(["set", "metric"], sort=False):
        cells: dict[str, list[str]] = {}
        for row in export.rows(rows):
            cell = f"{row['place']} ({ranks(row['rank_low'], row['rank_high'])}) {score(row['f1'])}"
            cells.setdefault(row["runner"], [row["runner"]]).append(cell)
        heading = f"{name} · {metric} · place (rank range) F1 under each policy"
        yield Block(heading, ["runner", *dict.fromkeys(rows["policy"])], list(cells.values()))


def _moves(table: pd.DataFrame) -> Iterator[str]:
    """Say of each set and metric which places depend on the policy."""
    for (name, metric), rows in table.groupby(["set", "metric"], sort=False):
        moved = rows[rows["moves"]].groupby("runner", sort=False)["place"]
        if not len(moved):
            yield f"{name} · {metric}: no place depends on the policy."
            continue
        places = ", ".join(map(str, sorted({place for _, each in moved for place in each})))
        who = "; ".join(f"{runner} {each.min()}-{each.max()}" for runner, each in moved)
        yield f"{name} · {metric}: places {places} depend on the policy: {who}."
        known = rows[rows["beyond_noise"].notna()]
        firm = ", ".join(dict.fromkeys(known[known["beyond_noise"].astype(bool)]["runner"])) or "none"
        said = "not tested: too few sites" if known.empty else firm
        yield f"  Beyond noise (rank ranges that do not overlap): {said}."


def _history(table: pd.DataFrame) -> Iterator[Block]:
    """Yield a block for each set and runner: a line per result."""
    for key, rows in table.groupby(["set", "fingerprint", "policy", "metric", "runner"], sort=False):
        name, fingerprint, policy, metric, runner = map(str, key)
        heading = f"{runner} · {name} ({fingerprint}) · {metric} · policy {policy}"
        cells = []
        for row in export.rows(rows):
            about = [row["version"] or NOTHING, row["started"][:10] or NOTHING]
            cells.append([*about, score(row["f1"]), interval(row), points(row["change"]), whole(row["failed"])])
        yield Block(heading, ["version", "date", "F1", "95 %", "pt", "failed"], cells)


def _consensus(table: pd.DataFrame) -> Iterator[Block]:
    """Yield two blocks for each set: what came and how alike it is, and signs that something went wrong."""
    headers = ["runner", "version", "failed", "empty", "words", "kept", "agreement", "majority", "pages/s", "MB"]
    for name, rows in table.groupby("set", sort=False):
        cells, signs = [], []
        for row in export.rows(rows):
            shares = [score(row[each]) for each in ("kept", "agreement", "majority")]
            costs = [number(row[each], "{:.0f}") for each in ("words", "pages_per_second", "peak_mb")]
            about = [row["runner"], row["version"] or NOTHING, whole(row["failed"]), whole(row["empty"]), costs[0]]
            cells.append([*about, *shares, *costs[1:]])
            signs.append([row["runner"], *(score(float(row[sign])) for sign in SIGNS)])
        heading = f"{name} · {counted(int(rows['pages'].max()), 'page')} · no gold"
        yield Block(heading, headers, cells, (0, 1), spare=(9, 8, 1))
        yield Block(f"{name} · pages with signs", ["runner", *(sign.replace("_", " ") for sign in SIGNS)], signs)


def _disagreement(table: pd.DataFrame) -> Iterator[Block]:
    """Yield one block: pages down, in the order in which to annotate them."""
    headers = ["page", "site", "language", "page type", "disagreement", "differs", "agreement", "failed"]
    for name, rows in table.groupby("set", sort=False):
        cells = [
            [
                *(row[each] or NOTHING for each in ("page", "site", "language", "page_type")),
                score(row["disagreement"]),
                row["differs"],
                score(row["agreement"]),
                row["failed"] or NOTHING,
            ]
            for row in export.rows(rows)
        ]
        heading = f"{name} · {counted(len(rows), 'page')} to annotate first"
        yield Block(heading, headers, cells, (0, 1, 2, 3, 5, 7), (7, 2, 3), prose=5)


def _profile(table: pd.DataFrame) -> Iterator[Block]:
    """Yield a block for each set: features down, quantiles across."""
    for name, rows in table.groupby("set", sort=False):
        cells = [[row["feature"], *map(figure, list(row.values())[2:])] for row in export.rows(rows)]
        yield Block(str(name), ["feature", *rows.columns[2:]], cells)


def _contrast(table: pd.DataFrame) -> Block:
    """Features down, those first that tell most."""
    cells = [[row["feature"], *map(figure, list(row.values())[1:])] for row in export.rows(table)]
    return Block("medians, and how far apart", list(table.columns), cells)


_UNTESTED = ("pt: change since the row above, figures alone, so that nothing is tested; compare two runs for that.",)

LAYOUTS: dict[str, Callable[[Any, list[str]], Document]] = {
    "leaderboard": lambda table, lines: Document((b for b, _ in leaderboards(table)), [*_remarks(table), *lines]),
    "label": lambda table, lines: Document(_by_label(table), lines),
    "policy": lambda table, lines: Document(_by_policy(table), [*_moves(table), "", *lines]),
    "consensus": lambda table, lines: Document(_consensus(table), lines),
    "disagreement": lambda table, lines: Document(_disagreement(table), lines),
    "stress": lambda table, lines: Document(stress.blocks(table), [*stress.NOTES, *lines]),
    "stress-worst": lambda table, lines: Document(stress.worst(table), lines),
    "tuning": lambda table, lines: Document(tuning.blocks(table), [*tuning.notes(table), *lines]),
    "profile": lambda table, lines: Document(_profile(table), lines),
    "contrast": lambda table, lines: Document([_contrast(table)], lines),
    "history": lambda table, lines: Document(_history(table), [*_UNTESTED, *lines]),
}
"""By kind of table. Its columns are those of docs/table.md, `diagnosis.TABLE_COLUMNS`, and `COLUMNS` of `sensitivity`,
`history`, `consensus`, `disagreement`, `stress.curves`, `tuning`, `sets.profile` and `sets.profile.contrast`."""
