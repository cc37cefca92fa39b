"""What is known of each runner without running it, for `runners list`."""

from dataclasses import dataclass
from importlib.metadata import PackageMetadata
from pathlib import Path

from boilerbench.environments import environment, toolchains
from boilerbench.errors import BoilerbenchError
from boilerbench.model import FolderRunner, Runner
from boilerbench.runners import registry

_HOMES = ("homepage", "home", "home-page", "repository", "source", "source code", "github", "code")


@dataclass(frozen=True)
class Entry:
    """A runner as the list shows it. `licence` and `home` are its package's own words, empty until it is built."""

    name: str
    version: str = ""
    language: str = ""
    licence: str = ""
    environment: str = "broken"
    variants: tuple[str, ...] = ()
    home: str = ""
    summary: str = ""


def entries() -> list[Entry]:
    """Return the runners of this installation by name; a broken one says in its summary what is wrong."""
    found = []
    for name in registry.known():
        try:
            found.append(entry(registry.find(name)))
        except BoilerbenchError as cause:
            found.append(Entry(name, summary=str(cause)))
    return found


def entry(runner: Runner) -> Entry:
    """Return what is known of one runner."""
    if isinstance(runner, FolderRunner):
        language = toolchains.of(runner).language if runner.toolchain else Path(runner.command[0]).name
        licence, home = runner.licence, runner.home
    else:
        about = environment.package(runner)
        language, licence, home = "python", licence_of(about) if about else "", home_of(about) if about else ""
    there = environment.state(runner)
    return Entry(runner.label, runner.version, language, licence, there, runner.variants, home, runner.summary)


def licence_of(about: PackageMetadata) -> str:
    """Return the name of a package's licence: its expression, its licence field, or its classifiers."""
    expression = (about.get_all("License-Expression") or [""])[0]
    field = (about.get_all("License") or [""])[0].strip()
    classified = [
        each.rpartition(" :: ")[2]
        for each in about.get_all("Classifier") or []
        if each.startswith("License :: ") and each != "License :: OSI Approved"
    ]
    named = field if len(field) < 40 and "\n" not in field else ""  # noqa: PLR2004  # some hold the licence itself
    return expression or named or ", ".join(classified)


def home_of(about: PackageMetadata) -> str:
    """Return a package's home page, or where its source lies."""
    named = (each.partition(", ") for each in about.get_all("Project-URL") or [])
    links = {label.lower(): address for label, _, address in named}
    page = (about.get_all("Home-page") or [""])[0]
    return page or next((links[label] for label in _HOMES if label in links), "")
