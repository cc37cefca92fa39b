"""The engine of this machine: every session has a child process here."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from boilerbench.environments import environment
from boilerbench.errors import UnavailableError, UnknownOptionError
from boilerbench.extraction.pages import Converter, sendable, with_text
from boilerbench.process import programs
from boilerbench.process.session import Session
from boilerbench.runners.declaration import GIVEN
from boilerbench.storage.cache import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from boilerbench.environments.environment import Mode
    from boilerbench.model import Page, Runner
    from boilerbench.process.child import Limits


DIFFERS = "measures-differ"
"""A remark: the CPU time that a runner's process says it takes is less than half of what it takes."""


@dataclass(frozen=True)
class Settings:
    """How a runner is run: within which limits, in which environment, each page alone in its process if `isolate`."""

    limits: Limits
    mode: Mode
    isolate: bool


class Given(NamedTuple):
    """What a runner gave for a page, and why it must not be kept, if so: what its process has read is `unseen`."""

    kept: Kept
    unseen: str = ""


class Conversation(Protocol):
    """Pages that are sent to a runner, and what it gives for them, in the order in which they were sent.

    `UnavailableError` is raised where nothing runs it any more; what was sent and not received has to be sent anew.
    """

    def hello(self) -> object:
        """Wait until it can be sent pages."""

    def send(self, page: Page) -> None:
        """Ask for a page."""

    def receive(self) -> Given:
        """Wait for what was given for the oldest page that was sent."""

    def close(self) -> None:
        """End it."""

    @property
    def remark(self) -> str:
        """What is to be remarked of the runner, once it is closed, if anything."""


class Engine(Protocol):
    """Where the processes of a run are: `jobs` conversations are held at once, each `ahead` of what it has received."""

    jobs: int
    ahead: int

    def begin(self, runner: Runner, note: Callable[[str], None], *, fresh: bool = False) -> Conversation:
        """Begin a conversation with a runner, if `fresh` in a process that has had no page.

        `note` is told what takes long.

        Raises `UnavailableError` where it cannot run.
        """

    def abort(self) -> None:
        """Let every conversation fail at once, as a run is ended. May be called again and again."""

    def close(self) -> None:
        """Let go of what it holds."""


class Talk:
    """A conversation with a child process of this machine, which is replaced when it dies."""

    def __init__(self, runner: Runner, session: Session, limits: Limits) -> None:
        self._runner, self._session, self._converter = runner, session, Converter(limits)

    def hello(self) -> Mapping[str, Any]:
        """Wait until a child is ready, and return what it says of itself."""
        return self._session.hello()

    def send(self, page: Page) -> None:
        """Ask for a page."""
        self._session.send(page.url, sendable(self._runner.input, page))

    def receive(self) -> Given:
        """Wait for the oldest page."""
        session = self._session
        found = with_text(session.receive(), self._runner.format, self._converter.to_text)
        return Given(Kept(found, session.inputs.packed, session.place == 1), session.inputs.unseen)

    def close(self) -> None:
        """End the child, and what turns its extractions into text."""
        self._session.close()
        self._converter.close()

    @property
    def remark(self) -> str:
        """Whether the runner's process used more than it told."""
        return DIFFERS if self._session.account.differs else ""


class Local:
    """Children of this process, as many at once as there are `jobs`."""

    def __init__(self, jobs: int, settings: Settings) -> None:
        self.jobs, self._settings = jobs, settings
        self.ahead = 1 if settings.isolate else 2

    def begin(self, runner: Runner, note: Callable[[str], None], *, fresh: bool = False) -> Talk:  # noqa: ARG002  # each is
        """Start a child, whose environment is built first where it is missing."""
        how = self._settings
        if how.mode == "locked" and environment.state(runner) != "ready":
            note("building its environment")
        session = Session(environment.command(runner, how.mode), how.limits, isolate=how.isolate)
        session.start()
        return Talk(runner, session, how.limits)

    def check_options(self, runner: Runner, note: Callable[[str], None]) -> None:
        """Raise `UnknownOptionError` where a runner's process says that its extractor does not take an option."""
        with suppress(UnavailableError), closing(self.begin(runner, note)) as talk:
            takes = talk.hello().get("options")
            for option in runner.handed_on:
                if isinstance(takes, list) and option not in takes:
                    raise UnknownOptionError(runner.label, option, [str(name) for name in takes if name not in GIVEN])

    def abort(self) -> None:
        """Kill all children, and what builds environments."""
        programs.abort()

    def close(self) -> None:
        """Nothing is held."""
