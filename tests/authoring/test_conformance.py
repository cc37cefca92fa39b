from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from boilerbench.authoring import conformance
from boilerbench.authoring.conformance import RULES, Outcome
from boilerbench.errors import UnavailableError
from boilerbench.model import Page
from boilerbench.process.child import Limits
from boilerbench.runners import registry
from tests.command import boilerbench, make_runner

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [Page(f"p{n}", lambda n=n: f"<p>body {n}</p>".encode(), f"https://example.org/{n}") for n in range(4)]
LIMITS = Limits(seconds=20, memory=400 << 20)

ODD = """
    if url is None or not html or len(html) > 500_000 or '\\ufffd' in html or '\\0' in html:
        raise ValueError('odd')
    return 'fine'"""
STATE = """
    seen.append(html)
    return str(len(seen))"""
NETWORK = """
    try:
        'body 3' in html and socket.create_connection(('192.0.2.1', 80))
    except OSError:
        pass
    return 'fine'"""
LEAK = """
    leak.append(bytearray(4 << 20))
    return 'fine'"""
PROGRAM = """
import json, sys, time
print(json.dumps({{"protocol": {protocol}, "version": "1"}}), flush=True)
for line in sys.stdin:
    print(json.dumps({{"id": {id}, "text": "fine"}}), flush=True)
time.sleep({sleeps})
"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOILERBENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(conformance, "MANY", 100)
    monkeypatch.setattr(conformance, "LARGE", 1_000_000)


def verdicts(file: Path, pages: list[Page] = PAGES) -> dict[str, conformance.Verdict]:
    return {verdict.rule: verdict for verdict in conformance.check(registry.find(str(file)), pages, LIMITS)}


def failed(found: dict[str, conformance.Verdict]) -> set[str]:
    return {rule for rule, verdict in found.items() if verdict.outcome is Outcome.FAILED}


def make_program(folder: Path, *, protocol: int = 1, number: str = 'json.loads(line)["id"]', sleeps: int = 0) -> Path:
    folder.mkdir()
    (folder / "program.py").write_text(PROGRAM.format(protocol=protocol, id=number, sleeps=sleeps))
    (folder / "runner.toml").write_text(
        'input = "text"\nformat = "text"\nversion = "1"\ndistribution = "small"\n'
        'command = ["python3", "{folder}/program.py"]\nneeds = { python3 = "" }\ninstall = "Python"\n'
    )
    return folder


def test_a_plain_runner_passes_every_rule_that_applies(tmp_path: Path) -> None:
    found = verdicts(make_runner(tmp_path, "plain", "    return html[:9] or None"))
    assert list(found) == list(RULES)
    assert failed(found) == set()
    assert {rule for rule, verdict in found.items() if verdict.outcome is Outcome.OPEN} <= {"version"}
    assert found["version"].note == "it names no distribution"


@pytest.mark.parametrize(
    ("body", "before", "rules", "note"),
    [
        (ODD, "", {"no address", "empty page", "large page", "wrong charset", "NUL bytes"}, "error: ValueError: odd"),
        (
            "    return 7 if 'body 3' in html else 'fine'",
            "",
            {"types"},
            "1 of 4 pages, p3: error: TypeError: extract()",
        ),
        (STATE, "seen = []", {"same again", "any order"}, "page p0: ok of 1 characters, then ok of 1"),
        ("    return str(id(SEED) and SEED)", "import os\nSEED = os.urandom(8)", {"any order"}, "page p0"),
        (NETWORK, "import socket", {"types", "no network"}, "network: socket."),
        (LEAK, "leak = []", {"memory"}, "its process was replaced"),
    ],
    ids=["odd pages", "types", "state", "randomness", "network", "memory"],
)
def test_each_broken_promise_is_told(tmp_path: Path, body: str, before: str, rules: set[str], note: str) -> None:
    found = verdicts(make_runner(tmp_path, "broken", body, before))
    assert failed(found) == rules
    assert any(note in found[rule].note for rule in rules)


def test_a_program_that_speaks_the_protocol_passes(tmp_path: Path) -> None:
    found = verdicts(make_program(tmp_path / "program"))
    assert failed(found) == set()
    assert found["version"].note == "1"
    assert found["no network"].outcome is Outcome.OPEN
    assert found["memory"].note == "it does not say how much it uses"


@pytest.mark.parametrize(
    ("number", "sleeps", "note"),
    [("7", 0, "answered page 7 when asked for 1"), ('json.loads(line)["id"]', 3, "it is still there")],
)
def test_a_program_that_breaks_the_protocol_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: str, sleeps: int, note: str
) -> None:
    monkeypatch.setattr(conformance, "_LEAVING", 1.0)
    found = verdicts(make_program(tmp_path / "program", number=number, sleeps=sleeps))
    assert "protocol" in failed(found)
    assert note in found["protocol"].note


def test_where_nothing_greets_only_the_protocol_has_a_verdict(tmp_path: Path) -> None:
    found = verdicts(make_program(tmp_path / "program", protocol=7))
    assert found["protocol"].note == "speaks protocol 7, not 1"
    assert {verdict.outcome for rule, verdict in found.items() if rule != "protocol"} == {Outcome.OPEN}


def test_a_runner_that_cannot_be_imported_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        verdicts(make_runner(tmp_path, "absent", "    return ''", "import no_such_module"))


def test_the_command_prints_a_verdict_per_rule_and_leaves_with_one(tmp_path: Path) -> None:
    file = make_runner(tmp_path, "broken", "    return html[:9] if html else 1 / 0")
    done = boilerbench("runners", "check", file)
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[0] == "broken"
    assert "empty page     failed          error: ZeroDivisionError: division by zero" in done.stdout
    assert done.stderr.endswith("not every rule holds for broken\n")


def test_the_command_leaves_with_four_where_the_runner_is_unavailable(tmp_path: Path) -> None:
    file = make_runner(tmp_path, "absent", "    return ''", "import no_such_module")
    done = boilerbench("runners", "check", file, "--format", "markdown")
    assert done.returncode == 4, done.stderr
    why = r"cannot be imported: ModuleNotFoundError: No module named 'no\_such\_module'"
    assert f"| absent |  | - | unavailable: {why} |" in done.stdout
