"""Why a score is what it is: how much of each body label came, which clutter got through, and what to blame it on.

The measures are defined in docs/labels.md. A word is matched where it lies in a run of four words that both sides have
(a shorter segment is one shorter run), so that `the` in a cookie notice does not pass for the body's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from boilerbench import metrics
from boilerbench.errors import UsageError
from boilerbench.labels import Policy, Role, taxonomy
from boilerbench.metrics.base import Answers, OverlapReference, without_optional
from boilerbench.model import Extraction, Gold, GoldSet
from boilerbench.ranking.terms import FAILURE_RULE
from boilerbench.storage.run_folder import RunFolder
from boilerbench.storage.signature import Signature
from boilerbench.text.surplus import surplus
from boilerbench.text.tokens import NATURAL_WORDS, Hashes, HashIndex, Ints, Tokens, covered, ngrams, tokenise

Bools: TypeAlias = "NDArray[np.bool_]"

LONGEST = 4
"""Words in a run."""

NOT_ON_PAGE = "not on the page"
"""What false words are blamed on that lie in no run of clutter or body."""

REPEATED = "body again"
"""What false words are blamed on that lie in a run of the body, which came more often than the body has it."""

COLUMNS = ("set", "page", "runner", "policy", "label", "role", "words", "hits", "blamed")
"""One row per page, runner and label. `words` are those that can be told to be the label's, `hits` those of them that
came; `blamed` are the false words it explains. The two rests have no role and no words."""

TABLE_COLUMNS = ("runner", "set", "policy", "label", "role", "pages", "words", "coverage", "leak", "blame")
"""The columns of the table by label, in order: an interface."""


@dataclass(frozen=True)
class _Reference:
    """What depends on a page's gold alone: `words` of `labels`, and for n the n-grams of clutter with their labels.

    `told` are the tokens of `segments` that are counted, `common` for each n the n-grams of body and optional text.
    """

    overlap: OverlapReference
    labels: list[str]
    segments: Tokens
    owner: Ints
    clutter: Bools
    told: Bools
    common: dict[int, Hashes]


def has_labels(goldset: GoldSet) -> bool:
    """Whether gold says more of any page than that this is the body."""
    return any(segment.label != "body" for _, gold in goldset.entries for segment in gold.segments)


def diagnose(goldset: GoldSet, extractions: Mapping[str, Mapping[str, Extraction]], policy: Policy) -> pd.DataFrame:
    """Diagnose every page of the set for every runner: a table of `COLUMNS`. A failure is an answer without words.

    A runner that gives no text has no rows. Of a page without segments nobody knows which words are false.
    """
    tables = []
    extractions = {
        runner: pages
        for runner, pages in extractions.items()
        if all(extraction.gives_text for extraction in pages.values())
    }
    for page, gold in goldset.entries if extractions else ():
        if not gold.segments:
            continue
        found = [answers.get(page.id) for answers in extractions.values()]
        texts = Answers("" if each is None or each.status.failed else each.text for each in found)
        tables.append(_of_page(gold, policy, texts, list(extractions)).assign(page=page.id))
    if not tables:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(tables, ignore_index=True).assign(set=goldset.name, policy=policy.name)[list(COLUMNS)]


def _of_page(gold: Gold, policy: Policy, texts: Answers, runners: Sequence[str]) -> pd.DataFrame:
    reference = _reference(gold, policy)
    answers = without_optional(texts.tokens(NATURAL_WORDS), reference.overlap.optional)
    size = len(reference.labels)
    words = np.bincount(reference.owner[reference.told], minlength=size)
    hits = np.pad(_hits(reference, answers), ((0, 0), (0, 2)))
    blamed = _blamed(reference, answers)
    labels = [*reference.labels, REPEATED, NOT_ON_PAGE]
    roles = [policy.role(label).value for label in reference.labels] + ["", ""]
    table = pd.DataFrame(
        {
            "runner": np.repeat(np.array(runners, object), len(labels)),
            "label": labels * len(runners),
            "role": roles * len(runners),
            "words": np.tile([*words, 0, 0], len(runners)),
            "hits": hits.ravel(),
            "blamed": blamed.ravel(),
        }
    )
    return table[(table["words"] > 0) | (table["blamed"] > 0)]


def _reference(gold: Gold, policy: Policy) -> _Reference:
    overlap: OverlapReference = metrics.get("words").reference(gold, policy)
    counted = [segment for segment in gold.segments if policy.role(segment.label) is not Role.OPTIONAL]
    labels = sorted({segment.label for segment in counted}, key=list(taxonomy()).index)
    segments = tokenise([segment.text for segment in counted], NATURAL_WORDS)
    numbers = np.array([labels.index(segment.label) for segment in counted], np.int64)
    owner = numbers[segments.owner]
    is_clutter = np.array([policy.role(label) is Role.CLUTTER for label in labels], bool)
    kept = tokenise([*policy.segments(gold, Role.OPTIONAL), policy.body(gold)], NATURAL_WORDS)
    common = {n: np.unique(ngrams(kept, n).hashes) for n in range(1, LONGEST + 1)}
    clutter = is_clutter[owner]
    told = ~clutter
    for n, mask in _by_length(segments):
        some = mask & clutter
        part = segments.keep(some)
        told[some] = covered(part, n, np.setdiff1d(ngrams(part, n).hashes, common[n]))
    return _Reference(overlap, labels, segments, owner, clutter, told, common)


def _by_length(segments: Tokens) -> Iterator[tuple[int, Bools]]:
    """For each n the tokens of the segments whose runs are n words long, if there are any."""
    lengths = segments.lengths[segments.owner]
    for n in range(1, LONGEST + 1):
        mask = lengths >= n if n == LONGEST else lengths == n
        if mask.any():
            yield n, mask


def _hits(reference: _Reference, answers: Tokens) -> Ints:
    """Count the told words that lie in a run the answer has: a row per answer, a column per label."""
    segments, size = reference.segments, len(answers.lengths)
    came = np.zeros((size, len(reference.owner)), bool)
    for n, mask in _by_length(segments):
        part = segments.keep(mask)
        grams, there = ngrams(part, n), ngrams(answers, n)
        known, which = np.unique(grams.hashes, return_inverse=True)
        place, found = HashIndex(known).find(there.hashes)
        has = np.zeros((size, len(known)), bool)
        has[there.owner[found], place[found]] = True
        starts = _starts(part, grams)
        vague = np.isin(known, reference.common[n])[which] & reference.clutter[mask][starts]
        hit, covers = has[:, which] & ~vague, np.zeros((size, len(part.hashes)), bool)
        for i in range(n):
            covers[:, starts + i] |= hit
        came[:, mask] = covers
    row, token = np.nonzero(came & reference.told)
    hits = np.zeros((size, len(reference.labels)), np.int64)
    np.add.at(hits, (row, reference.owner[token]), 1)
    return hits


def _blamed(reference: _Reference, answers: Tokens) -> NDArray[np.float64]:
    """Count false words, a row per answer, a column per label and two for the rests. Rows add up to `fp` of `words`.

    Of a word that came too often those are false that lie least in the body: first those in a run of clutter that is
    nowhere in body or optional text, then those in any run of clutter, then others, last those in a run of the body;
    among equals the later.
    """
    size = len(reference.labels)
    telling, any_run = _cover(reference, answers)
    body = reference.overlap.tokens
    whole = type(answers)(body, np.array([0, len(body)]))
    in_body = covered(answers, min(LONGEST, len(body)), ngrams(whole, LONGEST).hashes) if len(body) else None
    in_body = np.zeros(len(answers.hashes), bool) if in_body is None else in_body
    falseness = np.where(in_body, 0, 1 + telling.any(axis=1) + any_run.any(axis=1))
    false = _false(reference.overlap, answers, falseness)
    weights = np.where(telling.any(axis=1, keepdims=True), telling, any_run).astype(float)
    rest = weights.sum(axis=1) == 0
    weights = np.column_stack([weights, rest & in_body, rest & ~in_body])[false]
    weights /= weights.sum(axis=1, keepdims=True)
    blamed = np.zeros((len(answers.lengths), size + 2))
    np.add.at(blamed, answers.owner[false], weights)
    return blamed


def _false(overlap: OverlapReference, answers: Tokens, falseness: Ints) -> Ints:
    """Which tokens are surplus: of each word in each answer as many as came more often than the body has it."""
    place, known = overlap.grams.find(answers.hashes)
    allowed = np.zeros(len(answers.hashes), np.int64)
    allowed[known] = overlap.counts[place[known]]
    distinct, which = np.unique(answers.hashes, return_inverse=True)
    words = answers.owner * len(distinct) + which
    false = np.flatnonzero(surplus(words, allowed, falseness))
    return false[np.lexsort((falseness[false], words[false]))]  # the order in which parts of a word are added up


def _cover(reference: _Reference, answers: Tokens) -> tuple[Bools, Bools]:
    """Which tokens of the answers lie in a run of which clutter label: in a telling one, and in any one."""
    shape = (len(answers.hashes), len(reference.labels))
    telling, any_run = np.zeros(shape, bool), np.zeros(shape, bool)
    for n, mask in _by_length(reference.segments):
        part = mask & reference.clutter
        if not part.any():
            continue
        grams = ngrams(reference.segments.keep(part), n)
        starts = _starts(reference.segments.keep(part), grams)
        labels = reference.owner[part][starts]
        known, which = np.unique(grams.hashes, return_inverse=True)
        of_label = np.zeros((len(known), shape[1]), bool)
        of_label[which, labels] = True
        there = ngrams(answers, n)
        place, found = HashIndex(known).find(there.hashes)
        start, rows = _starts(answers, there)[found], of_label[place[found]]
        tells = ~np.isin(there.hashes[found], reference.common[n])
        for i in range(n):
            any_run[start + i] |= rows
            telling[start[tells] + i] |= rows[tells]
    return telling, any_run


def _starts(tokens: Tokens, grams: Tokens) -> Ints:
    """Where each n-gram begins among the tokens."""
    return np.arange(len(grams.hashes)) + np.repeat(tokens.offsets[:-1] - grams.offsets[:-1], grams.lengths)


def by_label(labels: pd.DataFrame) -> pd.DataFrame:
    """One row per set, policy, label and runner, `TABLE_COLUMNS`.

    `coverage` and `leak` are means over the pages that have the label, `blame` is a share of the runner's false words.
    """
    keys = ["set", "policy", "label", "role", "runner"]
    shares = labels.assign(share=(labels["hits"] / labels["words"]).where(labels["words"] > 0))
    grouped = shares.groupby(keys, sort=False)
    table = grouped.agg(
        pages=("share", "count"), words=("words", "sum"), share=("share", "mean"), blamed=("blamed", "sum")
    )
    table = _complete(table.reset_index(), labels)
    false = table.groupby(["set", "policy", "runner"])["blamed"].transform("sum")
    table["blame"] = (table["blamed"] / false).where((false > 0) & (table["role"] != Role.BODY.value))
    for column, role in (("coverage", Role.BODY), ("leak", Role.CLUTTER)):
        table[column] = table["share"].where(table["role"] == role.value)
    order = {label: index for index, label in enumerate([*taxonomy(), REPEATED, NOT_ON_PAGE])}
    roles = {role: index for index, role in enumerate((Role.BODY.value, Role.CLUTTER.value, ""))}
    table = table.assign(_role=table["role"].map(roles), _label=table["label"].map(order))
    table = table.sort_values(["set", "policy", "_role", "_label", "runner"], ignore_index=True)
    return table[list(TABLE_COLUMNS)]


def _complete(table: pd.DataFrame, labels: pd.DataFrame) -> pd.DataFrame:
    """Give every runner of a set a row for every label and rest that any of them has."""
    runners = labels[["set", "policy", "runner"]].drop_duplicates()
    wanted = table[["set", "policy", "label", "role"]].drop_duplicates().merge(runners, on=["set", "policy"])
    table = wanted.merge(table, how="left", on=list(wanted.columns))
    return table.fillna({"pages": 0, "words": 0, "blamed": 0.0}).astype({"pages": int, "words": int})


def board(folder: RunFolder, policy: Policy) -> tuple[pd.DataFrame, list[str]]:
    """The table by label under one policy (`TABLE_COLUMNS`), and a signature per set.

    Raises `UsageError` where no set of the run has labels, or it was not scored under the policy.
    """
    if not folder.has("labels") or folder.table("labels", ["policy"]).empty:
        raise UsageError(f"{folder.path}: has no table by label: gold of its sets is one body per page")
    labels = folder.table("labels", where={"policy": [policy.name]})
    if labels.empty:
        raise UsageError(
            f"{folder.path}: has no table by label under policy '{policy.spec}'; "
            f"make it: boilerbench score {folder.path} --policy {policy.spec}"
        )
    there = set(labels["set"].unique())
    signatures = [
        Signature.of(about, policy.name, f"labels(n={LONGEST})", FAILURE_RULE)
        for about in folder.manifest().sets
        if about.name in there
    ]
    return by_label(labels), list(map(str, signatures))
