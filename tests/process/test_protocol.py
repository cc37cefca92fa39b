from __future__ import annotations

import io
from itertools import chain

import pytest

from boilerbench.model import FIELDS, Metadata
from boilerbench.process import protocol

PAGES = ["", 'a "quoted"\r\nline \\ \0 \u2028 é 😀 \udc80', b"", b'\xff\xfe\n{"id": 1}\n\0', "long " * 500_000]


@pytest.mark.parametrize("framed", [True, False])
def test_pages_come_out_of_requests_as_they_went_in(framed: bool) -> None:
    requests = [
        protocol.request(number, f"https://{number}.org/", page, framed=framed) for number, page in enumerate(PAGES)
    ]
    stream = io.BytesIO(b"".join(chain.from_iterable(requests)))
    found = []
    for line in stream:
        message = protocol.decode(line)
        assert message["url"] == f"https://{message['id']}.org/"
        found.append(protocol.html_of(message, stream))
    assert found == PAGES


def test_what_may_be_said_of_a_page_is_what_is_kept_of_it() -> None:
    assert protocol.METADATA == FIELDS
    said = protocol.metadata_of({"text": "x", "author": None, "title": None, "language": "en"})
    assert said == {"title": "", "author": [], "language": "en"}
    assert Metadata.of(said) == Metadata("", (), None, "en")


def test_without_framing_a_request_is_one_line_of_ascii() -> None:
    for page in PAGES:
        (request,) = protocol.request(1, None, page)
        assert request.isascii()
        assert request.find(b"\n") == len(request) - 1
