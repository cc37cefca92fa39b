"""What every runner declares, whatever file it stands in: its input, its format, its variants."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from boilerbench.errors import BadRunnerError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDER_FILE = "runner.toml"
"""What makes a folder a runner."""
CHOICES = {"INPUT": ("text", "bytes"), "FORMAT": ("text", "html", "markdown")}
VARIANT = re.compile(r"[a-z0-9][a-z0-9._-]*")


def name_of(file: Path) -> str:
    """Return the name of the runner that a file declares: that of its folder for a runner.toml, else its own."""
    return (file.parent.name if file.name == FOLDER_FILE else file.stem).replace("_", "-")


def choose(
    name: str,
    form: str,
    variants: Mapping[str, Mapping[str, object]],
    variant: str | None,
    options: Mapping[str, object],
) -> tuple[dict[str, object], str]:
    """Return the options of a variant with others beside it, and the format, which they may change.

    `UsageError` where there is no such variant or format.
    """
    if variant is not None and variant not in variants:
        raise UnknownNameError(f"variant of {name}", variant, list(variants))
    settings = {"FORMAT": form, **variants.get(variant or "", {}), **options}
    chosen = settings.pop("FORMAT")
    if chosen not in CHOICES["FORMAT"]:
        raise UsageError(f"{name}: FORMAT must be one of {', '.join(CHOICES['FORMAT'])}")
    return settings, str(chosen)


def check_variants(file: Path, variants: object) -> None:
    """Raise `BadRunnerError` unless variants map names to options that can be written as JSON."""
    if not isinstance(variants, dict):
        raise BadRunnerError(f"{file}: VARIANTS must map names to options")
    for name, options in variants.items():
        if not (isinstance(name, str) and VARIANT.fullmatch(name)):
            raise BadRunnerError(f"{file}: {name!r} is no name for a variant; use small letters, digits, '.', '_', '-'")
        if not (isinstance(options, dict) and all(isinstance(key, str) for key in options)):
            raise BadRunnerError(f"{file}: variant '{name}' must map the names of options to values")
        if options.get("FORMAT", "text") not in CHOICES["FORMAT"]:
            raise BadRunnerError(f"{file}: variant '{name}': FORMAT must be one of {', '.join(CHOICES['FORMAT'])}")
        try:
            json.dumps(options)
        except (TypeError, ValueError) as cause:
            raise BadRunnerError(f"{file}: variant '{name}' cannot be written as JSON: {cause}") from cause
