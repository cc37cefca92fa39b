"""Every way boilerbench can refuse, each with the exit code the command line promises."""

from collections.abc import Iterable
from difflib import get_close_matches


def suggestion(name: str, known: Iterable[str]) -> str:
    """Say which of the known names may have been meant, and all of them; goes behind `unknown KIND 'NAME'`."""
    names = list(known)
    alike = {_loosely(each): each for each in reversed(names)}
    close = get_close_matches(_loosely(name), alike, n=1)
    meant = f"did you mean '{alike[close[0]]}'? " if close else ""
    return f"; {meant}known: {', '.join(names) or 'none'}"


def _loosely(name: str) -> str:
    return name.replace("_", "-").lower()


LONGEST = 2_000
"""Characters of a message; of a longer one, which quotes what somebody else wrote, beginning and end are said."""


class BoilerbenchError(Exception):
    """The harness failed (exit code 3). The message is one line: what is wrong and what to do."""

    exit_code = 3

    def __init__(self, message: str = "") -> None:
        line = " ".join(message.splitlines())  # names of files and columns may be of several lines
        half = LONGEST // 2 - 1
        super().__init__(line if len(line) <= LONGEST else f"{line[:half]}…{line[-half:]}")


class UsageError(BoilerbenchError, ValueError):
    """Wrong use (exit code 2): a name, a file or an option that cannot be what it should."""

    exit_code = 2


class GateFailedError(BoilerbenchError):
    """A check that was asked for found something (exit code 1)."""

    exit_code = 1


class UnknownNameError(UsageError):
    """A runner, set, metric, policy or format that does not exist; lists those that do."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"unknown {kind} '{name}'{suggestion(name, known)}")


class UnknownOptionError(UsageError):
    """An option that a runner does not take; lists those that it takes."""

    def __init__(self, runner: str, option: str, known: Iterable[str]) -> None:
        super().__init__(f"{runner} takes no option '{option}'{suggestion(option, known)}")


class BadSetError(UsageError):
    """A gold set that cannot be read: names the file, and the line where there is one."""


class BadOutputsError(UsageError):
    """Predictions made elsewhere that cannot be read."""


class BadRunnerError(UsageError):
    """A runner file that does not declare what a runner must."""


class BadRunFolderError(UsageError):
    """A run folder that is missing, truncated, or not one."""


class UnreachableError(UsageError, OSError):
    """What is at a URL cannot be read or written. As an `OSError` it is what readers refuse, with `strerror`."""

    def __init__(self, place: object, why: str) -> None:
        super().__init__(f"{place}: cannot be reached: {why}")
        self.strerror = why


class NewerSchemaError(UsageError):
    """A file written by a newer boilerbench than this one."""

    def __init__(self, file: object, found: int, known: int) -> None:
        super().__init__(f"{file}: schema {found} is newer than {known}, the newest known here; upgrade boilerbench")


class NothingMeasuredError(BoilerbenchError):
    """No extraction came to pass (exit code 4)."""

    exit_code = 4


class UnavailableError(BoilerbenchError):
    """A runner that cannot run here: its environment cannot be built, or it cannot be imported. Kept as a status."""
