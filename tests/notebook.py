"""docs/questions.ipynb: the chapter of docs/python.md with questions to a run, and its answers.

`python -m tests.notebook` writes it anew.
"""

from __future__ import annotations

import ast
import json
import re
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "questions.ipynb"
CHAPTER = "\n## Five questions to a run\n"
HEAD = "# Five questions to a run\n\nPaths are those of the repository's root. Made from [python.md](python.md)."
_SHOWN = ("display.width", 80, "display.max_columns", 6, "display.max_rows", 12, "display.max_colwidth", 40)


def steps() -> list[tuple[str, str]]:
    """The questions of the guide, and the code that answers each."""
    text = (ROOT / "docs" / "python.md").read_text("utf-8").split(CHAPTER)[1].split("\n## ")[0]
    return [
        (words.strip().split("\n\n")[-1], code.strip())
        for words, code in re.findall(r"(.*?)```python\n(.*?)```", text, re.DOTALL)
    ]


def answers() -> list[str]:
    """What the last line of each code says, run one after the other."""
    known: dict[str, Any] = {}
    found = []
    with chdir(ROOT), pd.option_context(*_SHOWN):
        for _, code in steps():
            *before, last = ast.parse(code).body
            assert isinstance(last, ast.Expr), f"nothing is shown by the last line of: {code}"
            exec(compile(ast.Module(before, []), "python.md", "exec"), known)  # noqa: S102  # our own guide
            found.append(repr(eval(compile(ast.Expression(last.value), "python.md", "eval"), known)))  # noqa: S307
    return found


def cells() -> Iterator[dict[str, Any]]:
    """The cells of the notebook, without numbers of executions and without anything of this machine."""
    yield _cell("markdown", HEAD)
    yield _cell("code", "%cd -q ..", execution_count=None, outputs=[])
    for (words, code), answer in zip(steps(), answers(), strict=True):
        yield _cell("markdown", words)
        shown = {"output_type": "execute_result", "execution_count": None, "metadata": {}}
        yield _cell("code", code, execution_count=None, outputs=[shown | {"data": {"text/plain": _lines(answer)}}])


def _cell(kind: str, text: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": _lines(text), **more}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def written() -> str:
    """The notebook, format 4.4."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    whole = {"cells": [*cells()], "metadata": about, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
