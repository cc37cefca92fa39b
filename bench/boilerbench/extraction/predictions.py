"""Predictions made elsewhere, shared out among the pages of sets, and made into extractions as those of runners are."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any, TypeAlias, cast, get_args

from boilerbench.errors import BadOutputsError, UnknownNameError
from boilerbench.extraction.pages import Converter, to_text, with_text
from boilerbench.model import Extraction, Format, Gold, GoldSet, Metadata, Status
from boilerbench.process import protocol
from boilerbench.process.child import Limits
from boilerbench.sets import first, outputs
from boilerbench.sets.formats.layout import Prediction
from boilerbench.text import markup as text_markup

Systems: TypeAlias = Mapping[str, Mapping[str, Prediction]]
"""By system and page."""

MARKED = 0.2
"""The share of a system's texts with markup from which on this is remarked upon."""

_MISSING = Extraction(Status.ERROR, error="no prediction for this page")


@dataclass(frozen=True)
class Predicted:
    """A set, or the part of it that is scored, with what each system predicts for its pages."""

    goldset: GoldSet
    systems: Systems


def formats(said: Sequence[str]) -> dict[str, Format]:
    """Read FORMAT, which is of all systems and has the key "", and SYSTEM=FORMAT."""
    found: dict[str, Format] = {}
    for system, _, form in (each.rpartition("=") for each in said):
        if found.setdefault(system, checked(form)) != form:
            raise BadOutputsError(f"format of {system or 'all systems'}: both {found[system]} and {form} are said")
    return found


def checked(form: str) -> Format:
    """Return a format that exists, or raise `UnknownNameError`."""
    if form not in get_args(Format):
        raise UnknownNameError("format of predictions", form, get_args(Format))
    return cast("Format", form)


def load(
    specs: Sequence[str], goldsets: Sequence[GoldSet], said: Mapping[str, Format], limit: int | None, *, partial: bool
) -> tuple[list[Predicted], list[str]]:
    """Read predictions for the first `limit` pages of sets: FORMAT:PATH for all of them, SET=FORMAT:PATH for one.

    `partial` keeps of each set the pages that every system predicts. Returns a line, too, for each difference between
    a system's pages and those of the sets. Raises `UnknownNameError` and `BadOutputsError`.
    """
    found: dict[str, dict[str, dict[str, Prediction]]] = {each.name: {} for each in goldsets}
    lines = [line for spec in specs for line in _share_out(spec, goldsets, found)]
    systems = list(found[goldsets[0].name])
    if strangers := sorted(said.keys() - {"", *systems}):
        raise UnknownNameError("system", strangers[0], systems)
    predicted = []
    for goldset in goldsets:
        of_set = found[goldset.name]
        if not any(of_set.values()):
            raise _none_in(specs, goldset, ())
        of_set = {name: _in_format(texts, said.get(name, said.get(""))) for name, texts in of_set.items()}
        cut = first(goldset, limit)
        ids, where = {page.id for page in cut.pages}, f"set '{cut.name}': " if len(goldsets) > 1 else ""
        lines += [
            f"{where}{line}"
            for name in systems
            for line in _some(name, "has no prediction for", ids - of_set[name].keys())
        ]
        if partial:
            cut = part(cut, set.intersection(ids, *map(set, of_set.values())))
            if not cut.entries:
                counts = ", ".join(f"{name} {len(ids & of_set[name].keys())}" for name in systems)
                raise BadOutputsError(f"set '{cut.name}': there is no page that all systems predict: {counts}")
            if cut.part_of:
                some = f"{len(cut.entries)} of its {cut.part_of} pages"
                lines.append(f"set '{cut.name}' is scored on {some}, those that all systems predict")
        predicted.append(Predicted(cut, of_set))
    return predicted, lines


def part(goldset: GoldSet, ids: Collection[str]) -> GoldSet:
    """Cut a set to the pages with these ids."""
    entries = tuple(entry for entry in goldset.entries if entry[0].id in ids)
    whole = len(goldset.entries)
    return replace(goldset, entries=entries, part_of=whole if len(entries) < whole else 0)


def _share_out(
    spec: str, goldsets: Sequence[GoldSet], found: Mapping[str, dict[str, dict[str, Prediction]]]
) -> Iterator[str]:
    """Add the predictions of one source to those of the sets that have their pages; a line for pages that none has."""
    head, colon, path = spec.partition(":")
    name, _, form = head.rpartition("=")
    if name and name not in found:
        raise UnknownNameError("set of predictions", name, found)
    systems = outputs.load(f"{form}{colon}{path}")
    keys = {key for texts in systems.values() for key in texts}
    homes: dict[str, tuple[str, str]] = {}
    for goldset in goldsets if not name else [each for each in goldsets if each.name == name]:
        for key, page in sorted(outputs.pages_named(goldset, keys).items()):
            if key in homes:
                raise BadOutputsError(
                    f"outputs '{spec}': page {key} is in the sets {homes[key][0]} and {goldset.name}; "
                    f"say which is meant: --outputs {homes[key][0]}={spec}"
                )
            homes[key] = goldset.name, page
    if not homes:
        raise _none_in([spec], next(each for each in goldsets if name in ("", each.name)), keys)
    for system, texts in systems.items():
        for of_set in found.values():
            of_set.setdefault(system, {})
        for key in texts.keys() & homes.keys():
            home, page = homes[key]
            if page in found[home][system]:
                raise BadOutputsError(f"outputs '{spec}': page {page} of system '{system}' is predicted elsewhere, too")
            found[home][system][page] = texts[key]
        what = "the set lacks" if name or len(goldsets) == 1 else "the sets lack"
        yield from _some(system, f"predicts pages {what}:", texts.keys() - homes.keys())


