"""Writes a new runner for a package: pinned to its newest release, locked, with a guessed call and a test beside it."""

import json
import re
import shutil
import sys
from pathlib import Path
from string import Template

from boilerbench.environments import environment, resolution, uv
from boilerbench.errors import UnavailableError, UsageError
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
_PACKAGE = re.compile(r"(@[\w~][\w.~-]*/)?\w[\w.~-]*")

_TEMPLATES = Path(__file__).with_name("templates")
"""What a new runner is made of, and `probe.py.txt`, which tells from inside its environment what a package offers."""


def write(name: str, distribution: str, language: str, out: Path) -> list[Path]:
    """Write the runner of a package into a folder, with lock and test; return what was written.

    `UsageError` where the name cannot be one, something of it is there, or the package cannot be had.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"'{name}' is no name for a runner; use small letters and digits, parted by '-'")
    if not _PACKAGE.fullmatch(distribution):
        raise UsageError(f"'{distribution}' is no name of a package; releases and extras are for the runner to name")
    stem = name.replace("-", "_")
    main = stem if language == "node" else f"{stem}.py"
    test = f"test_{stem}.py"
    with temporary.Folder() as folder:
        scratch = Path(folder)
        try:
            (_node if language == "node" else _python)(name, distribution, scratch / main)
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
    toml = _filled("runner.toml", **quoted, distribution=distribution, version=about["version"])
    (folder / "runner.toml").write_text(toml)
    module = _filled("extract.mjs", distribution=distribution, found=_listed(found), call=call)
    (folder / "extract.mjs").write_text(module)


def _filled(template: str, **values: str) -> str:
    return Template((_TEMPLATES / template).read_text("utf-8")).substitute(values)


def _run(*command: str, folder: Path) -> str:
    return programs.output(programs.run(command, cwd=folder, timeout=_LONGEST, env=confinement.variables()))


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more if names else "no function or class at its top"
