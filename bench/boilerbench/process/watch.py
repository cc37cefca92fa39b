"""What the worker sees of the code it runs, by an audit hook: attempts on the network, and what is read of the disk.

Standard library only, Python 3.9 and newer. Reading counts where the runner's identity does not hold it: a file outside
its environment, the standard library and its own temporary folder. That somebody looked whether a file is there
counts, too. What a library in C opens by itself raises no event and is not seen.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.util import source_from_cache
from typing import Any

NETWORK_EVENTS = frozenset(
    {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto"}
)
READ_EVENTS = frozenset({"open", "os.listdir", "os.scandir", "sqlite3.connect", "ctypes.dlopen", "import"})
START_EVENTS = frozenset(
    {"subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "pty.spawn"}
)
OF_THE_SYSTEM = ("/proc", "/dev", "/sys")
"""What the kernel answers; no content of files."""
_ASKING = tuple(os.path.join(os.path.dirname(os.__file__), *name) for name in (("platform.py",), ("ctypes", "util.py")))
"""Modules that start programs to learn about the machine, on which no extraction depends."""


class Watch:
    """An audit hook. It refuses the network, and tells the harness of files that are read, each once.

    `attempts` on the network are remembered even where the library hides the refusal. `own` is the runner's file.
    """

    def __init__(self, tell: Callable[[dict[str, Any]], None], own: str) -> None:
        self.attempts: list[str] = []
        self._tell, self._process = tell, os.getpid()
        home = (os.getcwd(), *filter(None, map(os.environ.get, ("HOME", "TMPDIR"))))
        python = (sys.prefix, *sys.path, os.path.dirname(os.path.realpath(sys.executable)))
        held = (own, *python, os.path.dirname(__file__), *home, *OF_THE_SYSTEM)
        self._held = tuple({os.path.join(spelled, "") for each in held for spelled in (each, os.path.realpath(each))})
        self._told: set[str] = set()
        os.stat = _NotingStat(self._note)
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event in NETWORK_EVENTS:
            self._refuse(event, args)
        elif event in READ_EVENTS and (path := _read(event, args)):
            self._note(path)
        elif event in START_EVENTS and not _asks_about_the_machine():
            program = args[0] if args else event
            self._once({"unseen": f"it starts another process ({program if isinstance(program, str) else event})"})

    def _refuse(self, event: str, args: tuple[Any, ...]) -> None:
        target = args[-1] if event in ("socket.connect", "socket.sendto") else args[0]
        if isinstance(target, (str, bytes)) and event == "socket.connect":
            return  # a path is a local socket, not the network
        self.attempts.append(f"{event} {target!r}")
        raise PermissionError(f"boilerbench: no network for runners ({event} {target!r})")

    def _note(self, path: str | bytes) -> None:
        try:
            place = os.path.abspath(os.fsdecode(path))
        except OSError:  # its working folder is gone, and with it whatever it means
            return
        if place.endswith(".pyc"):
            with suppress(ValueError):  # without a source, it is the module
                source = source_from_cache(place)
                place = source if os.access(source, os.F_OK) else place
        if not os.path.join(place, "").startswith(self._held):
            self._once({"files": [place]})

    def _once(self, message: dict[str, Any]) -> None:
        known = str(message)
        if known not in self._told and os.getpid() == self._process:  # a fork shares the pipe
            self._told.add(known)
            self._tell(message)


class _NotingStat:
    """`os.stat`, by which Python looks whether something is there and which raises no event, telling what it finds.

    No function, since classes that take `os.stat` over would bind one as their method.
    """

    def __init__(self, note: Callable[[str | bytes], None]) -> None:
        self._stat, self._note = os.stat, note
        for able in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
            able.add(self)

    def __call__(self, path: Any, *args: Any, **kwargs: Any) -> os.stat_result:
        named = isinstance(path, (str, bytes, os.PathLike)) and kwargs.get("dir_fd") is None
        try:
            found = self._stat(path, *args, **kwargs)
        except (FileNotFoundError, NotADirectoryError):
            if named:
                self._note(os.fspath(path))
            raise
        if named and stat.S_ISREG(found.st_mode):  # whoever asks whether it is there may do without its content
            self._note(os.fspath(path))
        return found


def _read(event: str, args: tuple[Any, ...]) -> str | bytes | None:
    """The path that an event reads; None where it reads none."""
    path = args[1] if event == "import" else args[0]
    if event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_TRUNC):
        return None
    if event == "ctypes.dlopen" and os.sep not in str(path or ""):
        return None  # one of the system's libraries
    if event.startswith("os.") and "importlib" in sys._getframe(2).f_code.co_filename:
        return None  # the import system looks for names; what it imports, it opens
    if event == "sqlite3.connect" and isinstance(path, str):
        path = path.removeprefix("file:").partition("?")[0]
        path = None if path in {"", ":memory:"} else path
    return os.fspath(path) if isinstance(path, (str, bytes, os.PathLike)) else None


def _asks_about_the_machine() -> bool:
    frame = sys._getframe(1)
    while frame := frame.f_back:  # type: ignore[assignment]  # the outermost has none
        if frame.f_code.co_filename in _ASKING:
            return True
    return False
