"""What crosses the border to a runner: what it is given of a page, and what is made of what it returned."""

from collections.abc import Callable
from dataclasses import replace

from boilerbench.model import Extraction, Page, Status
from boilerbench.process.child import Limits
from boilerbench.process.protocol import Utf8
from boilerbench.process.session import Aside, FailedAsideError
from boilerbench.text import convert, converting
from boilerbench.text.decoding import decode, self_describing, served_as_utf8, without_surrogates


class NotConvertedError(Exception):
    """What was returned cannot be turned into text."""


def to_text(returned: str, form: str) -> str:
    """Return the text of what was returned in a format, made in this process. Raises `NotConvertedError`."""
    try:
        return convert.to_text(returned, form)
    except Exception as cause:  # noqa: BLE001  # whatever a library makes of hostile output is a failure of that page
        raise NotConvertedError(f"{type(cause).__name__}: {cause}") from None


def html_for(form: str, page: Page) -> str | bytes:
    """Return a page as runners with this INPUT take it: decoded for `text`; `bytes` say of themselves what they are."""
    return (self_describing if form == "bytes" else decode)(page.read(), page.charset)


def sendable(form: str, page: Page) -> str | bytes | Utf8:
    """Return the same, but leave to the runner's process to decode what was served in UTF-8."""
    if form != "bytes" and (content := served_as_utf8(page.read(), page.charset)) is not None:
        return Utf8(content)
    return html_for(form, page)


def with_text(extraction: Extraction, form: str, to_text: Callable[[str, str], str] = to_text) -> Extraction:
    """Turn what a runner returned in this FORMAT into plain text, and say whether there is any.

    What no library can turn into text is a failure of that page. Lone surrogates go, which no file can hold.
    """
    error, stderr = (without_surrogates(text or "") or None for text in (extraction.error, extraction.stderr))
    about = extraction.metadata.each(without_surrogates)
    clean = replace(extraction, error=error, stderr=stderr, metadata=about)
    if extraction.status is not Status.OK:
        return clean
    answer = without_surrogates(extraction.answer or "")
    if form == "metadata":
        return _without_text(clean, answer)
    try:
        text = without_surrogates(to_text(answer, form))
    except NotConvertedError as cause:
        error = f"what it returned cannot be turned into text: {cause}"
        return replace(clean, status=Status.ERROR, answer=answer, error=error)
    status = Status.OK if text.strip() else Status.EMPTY
    return replace(clean, status=status, text=text, answer=None if form == "text" else answer)


def _without_text(extraction: Extraction, answer: str) -> Extraction:
    """Take what a runner of FORMAT `metadata` gave, which is no text."""
    if answer.strip():
        return replace(extraction, status=Status.ERROR, answer=None, error="it returned text; its FORMAT is 'metadata'")
    status = Status.OK if any(extraction.metadata.said.values()) else Status.EMPTY
    return replace(extraction, status=status, answer=None)


class Converter:
    """Turns what runners returned into text aside, within the limits of a page."""

    def __init__(self, limits: Limits) -> None:
        self._aside = Aside(converting.__file__, limits)

    def to_text(self, returned: str, form: str) -> str:
        """Return the text of what was returned in a format. Raises `NotConvertedError`."""
        if form == "text" or not returned:
            return returned
        try:
            return self._aside.ask(form, returned)
        except FailedAsideError as cause:
            raise NotConvertedError(str(cause)) from None

    def close(self) -> None:
        """End the process, if there is one."""
        self._aside.close()
