"""Weight without words: the style sheets, scripts and states that make a page as heavy as a real one, and pack well."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import lxml.html
from lxml import etree

from boilerbench.authoring.themes.drawing import Targets
from boilerbench.authoring.wording import Dice

_SIDES = {"m": "margin", "p": "padding", "gap": "gap", "top": "top"}
_COLOURS = ("ink", "brand", "accent", "muted", "line", "paper")


def weigh(page: str, site: str, targets: Targets, state: str) -> str:
    """Add style sheets and scripts until a page has the size and the number of scripts that it is to have.

    `state` names what a framework keeps of the page for its scripts, empty where the site is made without one.
    """
    root: Any = lxml.html.document_fromstring(page)
    head, body = root.head, root.body
    dice = Dice(f"{site}/weight")
    for number, element in enumerate(_scripts(dice, targets.counts["scripts"])):
        (head if number % 5 in (0, 3) else body).append(element)
    lacking = targets.counts["bytes"] - len(lxml.html.tostring(root, encoding="utf-8"))
    of_state = lacking * dice.number(30, 80) // 100 if state and targets.counts["scripts"] else 0
    if of_state > 0:
        script = etree.SubElement(body, "script", id=state, type="application/json")
        script.text = _until(_entities(dice), of_state, '{"entities":[', "]}", ",")
        lacking -= of_state
    if lacking > 0:
        sheet = etree.SubElement(head, "style")
        sheet.text = _until(_rules(dice), lacking, _reset(dice), "")
    return f"<!DOCTYPE html>\n{lxml.html.tostring(root, encoding='unicode')}"


def _until(parts: Iterator[str], size: int, start: str, end: str, between: str = "") -> str:
    """Join parts until they have a size."""
    found, length = [], len(start) + len(end)
    while length < size:
        part = next(parts)
        found.append(part)
        length += len(part) + len(between)
    return start + between.join(found) + end


def _scripts(dice: Dice, count: int) -> Iterator[Any]:
    """Scripts by address, and small ones in the page: a tag manager's, consent's, measuring's."""
    for number in range(count):
        script = etree.Element("script")
        if dice.pick([True, False]):
            script.attrib.update({"src": f"/static/js/chunk-{number}.js", "defer": "defer"})
        else:
            script.text = dice.pick(_SNIPPETS).replace("NAME", f"q{number}")
        yield script


_SNIPPETS = (
    "window.NAME=window.NAME||[];function NAME_push(){NAME.push(arguments)}NAME_push('js',new Date());",
    "(function(d,n){var e=d.createElement('script');e.src='/tags/'+n+'.js';d.head.append(e)})(document,'NAME');",
    "try{if(localStorage.getItem('NAME'))document.documentElement.dataset.NAME='1'}catch(e){}",
    "var NAME={slots:[],refresh:function(){for(var i=0;i<this.slots.length;i++){this.slots[i].load()}}};",
    "addEventListener('scroll',function NAME(){document.body.classList.toggle('moved',scrollY>60)},{passive:true});",
)
_RESET = (
    "*,:after,:before{box-sizing:border-box}body{margin:0;font:1rem/1.5 system-ui,sans-serif}"
    "img{max-width:100%;height:auto}svg{width:1em;height:1em}"
)


def _reset(dice: Dice) -> str:
    return f":root{{{';'.join(f'--{name}:#{dice.hex(6)}' for name in _COLOURS)}}}{_RESET}"


def _rules(dice: Dice) -> Iterator[str]:
    """Utilities and columns, at one width of the screen after the other."""
    step = dice.number(2, 8)
    rules = [f".{s}-{n}{{{name}:{n * step}px}}" for s, name in _SIDES.items() for n in range(9)]
    rules += [f".col-{n}{{flex:{n}}}" for n in range(1, 13)]
    rules += [f".{name}{{color:var(--{name})}}.bg-{name}{{background:var(--{name})}}" for name in _COLOURS]
    yield "".join(rules)
    width = 240
    while True:
        width += 40
        yield f"@media (min-width:{width}px){{{''.join(rules)}}}"


def _entities(dice: Dice) -> Iterator[str]:
    """What a store of a framework holds of things around a page: no words."""
    kind = dice.pick(["asset", "image", "slot", "block"])
    more = {
        "type": kind,
        "ref": None,
        "crop": [0, 0, 1600, 900],
        "ratio": 1.7778,
        "flags": {"lazy": True, "dark": False},
    }
    for number in cycle(range(16)):
        yield json.dumps({**more, "slot": number}, separators=(",", ":"))
