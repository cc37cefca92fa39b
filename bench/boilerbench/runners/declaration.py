"""What every runner declares, whatever file it stands in: its input, its format, its variants."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from boilerbench.errors import BadRunnerError, UnknownNameError, UsageError

FOLDER_FILE = "runner.toml"
"""What makes a folder a runner."""
Input: TypeAlias = Literal["text", "bytes"]
Format: TypeAlias = Literal["text", "html", "markdown"]
Variants: TypeAlias = dict[str, dict[str, Any]]
"""Options by the name of a variant; FORMAT among them is no option, but replaces the runner's."""
VARIANT = re.compile(r"[a-z0-9][a-z0-9._-]*")


def name_of(file: Path) -> str:
    """Return the name of the runner that a file declares: that of its folder for a runner.toml, else its own."""
    return (file.parent.name if file.name == FOLDER_FILE else file.stem).replace("_", "-")


def choose(
    name: str, form: str, variants: Variants, variant: str | None, options: Mapping[str, object]
) -> tuple[dict[str, object], str]:
    """Return the options of a variant with others beside it, and the format, which they may change.

    `UsageError` where there is no such variant or format.
    """
    if variant is not None and variant not in variants:
        raise UnknownNameError(f"variant of {name}", variant, list(variants))
    settings = {"FORMAT": form, **variants.get(variant or "", {}), **options}
    chosen = settings.pop("FORMAT")
    _check_format(name, chosen, UsageError)
    return settings, str(chosen)


def check_variants(file: Path, variants: Variants) -> None:
    """Raise `BadRunnerError` unless a label can name the variants, and their options can be written as JSON."""
    for name, options in variants.items():
        if not VARIANT.fullmatch(name):
            raise BadRunnerError(f"{file}: {name!r} is no name for a variant; use small letters, digits, '.', '_', '-'")
        _check_format(f"{file}: variant '{name}'", options.get("FORMAT", "text"), BadRunnerError)
        check_json(f"{file}: variant '{name}'", options)


def check_json(where: str, options: Mapping[str, object]) -> None:
    """Raise `BadRunnerError` unless options can be written as JSON, as a child is given them."""
    try:
        json.dumps(options)
    except (TypeError, ValueError) as cause:
        raise BadRunnerError(f"{where} cannot be written as JSON: {cause}") from cause


def _check_format(where: str, form: object, refuse: type[UsageError]) -> None:
    if form not in get_args(Format):
        raise refuse(f"{where}: FORMAT must be one of {', '.join(get_args(Format))}")
