"""Which site a page is of: the host of an address, and the address that a page gives as its own."""

import re
from urllib.parse import urlsplit

HEAD = 2**16
"""Bytes of a page in which its own address is looked for."""

_STAMPED = re.compile(r"[^?#]*/\d{4,14}(?:[a-z]{2}_|\*)?/(https?:/.+)", re.IGNORECASE | re.DOTALL)
"""An address at a web archive: the time of the copy, then the original."""
_ARCHIVED = re.compile(
    r"(?:https?:)?/*(?:web\.archive\.org/web|(?:www\.)?archive\.(?:today|ph|is|li|vn|md|fo)(?:/o/\w+)?)/"
    r"(?:(?:\d[\d.-]*\*?(?:[a-z]{2}_)?|\*|newest|oldest)/)?(.*)",
    re.IGNORECASE | re.DOTALL,
)
"""One at the archives that also take an original without a scheme, a time in other forms, or say neither."""
_SCHEME = re.compile(r"https?:/*", re.IGNORECASE)
_FILE = r"(?:[xs]?html?|php\d?|aspx?|jspx?|cgi|txt|xml|json|pdf|mht|mhtml)\b"
_BARE = re.compile(
    rf"(?:www\.|\[[\da-f:.]+\]|[\w-]+:\d{{1,5}}/|(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?![\w.])"
    rf"|(?:[\w-]+\.)+(?!{_FILE})[^\W\d_][\w-]+\.?(?::\d+)?(?:[/?#]|$))",
    re.IGNORECASE,
)
"""A host without a scheme: it has a dot and no suffix of a file, or a port, or is an IP address."""
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LINK = re.compile(r"<(?:link|meta)\b([^>]*)")
_ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


def host_of(url: str) -> str | None:
    """Return the host of a URL without `www.` and port, as it is in ASCII; None where it names none.

    Of an archive's copy it is that of the original, and none where the address does not say it. A host is also found
    without a scheme.
    """
    url = url.strip()
    if original := _STAMPED.match(url) or _ARCHIVED.match(url):
        url = original[1]
    if scheme := _SCHEME.match(url):
        url = f"//{url[scheme.end() :]}"
    elif _BARE.match(url):
        url = f"//{url}"
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return None
    named = host.removeprefix("www.")
    return (named if "." in named else host) or None


def own_host(html: bytes) -> str | None:
    """The host of a page's canonical link, or else of its `og:url`, in the bytes of its head, whatever its encoding."""
    head = _COMMENT.sub("", html.replace(b"\0", b"").decode("latin-1")).lower().partition("<body")[0]
    tags = [{name: a or b or c for name, a, b, c in _ATTRIBUTE.findall(tag)} for tag in _LINK.findall(head)]
    links = [tag.get("href", "") for tag in tags if "canonical" in tag.get("rel", "").split()]
    links += [tag.get("content", "") for tag in tags if tag.get("property", tag.get("name")) == "og:url"]
    return next(filter(None, map(host_of, links)), None)
