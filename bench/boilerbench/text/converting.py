"""What a process does that makes text of what runners returned: a runner by its protocol."""

from boilerbench.text.convert import to_text


def extract(html: str, url: str) -> str:
    """Return the text of what was returned in a format."""
    return to_text(html, url)
