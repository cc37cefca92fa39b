"""The pages of a run's sets beside their extractions, some at a time, so that never all of either are in memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from boilerbench.errors import BadRunFolderError
from boilerbench.model import FIELDS, Extraction, GoldSet, Stream
from boilerbench.storage import memory
from boilerbench.storage.run_folder import RunFolder
from boilerbench.storage.run_folder.columns import EXTRACTION


def aligned(
    folder: RunFolder, goldsets: Sequence[GoldSet], columns: Sequence[str] = tuple(EXTRACTION)
) -> Iterator[tuple[GoldSet, Mapping[str, Mapping[str, Extraction]]]]:
    """Cut the sets as the run's extractions are cut: each part of a set with these, by runner and page.

    Of each extraction there are the named fields alone; of the run's other sets there is nothing. What a runner says of
    some page of the run, it is taken to say of all: that a page has none where it does not name it, or fails. Raises
    `BadRunFolderError` where a page has no extractions, or the gold of a stream is no longer what it was.
    """
    entries = {goldset.name: iter(goldset.entries) for goldset in goldsets}
    known = {goldset.name: goldset for goldset in goldsets}
    rows = folder.pages(("set", "page", "gold"))
    said = folder.said() if {*FIELDS}.intersection(columns) else {}
    for part in folder.parts(columns):
        written = {page: gold for _, page, gold in islice(rows, len(part.pages))}
        if part.set not in known:
            continue
        some = tuple(islice(entries[part.set], len(part.pages)))
        if {page.id for page, _ in some} != set(part.pages):
            raise _unlike(folder, part.set)
        streamed = isinstance(known[part.set].entries, Stream)
        if streamed and any(gold.digest != written.get(page.id) for page, gold in some):
            raise _unlike(folder, part.set)
        yield (
            replace(known[part.set], entries=some),
            {
                runner: {page: each.saying(said.get(runner, ())) for page, each in pages.items()}
                for runner, pages in part.answers.items()
            },
        )
        memory.give_back()
    for name, rest in entries.items():
        if next(rest, None):
            raise BadRunFolderError(f"{folder.path}: lacks extractions of pages of set '{name}'; run again")


def _unlike(folder: RunFolder, name: str) -> BadRunFolderError:
    return BadRunFolderError(f"{folder.path}: set '{name}' has changed since, or the run lacks pages of it; run again")
