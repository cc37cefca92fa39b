"""The child process that asks a hosted service for every page. Started by `host`, with network. Standard library only.

Arguments: the [http] of a runner.toml and the runner's options, both as JSON. The variables that it names are taken
from the environment; what a service or a library says about a failure is passed on without their values.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import sys
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib import error, request

from bench import wire

if TYPE_CHECKING:
    from collections.abc import Mapping

AGAIN = (408, 425, 429, 500, 502, 503, 504)
"""HTTP statuses after which the same request may succeed."""
_SHOWN = 2000
"""Characters of what a service says about a failure that `host` keeps. Twice as many bytes are read, so that what is
kept does not end in half a key, which nothing would recognise."""
_PLACE = re.compile(r"\$\{(\w+)\}|\{(\w+)\}")


class _FailedError(Exception):
    """A request without an answer; after `wait` seconds it may be made again, never where that is None."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class _NoRedirect(request.HTTPRedirectHandler):
    """Follows no redirect: the headers, a key among them, would go along."""

    def redirect_request(self, *_: object) -> None:
        """Refuse."""


class Service:
    """A hosted extractor, asked at most `per_minute` times a minute."""

    def __init__(self, settings: Mapping[str, Any], options: Mapping[str, object]) -> None:
        self._settings, self._options = settings, options
        self._open = request.build_opener(_NoRedirect).open
        self._next = 0.0

    def extract(self, html: str, url: str | None) -> tuple[str | None, float]:
        """Return the text of a page and the seconds that its successful request took. Retries within `retries`."""
        page = {**self._options, "html": html, "url": url or ""}
        for attempt in range(self._settings["retries"] + 1):
            self._hold_rate()
            begin = time.perf_counter()
            try:
                answer = self._ask(page)
            except _FailedError as cause:
                if cause.wait is None or attempt == self._settings["retries"]:
                    raise
                time.sleep(max(cause.wait, 2.0**attempt))
            else:
                return text_at(answer, self._settings["answer"]), time.perf_counter() - begin
        raise AssertionError

    def _hold_rate(self) -> None:
        time.sleep(max(0.0, self._next - time.monotonic()))
        if self._settings["per_minute"]:
            self._next = time.monotonic() + 60 / self._settings["per_minute"]

    def _ask(self, page: Mapping[str, object]) -> object:
        endpoint, headers, body = (filled(self._settings[key], page) for key in ("endpoint", "headers", "body"))
        headers = {"Content-Type": "application/json", **{name: str(value) for name, value in headers.items()}}
        call = request.Request(endpoint, json.dumps(body).encode(), headers)  # noqa: S310  # the scheme is checked
        try:
            with self._open(call) as answer:
                content = answer.read()
        except error.HTTPError as cause:
            with cause:
                told = cause.read(2 * _SHOWN).decode(errors="replace").strip()
            wait = seconds_until(cause.headers.get("Retry-After", "")) if cause.code in AGAIN else None
            raise _FailedError(f"HTTP {cause.code} {told}".strip(), wait) from cause
        except (OSError, http.client.HTTPException) as cause:
            raise _FailedError(f"{type(cause).__name__}: {cause}", wait=0) from cause
        try:
            return json.loads(content)
        except ValueError as cause:
            raise _FailedError(f"the answer is not JSON: {cause}") from cause


def filled(template: Any, page: Mapping[str, object]) -> Any:
    """Fill `{html}`, `{url}`, `{OPTION}` and `${VARIABLE}` into all strings. One that is no more becomes the value."""
    if isinstance(template, dict):
        return {key: filled(value, page) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, page) for value in template]
    if not isinstance(template, str):
        return template

    def value(found: re.Match[str]) -> object:
        return variable(found[1]) if found[1] else page.get(found[2], found[0])

    whole = _PLACE.fullmatch(template)
    return value(whole) if whole else _PLACE.sub(lambda found: str(value(found)), template)


def variable(name: str) -> str:
    """Return the value of a variable, without the line end that a file may have left in it."""
    return os.environ[name].strip()


def text_at(answer: object, path: str) -> str | None:
    """Return the text at a path like `data.0.text`; None for a null there. `_FailedError` where there is none."""
    for step in path.split("."):
        try:
            answer = answer[int(step)] if isinstance(answer, list) else answer[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError, ValueError):
            raise _FailedError(f"the answer has no '{path}'") from None
    if not isinstance(answer, str | None):
        raise _FailedError(f"the answer has no text at '{path}', but {type(answer).__name__}")
    return answer


def seconds_until(moment: str) -> float:
    """Return the seconds that a Retry-After asks to wait: a number, or a date; 0 for anything else."""
    try:
        return max(0.0, float(moment))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(moment) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def without_secrets(message: str, settings: str) -> str:
    """Return a message without the value of any variable that the settings name."""
    for name in set(re.findall(r"\$\{(\w+)\}", settings)) & set(os.environ):
        message = message.replace(variable(name), f"${{{name}}}")
    return message


def main(settings: str, options: str) -> None:
    """Say hello, serve."""
    service = Service(json.loads(settings), json.loads(options))
    sys.stdout.buffer.write(wire.encode({"protocol": wire.PROTOCOL, "name": "", "version": ""}))
    sys.stdout.buffer.flush()
    for line in sys.stdin.buffer:
        message = wire.decode(line)
        cpu = time.process_time()
        try:
            html = message["html_b64"] if "html_b64" in message else message["html"]
            text, seconds = service.extract(html, message["url"])
            reply: dict[str, Any] = {"text": text, "seconds": seconds, "cpu": time.process_time() - cpu}
        except Exception as cause:  # noqa: BLE001  # whatever goes wrong with a page, the next one is asked for
            told = str(cause) if isinstance(cause, _FailedError) else f"{type(cause).__name__}: {cause}"
            reply = {"error": without_secrets(told, settings)}
        sys.stdout.buffer.write(wire.encode({"id": message["id"], **reply}))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
