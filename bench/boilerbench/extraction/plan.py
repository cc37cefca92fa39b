"""Orchestrate extraction: what is known comes from the cache, the rest from child processes, `jobs` at a time."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from boilerbench.environments import environment
from boilerbench.extraction.pool import Crew, Queue, Task
from boilerbench.text import convert, decoding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boilerbench.extraction.pool import Observer, Options
    from boilerbench.model import Extraction, GoldSet, Page, Runner
    from boilerbench.process.child import Limits
    from boilerbench.storage.cache import Cache


def run(
    runners: Sequence[Runner], goldsets: Sequence[GoldSet], options: Options, cache: Cache, observer: Observer
) -> dict[str, dict[str, dict[str, Extraction]]]:
    """Extract every page of every set with every runner: extractions by set, runner and page, no pair missing.

    On KeyboardInterrupt all children are ended before it goes on; what is finished stays in the cache.
    """
    queues = [_plan(runner, goldsets, options, cache, observer) for runner in runners]
    Crew(queues, options, cache, observer).work()
    return {
        goldset.name: {
            queue.runner.label: {page.id: queue.answers[goldset.name, page.id] for page in goldset.pages}
            for queue in queues
        }
        for goldset in goldsets
    }


def _plan(runner: Runner, goldsets: Sequence[GoldSet], options: Options, cache: Cache, observer: Observer) -> Queue:
    identity = environment.digest(runner, options.mode)
    tasks = [
        Task(goldset.name, page, partial(_key, identity, runner, page, options.limits))
        for goldset in goldsets
        for page in goldset.pages
    ]
    answers = {} if options.fresh else _known(tasks, cache)
    observer.plan(runner.label, len(tasks), len(answers))
    for extraction in answers.values():
        observer.done(runner.label, extraction)
    return Queue(runner, deque(task for task in tasks if (task.goldset, task.page.id) not in answers), answers)


def _known(tasks: Sequence[Task], cache: Cache) -> dict[tuple[str, str], Extraction]:
    keys = {(task.goldset, task.page.id): key for task in tasks if (key := task.key())}
    known = cache.get(keys.values())
    return {place: known[key] for place, key in keys.items() if key in known}


def _key(identity: str | None, runner: Runner, page: Page, limits: Limits) -> str | None:
    """Everything an extraction depends on; None where that is not known, as for a working tree."""
    if identity is None:
        return None
    given = decoding.version() if runner.input == "text" else ""
    parts = [identity, page.digest, limits.seconds, limits.memory, given, convert.version(runner.format)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
