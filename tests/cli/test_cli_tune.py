"""`tune` with real children: an option whose effect is known, what is kept, and what is refused."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from tests.command import HEAD, boilerbench, rows, start

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cache")
PAGES = 8
KEEPS = """\
TUNABLE = {"keep": ["all", "none"]}

def extract(html, url=None, keep="half"):
    words = html.split("<p>")[1].split("</p>")[0].split()
    if keep == "none":
        raise ValueError("nothing kept")
    return " ".join(words if keep == "all" else words[:len(words) // 2])
"""


def make(folder: Path, extract: str = KEEPS) -> tuple[object, ...]:
    (folder / "own.py").write_text(f"{HEAD}{extract}")
    pages = [
        {
            "id": str(number),
            "url": f"https://site{number}.example/",
            "html": f"<p>alpha beta gamma w{number}</p>",
            "text": f"alpha beta gamma w{number}",
        }
        for number in range(PAGES)
    ]
    (folder / "pages.jsonl").write_text("\n".join(map(json.dumps, pages)))
    return "tune", folder / "own.py", "--set", f"jsonl:{folder / 'pages.jsonl'}", "--out", folder / "run"


def test_the_gain_of_an_option_whose_effect_is_known(tmp_path: Path) -> None:
    asked = make(tmp_path)
    done = boilerbench(*asked, "--format", "csv")
    assert done.returncode == 0, done.stderr
    found = [
        (row["runner"], row["setting"], row["f1"], row["gain"], row["chosen"], row["failed"])
        for row in rows(done.stdout)
    ]
    assert found == [  # half of the words: precision 1, recall .5
        ("own", "tuned, held out", "1.000000", "0.333333", "", "0"),
        ("own", "default", "0.666667", "0.000000", "0", "0"),
        ("own:keep=all", "keep=all", "1.000000", "0.333333", "8", "0"),
        ("own:keep=none", "keep=none", "0.000000", "-0.666667", "0", "8"),
    ]
    assert "own:keep=none: all pages failed with the same error (8): ValueError: nothing kept" in done.stderr
    told = boilerbench(*asked)
    assert "Significant (p = .0078): tuned on others, F1 changes by +33.33 points on pages held out" in told.stdout
    assert "|settings:3|folds:10|drawn-by:0" in told.stdout
    assert {row["runner"] for row in rows(boilerbench("table", tmp_path / "run", "--format", "csv").stdout)} == {
        "own",
        "own:keep=all",
        "own:keep=none",
    }


def test_values_on_the_command_line_take_the_place_of_those_declared(tmp_path: Path) -> None:
    done = boilerbench(*make(tmp_path), "--option", "keep=quarter,half,all", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert [row["setting"] for row in json.loads(done.stdout)["rows"]] == [
        *("tuned, held out", "default", "keep=all", "keep=quarter", "keep=half")
    ]


@pytest.mark.usefixtures("writing")
def test_the_same_command_goes_on_where_it_was_killed(tmp_path: Path, cache: Path) -> None:
    log = tmp_path / "log"
    noting = f"    time.sleep(0.05)\n    with open({str(log)!r}, 'a') as file: file.write(f'{{keep}} {{url}}\\n')\n"
    asked = make(tmp_path, "import time\n" + KEEPS.replace("    words =", f"{noting}    words ="))
    with start(*asked, cache=cache) as killed:
        while killed.poll() is None and (not log.exists() or len(log.read_text().splitlines()) < 6):
            time.sleep(0.02)
        killed.kill()
    before = len(log.read_text().splitlines())
    done = boilerbench(*asked, "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert [row["f1"] for row in rows(done.stdout)] == ["1.000000", "0.666667", "1.000000", "0.000000"]
    assert before < 3 * PAGES
    asked_again = len(log.read_text().splitlines()) - 3 * PAGES
    assert asked_again <= 2 + 3 * 5  # two may be under way; five of each setting are asked again for state


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("nothing",), "nothing: it declares no values to try; name some: --option NAME=VALUE"),
        (("nothing", "--option", "deep=true"), "nothing takes no option 'deep'"),
        (("html2text", "--option", "ignore_link=true"), "did you mean 'ignore_links'"),
        (("html2text", "--option", "ignore_links"), "option 'ignore_links': write NAME=VALUE"),
        (("html2text", "--option", "ignore_links=True"), "write ignore_links=true, as in JSON"),
        (("html2txt",), "did you mean 'html2text'"),
        (("html2text", "--folds", 1), "1 is not in the range"),
        (("html2text", "--trials", 0), "0 is not in the range"),
        (("html2text", "--set", "nowhere"), "unknown set 'nowhere'"),
        (("html2text", "--limit", 1), "set 'goldset': its pages are all of one site"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_two(asked: tuple[object, ...], says: str) -> None:
    done = boilerbench("tune", *asked)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.strip().splitlines()
    assert says in line


def test_where_no_setting_runs_nothing_is_measured(tmp_path: Path) -> None:
    done = boilerbench(*make(tmp_path, "TUNABLE = {'deep': [True]}\ndef extract(html, url=None, deep=False): 1 / 0\n"))
    assert (done.returncode, done.stdout) == (4, "")
    assert "nothing was measured" in done.stderr.splitlines()[-1]
