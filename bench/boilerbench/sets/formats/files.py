"""Reading the files of a set, with errors that name the file and the line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from boilerbench.errors import UsageError


def read_json(file: Path, error: type[UsageError]) -> Any:
    """Decode a JSON file, or raise `error` in one line that names the file and, where there is one, the place."""
    try:
        return json.loads(file.read_bytes())
    except OSError as cause:
        raise error(f"{file}: cannot be read: {cause.strerror or cause}") from None
    except json.JSONDecodeError as cause:
        raise error(f"{file}:{cause.lineno}:{cause.colno}: not JSON: {cause.msg}") from None
    except (ValueError, RecursionError) as cause:
        raise error(f"{file}: not JSON: {cause}") from None
