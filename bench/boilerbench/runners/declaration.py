"""Reads what a runner declares: a Python file, without importing it, or a folder by its runner.toml."""

import ast
import json
import re
import symtable
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import msgspec
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from boilerbench.environments import toolchains
from boilerbench.errors import BadRunnerError, UnknownNameError, UnknownOptionError, UsageError
from boilerbench.files import parse_toml, read_toml, typed
from boilerbench.model import FolderRunner, Format, Runner

FOLDER_FILE = "runner.toml"
"""What makes a folder a runner."""
GIVEN = ("html", "url", "charset")
"""What `extract` is given of each page, and no option can be."""
SCRIPT_BLOCK = re.compile(r"(?m)^# /// script$\s(?P<content>(^#(| .*)$\s)+)^# ///$")  # from PEP 723
Input: TypeAlias = Literal["text", "bytes"]
Variants: TypeAlias = dict[str, dict[str, Any]]
"""Options by the name of a variant; FORMAT among them is no option, but replaces the runner's."""
Tunable: TypeAlias = dict[str, list[Any]]
"""Values that are worth a try, by option."""


class _Constants(msgspec.Struct):
    """What a Python file binds at its top; docs/adding-a-runner.md says what each is for."""

    DISTRIBUTION: str
    INPUT: Input
    FORMAT: Format
    VARIANTS: Variants = {}
    TUNABLE: Tunable = {}


class _Script(msgspec.Struct, rename="kebab"):
    """What is read of a `# /// script` block."""

    requires_python: str = ""
    dependencies: tuple[str, ...] = ()


class _Toml(msgspec.Struct, forbid_unknown_fields=True):
    """The keys of a runner.toml, as a `FolderRunner` calls them; docs/adding-a-runner.md says what each is for."""

    input: Input
    format: Format
    command: tuple[str, ...] = ()
    toolchain: dict[str, str] = {}
    summary: str = ""
    home: str = ""
    licence: str = ""
    distribution: str = ""
    pinned: str = msgspec.field(default="", name="version")
    setup: tuple[str, ...] = ()
    needs: dict[str, str] = {}
    install: str = ""
    defaults: dict[str, Any] = msgspec.field(default_factory=dict, name="options")
    variants: Variants = {}
    tunable: Tunable = {}


def name_of(file: Path) -> str:
    """Return the name of the runner that a file declares: that of its folder for a runner.toml, else its own."""
    return (file.parent.name if file.name == FOLDER_FILE else file.stem).replace("_", "-")


def describe(file: Path, variant: str | None = None, options: Mapping[str, object] | None = None) -> Runner:
    """Return the runner that a file declares, for a variant and for options beside it, which may change its format.

    `BadRunnerError` names the file and what is wrong, `UsageError` a variant, an option or a format that it has not.
    """
    file, name = file.resolve(), name_of(file)
    kind, fields, takes, any_option = _read_toml(file) if file.name == FOLDER_FILE else _read_python(file)
    form, variants = fields.pop("format"), fields.pop("variants")
    if variant is not None and variant not in variants:
        raise UnknownNameError(f"variant of {name}", variant, list(variants))
    settings = {"FORMAT": form, **variants.get(variant or "", {}), **(options or {})}
    form = settings.pop("FORMAT")
    _check_format(name, form, UsageError)
    for option in settings:
        if option not in takes and (option in GIVEN or not any_option):
            raise UnknownOptionError(name, option, takes)
    _check_json(f"{name}: an option", options or {})
    if any_option:
        fields |= {"handed_on": tuple(option for option in settings if option not in takes)}
    label = name if variant is None else f"{name}:{variant}"
    return kind(label, name, file, options=settings, format=form, variants=tuple(variants), **fields)


def _read_python(file: Path) -> tuple[type[Runner], dict[str, Any], list[str], bool]:
    """The kind of a runner, values of its fields, the options that it takes, and whether it takes any."""
    try:
        source = file.read_text("utf-8")
        symbols = symtable.symtable(source, str(file), "exec").get_symbols()
        tree = ast.parse(source)
    except OSError as cause:
        raise BadRunnerError(f"{file}: {cause.strerror}") from cause
    except SyntaxError as cause:
        raise BadRunnerError(f"{file}:{cause.lineno}: {cause.msg}") from cause
    except (ValueError, RecursionError, MemoryError) as cause:
        raise BadRunnerError(f"{file}: not Python source: {cause or 'nested too deeply'}") from cause
    defined = {each.get_name() for each in symbols if each.is_assigned() or each.is_imported()}
    if "extract" not in defined:
        raise BadRunnerError(f"{file}: it defines no extract(html, url=None, **options)")
    constants = msgspec.structs.asdict(_constants(file, tree))
    fields = {name.lower(): value for name, value in constants.items()} | msgspec.structs.asdict(_script(file, source))
    summary = (ast.get_docstring(tree) or "").partition("\n")[0]
    fields |= {"lock": file.with_suffix(".lock"), "summary": summary, "warm": "warm" in defined}
    return Runner, fields, *_options(tree)


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
    _check_variants(file, about.VARIANTS)
    _check_json(f"{file}: TUNABLE", about.TUNABLE)
    return about


