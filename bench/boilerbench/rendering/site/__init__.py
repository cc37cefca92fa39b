"""A run as a static site: leaderboard, plots, every page with what each runner made of it. Works from a file, too.

No page fetches anything: what it shows are scripts in `data/` that register a value, and are loaded as they are needed.
The same run gives the same bytes.
"""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from boilerbench import __version__, pipeline, places
from boilerbench.errors import BadRunFolderError
from boilerbench.extraction.alignment import aligned
from boilerbench.labels import Policy, taxonomy
from boilerbench.model import Extraction, Gold, GoldSet, Page, Status
from boilerbench.ranking import diagnosis, export, runner_columns, terms
from boilerbench.ranking.pairs import pairs
from boilerbench.ranking.terms import SLICES, UNKNOWN
from boilerbench.rendering import pictures
from boilerbench.rendering.layouts import LAYOUTS
from boilerbench.rendering.site import boards, files
from boilerbench.rendering.site.lines import Lines
from boilerbench.rendering.site.sanitise import sanitised, title_of
from boilerbench.rendering.site.wrong_words import Difference, differences
from boilerbench.scoring import consensus
from boilerbench.storage import user_policies
from boilerbench.storage.manifest import SetEntry
from boilerbench.storage.run_folder import RunFolder
from boilerbench.text.decoding import decode

PAGES = {"index": "Leaderboard", "plots": "Plots", "pages": "Pages", "page": "Page", "run": "The run"}
"""The HTML files of a site and their titles."""

