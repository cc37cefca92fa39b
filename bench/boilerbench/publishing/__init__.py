"""Published results: the numbers of a run, a folder per set, and a page that shows what lies there.

Never the text or the addresses of pages, nor paths of one machine. The same run gives the same bytes.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path

import pandas as pd
from msgspec.structs import replace

from boilerbench import pipeline
from boilerbench.comparison import history
from boilerbench.errors import UsageError
from boilerbench.files import read_toml
from boilerbench.labels import load_policy
from boilerbench.ranking import diagnosis, export
from boilerbench.ranking.results import Results
from boilerbench.rendering import pictures, render
from boilerbench.scoring import consensus
from boilerbench.sets import catalogue
from boilerbench.storage import holding, run_folder, temporary, user_policies, whole_files, whole_folders
from boilerbench.storage.manifest import Manifest, SetEntry

PAGE_COLUMNS = (
    *("set", "page", "site", "language", "page_type", "encoding"),
    *("gold_words", "page_words", "length", "complexity"),
)
"""What is published of a page."""

METRIC, POLICY = "words", "default"
"""What is shown of a set: this, where it was scored by it."""

_README = read_toml(Path(__file__).with_name("readme.toml"), UsageError)
_NAME = re.compile(r"\w[\w.-]*")
_LOCAL = re.compile(r"@(git\+file:|[./~\\])")


def publish(run: Path, out: Path) -> list[Path]:
    """Write the results of a scored run into `out`, a folder per set, and a README of all that lies there.

    What was published before of other versions or of another state of the set is kept below `history/`. All is made
    beside and then put in place; where that fails, `out` is as it was. Returns the folders.

    Reads the sets where the run folder lacks facts of their pages. Raises `UsageError` for a run that others cannot
    repeat, or where a package that draws is missing, and what a set raises that is gone.
    """
    results = Results(run)
    if not results.folder.has("scores") and consensus.concerns(results.folder):
        raise UsageError(f"{results.path}: none of its sets has gold, and a run without scores cannot be published")
    if limit := results.manifest.options.limit:
        raise UsageError(f"{results.path}: has only the first {limit} pages of its sets; run it without --limit")
    if part := next((each for each in results.manifest.sets if each.part_of), None):
        some = f"{part.pages} of {part.part_of} pages of set '{part.name}'"
        raise UsageError(f"{results.path}: has only {some}; score it without --partial")
    for label in results.manifest.runners:
        if _LOCAL.search(label):
            raise UsageError(f"{results.path}: {label} is a source tree on this machine; publish a release or a commit")
    for about in results.manifest.sets:
        if not _NAME.fullmatch(about.name):
            raise UsageError(f"set '{about.name}' cannot be the name of a folder; run it as --set NAME={about.spec}")
    pictures.require(out / "leaderboard.svg")
    boards = dict(iter(results.leaderboard.groupby("set", sort=False)))
    published = [each for each in results.manifest.sets if each.name in boards]
    pipeline.know_pages(results.folder)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with _held(out), temporary.Folder(out if out.is_dir() else out.parent, out.absolute().name) as place:
            made = [_publish_set(results, each, boards[each.name], out / each.name, Path(place)) for each in published]
            there = {file.parent.name: file.parent for file in out.glob("*/leaderboard.json")}
            whole = there | {folder.name: folder for folder in made}
            sections = (part for name in sorted(whole) for part in _section(whole[name], drawn=whole[name] in made))
            _put(made, out, "\n".join([_README["head"], *sections]))
    except OSError as cause:
        raise UsageError(f"{out}: cannot be written: {cause.strerror}; name another with --out") from None
    return [out / folder.name for folder in made]


def _held(out: Path) -> AbstractContextManager[None]:
    return holding.held(out) if out.is_dir() else nullcontext()


def _put(made: list[Path], out: Path, readme: str) -> None:
    """Put folders in the place of those of their names, and README.md beside; all of it or nothing."""
    with ExitStack() as undo:
        for folder in made:
            out.mkdir(exist_ok=True)
            whole_folders.put(folder, out / folder.name)
            undo.callback(whole_folders.put, out / folder.name, folder)
        whole_files.write_text(out / "README.md", readme)
        undo.pop_all()


def _publish_set(results: Results, about: SetEntry, rows: pd.DataFrame, old: Path, place: Path) -> Path:
    """Make the folder of a set below `place`: what its old one holds, with new files in place of those of then."""
    name = about.name
    signatures = _of_set(results.signatures, name)
    target = place / name
    if old.is_dir():
        shutil.copytree(old, target, symlinks=True)
    _archive(target, rows, about.fingerprint)
    target.mkdir(exist_ok=True)
    for file in (*_README["files"], "leaderboard.svg", "history.svg", "history.vl.json"):
        (target / file).unlink(missing_ok=True)
    folder = run_folder.RunFolder(target)
    folder.write_manifest(_portable(results.manifest, about))
    scores, pages = results.scores, results.pages
    folder.write_table("scores", scores[scores["set"] == name].reset_index(drop=True))
    folder.write_table("pages", pages[pages["set"] == name].reindex(columns=list(PAGE_COLUMNS)).reset_index(drop=True))
    folder.write_text("leaderboard.json", export.to_json(rows, signatures))
    folder.write_text("leaderboard.csv", export.to_csv(rows))
    folder.write_text("leaderboard.md", render("markdown", rows, signatures))
    pictures.write_both(target / "leaderboard.svg", pictures.scores, _first(rows))
    _publish_labels(results, name, rows["policy"].iloc[0], folder)
    return target


def _publish_labels(results: Results, name: str, policy: str, folder: run_folder.RunFolder) -> None:
    """Write the table by label, for a set that has labels."""
    known = results.folder.has("labels") and set(zip(results.labels["set"], results.labels["policy"], strict=True))
    if not known or (name, policy) not in known:
        return
    table, lines = diagnosis.board(results.folder, user_policies.load(results.folder, policy))
    table, lines = table[table["set"] == name], _of_set(lines, name)
    folder.write_text("labels.csv", export.to_csv(table))
    folder.write_text("labels.md", render("markdown", table, lines, "label"))
    pictures.write_both(folder.path / "labels.svg", pictures.heatmap, table, lines)


def _of_set(signatures: list[str], name: str) -> list[str]:
    return [line for line in signatures if line.startswith(f"set:{name}|")]


def _portable(manifest: Manifest, about: SetEntry) -> Manifest:
    """The manifest for one set, without paths: a public set goes by its name, another by its format."""
    names = {each.fingerprint: name for name, each in catalogue.public().items() if each.fingerprint}
    spec = names.get(about.fingerprint, _without_path(about.spec))
    return replace(manifest, sets=(replace(about, spec=spec),), outputs=_without_path(manifest.outputs))


def _without_path(spec: str) -> str:
    form, colon, _ = spec.partition(":")
    return f"{form}:PATH" if colon else spec


def _archive(target: Path, rows: pd.DataFrame, fingerprint: str) -> None:
    """Keep what is published where it is of other versions of the runners, or of another state of the set."""
    if not (target / "leaderboard.json").is_file() or not (target / "manifest.json").is_file():
        return
    old = Results(target)
    before = (old.manifest.sets[0].fingerprint, _versions(old.leaderboard))
    if before == (fingerprint, _versions(rows)):
        return
    kept = target / "history" / (old.manifest.started or "undated").replace(":", "-")
    for name in ("leaderboard.json", "manifest.json"):
        whole_files.write_text(kept / name, (target / name).read_text("utf-8"))


def _versions(rows: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(rows["runner"], rows["version"], strict=True))


def _first(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the leaderboard that stands for the set."""
    for column, wanted in (("policy", POLICY), ("metric", METRIC)):
        rows = rows[rows[column] == (wanted if (rows[column] == wanted).any() else rows[column].iloc[0])]
    return rows


