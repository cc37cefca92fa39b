"""Runners that do what no runner should. Each answers `bad` pages badly and all others well."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent, indent


@dataclass(frozen=True)
class Hostile:
    """What a runner does to the page `bad`; the status it gets; a part of what the error says; does its child live?"""

    name: str
    body: str
    status: str
    says: str = ""
    survives: bool = False
    seconds: float = 30

    @property
    def source(self) -> str:
        """The runner's file."""
        return source(self.body)


def source(body: str, before: str = "") -> str:
    """A runner's file whose `extract` does this to the page `bad`."""
    head = '"""Hostile."""\nDISTRIBUTION = ""\nINPUT = "text"\nFORMAT = "text"\n'
    extract = "def extract(html, url=None):\n    if html != 'bad':\n        return 'fine'\n"
    return f"{head}{dedent(before)}\n{extract}{indent(dedent(body), '    ')}\n"


FORK = """
    import os, time
    if os.fork() == 0:
        os.setsid()
        if {again} and os.fork():
            os._exit(0)
        time.sleep(600)
    return 'forked'
"""
STUBBORN = """
    import signal, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        time.sleep(600)
"""
EATS = """
    eaten = []
    while True:
        eaten.append(bytearray(10 << 20))
"""
FEEDS = """
    import subprocess, sys
    eat = "x = []\\nwhile True: x.append(bytearray(10 << 20))"
    subprocess.run([sys.executable, "-c", eat])
    return 'it ate'
"""
SWALLOWS = """
    import socket
    try:
        socket.create_connection(('192.0.2.1', 80), timeout=5)
    except OSError:
        pass
    return 'swallowed'
"""
THREAD = """
    import threading, time
    threading.Thread(target=time.sleep, args=(600,)).start()
    return 'left a thread'
"""
DRIPS = """
    import os, time
    while True:
        for pipe in range(3, 20):
            try:
                os.write(pipe, b'x')
            except OSError:
                pass
        time.sleep(0.01)
"""
SCRIBBLES = """
    import os
    for pipe in range(3, 20):
        try:
            os.write(pipe, b'hello\\n')
        except OSError:
            pass
    return 'scribbled'
"""
SIGNAL = "import os, signal; os.kill(os.getpid(), signal.{})"

HOSTILE = (
    Hostile("raises", "raise ValueError('no such thing')", "error", "ValueError: no such thing", survives=True),
    Hostile("raises SystemExit", "raise SystemExit(7)", "error", "SystemExit: 7", survives=True),
    Hostile("raises KeyboardInterrupt", "raise KeyboardInterrupt", "error", "KeyboardInterrupt", survives=True),
    Hostile("recurses", "def f(): f()\nf()", "error", "RecursionError", survives=True),
    Hostile("raises a mute error", "class E(Exception):\n    __str__ = None\nraise E", "error", "E", survives=True),
    Hostile("returns None", "return None", "empty", survives=True),
    Hostile("returns white space", "return ' \\n\\t\\xa0'", "empty", survives=True),
    Hostile("returns bytes", "return b'text'", "error", "returned bytes, not str or None", survives=True),
    Hostile("returns a number", "return 7", "error", "returned int, not str or None", survives=True),
    Hostile("returns another key", "return {'text': 'x', 'titel': 'T'}", "error", "no key 'titel'", survives=True),
    Hostile("returns nothing of a mapping", "return {}", "empty", survives=True),
    Hostile("returns a text that is none", "return {'text': b'x'}", "error", "returned bytes, not str", survives=True),
    Hostile("titles by a list", "return {'title': ['T']}", "error", "'title' is list, not a text", survives=True),
    Hostile("nests authors", "return {'author': [['A']]}", "error", "'author' is list, not a text", survives=True),
    Hostile("dates by a number", "return {'date': 20200102}", "error", "'date' is int, not a text", survives=True),
    Hostile(
        "has 200 MB of title", "return {'title': 'x' * 200_000_000}", "error", "title have 200,000,000", survives=True
    ),
    Hostile("has many authors", "return {'author': ['A'] * 10**6}", "error", "'author' has 1,000,000", survives=True),
    Hostile("returns 200 MB", "return 'x' * 200_000_000", "error", "returned 200,000,000 characters", survives=True),
    Hostile("prints", "print('x' * 300_000, flush=True)\nreturn 'printed'", "ok", survives=True),
    Hostile("writes to descriptor 1", "import os; os.write(1, b'{}\\n')\nreturn 'wrote'", "ok", survives=True),
    Hostile("asks on stdin", "return input() or 'nothing'", "error", "EOFError", survives=True),
    Hostile("hangs", "while True:\n    pass", "timeout", "no answer within 2 s", seconds=2),
    Hostile("hangs and ignores signals", STUBBORN, "timeout", "no answer within 2 s", seconds=2),
    Hostile("drips into the protocol", DRIPS, "timeout", "no answer within 2 s", seconds=2),
    Hostile("eats memory", EATS, "memory", "more than 400 MB"),
    Hostile("eats memory in a child", FEEDS, "memory", "more than 400 MB"),
    Hostile("leaves", "import os; os._exit(3)", "crash", "left with exit code 3"),
    Hostile("leaves without an error", "import os; os._exit(0)", "crash", "left with exit code 0"),
    Hostile("segfaults", "import ctypes; ctypes.string_at(0)", "crash", "killed by SIGSEGV"),
    Hostile("kills itself", SIGNAL.format("SIGKILL"), "crash", "killed by SIGKILL"),
    Hostile("terminates itself", SIGNAL.format("SIGTERM"), "crash", "killed by SIGTERM"),
    Hostile("kills its group", "import os; os.killpg(0, 9)", "crash", "killed by SIGKILL"),
    Hostile("opens a socket", "import socket; socket.create_connection(('192.0.2.1', 80))", "error", "network: "),
    Hostile("asks for a host", "import socket; socket.gethostbyname('example.org')", "error", "network: "),
    Hostile("swallows the refusal", SWALLOWS, "error", "network: ", survives=True),
    Hostile("closes its stdin", "import os; os.close(0)\nreturn 'closed'", "ok", survives=True),
    Hostile("closes everything", "import os; os.closerange(0, 100)\nreturn 'closed'", "crash", ""),
    Hostile("scribbles into the protocol", SCRIBBLES, "error", "broke the protocol"),
    Hostile("forks a child that outlives it", FORK.format(again=False), "ok", survives=True),
    Hostile("forks a daemon", FORK.format(again=True), "ok", survives=True),
    Hostile("leaves a thread behind", THREAD, "ok", survives=True),
)
