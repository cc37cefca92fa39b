"""When a page itself says, in its source, that it was published and modified."""

import re

_PUBLISHED, _MODIFIED = ("datePublished", "article:published_time"), ("dateModified", "article:modified_time")
_META = re.compile(r"<meta\b[^>]*>", re.IGNORECASE)
_CONTENT = re.compile(r"""\bcontent\s*=\s*["']([^"']*)""", re.IGNORECASE)


def stated_dates(html: bytes) -> tuple[str, str]:
    """The first dates of publication and modification in JSON-LD, else in `meta` elements, as written; "" for none."""
    source = html.decode("latin-1")
    elements = _META.findall(source)
    return _first(source, elements, _PUBLISHED), _first(source, elements, _MODIFIED)


def _first(source: str, elements: list[str], names: tuple[str, ...]) -> str:
    in_data = re.search(rf'"{names[0]}"\s*:\s*"([^"]{{1,64}})"', source)
    if in_data:
        return in_data[1]
    named = (element for element in elements if any(f'"{name}"' in element or f"'{name}'" in element for name in names))
    return next((found[1] for found in map(_CONTENT.search, named) if found), "")
