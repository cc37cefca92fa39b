"""Writes a new runner for a package: pinned to its newest release, locked, with a guessed call and a test beside it."""

import json
import re
import shutil
import sys
from functools import partial
from pathlib import Path
from string import Template

from boilerbench.environments import environment, resolution, toolchains, uv
from boilerbench.errors import UnavailableError, UsageError
from boilerbench.model import FolderRunner
from boilerbench.process import confinement, programs
from boilerbench.runners import declaration
from boilerbench.storage import temporary

LIKELY = (
    *("extract", "extract_text", "extract_content", "extract_main_content", "extractText", "extractContent"),
    *("get_text", "get_content", "to_text", "html_to_text", "htmlToText", "markdownify"),
    *("fulltext", "parse", "convert"),
)
"""Names that the call may have, likeliest first."""
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST = 600
"""Seconds that installing a package may take."""
_SHOWN = 12
_COMPILED = {
    "go": ('go = "1.24"', ("go.mod", "extract.go")),
    "rust": ('cargo = "1.85"', ("Cargo.toml", "extract.rs")),
    "java": ('maven = "3.6"\njava = "11"', ("pom.xml", "Extract.java")),
}
"""By language, the toolchain of a folder, and its files beside runner.toml."""
_NAMED = re.compile(r"(@[\w~][\w.~-]*/)?\w[\w.~-]*")
_PACKAGES = {"go": re.compile(r"\w[\w.-]*\.\w+(/\w[\w.~-]*)*"), "java": re.compile(r"\w[\w.-]*:\w[\w.-]*")}
"""What packages are called, on PyPI, npm and crates.io, and elsewhere."""

_TEMPLATES = Path(__file__).with_name("templates")
"""What a new runner is made of, and `probe.py.txt`, which tells from inside its environment what a package offers."""


def write(name: str, distribution: str, language: str, out: Path) -> list[Path]:
    """Write the runner of a package into a folder, with lock and test; return what was written.

    `UsageError` where the name cannot be one, something of it is there, or the package cannot be had.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"'{name}' is no name for a runner; use small letters and digits, parted by '-'")
    if not _PACKAGES.get(language, _NAMED).fullmatch(distribution):
        form = "; on Maven Central it is GROUP:ARTIFACT" if language == "java" else ""
        raise UsageError(
            f"'{distribution}' is no name of a package; releases and extras are for the runner to name{form}"
        )
    stem = name.replace("-", "_")
    main = f"{stem}.py" if language == "python" else stem
    test = f"test_{stem}.py"
    with temporary.Folder() as folder:
        scratch = Path(folder)
        try:
            writers = {"python": _python, "node": _node}
            writers.get(language, partial(_compiled, language))(name, distribution, scratch / main)
        except UnavailableError as cause:
            raise UsageError(f"{distribution}: {cause}") from cause
        (scratch / test).write_text(_filled("test.py.txt", module=stem, file=main))
        made = [scratch / each for each in (main, f"{stem}.lock", test)]
        return _move([each for each in made if each.exists()], out)


def _move(made: list[Path], out: Path) -> list[Path]:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for each in made:
            if (out / each.name).exists():
                raise UsageError(f"{out / each.name} is there already; choose another name, or another --out")
        return [Path(shutil.move(each, out / each.name)) for each in made]
    except OSError as cause:
        raise UsageError(f"{out}: {cause.strerror}; name another folder with --out") from cause


def _python(name: str, distribution: str, file: Path) -> None:
    """The lock comes first: the environment made of it, under a runner that calls nothing, tells what there is."""
    options = ["--no-deps", "--no-header", "--no-annotate", "--python", sys.executable]
    version = uv.ask("pip", "compile", *options, "-", text=distribution).strip().rpartition("==")[2]
    about = {"name": name, "distribution": distribution, "version": version}
    about["python"] = f"{sys.version_info.major}.{sys.version_info.minor}"
    file.write_text(_filled("runner.py.txt", **about, summary="", module="sys", found="", call="return None"))
    bare = declaration.describe(file)
    resolution.lock(bare)
    python = environment.prepare(bare, "locked")
    probed = programs.run(
        [str(python), "-I", str(_TEMPLATES / "probe.py.txt"), distribution], env=confinement.variables()
    )
    said = json.loads(programs.output(probed, "it cannot be imported").splitlines()[-1])
    about["summary"] = (said["summary"] or distribution).partition("\n")[0].rstrip(".") + "."
    none = f'raise NotImplementedError("say in {file.name} what of {said["module"]} is to be called")'
    call = next((f"return {said['module']}.{each}(html)" for each in LIKELY if each in said["found"]), none)
    about |= {"module": said["module"], "found": _listed(said["found"]), "call": call}
    file.write_text(_filled("runner.py.txt", **about))


def _node(_name: str, distribution: str, folder: Path) -> None:
    if not shutil.which("npm"):
        raise UsageError("npm is not installed; install Node.js 20 or newer, with npm")
    folder.mkdir()
    (folder / "package.json").write_text('{"private": true}\n')
    options = ["--save-exact", "--ignore-scripts", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund"]
    _run("npm", "install", *options, distribution, folder=folder)
    about = json.loads((folder / "node_modules" / distribution / "package.json").read_text())
    listing = f'console.log("\\n" + JSON.stringify(Object.keys(await import({json.dumps(distribution)}))))'
    found = json.loads(_run("node", "--input-type=module", "-e", listing, folder=folder).splitlines()[-1])
    shutil.rmtree(folder / "node_modules")
    none = f'throw new Error("say in {folder.name}/extract.mjs what of {distribution} is to be called");'
    call = next((f"return library.{each}(html);" for each in LIKELY if each in found), none)
    texts = {
        "summary": f"{distribution}: {about.get('description', 'TODO').rstrip('.')}.",
        "home": about.get("homepage", ""),
        "licence": about["license"] if isinstance(about.get("license"), str) else "",
    }
    quoted = {key: json.dumps(text, ensure_ascii=False) for key, text in texts.items()}
    about = {"version": about["version"], "toolchain": 'node = "20"'}
    (folder / "runner.toml").write_text(_filled("runner.toml", **quoted, **about, distribution=distribution))
    module = _filled("extract.mjs", distribution=distribution, found=_listed(found), call=call)
    (folder / "extract.mjs").write_text(module)


def _compiled(language: str, _name: str, distribution: str, folder: Path) -> None:
    """A folder in a language whose packages say nothing of how they are called; the toolchain pins it."""
    group, _, artifact = distribution.partition(":")
    about = {"distribution": distribution, "version": "0", "group": group, "artifact": artifact}
    about |= {"summary": '"TODO"', "home": '""', "licence": '""', "toolchain": _COMPILED[language][0]}
    draft = folder.with_name("draft")
    draft.mkdir()
    for file in ("runner.toml", *_COMPILED[language][1]):
        (draft / file).write_text(_filled(file, **about))
    runner = declaration.describe(draft / "runner.toml")
    assert isinstance(runner, FolderRunner)  # noqa: S101  # a folder is one
    environment.programs_of(runner)
    toolchains.take(runner, toolchains.newest(runner, draft), folder)


def _filled(template: str, **values: str) -> str:
    return Template((_TEMPLATES / template).read_text("utf-8")).substitute(values)


def _run(*command: str, folder: Path) -> str:
    return programs.output(programs.run(command, cwd=folder, timeout=_LONGEST, env=confinement.variables()))


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more if names else "no function or class at its top"
