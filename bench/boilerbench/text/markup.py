"""Markup in what passes for plain text: HTML tags, Markdown links."""

import re

_KINDS = {
    "html": re.compile(
        r"</?(?:a|article|b|blockquote|body|br|code|div|em|figure|h[1-6]|html|i|img|li|main|ol|p|pre|section|span|strong|"
        r"table|tbody|td|th|tr|u|ul)\b[^<>]*>",
        re.IGNORECASE,
    ),
    "markdown": re.compile(r"\[[^\[\]]*\]\([^\s)]|^ {0,3}\[[^\[\]\n]+\]: +\S|<https?://[^\s<>]+>", re.MULTILINE),
}
_LEAST = {"html": 2, "markdown": 1}


def beyond(text: str, gold: str) -> str | None:
    """Name the markup of which a text has two tags, or one link, and more than twice as many as its gold; else None.

    A page about markup has it in its gold, too.
    """
    for form, pattern in _KINDS.items():
        count = len(pattern.findall(text))
        if count >= _LEAST[form] and count > 2 * len(pattern.findall(gold)):
            return form
    return None
