"""What is in a page and not shown: none of it is gold. A dose is a paragraph, between those of the text."""

from functools import partial
from random import Random

from boilerbench.stress.document import Document, Stressor
from boilerbench.stress.families.inserting import inserting, within


def _hiding(name: str, summary: str, before: str, after: str) -> Stressor:
    return inserting(name, "hiding", summary, ("prose", "between"), within(before, after))


def _by_class(hidden: Stressor, rule: str, document: Document, dose: int, random: Random) -> Document | None:
    """Hide what stands in an element of a class by a rule in the page's head."""
    found = hidden.apply(document, dose, random)
    return found and found.with_markup(_head(found), f"<style>.x-note{{{rule}}}</style>")


def _head(document: Document) -> int:
    """Where its head ends, or its body begins."""
    return next((tag.start for tag in document.tags if tag.name == "head" and tag.closing), document.top)


_NOTE = _hiding("", "", '<div class="x-note">', "</div>")

STRESSORS = (
    _hiding("hidden", "paragraphs in elements with the attribute hidden", "<div hidden>", "</div>"),
    _hiding("display-none", "paragraphs that a style attribute hides", '<div style="display:none">', "</div>"),
    _hiding(
        "aria-hidden",
        "paragraphs hidden from sight by a style attribute, and from screen readers",
        '<div aria-hidden="true" style="visibility:hidden">',
        "</div>",
    ),
    _hiding(
        "off-screen", "paragraphs far left of the screen", '<div style="position:absolute;left:-9999px">', "</div>"
    ),
    _hiding("template", "paragraphs in templates", "<template>", "</template>"),
    _hiding("noscript", "paragraphs for browsers without scripts", "<noscript>", "</noscript>"),
    _hiding("closed-dialog", "paragraphs in dialogs that are not open", "<dialog>", "</dialog>"),
    Stressor("style-sheet", "hiding", "paragraphs that a style sheet hides", partial(_by_class, _NOTE, "display:none")),
)
