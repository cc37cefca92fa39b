"""The child process that loads one Python runner and gives it pages. Started by `child`.

It imports `process.protocol` and `process.watch` alone and runs on Python 3.9 and newer: it lives beside the extractor,
not beside boilerbench.
Arguments: the runner's file, its options as JSON, its distribution's name.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import inspect
import json
import os
import resource
import sys
import textwrap
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from threading import RLock
from typing import Any, BinaryIO

from boilerbench.process import protocol
from boilerbench.process.watch import Watch


def take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Move the protocol to descriptors of its own; afterwards stdin is empty and everything printed goes to stderr."""
    requests, replies = os.fdopen(os.dup(0), "rb", 1 << 20), os.fdopen(os.dup(1), "wb")  # what a pipe holds at most
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.dup2(2, 1)
    os.close(empty)
    return requests, replies


def sender(replies: BinaryIO) -> Callable[[dict[str, Any]], None]:
    """Return what writes a message as one line, whichever thread it is called from, also while it writes another."""
    lock = RLock()

    def send(message: dict[str, Any]) -> None:
        with lock:
            replies.write(protocol.encode(message))
            replies.flush()

    return send


def load(file: str | Path) -> Callable[..., Any]:
    """Import a runner's file and return its `extract`."""
    spec = importlib.util.spec_from_file_location("runner", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules["runner"] = module
    spec.loader.exec_module(module)
    return module.extract  # type: ignore[no-any-return]  # what it is, its first page tells


def reset_peak() -> bool:
    """Set the process's high-water mark of memory back to what it uses now, where the system can."""
    with contextlib.suppress(OSError):
        return Path("/proc/self/clear_refs").write_bytes(b"5") == 1
    return False


def takes_charset(extract: Callable[..., Any]) -> bool:
    """Whether an extractor names a parameter for the charset of the bytes that it is given."""
    with contextlib.suppress(TypeError, ValueError):
        return "charset" in inspect.signature(extract).parameters
    return False


def options_of(function: Callable[..., Any]) -> list[str] | None:
    """Name what can be given to a function by name, what it hands its `**options` on to included. None for anything."""
    named, rest = [], ""
    for each in inspect.signature(function).parameters.values():
        if each.kind is each.VAR_KEYWORD:
            rest = each.name
        elif each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY):
            named.append(each.name)
    for call in handed_on(function, rest) if rest else ():
        told = {keyword.arg for keyword in call.keywords}
        more = options_of(meant_by(call.func, function.__globals__))
        if more is None:
            return None
        named += [name for name in more[len(call.args) :] if name not in told]
    return named


def handed_on(function: Callable[..., Any], rest: str) -> list[ast.Call]:
    """Find the calls to which a function hands on its `**rest`; `ValueError` where it does more with it."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    calls, uses = [], sum(isinstance(node, ast.Name) and node.id == rest for node in ast.walk(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            within = [keyword.value for keyword in node.keywords if keyword.arg is None]
            within += [part for each in within if isinstance(each, ast.Dict) for part in each.values]
            calls += [node for each in within if isinstance(each, ast.Name) and each.id == rest]
    if len(calls) != uses:
        raise ValueError(f"what becomes of {rest} cannot be told")
    return calls


def meant_by(node: ast.expr, names: dict[str, Any]) -> Any:
    """Resolve `name` or `module.name`. Raises `ValueError` or `LookupError` for what is known when it runs alone."""
    if isinstance(node, ast.Attribute):
        return getattr(meant_by(node.value, names), node.attr)
    if not isinstance(node, ast.Name):
        raise ValueError("it is made as it runs")  # noqa: TRY004  # one error for all that cannot be told
    return names[node.id]


def ask(extract: Callable[..., Any], options: dict[str, Any], html: str | bytes, url: str | None) -> dict[str, Any]:
    """Run the extractor on one page and time the call alone. Raises whatever the extractor raises."""
    measurable = reset_peak()
    wall, cpu = time.perf_counter(), time.process_time()
    found = extract(html, url=url, **options)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    text, about = protocol.parted(found)
    if text and len(text) > protocol.MAX_TEXT:
        raise ValueError(f"extract() returned {len(text):,} characters, more than {protocol.MAX_TEXT:,}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 if measurable else None
    return {"text": text, **about, "seconds": wall, "cpu": cpu, "peak": peak}


def reason(cause: BaseException) -> str:
    """Name an exception and what it says, if it can say it."""
    try:
        return f"{type(cause).__name__}: {cause}"
    except BaseException:  # noqa: BLE001  # an exception's own __str__ may raise anything
        return type(cause).__name__


def serve(
    extract: Callable[..., Any],
    options: dict[str, Any],
    watch: Watch,
    requests: BinaryIO,
    send: Callable[[dict[str, Any]], None],
) -> None:
    """Reply to requests until the harness closes the pipe."""
    told = ["charset"] if takes_charset(extract) else []
    for line in requests:
        message = protocol.decode(line)
        html = protocol.html_of(message, requests)
        watch.attempts.clear()
        try:
            known = {name: message[name] for name in told if name in message}
            reply = ask(extract, {**options, **known}, html, message.get("url"))
        except BaseException as cause:  # noqa: BLE001  # SystemExit and the like of a library are failures of that page
            reply = {"error": reason(cause)}
        if watch.attempts:
            reply = {"error": f"network: {watch.attempts[0]}"}
        for stream in (sys.stdout, sys.stderr):  # so that the harness has what was printed before the reply
            with contextlib.suppress(Exception):  # the extractor may have closed or replaced it
                stream.flush()
        send({"id": message["id"], **reply})


def main(file: str, options: str, distribution: str) -> None:
    """Load the runner, say hello, serve. A runner that cannot be imported says so instead of hello."""
    requests, replies = take_pipes()
    send = sender(replies)
    watch = Watch(send, file)
    hello: dict[str, Any] = {"protocol": protocol.PROTOCOL}
    try:
        extract = load(file)
        hello |= {"name": distribution, "version": metadata.version(distribution) if distribution else ""}
        if json.loads(options):
            with contextlib.suppress(Exception):  # what cannot be told is taken for anything
                hello |= {"options": options_of(extract)}
        hello |= {"framed": True, "replaces": True, "python": ".".join(map(str, sys.version_info[:3]))}
    except BaseException as cause:  # noqa: BLE001  # whatever an import does, the harness is told in one line
        hello |= {"error": reason(cause)}
    send(hello)
    if "error" not in hello:
        serve(extract, json.loads(options), watch, requests, send)
