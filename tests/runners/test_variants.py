"""What a variant of a built-in runner changes, asked of the real library in its locked environment."""

import subprocess

import pytest

from boilerbench.environments import environment
from boilerbench.process import protocol
from boilerbench.runners import registry

pytestmark = pytest.mark.usefixtures("cache", "index")
SENTENCE = "The lake froze in the first week of January, and the ferries stayed in harbour for nine days in a row. "
STEPS = f"<main><p>{3 * SENTENCE}</p><ol><li>Salt the slipway</li><li>Break the ice</li></ol></main>"


def reply(spec: str, html: str) -> str:
    command = environment.command(registry.find(spec), "locked")
    done = subprocess.run(
        command.arguments, input=b"".join(protocol.request(1, None, html)), capture_output=True, check=True
    )
    found = protocol.decode(done.stdout.splitlines()[1])
    return str(found.get("text") or found.get("error"))


@pytest.mark.parametrize(
    ("name", "variant", "html", "usual", "varied"),
    [
        (
            "boilerpy3",
            "lenient",
            f"<html><body><p>{3 * SENTENCE}</p></a></body></html>",
            "Error",
            "nine days in a row.",
        ),
        ("html2text", "unicode", "<p>Caf&eacute; Zo&euml;</p>", "Cafe Zoe", "Café Zoë"),
        ("inscriptis", "strict", "<p>a<span>b</span>c</p>", "a b c", "abc"),
        ("html2text", "links", '<p><a href="/ice">Ice</a></p>', "Ice", "[Ice](/ice)"),
        ("rs-trafilatura", "markdown", STEPS, "Salt the slipway", "1. Salt the slipway"),
        ("trafilatura", "html", STEPS, "The lake froze", "<p>The lake froze"),
        ("resiliparse", "minimal-html", STEPS, "1. Salt the slipway", "<li>Salt the slipway</li>"),
        ("resiliparse", "no-bullets", STEPS, "1. Salt the slipway", "\n  Salt the slipway"),
    ],
)
def test_a_variant_does_what_its_runner_says_of_it(name: str, variant: str, html: str, usual: str, varied: str) -> None:
    assert usual in (default := reply(name, html))
    assert varied not in default
    assert varied in reply(f"{name}:{variant}", html)
