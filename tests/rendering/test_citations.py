"""BibTeX of what a leaderboard is of."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from boilerbench import __version__, metrics
from boilerbench.rendering.latex.citations import bibtex, papers
from boilerbench.runners import registry
from boilerbench.sets import catalogue
from boilerbench.storage.manifest import Manifest, RunnerEntry, SetEntry
from tests.command import boilerbench

ROOT = Path(__file__).parents[2]


def test_papers_are_cited_once_and_what_has_none_as_software() -> None:
    print_of = catalogue.listing("wcxb-dev").fingerprint
    runners = {
        "trafilatura": RunnerEntry("2.3.1", "trafilatura"),
        "trafilatura:precision": RunnerEntry("2.3.1", "trafilatura"),
        "mine": RunnerEntry("1_0", "my-{own}"),
        "ceiling": RunnerEntry(ceiling_of=("mine",)),
    }
    manifest = Manifest(boilerbench="0.1.0", sets=(SetEntry("dev", fingerprint=print_of),), runners=runners)
    text = bibtex(manifest, ["wcxb", "words"])
    assert re.findall(r"@(\w+)\{(.*),", text) == [
        ("misc", "boilerbench"),
        ("misc", "wcxb"),
        ("inproceedings", "barbaresi-2021"),
        ("misc", "my-own"),
    ]
    assert r"title = {my-\{own\}}" in text
    assert r"version = {1\_0}" in text


def test_every_citation_is_of_something_that_there_is() -> None:
    cited = [name for entry in papers().values() for name in entry["of"]]
    assert len(cited) == len(set(cited))
    known = {
        "set": {*catalogue.public()},
        "metric": {*metrics.names()},
        "runner": {registry.find(name).distribution for name in registry.known()},
    }
    assert not [name for name in cited if name.partition(":")[2] not in known[name.partition(":")[0]]]


def test_the_citations_of_published_results_are_printed() -> None:
    done = boilerbench("table", ROOT / "results" / "zyte", "--metric", "zyte", "--cite")
    assert (done.returncode, done.stderr) == (0, "")
    cited = set(re.findall(r"@\w+\{(.*),", done.stdout))
    assert {"article-extraction-benchmark", "barbaresi-2021", "pomikalek-2011"} < cited


def test_our_own_citation_is_of_this_version() -> None:
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["version"] == __version__
