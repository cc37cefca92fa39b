"""Files and arguments that no user means: the files, and the command, which has to refuse them in one line."""

from __future__ import annotations

import json
from typing import NamedTuple

PAGE = {"a.html": "<p>The pilot cutter came in.", "a.txt": "The pilot cutter came in."}
ROW = {"id": "a", "html": PAGE["a.html"], "text": PAGE["a.txt"]}
OWN = 'DISTRIBUTION = ""\nINPUT = "text"\nFORMAT = "text"\ndef extract(html, url=None):\n    return html\n'
FLOOR = {"set": "s", "fingerprint": "f", "policy": "default", "metric": "words", "runner": "r"}


class Input(NamedTuple):
    """Files by their places in a folder, and the arguments of the command, started there."""

    files: dict[str, str | bytes]
    arguments: tuple[str, ...]


def _lines(*rows: object) -> str:
    return "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)


def _set(form: str, files: dict[str, str | bytes]) -> Input:
    return Input({f"set/{name}": content for name, content in files.items()}, ("sets", "show", f"{form}:set"))


def _jsonl(*rows: object) -> Input:
    return _set("jsonl", {"a.jsonl": _lines(*rows)})


def _native(gold: str, about: str = 'name = "n"\nversion = "1"') -> Input:
    return _set("native", {"set.toml": about, "pages/a/page.html": PAGE["a.html"], "pages/a/gold.json": gold})


def _predictions(content: str) -> Input:
    score = ("score", "--set", "pairs:set", "--outputs", "json:s.json", "--out", "run")
    return Input({"set/a.html": PAGE["a.html"], "set/a.txt": PAGE["a.txt"], "s.json": content}, score)


def _run(*arguments: str, runner: str = OWN, **files: str) -> Input:
    """A run of one page, which would be right but for what is said here."""
    given: dict[str, str | bytes] = {"set/a.html": PAGE["a.html"], "set/a.txt": PAGE["a.txt"], "own.py": runner}
    return Input(given | files, ("run", "--runner", "own.py", "--set", "pairs:set", *arguments))


def _policy(text: str) -> Input:
    given = _run("--policy", "p.toml")
    return Input(given.files | {"p.toml": text}, given.arguments)


def _floors(text: str) -> Input:
    given = _run("--floors", "f.json")
    return Input(given.files | {"f.json": text}, given.arguments)


