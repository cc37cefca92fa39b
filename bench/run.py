"""Orchestrate extraction: what is known comes from the cache, the rest from child processes, `jobs` at a time."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from contextlib import contextmanager
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING

from bench import environment
from bench.crew import Crew, Queue, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.cache import Cache
    from bench.crew import Observer, Options
    from bench.host import Limits
    from bench.model import Extraction, GoldSet, Page
    from bench.runner import Runner


SCORING = ("pandas", "scipy.special", "pyarrow.parquet")
"""What scores will be made with. It takes most of a second to load, and is loaded while the children work."""


def run(
    runners: Sequence[Runner], goldsets: Sequence[GoldSet], options: Options, cache: Cache, observer: Observer
) -> dict[str, dict[str, dict[str, Extraction]]]:
    """Extract every page of every set with every runner: extractions by set, runner and page, no pair missing.

    On KeyboardInterrupt all children are ended before it goes on; what is finished stays in the cache.
    """
    queues = [_plan(runner, goldsets, options, cache, observer) for runner in runners]
    with _loading(*SCORING):
        Crew(queues, options, cache, observer).work()
    return {
        goldset.name: {
            queue.runner.label: {page.id: queue.answers[goldset.name, page.id] for page in goldset.pages}
            for queue in queues
        }
        for goldset in goldsets
    }


@contextmanager
def _loading(*modules: str) -> Iterator[None]:
    thread = Thread(target=lambda: [import_module(module) for module in modules])
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _plan(runner: Runner, goldsets: Sequence[GoldSet], options: Options, cache: Cache, observer: Observer) -> Queue:
    pages = [(goldset.name, page) for goldset in goldsets for page in goldset.pages]
    answers: dict[tuple[str, str], Extraction] = {}
    identity = environment.digest(runner, options.mode)
    keys = {(name, page.id): _key(identity, page, options.limits) for name, page in pages}
    if identity and not options.fresh:
        known = cache.get(key for key in keys.values() if key)
        answers = {place: known[key] for place, key in keys.items() if key in known}
    observer.plan(runner.label, len(pages), len(answers))
    for extraction in answers.values():
        observer.done(runner.label, extraction)
    todo = deque(Task(name, page, keys[name, page.id]) for name, page in pages if (name, page.id) not in answers)
    return Queue(runner, todo, answers)


def _key(identity: str | None, page: Page, limits: Limits) -> str | None:
    """Everything an extraction depends on; None where that is not known, as for a working tree."""
    if identity is None:
        return None
    parts = [identity, page.digest, limits.seconds, limits.memory]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
