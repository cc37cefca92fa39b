"""Conformance verdicts for reading: rule by rule on a terminal, runner by runner in Markdown."""

from collections.abc import Mapping, Sequence

from boilerbench.authoring.conformance import RULES, Outcome, Verdict
from boilerbench.model import Runner
from boilerbench.rendering.markdown import escape, pipes
from boilerbench.text.lines import line, visible

_WIDTH = max(map(len, RULES))
_SHOWN = 160


def to_text(runner: Runner, verdicts: Sequence[Verdict]) -> str:
    """Write one line per rule of one runner."""
    lines = [f"{v.rule:{_WIDTH}}  {v.outcome:{len(Outcome.OPEN)}}  {_line(v.note)}".rstrip() for v in verdicts]
    return "\n".join([line(f"{runner.label} {runner.version}").rstrip(), *lines, ""])


def to_markdown(found: Mapping[Runner, Sequence[Verdict]], missing: Mapping[Runner, str]) -> str:
    """Write one row per runner, those that are missing with the reason, and under them what each rule asks."""
    told = {runner: _told(verdicts) for runner, verdicts in found.items()}
    told |= {runner: ("-", f"unavailable: {escape(_line(why))}") for runner, why in missing.items()}
    rows = [[escape(line(runner.label)), escape(line(runner.version)), *cells] for runner, cells in told.items()]
    rules = [f"- **{rule}**: {asks}" for rule, asks in RULES.items()]
    return "\n".join([pipes(["runner", "version", "passed", "fails"], rows, range(4)), "", *rules, ""])


def _told(verdicts: Sequence[Verdict]) -> tuple[str, str]:
    failed = "<br>".join(f"**{v.rule}** {escape(_line(v.note))}" for v in verdicts if v.outcome is Outcome.FAILED)
    passed = sum(v.outcome is Outcome.PASSED for v in verdicts)
    return f"{passed} of {sum(v.outcome is not Outcome.OPEN for v in verdicts)}", failed


def _line(note: str) -> str:
    words = visible(" ".join(word for word in note.split() if any(map(str.isalnum, word))))  # some draw frames
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
