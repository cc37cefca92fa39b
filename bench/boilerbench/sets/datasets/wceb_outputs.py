"""Published outputs of WCEB (chatnoir-eu and its extended edition): SYSTEM.jsonl, one `{page_id, plaintext}` per line.

A page's id is the SHA-256 of its uncompressed HTML; `formats.outputs.by_page` finds the set's page for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from boilerbench.errors import BadOutputsError
from boilerbench.sets.formats.outputs import json_lines, texts_of

if TYPE_CHECKING:
    from pathlib import Path


def read_outputs(path: Path) -> dict[str, dict[str, str]]:
    """Read text by page id, by system; from one file or a folder of them. A `plaintext` of null is an empty answer."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise BadOutputsError(f"{path}: no .jsonl file in it")
    return {file.stem: texts_of(file, json_lines(file), "page_id", "plaintext") for file in files}
