"""Reads what a folder's runner.toml declares: a command that speaks the protocol."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from boilerbench.errors import BadRunnerError, UsageError
from boilerbench.files import read_toml, typed
from boilerbench.model import FolderRunner
from boilerbench.runners.declaration import Format, Input, Variants, check_json, check_variants, choose, name_of


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """The keys of a runner.toml; docs/adding-a-runner.md says what each is for."""

    input: Input
    format: Format
    command: tuple[str, ...]
    summary: str = ""
    home: str = ""
    licence: str = ""
    distribution: str = ""
    version: str = ""
    setup: tuple[str, ...] = ()
    needs: dict[str, str] = {}
    install: str = ""
    options: dict[str, Any] = {}
    variants: Variants = {}


def describe(file: Path, variant: str | None = None, options: Mapping[str, object] | None = None) -> FolderRunner:
    """Read a runner.toml, for a variant and for options beside it.

    `BadRunnerError` names the file and what is wrong, `UsageError` a variant or an option that it has not.
    """
    file = file.resolve()
    about = _read(file)
    name = name_of(file)
    settings, form = choose(name, about.format, about.variants, variant, options or {})
    for option in settings:
        if option not in about.options:
            raise UsageError(f"{name} takes no option '{option}'; it takes: {', '.join(about.options) or 'none'}")
    return FolderRunner(
        label=name if variant is None else f"{name}:{variant}",
        name=name,
        file=file,
        lock=file,
        options=settings,
        distribution=about.distribution,
        input=about.input,
        format=form,
        summary=about.summary,
        requires_python="",
        dependencies=(),
        variants=tuple(about.variants),
        pinned=about.version,
        command=about.command,
        setup=about.setup,
        needs=about.needs,
        install=about.install,
        defaults=about.options,
        home=about.home,
        licence=about.licence,
    )


def _read(file: Path) -> _File:
    if not file.is_file():
        advice = "a runner is a .py file, or a folder with a runner.toml"
        raise BadRunnerError(f"{file}: No such file or directory; {advice}")
    about = typed(_File, read_toml(file, BadRunnerError), file, BadRunnerError)
    for program, versions in about.needs.items():
        try:
            SpecifierSet(versions)
        except InvalidSpecifier:
            raise BadRunnerError(f"{file}: needs '{program}': write versions as '>=20', or '' for any") from None
    if about.needs and not about.install:
        raise BadRunnerError(f"{file}: 'install' must say what brings what it needs")
    if not about.command or about.command[0].startswith("-"):
        raise BadRunnerError(f"{file}: 'command' must begin with a program")
    if about.options and not any("{options}" in part for part in about.command):
        raise BadRunnerError(f"{file}: it has [options], but no '{{options}}' in its command")
    check_json(f"{file}: [options]", about.options)
    check_variants(file, about.variants)
    for name, options in about.variants.items():
        unknown = sorted(set(options) - {"FORMAT", *about.options})
        if unknown:
            raise BadRunnerError(f"{file}: variant '{name}' sets '{unknown[0]}', which [options] has no default for")
    return about
