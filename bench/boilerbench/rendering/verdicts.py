"""Conformance verdicts for reading: rule by rule on a terminal, runner by runner in Markdown."""

from collections.abc import Mapping, Sequence

from boilerbench.authoring.conformance import RULES, Outcome, Verdict
from boilerbench.model import Runner

_WIDTH = max(map(len, RULES))
_SHOWN = 160


def to_text(runner: Runner, verdicts: Sequence[Verdict]) -> str:
    """Write one line per rule of one runner."""
    lines = [f"{v.rule:{_WIDTH}}  {v.outcome:{len(Outcome.OPEN)}}  {_line(v.note)}".rstrip() for v in verdicts]
    return "\n".join([f"{runner.label} {runner.version}".rstrip(), *lines, ""])


def to_markdown(found: Mapping[Runner, Sequence[Verdict]], missing: Mapping[Runner, str]) -> str:
    """Write one row per runner, those that are missing with the reason, and under them what each rule asks."""
    told = {runner: _told(verdicts) for runner, verdicts in found.items()}
    told |= {runner: f"- | unavailable: {_cell(why)}" for runner, why in missing.items()}
    rows = [f"| {runner.label} | {runner.version} | {cells} |" for runner, cells in told.items()]
    rules = [f"- **{rule}**: {asks}" for rule, asks in RULES.items()]
    head = ["| runner | version | passed | fails |", "|---|---|---|---|"]
    return "\n".join([*head, *rows, "", *rules, ""])


def _told(verdicts: Sequence[Verdict]) -> str:
    failed = "<br>".join(f"**{v.rule}** {_cell(v.note)}" for v in verdicts if v.outcome is Outcome.FAILED)
    passed = sum(v.outcome is Outcome.PASSED for v in verdicts)
    return f"{passed} of {sum(v.outcome is not Outcome.OPEN for v in verdicts)} | {failed}"


def _line(note: str) -> str:
    line = " ".join(word for word in note.split() if any(map(str.isalnum, word)))  # some libraries draw frames
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _cell(note: str) -> str:
    return _line(note).replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[").replace("*", "\\*")
