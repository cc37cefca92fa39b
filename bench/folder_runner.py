"""Reads what a folder's runner.toml declares: a command that speaks the protocol, or a hosted service."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from bench.declaration import CHOICES, check_variants, choose, name_of
from bench.errors import BadRunnerError, UsageError
from bench.runner import FolderRunner

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_KEYS: dict[str, Any] = {
    "summary": "",
    "home": "",
    "licence": "",
    "distribution": "",
    "version": "",
    "input": "",
    "format": "",
    "command": (),
    "setup": (),
    "needs": {},
    "install": "",
    "options": {},
    "variants": {},
    "http": {},
}
_HTTP: dict[str, Any] = {
    "endpoint": "",
    "headers": {},
    "body": {},
    "answer": "",
    "per_minute": 0.0,
    "retries": 3,
    "cost_per_page": "",
}
"""The keys of a runner.toml and of its [http], each with its default, whose type it must have."""
_KINDS = {str: "a string", tuple: "a list of strings", dict: "a table", int: "a whole number", float: "a number"}
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_SAFE = re.compile(r"https://|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/|$)")


def describe(file: Path, variant: str | None = None, options: Mapping[str, object] | None = None) -> FolderRunner:
    """Read a runner.toml, for a variant and for options beside it.

    `BadRunnerError` names the file and what is wrong, `UsageError` a variant or an option that it has not.
    """
    file = file.resolve()
    about = _read(file)
    name = name_of(file)
    settings, form = choose(name, about["format"], about["variants"], variant, options or {})
    for option in settings:
        if option not in about["options"]:
            raise UsageError(f"{name} takes no option '{option}'; it takes: {', '.join(about['options']) or 'none'}")
    return FolderRunner(
        label=name if variant is None else f"{name}:{variant}",
        name=name,
        file=file,
        lock=file,
        options=settings,
        distribution=about["distribution"],
        input=about["input"],
        format=form,
        summary=about["summary"],
        requires_python="",
        dependencies=(),
        variants=tuple(about["variants"]),
        network=bool(about["http"]),
        variables=tuple(sorted(set(_VARIABLE.findall(json.dumps(about["http"]))))),
        pinned=about["version"],
        command=about["command"],
        setup=about["setup"],
        needs=about["needs"],
        install=about["install"],
        defaults=about["options"],
        home=about["home"],
        licence=about["licence"],
        http=about["http"],
    )


def _read(file: Path) -> dict[str, Any]:
    try:
        about = tomllib.loads(file.read_text("utf-8"))
    except OSError as cause:
        raise BadRunnerError(
            f"{file}: {cause.strerror}; a runner is a .py file, or a folder with a runner.toml"
        ) from cause
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as cause:
        raise BadRunnerError(f"{file}: not TOML: {cause}") from cause
    about = _filled(file, about, _KEYS)
    for name, choices in CHOICES.items():
        if about[name.lower()] not in choices:
            raise BadRunnerError(f"{file}: '{name.lower()}' must be one of {', '.join(choices)}")
    _check_needs(file, about)
    _check_options(file, about)
    _check_answering(file, about)
    return about


def _filled(file: Path, table: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    """The table with its defaults; every key is known and has the type of its default."""
    for key, value in table.items():
        if key not in defaults:
            raise BadRunnerError(f"{file}: there is no key '{key}'; known: {', '.join(defaults)}")
        kind = type(defaults[key])
        if kind is tuple and isinstance(value, list) and all(isinstance(part, str) for part in value):
            table[key] = tuple(value)
        elif type(value) is not kind and not (kind is float and type(value) is int):
            raise BadRunnerError(f"{file}: '{key}' must be {_KINDS[kind]}")
    return defaults | table


def _check_needs(file: Path, about: dict[str, Any]) -> None:
    for program, versions in about["needs"].items():
        try:
            SpecifierSet(versions)
        except (InvalidSpecifier, TypeError, AttributeError):
            raise BadRunnerError(f"{file}: needs '{program}': write versions as '>=20', or '' for any") from None
    if about["needs"] and not about["install"]:
        raise BadRunnerError(f"{file}: 'install' must say what brings what it needs")


def _check_options(file: Path, about: dict[str, Any]) -> None:
    check_variants(file, about["variants"])
    for name, options in about["variants"].items():
        unknown = sorted(set(options) - {"FORMAT", *about["options"]})
        if unknown:
            raise BadRunnerError(f"{file}: variant '{name}' sets '{unknown[0]}', which [options] has no default for")
    try:
        json.dumps([about["options"], about["http"]])
    except TypeError as cause:
        raise BadRunnerError(f"{file}: a value cannot be written as JSON: {cause}") from cause


def _check_answering(file: Path, about: dict[str, Any]) -> None:
    command, http = about["command"], about["http"]
    if bool(command) == bool(http):
        raise BadRunnerError(f"{file}: either 'command' says what to start, or [http] whom to ask")
    if command and command[0].startswith("-"):
        raise BadRunnerError(f"{file}: 'command' must begin with a program")
    if command and about["options"] and not any("{options}" in part for part in command):
        raise BadRunnerError(f"{file}: it has [options], but no '{{options}}' in its command")
    if not http:
        return
    about["http"] = http = _filled(file, http, _HTTP)
    if not _SAFE.match(http["endpoint"]):
        raise BadRunnerError(f"{file}: 'endpoint' must begin with https:// (http:// for this machine alone)")
    if not http["answer"]:
        raise BadRunnerError(f"{file}: 'answer' must say where the text stands, as in 'data.0.text'")
    for key in ("per_minute", "retries"):
        if http[key] < 0:
            raise BadRunnerError(f"{file}: '{key}' must not be below zero")
