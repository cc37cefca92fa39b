"""Reads what a runner's Python file declares, without importing it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from boilerbench.errors import BadRunnerError, UsageError
from boilerbench.files import typed
from boilerbench.model import Runner
from boilerbench.runners.declaration import Format, Input, Variants, check_variants, choose, name_of

GIVEN = ("html", "url")
"""What `extract` is given of each page, and no option can be."""
SCRIPT_BLOCK = re.compile(r"(?m)^# /// script$\s(?P<content>(^#(| .*)$\s)+)^# ///$")  # from PEP 723


class _Constants(msgspec.Struct):
    """What a runner's file has to bind at its top; docs/adding-a-runner.md says what each is for."""

    DISTRIBUTION: str
    INPUT: Input
    FORMAT: Format
    VARIANTS: Variants = {}


class _Script(msgspec.Struct, rename="kebab"):
    """What is read of a `# /// script` block."""

    requires_python: str = ""
    dependencies: tuple[str, ...] = ()


def describe(file: Path, variant: str | None = None, options: Mapping[str, object] | None = None) -> Runner:
    """Read what a runner's file declares, for a variant and for options beside it.

    `BadRunnerError` names the file and what is missing, `UsageError` a variant or an option that it has not.
    """
    file = file.resolve()
    tree, source = _parse(file)
    if "extract" not in _bound_names(tree):
        raise BadRunnerError(f"{file}: it defines no extract(html, url=None, **options)")
    about, script = _constants(file, tree), _script_block(file, source)
    name = name_of(file)
    settings, form = choose(name, about.FORMAT, about.VARIANTS, variant, options or {})
    _check_options(name, tree, settings)
    return Runner(
        label=name if variant is None else f"{name}:{variant}",
        name=name,
        file=file,
        lock=file.with_suffix(".lock"),
        options=settings,
        distribution=about.DISTRIBUTION,
        input=about.INPUT,
        format=form,
        summary=(ast.get_docstring(tree) or "").partition("\n")[0],
        requires_python=script.requires_python,
        dependencies=script.dependencies,
        variants=tuple(about.VARIANTS),
    )


def _parse(file: Path) -> tuple[ast.Module, str]:
    try:
        source = file.read_text("utf-8")
        return ast.parse(source), source
    except OSError as cause:
        raise BadRunnerError(f"{file}: {cause.strerror}") from cause
    except SyntaxError as cause:
        raise BadRunnerError(f"{file}:{cause.lineno}: {cause.msg}") from cause
    except ValueError as cause:
        raise BadRunnerError(f"{file}: not Python source: {cause}") from cause


def _bound_names(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name):
                names.add(name)
            case ast.Assign(targets=targets):
                names.update(target.id for target in targets if isinstance(target, ast.Name))
            case ast.ImportFrom(names=aliases):
                names.update(alias.asname or alias.name for alias in aliases)
    return names


def _check_options(name: str, tree: ast.Module, settings: Mapping[str, object]) -> None:
    """Refuse an option that `extract` would raise for on every page. What is not defined in the file takes any."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "extract":
            taken = [each.arg for each in (*node.args.args, *node.args.kwonlyargs) if each.arg not in GIVEN]
            for option in settings:
                if option in GIVEN or not (node.args.kwarg or option in taken):
                    raise UsageError(f"{name} takes no option '{option}'; it takes: {', '.join(taken) or 'none'}")


def _constants(file: Path, tree: ast.Module) -> _Constants:
    found = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in _Constants.__struct_fields__:
                try:
                    found[name] = ast.literal_eval(value)
                except (ValueError, TypeError):  # the latter for a key that cannot be one
                    raise BadRunnerError(f"{file}:{node.lineno}: {name} must be written out as a literal") from None
    about = typed(_Constants, found, file, BadRunnerError)
    check_variants(file, about.VARIANTS)
    return about


def _script_block(file: Path, source: str) -> _Script:
    blocks = SCRIPT_BLOCK.findall(source)
    if len(blocks) > 1:
        raise BadRunnerError(f"{file}: more than one '# /// script' block")
    if not blocks:
        if re.search(r"(?m)^# /// script\s*$", source):
            raise BadRunnerError(f"{file}: the '# /// script' block has no end")
        return _Script()
    toml = re.sub("(?m)^# ?", "", blocks[0][0])
    try:
        return typed(_Script, tomllib.loads(toml), file, BadRunnerError)
    except tomllib.TOMLDecodeError as cause:
        raise BadRunnerError(f"{file}: the '# /// script' block is not TOML: {cause}") from cause