def _section(folder: Path, *, drawn: bool) -> Iterator[str]:
    """What README.md says of a set, with a picture where its runners were published in several versions, if `drawn`."""
    results = Results(folder)
    about = results.manifest.sets[0]
    rows = _first(results.leaderboard)
    facts = [f"version {about.version}" if about.version else "", about.licence, about.source]
    facts += [f"fingerprint `{about.fingerprint[:12]}`", f"run on {results.manifest.started[:10]}"]
    yield f"## {folder.name}\n\n{', '.join(filter(None, facts))}.\n"
    signature = f"|policy:{rows['policy'].iloc[0]}|metric:{rows['metric'].iloc[0]}"
    lines = [line for line in results.signatures if f"{signature}|" in line or f"{signature}(" in line]
    yield render("markdown", rows, lines)
    if (folder / "leaderboard.svg").is_file():
        yield f"![Scores with their intervals]({folder.name}/leaderboard.svg)\n"
    links = [f"[{text}]({folder.name}/{name})" for name, text in _README["files"].items() if (folder / name).is_file()]
    yield f"Files: {', '.join(links)}.\n"
    yield from _history(folder, drawn=drawn)


def _history(folder: Path, *, drawn: bool) -> Iterator[str]:
    """A table and a picture of the runners that were published more than once; it is `drawn`, or there already."""
    try:
        table = history.history(folder, METRIC, load_policy(POLICY))
    except UsageError:
        return
    several = table[table.duplicated(["fingerprint", "runner"], keep=False)]
    if several.empty:
        return
    if drawn:
        pictures.write_both(folder / "history.svg", pictures.history, several)
    yield f"### History of {folder.name}\n"
    if (folder / "history.svg").is_file():
        yield f"![Scores by version]({folder.name}/history.svg)\n"
    yield render("markdown", several, [], "history")
