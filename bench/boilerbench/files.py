"""Where our files lie, and how the small ones that people write are decoded: every field by its type, or refused."""

import json
import math
import os
import re
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import platformdirs

from boilerbench.errors import UsageError, suggestion
from boilerbench.places import is_remote

CACHE_VARIABLE = "BOILERBENCH_CACHE"
SETS_VARIABLE = "BOILERBENCH_SETS"
_PACKAGE = Path(__file__).parent

_WORDS = {"str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false", "null": "nothing"}
_WORDS |= {"array": "a list", "object": "a table of keys"}

T = TypeVar("T")


_POINTER, _POINTER_SIZE = b"version https://git-lfs.github.com/spec/", 1024
"""How a file begins that Git LFS leaves in the place of another, and how long it is at most."""


def cache_folder() -> Path:
    """Return the folder of all caches: `BOILERBENCH_CACHE`, or else the user's cache folder. It may not exist yet."""
    return Path(os.environ.get(CACHE_VARIABLE) or platformdirs.user_cache_dir("boilerbench")).absolute()


def sets_folder() -> Path:
    """Return the folder of the sets a user has: `BOILERBENCH_SETS`, or else one in the user's data folder."""
    return Path(os.environ.get(SETS_VARIABLE) or Path(platformdirs.user_data_dir("boilerbench")) / "sets").absolute()


def shipped(name: str) -> Path:
    """Return our own `goldset` or `runners`: inside the installed package, or beside its source in a checkout."""
    inside = _PACKAGE / "shipped" / name
    return inside if inside.is_dir() else _PACKAGE.parents[1] / name


RUNNERS = shipped("runners")
"""What our own entry point in the group `boilerbench.runners` offers: a folder of runners."""


def read_toml(file: Path, refuse: type[UsageError]) -> dict[str, Any]:
    """Read a TOML file; raises `refuse` where it cannot be read, naming the file."""
    require_content(file, refuse)
    try:
        return parse_toml(file.read_text(encoding="utf-8"))
    except OSError as cause:
        raise refuse(f"{file}: cannot be read: {cause.strerror}") from cause
    except ValueError as cause:
        raise refuse(f"{file}: not TOML: {cause}") from cause


def parse_toml(text: str) -> dict[str, Any]:
    """Decode TOML. `ValueError` says what is wrong, also where it is nested too deeply."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def parse_json(text: str | bytes) -> Any:
    """Decode JSON. `ValueError` says what is wrong, also where a key stands twice or a number is not finite."""
    return json.loads(text, parse_constant=_finite, parse_float=_finite, object_pairs_hook=_once)


def _finite(written: str) -> float:
    if not math.isfinite(number := float(written)):
        raise ValueError(f"{written} is no finite number")
    return number


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key '{next(key for key in keys if keys.count(key) > 1)}' stands twice")
    return found


def require_content(file: Path, refuse: type[UsageError]) -> None:
    """Raise `refuse` where a file is a pointer of Git LFS, whose content was not fetched."""
    if is_remote(file):
        return
    with suppress(OSError):
        if file.stat().st_size > _POINTER_SIZE:
            return
        with file.open("rb") as stream:
            if stream.read(len(_POINTER)) == _POINTER:
                raise refuse(f"{file}: is a pointer of Git LFS, not the file; fetch that: git lfs pull")


def typed(kind: type[T], value: object, where: object, refuse: type[UsageError]) -> T:
    """Turn decoded JSON or TOML into a msgspec type. Raises `refuse` with `where` and the field that is wrong."""
    import msgspec

    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as cause:
        raise refuse(f"{where}: {_plain(str(cause), kind)}") from None


def _plain(message: str, kind: type) -> str:
    """Say "'charset' must be a text, not a whole number" in place of "Expected `str`, got `int` - at `$.charset`"."""
    said, _, place = message.partition(" - at `$")
    place = place.strip(".`")
    named = "a value of it" if place == "[...]" else f"'{place}'" if place else "it"
    if found := re.fullmatch("Object contains unknown field `(.*)`", said):
        known = getattr(kind, "__struct_encode_fields__", ())
        return f"there is no key '{found[1]}'" + (f" in {named}" if place else suggestion(found[1], known))
    if found := re.fullmatch("Object missing required field `(.*)`", said):
        return f"{named} needs the key '{found[1]}'{_choices(kind, f'{place}.{found[1]}')}"
    if found := re.fullmatch("Invalid enum value (.*)", said):
        return f"{named} cannot be {found[1]}{_choices(kind, place)}"
    said = re.sub(
        "`([^`]*)`", lambda found: " or ".join(_WORDS.get(each, each) for each in found[1].split(" | ")), said
    )
    return f"{named} {said.replace('Expected', 'must be').replace(', got', ', not')}"


def _choices(kind: Any, path: str) -> str:
    """What a key with a fixed choice of values can be; its path is like `segments[0].where`."""
    for step in filter(None, path.split(".")):
        field, item, _ = step.partition("[")
        written, fields = (getattr(kind, f"__struct_{name}fields__", ()) for name in ("encode_", ""))
        field = dict(zip(written, fields, strict=True)).get(field, field)
        kind = get_type_hints(kind).get(field) if isinstance(kind, type) else None
        listed = next((part for part in get_args(kind) if get_origin(part) is list), kind)  # or nothing
        kind = next(iter(get_args(listed)), None) if item else kind
    choices = [each for part in (kind, *get_args(kind)) for each in get_args(part) if isinstance(each, str)]
    return f"; it is one of {', '.join(choices)}" if choices else ""