SETS = {
    "no line": _jsonl(),
    "no JSON": _jsonl("a"),
    "no object": _jsonl("[]"),
    "nested": _jsonl("[" * 100_000),
    "half an object": _jsonl('{"id": "a", "html": '),
    "a number of 5,000 digits": _jsonl('{"id": ' + "1" * 5_000 + "}"),
    "a page that is a number": _jsonl(ROW | {"html": 7}),
    "a page that is missing": _jsonl({"id": "a", "text": "x"}),
    "an id twice": _jsonl(ROW, ROW),
    "an id that is a list": _jsonl(ROW | {"id": []}),
    "a key twice": _jsonl(json.dumps(ROW)[:-1] + ', "text": "other"}'),
    "not a number": _jsonl(json.dumps(ROW)[:-1] + ', "url": NaN}'),
    "an address that is a list": _jsonl(ROW | {"url": ["http://a.example/"]}),
    "no folder": Input({}, ("sets", "show", "pairs:nothing")),
    "an empty folder": Input({"set/readme": ""}, ("sets", "show", "pairs:set")),
    "no such format": Input({}, ("sets", "show", "nope:set")),
    "an empty gold": _set("pairs", PAGE | {"a.txt": ""}),
    "gold alone": _set("pairs", {"a.txt": "x"}),
    "a pointer of Git LFS": _set("pairs", PAGE | {"a.html": "version https://git-lfs.github.com/spec/v1\n"}),
    "no Parquet": _set("parquet", {"a.parquet": "PAR1 and no more"}),
    "an empty Parquet": _set("parquet", {"a.parquet": b""}),
    "an empty archive": _set("warc", {"a.warc": b""}),
    "no archive": _set("warc", {"a.warc": "The pilot"}),
    "half an archive": _set(
        "warc", {"a.warc": "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 999\r\n\r\nHTTP/1.1"}
    ),
    "no settings": _native("{}", "name = "),
    "settings that are a list": _native("{}", "name = []"),
    "gold of tomorrow": _native(json.dumps({"schema": 99, "segments": []})),
    "gold without a schema": _native(json.dumps({"segments": []})),
    "an unknown label": _native(json.dumps({"schema": 1, "segments": [{"label": "nope", "text": "x"}]})),
    "segments that are words": _native(json.dumps({"schema": 1, "segments": "body"})),
    "truth that is a list": _set("zyte", {"ground-truth.json": "[]", "html/a.html.gz": b""}),
    "truth without pages": _set("zyte", {"ground-truth.json": json.dumps({"a": {"articleBody": "x"}})}),
    "a page cut off": _set(
        "zyte", {"ground-truth.json": json.dumps({"a": {"articleBody": "x"}}), "html/a.html.gz": b"\x1f\x8b\x08\0"}
    ),
    "truth of another kind": _set("wcxb", {"ground-truth/a.json": "7", "html/a.html.gz": b""}),
}
PREDICTIONS = {
    "no predictions": _predictions(""),
    "predictions that are a number": _predictions("7"),
    "predictions that are nested": _predictions("[" * 100_000),
    "a prediction twice": _predictions('{"a": "x", "a": "y"}'),
    "a prediction that is a list": _predictions('{"a": []}'),
    "a prediction of nothing": _predictions('{"b": "x"}'),
    "no format": _predictions('{"a": {"text": "x", "format": "nope"}}'),
}
SETTINGS = {
    "no policy": _policy(""),
    "a policy that is no TOML": _policy("[roles"),
    "a policy of an unknown label": _policy('name = "p"\n[roles]\nnope = "body"\n'),
    "a policy of an unknown role": _policy('name = "p"\n[roles]\ntitle = "nope"\n'),
    "a policy of a number": _policy('name = "p"\n[roles]\ntitle = inf\n'),
    "a policy by another's name": _policy('name = "default"\n[roles]\ntitle = "clutter"\n'),
    "no floors": _floors(""),
    "floors of nothing": _floors("{}"),
    "a floor that is not a number": _floors(json.dumps({"schema": 1, "floors": [FLOOR | {"f1": float("nan")}]})),
    "a floor that is endless": _floors(json.dumps({"schema": 1, "floors": [FLOOR | {"f1": float("inf")}]})),
    "a floor below nothing": _floors(json.dumps({"schema": 1, "floors": [FLOOR | {"f1": -1}]})),
    "a floor that is true": _floors(json.dumps({"schema": 1, "floors": [FLOOR | {"f1": True}]})),
    "a floor twice": _floors(json.dumps({"schema": 1, "floors": [FLOOR | {"f1": 0.5}]})[:-1] + ', "schema": 1}'),
}
RUNNERS = {
    "a runner that is no Python": _run(runner="def"),
    "a runner without its constants": _run(runner="def extract(html, url=None): ..."),
    "a runner without extract": _run(runner='DISTRIBUTION = ""\nINPUT = "text"\nFORMAT = "text"\n'),
    "a runner of an unknown format": _run(runner=OWN.replace('FORMAT = "text"', 'FORMAT = "nope"')),
    "a runner whose constant is made": _run(runner=OWN.replace('INPUT = "text"', 'INPUT = str("text")')),
    "a runner of no characters": _run(runner="\0"),
    "a runner that needs what is no package": _run(
        runner='# /// script\n# dependencies = ["a; rm -rf ~\\n--index-url http://a.example"]\n# ///\n' + OWN
    ),
    "a runner that is nowhere": Input({}, ("run", "--runner", "nothing.py", "--set", "pairs:set")),
    "a runner's command that is missing": Input(
        {"own/runner.toml": 'input = "text"\nformat = "text"\n'}, ("run", "--runner", "own/", "--set", "pairs:set")
    ),
    "a runner's command that is a word": Input(
        {"own/runner.toml": 'input = "text"\nformat = "text"\ncommand = "ls"\n'}, ("run", "--runner", "own/")
    ),
}
ARGUMENTS = {
    "jobs below nothing": _run("--jobs", "-1"),
    "no time": _run("--timeout", "nan"),
    "time below nothing": _run("--timeout", "-1"),
    "no memory": _run("--memory", "0"),
    "a limit below nothing": _run("--limit", "-1"),
    "no such metric": _run("--metric", "wrods"),
    "a metric without its gold": _run("--metric", "snippets"),
    "no such column": _run("--by", "nope"),
    "no such engine": _run("--engine", "nope"),
    "out is a file": _run("--out", "own.py"),
    "a run that is none": Input({"run/readme": ""}, ("table", "run")),
    "a run of tomorrow": Input({"run/manifest.json": json.dumps({"schema": 999})}, ("table", "run")),
    "a run that is nested": Input({"run/manifest.json": "[" * 100_000}, ("table", "run")),
    "a run that is half": Input({"run/manifest.json": '{"schema": '}, ("report", "run", "--out", "site")),
    "no such command": Input({}, ("rnu",)),
    "a newline in a name": Input({}, ("run", "trafila\ntura")),
}
INPUTS = SETS | PREDICTIONS | SETTINGS | RUNNERS | ARGUMENTS
