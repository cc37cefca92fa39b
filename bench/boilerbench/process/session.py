"""A conversation with one runner, or with work of our own: a child at a time, replaced when it dies."""

import os
import sys
from collections import deque
from collections.abc import Iterable
from itertools import count, islice
from pathlib import Path
from typing import Any, Self

from boilerbench.errors import UnavailableError
from boilerbench.model import Extraction
from boilerbench.process.child import Child, Limits
from boilerbench.process.confinement import Command, of_this_python
from boilerbench.process.inputs import Inputs
from boilerbench.process.measures import Account
from boilerbench.process.protocol import Utf8

_BEGIN = (
    "import os, sys; sys.path[:] = sys.argv[1].split(os.pathsep); "
    "from boilerbench.process.worker import main; main(*sys.argv[2:])"
)


class Session:
    """Pages that are sent to a runner, and its extractions in the order in which they were sent.

    Several pages may be sent before the first is received: they wait in the pipe while that is under way. One that ends
    its child has its failure for an extraction; those behind it go to the next child.
    The thread that sends has to outlive the session, as it starts the children (see `Child`). Where it isolates, each
    page has a child of its own, and is to be sent when the one before was received.
    """

    def __init__(self, command: Command, limits: Limits, *, isolate: bool = False) -> None:
        self._command, self._limits, self._isolate = command, limits, isolate
        self._numbers = count(1)
        self._child: Child | None = None
        self.account = Account()
        """What the children told of their CPU time, beside what they used: whole when it is closed."""
        self._pages: deque[tuple[int, str | None, str | bytes | Utf8]] = deque()
        self._passed_on = 0  # of these pages, to the child there is now
        self.place = 0
        """Which page of its child the one that was received last is: 1 for the first."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the child lives; false before the first, and where the last page ended it."""
        return self._child is not None and self._child.alive

    def start(self) -> Child:
        """Start a child where none lives. It becomes ready while other work goes on."""
        if self._child is None or not self._child.alive:
            self.close()
            self._child, self._passed_on, self.place = Child(self._command, self._limits, self.account), 0, 0
        return self._child

    @property
    def inputs(self) -> Inputs:
        """What the child of the last page has read until now; of none that has not begun."""
        return self._child.inputs if self._child else Inputs()

    def hello(self) -> dict[str, Any]:
        """Wait until a child is ready, and return its first line.

        Raises `UnavailableError` where none starts; pages that were sent and not received are then forgotten.
        """
        return self._ready().hello()

    def send(self, url: str | None, html: str | bytes | Utf8) -> None:
        """Ask for a page. It waits for a child that is not ready yet, and for the pages before it."""
        self._pages.append((next(self._numbers), url, html))
        if self.start().greeting:
            self._ready()

    def receive(self) -> Extraction:
        """Return the extraction of the oldest page that was sent, without its text. Raises as `hello` does."""
        found = self._ready().receive()
        self._pages.popleft()
        self._passed_on -= 1
        self.place += 1
        if self._isolate and self._child:
            self._child.kill()
        return found

    def _ready(self) -> Child:
        child = self.start()
        try:
            child.hello()
        except UnavailableError:
            self._pages.clear()
            raise
        for page in islice(self._pages, self._passed_on, None):
            child.send(*page)
        self._passed_on = len(self._pages)
        return child

    def leaves(self, seconds: float) -> bool:
        """Close the child's requests: whether it left by itself within so many seconds, as the protocol asks."""
        return self._child is not None and self._child.alive and self._child.leaves(seconds)

    def close(self) -> None:
        """End the child, if there is one."""
        if self._child is not None:
            self._child.close()


class FailedAsideError(Exception):
    """The child failed, or ended, over what it was asked: says how."""


class Aside:
    """Work of the harness's own that may hang, eat memory or end its process: in a child, within limits.

    That is a runner by its protocol: a module of ours whose `extract` is asked about one thing after the other. It is
    started when it is asked, and can read `shown` besides its code.
    The thread that asks has to outlive it (see `Child`).
    """

    def __init__(self, module: str, limits: Limits, shown: Iterable[str] = ()) -> None:
        arguments = (sys.executable, "-I", "-X", "utf8", "-c", _BEGIN, os.pathsep.join(filter(None, sys.path)))
        sees = (str(Path(module).parent), *of_this_python())
        self._session = Session(Command((*arguments, module, "{}", ""), own=tuple(shown), sees=sees), limits)

    def ask(self, about: str, given: str) -> str:
        """Return `extract(given, about)`. Raises `FailedAsideError`."""
        self._session.send(about, given)
        found = self._session.receive()
        if found.status.failed:
            raise FailedAsideError(found.error)
        return found.answer or ""

    def close(self) -> None:
        """End the child, if there is one."""
        self._session.close()