_STRICT = {"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "data:"}
_CLOSED = {"base-uri": "'none'", "form-action": "'none'"}
_UNSCORED = {name: title for name, title in PAGES.items() if name != "plots"} | {"index": "What came"}
"""The same of a site of a run without gold."""

_COPIED = ("scores.parquet", "consensus.parquet", "labels.parquet", "manifest.json")
_NONE = Extraction(Status.ERROR, error="no extraction for this page")


class _Tables(NamedTuple):
    """What a run's boards are made of: its scores and pages, and the leaderboards of its sets, alone and together."""

    scores: pd.DataFrame
    pages: pd.DataFrame
    whole: pd.DataFrame


def build(folder: RunFolder, goldsets: Sequence[GoldSet], out: Path) -> int:
    """Make the site of a scored run in `out`; return its number of pages. `goldsets` are the run's own.

    Raises `BadRunFolderError` where a page or a score is missing, `UsageError` where `out` is something else.
    """
    if not folder.has("scores") and consensus.concerns(folder):
        return _build_unscored(folder, goldsets, out)
    pipeline.know_pages(folder, goldsets)
    scores = folder.table("scores")
    there = set(scores["set"].unique())
    known = folder.table("pages", list(dict.fromkeys(["set", "page", "site", "url", *SLICES.values()])))
    known = known[known["set"].isin(there)].reset_index(drop=True)
    goldsets = [goldset for goldset in goldsets if goldset.name in there]
    with files.replacing(out) as site:
        policies = [user_policies.load(folder, name) for name in scores["policy"].unique()]
        titles = _write_pages(folder, goldsets, known, policies, site)
        tables = _Tables(scores, known, pipeline.everything(folder, scores, known))
        signed = [each for each in folder.manifest().sets if each.name in there]
        about = _about(goldsets, _signatures(signed, tables), scores, known, policies)
        about["labels"] = folder.has("labels")
        about["pace"] = boards.COLUMNS["timed" if folder.has("timing") else "untimed"]
        files.write_data(site, "site", about)
        _write_boards(folder, tables, about, site)
        _write_index(known, titles, about, site)
        _write_rest(folder, about, PAGES, site)
    return len(known)


def _build_unscored(folder: RunFolder, goldsets: Sequence[GoldSet], out: Path) -> int:
    """Make the site of a run without gold: what every runner made of every page, and how alike they are."""
    found = pipeline.without_gold(folder, goldsets)
    known = folder.table("pages", list(dict.fromkeys(["set", "page", "site", "url", *SLICES.values()])))
    alike = folder.table(consensus.NAME).rename(columns={"agreement": "f1"}).assign(metric="agreement", policy="none")
    with files.replacing(out) as site:
        titles = _write_pages(folder, goldsets, known, [Policy("none", {})], site)
        about = _about(goldsets, (), alike, known, []) | {"labels": False, "measure": "Agreement"}
        files.write_data(site, "site", about)
        files.write_data(site, "scores-0", boards.per_page(alike, known, about["runners"]))
        _write_index(known, titles, about, site)
        (site / "downloads").mkdir()
        (site / "downloads" / "consensus.csv").write_text(export.to_csv(found.table), "utf-8")
        about["found"] = LAYOUTS["consensus"](found.table, found.signatures)
        _write_rest(folder, about, _UNSCORED, site)
    return len(known)


def _write_index(known: pd.DataFrame, titles: Sequence[str], about: Mapping[str, Any], site: Path) -> None:
    """Write what the list of pages shows."""
    shown = known[["set", "page", "url", *(SLICES[name] for name in about["slices"])]].fillna("").astype(str)
    index = [
        [name, page, title, url, *(value or UNKNOWN for value in values)]
        for (name, page, url, *values), title in zip(shown.itertuples(index=False), titles, strict=True)
    ]
    files.write_data(site, "pages", index)


def _write_pages(
    folder: RunFolder, goldsets: Sequence[GoldSet], known: pd.DataFrame, policies: Sequence[Policy], site: Path
) -> list[str]:
    """Write a file per page, named by its number; return the titles."""
    numbers = {key: number for number, key in enumerate(zip(known["set"], known["page"], strict=True))}
    titles: dict[int, str] = {}
    for goldset, extractions in aligned(folder, goldsets, ("status", "text", "error")):
        runners = dict(sorted(extractions.items()))
        for page, gold in goldset.entries:
            if (number := numbers.get((goldset.name, page.id))) is not None:
                found = [of_runner.get(page.id, _NONE) for of_runner in runners.values()]
                data = _page_data(page, gold, found, policies)
                files.write_data(site, f"page-{number}", data)
                titles[number] = data["title"]
    for (name, lacking), number in numbers.items():
        if number not in titles:
            raise BadRunFolderError(f"{folder.path}: page {lacking} is not in set '{name}'; run again")
    return [titles[number] for number in numbers.values()]


def _page_data(page: Page, gold: Gold, found: Sequence[Extraction], policies: Sequence[Policy]) -> dict[str, Any]:
    """Everything the site shows of one page: gold, what every runner made of it, what of that is wrong, and itself."""
    html = decode(page.read(), page.charset)
    texts = ["" if each.status.failed else each.text for each in found]
    number = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    lines, places = Lines([*number]), [number[text] for text in texts]
    return {
        "title": title_of(html),
        "gold": [[segment.label, segment.text] for segment in gold.segments],
        "with": list(gold.with_snippets),
        "without": list(gold.without_snippets),
        "lines": lines.distinct,
        "extractions": [
            {"status": each.status.value, "lines": lines.of_texts[place], "error": each.error or ""}
            for each, place in zip(found, places, strict=True)
        ],
        "wrong": {policy.name: _wrong(gold, policy, lines, places) for policy in policies},
        "html": sanitised(html),
    }


def _wrong(gold: Gold, policy: Policy, lines: Lines, places: Sequence[int]) -> list[dict[str, Any]]:
    """What is wrong with each extraction, by the place of its text; without gold for it, nobody knows."""
    if not gold.segments:
        return [vars(Difference([], [], [], None, None))] * len(places)
    found = [vars(each) for each in differences(gold, policy, lines)]
    return [found[place] for place in places]


def _signatures(signed: Sequence[SetEntry], tables: _Tables) -> list[list[str]]:
    """The signature of every leaderboard: set, metric, policy, and the line; those of all sets together at the end."""
    scored = boards.scored(tables.scores)
    alone = [(each, *pair) for each in signed for pair in scored]
    pooled = [(each, *pair) for pair in scored for each in pipeline.together(signed, tables.whole, pair[0])]
    return [
        [each.name, metric, policy, str(terms.signature(each, policy, metric))]
        for each, metric, policy in (*alone, *pooled)
    ]


def _about(
    goldsets: Sequence[GoldSet],
    signatures: Sequence[Sequence[str]],
    scores: pd.DataFrame,
    known: pd.DataFrame,
    policies: Sequence[Policy],
) -> dict[str, Any]:
    """What every page of the site has to know."""
    return {
        "boilerbench": __version__,
        "sets": [{"name": each.name, "pages": int((known["set"] == each.name).sum())} for each in goldsets],
        "runners": sorted(scores["runner"].unique()),
        "scored": boards.scored(scores),
        "slices": boards.slices(known),
        "signatures": signatures,
        "together": [name for name in terms.POOLED if any(name == row[0] for row in signatures)],
        "roles": {each.name: {label: role.value for label, role in each.roles.items()} for each in policies},
        "definitions": {label.name: label.definition for label in taxonomy().values()},
    }


def _write_boards(folder: RunFolder, tables: _Tables, about: Mapping[str, Any], site: Path) -> None:
    """Write leaderboards, slices, spreads and scores per page, and the tables to download."""
    scores, known, whole = tables
    whole = runner_columns.add(whole, folder)
    lines = [line for *_, line in about["signatures"]]
    downloads = {
        "leaderboard.csv": export.to_csv(whole),
        "leaderboard.json": export.to_json(whole, lines),
        "leaderboard.vl.json": pictures.specified(pictures.leaderboards, whole),
    }
    paced = whole.merge(boards.pace(folder), on=["set", "runner"], how="left")
    sliced = {by: pipeline.ranked(folder, scores, known, by) for by in about["slices"]}
    told = {"shown": boards.shown(paced.columns, about["pace"]), "verdicts": boards.verdicts(whole, sliced)}
    files.write_data(site, "boards", boards.board(paced) | told)
    downloads |= {f"by-{by}.csv": export.to_csv(table) for by, table in sliced.items()}
    compared, spreads = pairs(scores, known)[list(boards.OF_PAIRS)], []
    for number, pair in enumerate(about["scored"]):
        files.write_data(site, f"pairs-{number}", boards.board(_of(compared, *pair)))
        for by, table in sliced.items():
            files.write_data(site, f"slices-{by}-{number}", boards.board(_of(table, *pair)))
        part = _of(scores, *pair)
        files.write_data(site, f"scores-{number}", boards.per_page(part, known, about["runners"]))
        spreads += [
            {"set": name, "scored": number, **boards.spread(rows, about["runners"])}
            for name, rows in part.groupby("set", sort=False)
        ]
    files.write_data(site, "spreads", spreads)
    if about["labels"]:
        table = diagnosis.by_label(folder.table("labels"))
        downloads["labels.csv"] = export.to_csv(table)
        downloads["labels.vl.json"] = pictures.specified(pictures.heatmap, table, [])
        files.write_data(site, "labels", boards.board(table))
    (site / "downloads").mkdir()
    for name, text in downloads.items():
        (site / "downloads" / name).write_text(text, "utf-8")


def _of(table: pd.DataFrame, metric: str, policy: str) -> pd.DataFrame:
    return table[(table["metric"] == metric) & (table["policy"] == policy)]


def _write_rest(folder: RunFolder, about: Mapping[str, Any], pages: Mapping[str, str], site: Path) -> None:
    """Write the HTML files, what they need, and copies of the run's own files."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    for name in _COPIED:
        if places.is_file(file := folder.path / name):
            with places.opened(file) as source, (site / "downloads" / name).open("wb") as copy:
                shutil.copyfileobj(source, copy)
    RunFolder(site / "downloads").write_table("pages", folder.table("pages"))
    (site / "static").mkdir()
    for file in Path(__file__).with_name("static").iterdir():
        shutil.copyfile(file, site / "static" / file.name)
    jinja = Environment(loader=PackageLoader(__name__), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    jinja.globals |= {
        "about": about,
        "manifest": folder.manifest().as_json(),
        "titles": pages,
        "downloads": sorted(file.name for file in (site / "downloads").iterdir()),
    }
    for name in pages:
        # the frame of a page inherits its policy; styles are what that needs to be seen
        relaxed = {"style-src": "'self' 'unsafe-inline'", "frame-src": "'none'"} if name == "page" else {}
        policy = "; ".join(f"{key} {value}" for key, value in (_STRICT | relaxed | _CLOSED).items())
        template = "unscored" if name == "index" and "found" in about else name
        text = jinja.get_template(f"{template}.html").render(name=name, policy=policy)
        (site / f"{name}.html").write_text(text, "utf-8")
