"""What sites put around and into their texts beside them: none of it is gold. A dose is a piece of text."""

from boilerbench.stress.document import Stressor
from boilerbench.stress.families.inserting import Pieces, Place, inserting, within


def _clutter(name: str, summary: str, about: tuple[str, Place], markup: Pieces) -> Stressor:
    return inserting(name, "clutter", summary, about, markup)


STRESSORS = (
    _clutter(
        "cookie-banner",
        "a bar on cookies at the begin of the page, in a div",
        ("cookies", "top"),
        within('<div id="cookie-banner" class="cookie-consent" role="region">', "<button>OK</button></div>"),
    ),
    _clutter(
        "cookie-dialog",
        "an open dialog on cookies at the end of the page",
        ("cookies", "bottom"),
        within('<dialog open class="cmp-dialog">', "<button>OK</button></dialog>"),
    ),
    _clutter(
        "cookie-text",
        "a notice on cookies before the text, in paragraphs that nothing marks",
        ("cookies", "before"),
        within("<div>", "</div>"),
    ),
    _clutter(
        "registration-wall",
        "requests to register between paragraphs, each in a div",
        ("wall", "between"),
        within('<div class="regwall">', "</div>"),
    ),
    _clutter(
        "registration-end",
        "a request to register behind the text, in a section",
        ("wall", "after"),
        within('<section class="paywall-offer"><h3>&rarr;</h3>', "</section>"),
    ),
    _clutter(
        "push-prompt",
        "a prompt for notifications before the text, in an aside",
        ("push", "before"),
        within('<aside class="push-prompt">', "</aside>"),
    ),
    _clutter(
        "comment-rules",
        "rules for comments behind the text, in paragraphs that nothing marks",
        ("rules", "after"),
        within("<div>", "</div>"),
    ),
    _clutter(
        "comments",
        "comments behind the text, in a list",
        ("comments", "after"),
        within('<div id="comments"><ol class="comment-list">', "</ol></div>", '<li class="comment"><p>{}</p></li>'),
    ),
    _clutter(
        "related-links",
        "links to other pages behind the text, in a list",
        ("related", "after"),
        within('<ul class="related">', "</ul>", '<li><a href="/r">{}</a></li>'),
    ),
    _clutter(
        "read-also",
        "links to other pages between paragraphs, each in one of its own",
        ("related", "between"),
        within("", "", '<p><strong>&raquo; <a href="/r">{}</a></strong></p>'),
    ),
    _clutter(
        "teasers",
        "cards of other pages at the end of the page, each an article",
        ("prose", "bottom"),
        within('<div class="teasers">', "</div>", '<article><h3><a href="/r">&raquo;</a></h3><p>{}</p></article>'),
    ),
    _clutter(
        "share-bar",
        "links that share the page before the text, in a list",
        ("share", "before"),
        within('<ul class="share-bar">', "</ul>", '<li><a href="/s">{}</a></li>'),
    ),
    _clutter(
        "newsletter-form",
        "a form for a newsletter between paragraphs",
        ("newsletter", "between"),
        within('<form class="newsletter" action="/n">', '<input type="email"></form>'),
    ),
    _clutter(
        "newsletter-text",
        "praise of a newsletter between paragraphs, in paragraphs that nothing marks",
        ("newsletter", "between"),
        within("", "", "<p><em>{}</em></p>"),
    ),
)
