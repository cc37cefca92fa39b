"""One runner's child process, seen from outside: start it, ask it for a page within limits, kill it."""

import contextlib
import fcntl
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass
from typing import IO, Any

import psutil

from boilerbench.errors import UnavailableError
from boilerbench.model import Extraction, Metadata, Status
from boilerbench.process import confinement, family, measures, programs, protocol
from boilerbench.process.confinement import Command
from boilerbench.process.inputs import Inputs
from boilerbench.storage import temporary
from boilerbench.text.decoding import declared_charset

STDERR_TAIL = 2000
"""Characters of a child's last words that are kept with a failure."""
_POLL = 0.05
_SEARCH = 0.25
"""Seconds after which a child's processes are searched for again."""
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one page may cost: seconds of wall time, bytes of memory of the child and all it started."""

    seconds: float = 30.0
    memory: int = 2 << 30
    start: float = 60.0


class WrongProtocolError(UnavailableError):
    """A child whose first line is of another protocol."""


class _FailedError(Exception):
    """The child gave no reply that counts; carries what the extraction will say."""

    def __init__(self, status: Status, error: str, cpu: float | None = None) -> None:
        super().__init__(error)
        self.status, self.cpu = status, cpu


class Child:
    """A running runner. It is started at once and asked to be ready later, so that imports overlap with other work.

    The thread that makes a Child has to outlive it: the kernel ends the child with the thread (PR_SET_PDEATHSIG).
    """

    def __init__(self, command: Command, limits: Limits, account: measures.Account | None = None) -> None:
        self.limits, self.alive = limits, True
        self._account, self._cpu_when_ready = account or measures.Account(), 0.0
        self._temporary = temporary.Folder()
        self.folder = self._temporary.name
        own = {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH") if key in os.environ}
        own |= {"HOME": self.folder, "TMPDIR": self.folder, "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"}
        self.inputs = Inputs()
        held = confinement.plan(command, self.folder, confinement.layer())
        self._process = confinement.start(held, command.arguments, cwd=self.folder, env=own, bufsize=0)
        programs.running.add(self.kill)
        self.greeting: dict[str, Any] | None = None
        """Its first line, once that is there."""
        self._family: list[psutil.Process] = []
        self._searched = 0.0
        self._pending: deque[tuple[int, float]] = deque()
        self._unsent: list[memoryview] = []
        self._reply, self._stderr = bytearray(), bytearray()
        self._turn()
        self._selector = selectors.DefaultSelector()
        self._in, self._out, self._err = map(_pipe, (self._process.stdin, self._process.stdout, self._process.stderr))
        self._selector.register(self._out, selectors.EVENT_READ, self._take)
        self._selector.register(self._err, selectors.EVENT_READ, self._drain)

    def hello(self) -> dict[str, Any]:
        """Wait until the runner is ready and return its first line. Raises `UnavailableError` with its reason."""
        if self.greeting:
            return self.greeting
        try:
            message = self._receive(self.limits.start)
        except _FailedError as cause:
            self.kill()
            tail = self._said().strip()
            raise UnavailableError(f"did not start: {cause}" + (f"; {programs.reason(tail)}" if tail else "")) from None
        if "error" not in message and message.get("protocol") == protocol.PROTOCOL:
            self.greeting, self._cpu_when_ready = message, family.cpu_seconds(self._process.pid)
            return message
        self.kill()
        if "error" in message:
            raise UnavailableError(f"cannot be imported: {str(message['error'])[:STDERR_TAIL]}")
        raise WrongProtocolError(f"speaks protocol {message.get('protocol')!r}, not {protocol.PROTOCOL}")

    def send(self, number: int, url: str | None, html: str | bytes | protocol.Utf8) -> None:
        """Ask for a page under a number; it may wait in the pipe behind one that is under way.

        Bytes are said to be in the charset that they say themselves; an address of nothing is none.
        """
        if not self._pending:
            self._turn()
        self._pending.append((number, time.monotonic()))
        told = self.greeting or {}
        if isinstance(html, protocol.Utf8) and not told.get("replaces"):
            html = str(html)
        charset = declared_charset(html)[0] if isinstance(html, bytes) else "utf-8"
        request = protocol.request(number, url or None, html, charset, framed=bool(told.get("framed")))
        self._unsent += [memoryview(part) for part in request if part]
        self._write()

    def _turn(self) -> None:
        """Begin the time of the next page."""
        self._stderr.clear()
        self._since = time.monotonic()
        self._cpu_before: float | None = None

    def receive(self) -> Extraction:
        """The extraction of the oldest pending page, as the runner gave it: `answer` is set, `text` is not yet.

        After a failure that the child did not survive, `alive` is false, and what else is pending has to be sent anew.
        """
        try:
            found = self._extraction(self._receive(self.limits.seconds))
        except _FailedError as cause:
            self.kill()
            wall = time.monotonic() - self._since
            tail = self._said() or None
            return Extraction(cause.status, wall=wall, cpu=cause.cpu, error=str(cause), stderr=tail)
        self._turn()
        return found

    def _extraction(self, message: dict[str, Any]) -> Extraction:
        number, sent = self._pending.popleft()
        if message.get("id") != number:
            raise _FailedError(Status.ERROR, f"answered page {message.get('id')!r} when asked for {number}")
        if "error" in message:
            error = str(message["error"])[:STDERR_TAIL]
            return Extraction(Status.ERROR, error=error, stderr=self._said() or None)
        text, elapsed = message.get("text"), time.monotonic() - sent
        if not isinstance(text, str | None):
            raise _FailedError(Status.ERROR, f"answered with {type(text).__name__}, not text")
        try:
            wall = measures.seconds("seconds", message.get("seconds"), elapsed)
            cpu = measures.seconds("cpu", message.get("cpu"), elapsed * (os.cpu_count() or 1))
            peak = measures.memory("peak", message.get("peak"))
            about = Metadata.of(protocol.metadata_of(message))
        except ValueError as cause:
            raise _FailedError(Status.ERROR, f"broke the protocol: {cause}") from None
        if peak and peak > self.limits.memory:
            raise _FailedError(Status.MEMORY, f"used {peak >> 20} MB, more than {self.limits.memory >> 20} MB")
        if peak and peak > self.limits.memory // 2:
            self.kill()  # a leak of earlier pages must not fail a later one
        if cpu is not None:
            self._account.pages, self._account.told = self._account.pages + 1, self._account.told + cpu
        return Extraction(Status.OK, answer=text or "", wall=wall, cpu=cpu, peak=peak, metadata=about)

    def _receive(self, seconds: float) -> dict[str, Any]:
        """The next line that answers; what others say of files is taken on the way."""
        self._checked = time.monotonic()
        while True:
            line = self._line(seconds)
            try:
                message = protocol.decode(line)
                if "id" in message or not protocol.NOTICES & message.keys():
                    return message
                self.inputs.add(message)
            except ValueError as cause:
                raise _FailedError(Status.ERROR, f"broke the protocol: {cause}: {line[:80]!r}") from None
            if time.monotonic() - self._checked > _POLL:
                self._check(seconds)

    def _line(self, seconds: float) -> bytes:
        searched = 0
        while (found := self._reply.find(b"\n", searched)) < 0:
            searched = len(self._reply)
            for key, _ in self._selector.select(_POLL):
                key.data()
            if time.monotonic() - self._checked > _POLL and self._reply.find(b"\n", searched) < 0:
                self._check(seconds)
        line = bytes(self._reply[:found])
        del self._reply[: found + 1]
        return line

    def _take(self) -> None:
        chunk = self._read(self._out)
        if chunk == b"":
            raise _FailedError(Status.CRASH, self._ending())
        self._reply += chunk or b""
        if len(self._reply) > protocol.MAX_LINE:
            raise _FailedError(Status.ERROR, f"answered with more than {protocol.MAX_LINE:,} bytes")

    def _check(self, seconds: float) -> None:
        """Measure all processes behind the starter, or itself until there are any, against the limits."""
        memory, cpu, self._checked = 0, 0.0, time.monotonic()
        with contextlib.suppress(psutil.Error):
            if not self._family or self._checked - self._searched > _SEARCH:
                self._searched = self._checked
                self._family = family.descendants(self._process.pid) or [psutil.Process(self._process.pid)]
            for each in self._family:
                with contextlib.suppress(psutil.Error):
                    memory += each.memory_info().rss
                    cpu += sum(each.cpu_times()[:4])
        if self._cpu_before is None:
            self._cpu_before = cpu
        if memory > self.limits.memory:
            raise _FailedError(Status.MEMORY, f"used more than {self.limits.memory >> 20} MB")
        if time.monotonic() - self._since > seconds:
            raise _FailedError(Status.TIMEOUT, f"no answer within {seconds:g} s", cpu - self._cpu_before)

    def _write(self) -> None:
        try:
            while self._unsent:
                self._sent(os.writev(self._in.fileno(), self._unsent))
        except BlockingIOError:
            with contextlib.suppress(KeyError):
                self._selector.register(self._in, selectors.EVENT_WRITE, self._write)
            return
        except OSError:
            self._unsent.clear()  # the child is gone; reading its reply will say how
        with contextlib.suppress(KeyError):
            self._selector.unregister(self._in)

    def _sent(self, count: int) -> None:
        """Forget so many bytes of what is to be sent."""
        while self._unsent and len(self._unsent[0]) <= count:
            count -= len(self._unsent.pop(0))
        if count:
            self._unsent[0] = self._unsent[0][count:]

    def _read(self, stream: IO[bytes]) -> bytes | None:
        """What is in the pipe: None where that is nothing yet, no bytes where nothing will come."""
        try:
            return os.read(stream.fileno(), _CHUNK)
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def _drain(self) -> None:
        chunk = self._read(self._err)
        if chunk == b"":
            with contextlib.suppress(KeyError):
                self._selector.unregister(self._err)
        self._stderr = (self._stderr + (chunk or b""))[-4 * STDERR_TAIL :]

    def _ending(self) -> str:
        code = self._left(1)
        if code is None:
            return "closed its answers and went on"
        number = -code if code < 0 else code - 128
        with contextlib.suppress(ValueError):
            return f"killed by {signal.Signals(number).name}"
        return f"left with exit code {code}"

    def _said(self) -> str:
        """The end of what the child wrote to stderr, or printed, since the page was sent."""
        if not self._err.closed:
            self._drain()
        return self._stderr.decode(errors="replace")[-STDERR_TAIL:]

    def leaves(self, seconds: float) -> bool:
        """Close its requests, after which it has to leave by itself: whether it did within so many seconds."""
        self._in.close()
        return self._left(seconds) is not None

    def _left(self, seconds: float) -> int | None:
        """The code with which it leaves within so many seconds."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def close(self) -> None:
        """End the child and let go of its pipes. Leaves no process and no temporary file."""
        self.kill()
        for stream in (self._in, self._out, self._err):
            stream.close()
        self._selector.close()

    def kill(self) -> None:
        """End the child and everything it started, at once. May be called from another thread, and twice."""
        if not self.alive:
            return
        self.alive = False
        if self.greeting:
            self._account.used += max(family.cpu_seconds(self._process.pid) - self._cpu_when_ready, 0)
        family.end(self._process.pid)
        self._process.wait()
        self._temporary.cleanup()
        programs.running.discard(self.kill)


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """Make a pipe non-blocking and, on Linux, wide enough for a whole page."""
    assert stream is not None  # noqa: S101  # each was asked for as a pipe
    os.set_blocking(stream.fileno(), False)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            fcntl.fcntl(stream.fileno(), fcntl.F_SETPIPE_SZ, _CHUNK)
    return stream
