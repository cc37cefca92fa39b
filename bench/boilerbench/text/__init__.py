"""In: bytes of a page, an extraction, any text. Out: characters, plain text, tokens as hashes.

Not here: anything that knows of gold, of sets or of scores; nothing is read from a disk.
"""

from functools import cache
from importlib import metadata


@cache
def installed(*distributions: str) -> str:
    """Name libraries with their versions: what one makes of a text may be another text from its next version on."""
    return " ".join(f"{name} {metadata.version(name)}" for name in distributions)
