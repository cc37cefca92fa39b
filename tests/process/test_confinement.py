"""What a runner can read, write and reach, tried by a real child: held by namespaces, or by Landlock."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from boilerbench.cli import cli
from boilerbench.environments import environment
from boilerbench.errors import UnavailableError, UsageError
from boilerbench.process import confinement, doctor
from boilerbench.process.confinement import Command
from boilerbench.process.sandbox import kernel, sockets, start
from boilerbench.process.sandbox.start import _in_place
from boilerbench.ranking.runner_columns import _flags
from boilerbench.runners import registry
from boilerbench.storage.manifest import OptionsEntry, RunnerEntry, SetEntry
from tests.hostile.machine import ATTEMPTS, LANDLOCKED, NOT_LANDLOCKED, Machine, contents, laid_out

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with laid_out(tmp_path_factory.mktemp("machine")) as found:
        yield found


@pytest.mark.parametrize("how", ["namespaces", "without rights", "everything", "landlock"])
def test_a_runner_reads_writes_and_reaches_what_it_has_business_with_alone(how: str, machine: Machine) -> None:
    layer = "landlock" if how == "landlock" else "namespaces"
    if against := confinement.reason_against(layer):
        pytest.skip(f"no {layer} here: {against}")
    before = contents(machine.folder)
    told = machine.told(how)
    refused = {name for name, refusal in told.items() if refusal}
    expected = set(ATTEMPTS) - (LANDLOCKED if how == "landlock" else set())
    allowed = {"reads: another user's file", "reads: history of the gold"} if how == "everything" else set()
    needed = NOT_LANDLOCKED if how == "landlock" else set()
    assert {name: told[name] for name in refused - set(ATTEMPTS) - needed} == {}
    assert expected - refused - allowed == set()
    assert contents(machine.folder) == before
    assert not (Path(tempfile.gettempdir()) / "boilerbench-marker").exists()


def test_a_setup_writes_into_its_folder_alone_and_is_given_no_secret(tmp_path: Path, cache: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    tries = (
        f"open({str(tmp_path / 'beside')!r}, 'w')",
        f"open({str(cache / 'beside')!r}, 'w')",
        "os.environ['A_SECRET']",
    )
    (folder / "setup.py").write_text(
        "import json, os\ntold = []\n"
        f"for each in {tries!r}:\n    try: exec(each); told.append(each)\n    except (OSError, KeyError): pass\n"
        "open(os.path.join(os.environ['HOME'], 'own'), 'w')\nopen('told', 'w').write(json.dumps(told))\n"
    )
    (folder / "runner.toml").write_text(
        'input = "text"\nformat = "text"\nsetup = ["python3", "setup.py"]\ncommand = ["cat", "{folder}/told"]\n'
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("A_SECRET", "x")
        with pytest.raises(UnavailableError, match="did not start"):  # it speaks no protocol
            environment.command(registry.find(f"{folder}/"), "locked")
    assert not list(tmp_path.glob("**/beside"))


@pytest.mark.parametrize(
    ("layer", "flag"), [("namespaces", ""), ("landlock", "partly-confined"), ("none", "unconfined")]
)
def test_a_table_flags_what_was_not_fully_confined(layer: str, flag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "layer", lambda: layer)
    options = OptionsEntry(confinement=confinement.level())
    assert " ".join(_flags("any", RunnerEntry(), [SetEntry("set")], options)) == flag


def test_what_is_not_fully_confined_is_refused_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "layer", lambda: "landlock")
    done = CliRunner().invoke(cli, ["run", "--require-confinement", "--limit", "1"], standalone_mode=False)
    assert isinstance(done.exception, UsageError)
    assert "boilerbench doctor" in str(done.exception)


def test_the_doctor_says_what_is_missing_and_its_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    if confinement.layer() != "namespaces":
        pytest.skip("no namespaces here")
    assert all(finding.holds for finding in doctor.look())
    monkeypatch.setattr(confinement, "reason_against", lambda layer: "no" if layer == "namespaces" else "")
    monkeypatch.setattr(confinement, "layer", lambda: "landlock")
    found = {finding.name: finding for finding in doctor.look()}
    assert {name for name, finding in found.items() if not finding.holds} == {"namespaces", "confinement"}
    assert "user.max_user_namespaces" in found["namespaces"].note


@pytest.mark.parametrize("layer", ["landlock", "none"])
def test_only_what_is_called_unconfined_goes_on_without_a_filter(layer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_filter(_families: tuple[int, ...]) -> None:
        raise OSError("no filter here")

    monkeypatch.setattr(kernel, "drop_rights", lambda: None)
    monkeypatch.setattr(start, "_reaped", lambda: None)
    monkeypatch.setattr(start, "_restrict_files", lambda _plan: None)
    monkeypatch.setattr(sockets, "restrict", no_filter)
    plan = confinement.plan(Command(()), "", layer)
    if layer == "none":
        _in_place(plan)
    else:
        with pytest.raises(OSError, match="no filter here"):
            _in_place(plan)