def _script(file: Path, source: str) -> _Script:
    blocks = SCRIPT_BLOCK.findall(source)
    if len(blocks) > 1:
        raise BadRunnerError(f"{file}: more than one '# /// script' block")
    if not blocks:
        if re.search(r"(?m)^# /// script\s*$", source):
            raise BadRunnerError(f"{file}: the '# /// script' block has no end")
        return _Script()
    try:
        found = parse_toml(re.sub("(?m)^# ?", "", blocks[0][0]))
    except ValueError as cause:
        raise BadRunnerError(f"{file}: the '# /// script' block is not TOML: {cause}") from cause
    return typed(_Script, found, file, BadRunnerError)


def _options(tree: ast.Module) -> tuple[list[str], bool]:
    """The options that `extract` names, and whether it takes any. What is not defined in the file takes any."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "extract":
            named = [each.arg for each in (*node.args.args, *node.args.kwonlyargs) if each.arg not in GIVEN]
            return named, node.args.kwarg is not None
    return [], True


def _read_toml(file: Path) -> tuple[type[Runner], dict[str, Any], list[str], bool]:
    if not file.is_file():
        advice = "a runner is a .py file, or a folder with a runner.toml"
        raise BadRunnerError(f"{file}: No such file or directory; {advice}")
    about = typed(_Toml, read_toml(file, BadRunnerError), file, BadRunnerError)
    followed = _of_toolchain(file, about)
    for program, versions in about.needs.items():
        try:
            SpecifierSet(versions)
        except InvalidSpecifier:
            raise BadRunnerError(f"{file}: needs '{program}': write versions as '>=20', or '' for any") from None
    if about.needs and not about.install:
        raise BadRunnerError(f"{file}: 'install' must say what brings what it needs")
    if not followed and (not about.command or about.command[0].startswith("-")):
        raise BadRunnerError(f"{file}: it needs [toolchain], or a 'command' that begins with a program")
    if about.defaults and not followed and not any("{options}" in part for part in about.command):
        raise BadRunnerError(f"{file}: it has [options], but no '{{options}}' in its command")
    _check_json(f"{file}: [options]", about.defaults)
    _check_json(f"{file}: [tunable]", about.tunable)
    _check_variants(file, about.variants)
    chosen = {f"variant '{name}' sets": {*options} - {"FORMAT"} for name, options in about.variants.items()}
    for who, names in {**chosen, "[tunable] has values for": {*about.tunable}}.items():
        if unknown := sorted(names - about.defaults.keys()):
            raise BadRunnerError(f"{file}: {who} '{unknown[0]}', which [options] has no default for")
    fields = msgspec.structs.asdict(about) | {"toolchain": "", "lock": file, "requires_python": "", "dependencies": ()}
    return FolderRunner, fields | followed, list(about.defaults), False


def _of_toolchain(file: Path, about: _Toml) -> dict[str, Any]:
    """The fields that follow from [toolchain]; none where there is none."""
    if not about.toolchain:
        return {}
    if own := next((key for key in ("command", "setup", "needs", "install") if getattr(about, key)), ""):
        raise BadRunnerError(f"{file}: '{own}' follows from [toolchain], and cannot stand beside it")
    if about.input != "text":
        raise BadRunnerError(f"{file}: with [toolchain], 'input' must be 'text'")
    return toolchains.declared(file, about.toolchain)


def _check_variants(file: Path, variants: Variants) -> None:
    """Refuse a variant that no label can name, and options that cannot be written as JSON, as a child is given them."""
    for name, options in variants.items():
        if not re.fullmatch("[a-z0-9][a-z0-9._-]*", name):
            raise BadRunnerError(f"{file}: {name!r} is no name for a variant; use small letters, digits, '.', '_', '-'")
        _check_format(f"{file}: variant '{name}'", options.get("FORMAT", "text"), BadRunnerError)
        _check_json(f"{file}: variant '{name}'", options)


def _check_json(where: str, options: Mapping[str, object]) -> None:
    try:
        json.dumps(options, allow_nan=False)
    except (TypeError, ValueError) as cause:
        raise BadRunnerError(f"{where} cannot be written as JSON: {cause}") from cause


def _check_format(where: str, form: object, refuse: type[UsageError]) -> None:
    if form not in get_args(Format):
        raise refuse(f"{where}: FORMAT must be one of {', '.join(get_args(Format))}")