def _in_format(texts: Mapping[str, Prediction], form: Format | None) -> dict[str, Prediction]:
    return {page: text._replace(format=text.format or form) for page, text in texts.items()}


def _none_in(specs: Sequence[str], goldset: GoldSet, keys: Collection[str]) -> BadOutputsError:
    ids, theirs = ([*sorted(names)[:3]] for names in ((page.id for page in goldset.pages), keys))
    said = f"; they are of {', '.join(theirs)}, and the set has {', '.join(ids)}" if theirs else ""
    named = ", ".join(f"'{spec}'" for spec in specs)
    return BadOutputsError(f"outputs {named}: none of their pages is in set '{goldset.name}'{said}")


def _some(system: str, what: str, pages: Collection[str]) -> Iterator[str]:
    if pages:
        some = ", ".join(sorted(pages)[:3]) + (" …" if len(pages) > 3 else "")  # noqa: PLR2004  a line's worth
        yield f"{system} {what} {len(pages)} page{'s' * (len(pages) > 1)}: {some}"


def given(goldset: GoldSet, texts: Mapping[Any, Any], form: str) -> dict[str, Prediction]:
    """Read one system's texts, by the ids of a set's pages, from Python; no text (None) is an empty one.

    `BadOutputsError` for what is no text, for what is no id, for one that the set lacks or that is there twice.
    """
    said, known = checked(form), {page.id for page in goldset.pages}
    found: dict[str, Prediction] = {}
    for key, text in texts.items():
        page = key if isinstance(key, bool) or not isinstance(key, Integral) else str(key)
        if not isinstance(page, str) or page not in known:
            raise BadOutputsError(f"set '{goldset.name}' has no page {page!r}; name pages by the ids of the set")
        if page in found:
            raise BadOutputsError(f"page {page!r} is there more than once, as a number and as a text")
        if not isinstance(text, str | Mapping | None):
            raise BadOutputsError(f"page {page!r}: its prediction is {type(text).__name__}, not a text")
        try:
            body, about = protocol.parted(text)
        except TypeError:
            raise BadOutputsError(f"page {page!r}: the 'text' of its prediction is no text") from None
        except ValueError as cause:
            raise BadOutputsError(f"page {page!r}: {cause}") from None
        found[page] = Prediction(body or "", said, Metadata.of(about))
    return found


def plain(text: object, form: str, called: str = "prediction") -> str:
    """Turn a prediction, or what else it is `called`, in a format into plain text.

    `BadOutputsError` where it is no text, or no library can.
    """
    said = checked(form)
    if not isinstance(text, str):
        raise BadOutputsError(f"{called} is {type(text).__name__}; it has to be a text")
    found = with_text(Extraction(Status.OK, answer=text), said)
    if found.error:
        raise BadOutputsError(f"{called}: {found.error}")
    return found.text


def extraction(
    prediction: Prediction | None, form: Format = "text", to_text: Callable[[str, str], str] = to_text
) -> Extraction:
    """Make of a prediction what a runner would have given; none is a failure.

    `form` is what its system predicts in, as far as is known.
    """
    if prediction is None:
        return replace(_MISSING, format=form)
    said = prediction.format or "text"
    given = Extraction(Status.OK, answer=prediction.text, format=said, metadata=prediction.metadata)
    return with_text(given, said, to_text)


def extracted(goldset: GoldSet, systems: Systems) -> dict[str, dict[str, Extraction]]:
    """Make of predictions what runners would have given, for each page; one without a prediction is a failure."""
    forms = {system: main_format(texts) for system, texts in systems.items()}
    with closing(Converter(Limits())) as converter:
        return {
            system: {
                page.id: extraction(texts.get(page.id), forms[system], converter.to_text) for page in goldset.pages
            }
            for system, texts in systems.items()
        }


def main_format(texts: Mapping[str, Prediction]) -> Format:
    """Name the format that most predictions of a system are in, which its failures count as, too."""
    said = Counter(each.format or "text" for each in texts.values())
    return max(said, key=lambda form: said[form], default="text")


class Markup:
    """Counts texts, as they are scored, that have markup which gold has not."""

    def __init__(self) -> None:
        self._texts: Counter[str] = Counter()
        self._kinds: dict[str, Counter[str]] = {}

    def add(self, system: str, text: str, gold: Gold) -> None:
        """Count a system's text of a page."""
        if text:
            self._texts[system] += 1
            said = "\n".join(segment.text for segment in gold.segments)
            if kind := text_markup.beyond(text, said):
                self._kinds.setdefault(system, Counter())[kind] += 1

    def lines(self, option: str = "--outputs-format {}=") -> dict[str, str]:
        """Say, by system, where a share of `MARKED` of its texts has markup.

        `option` is what the format can be said by, to a system in braces.
        """
        return {
            system: f"{system}: {each.total()} of its {self._texts[system]} texts have HTML tags or Markdown links, "
            f"which are scored as words; say what they are: {option.format(system)}{each.most_common(1)[0][0]}"
            for system, each in self._kinds.items()
            if each.total() >= MARKED * self._texts[system]
        }
