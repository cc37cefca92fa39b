from __future__ import annotations

import pytest

from boilerbench.text import convert
from boilerbench.text.convert import to_text, tree


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("H<sub>2</sub>O and CO<sub>2</sub>", "H2O and CO2"),
        ('<p><span class="cap">L</span>ong ago</p>', "Long ago"),
        ("the 10<sup>th</sup> guest, un<em>bear</em>able", "the 10th guest, unbearable"),
        ("<a>one</a><a>two</a> <a>three</a>", "onetwo three"),
        ("long<wbr>word<!-- note -->s", "longwords"),
        ("f<b>oo</b>, (<i>bar</i>)!", "foo, (bar)!"),
    ],
)
def test_inline_elements_part_no_words(html: str, text: str) -> None:
    assert to_text(html, "html") == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><section>two</section>three", "one\ntwo\nthree"),
        ("<dl><dt>term<dd>meaning</dl>", "term\nmeaning"),
        ("<details><summary>more</summary>hidden at first</details>", "more\nhidden at first"),
        ("<table><tr><td>a<td>b<tr><th>c</table>", "a b\nc"),
        ("one<br>two<hr>three", "one\ntwo\nthree"),
        ("<ul><li>one<li><p>two</ul>", "one\n\ntwo"),
        ("<button>one</button><select><option>two<option>three</select>", "one\ntwo\nthree"),
        ("one<img src=x>two", "one two"),
        ("<pre>if a:\n    b\n</pre>", "if a:\nb"),
        ("<p>lines \n of a\tparagraph&nbsp;are one</p>", "lines of a paragraph are one"),
    ],
)
def test_blocks_cells_and_boxes_part_words(html: str, text: str) -> None:
    assert to_text(html, "html") == text


@pytest.mark.parametrize("unseen", ["script", "style", "template", "iframe", "object", "video"])
def test_what_no_reader_sees_is_no_text(unseen: str) -> None:
    assert to_text(f"<p>one<{unseen}>code</{unseen}></p><!-- two -->", "html") == "one"


def test_html_is_read_by_the_rules_of_today() -> None:
    assert to_text("&check; AT&ampT &#150;", "html") == "✓ AT&T \u2013"


@pytest.mark.parametrize("depth", [250, 256, 300, 2_000])
def test_no_text_is_lost_in_nested_elements(depth: int) -> None:
    html = f"<article>{'<div>' * depth}deep{'</div>' * depth}<p>after</p></article>"
    assert to_text(html, "html") == "deep\n\nafter"
    assert "".join(tree(html).itertext()) == "deepafter"


@pytest.mark.parametrize("depth", [11, 21, 100])
def test_no_text_is_lost_in_nested_markdown(depth: int) -> None:
    words = [f"word{each}" for each in range(depth)]
    listed = "\n".join(f"{'  ' * level}- {word}" for level, word in enumerate(words))
    assert to_text(listed, "markdown").split() == words
    assert to_text(f"{'> ' * depth}deep", "markdown-no-html") == "deep"


def test_what_is_nested_too_deeply_is_refused_not_cut() -> None:
    html = "<div>" * 3_000 + "deep"
    for convert_it in (lambda: to_text(html, "html"), lambda: tree(html)):
        with pytest.raises(ValueError, match=r"2,?048"):
            convert_it()


def test_a_large_picture_cuts_nothing() -> None:
    html = f"<p>before<img src='data:image/png;base64,{'A' * 11_000_000}'></p><p>after</p>"
    assert to_text(html, "html") == "before\n\nafter"
    assert "".join(tree(html).itertext()) == "beforeafter"


@pytest.mark.parametrize(
    "html", ["", " ", "<!-- nothing -->", "<", "</p>", "\0", "\x01", "\ud800", "<frameset><frame>"]
)
def test_what_holds_no_text_raises_nothing(html: str) -> None:
    assert to_text(html, "html").strip("<? \ufffd") == ""


def test_controls_that_a_text_holds_break_no_lines() -> None:
    assert to_text("<p>a\0b\x01c</p>", "html") == "abc"


def test_markdown_may_hold_html_unless_its_format_says_no() -> None:
    source = "Use <b>bold</b> in `<p>`.\n\n<div>text</div>\n\n| a | b |\n|---|---|\n| 1 | H<sub>2</sub>O |\n"
    assert to_text(source, "markdown") == "Use bold in <p>.\n\ntext\na b\n1 H2O"
    assert to_text(source, "markdown-no-html") == (
        "Use <b>bold</b> in <p>.\n\n<div>text</div>\n\na b\n1 H<sub>2</sub>O"
    )


def test_text_stays_as_it_is() -> None:
    assert to_text(" <p>a&amp;b</p>\n", "text") == " <p>a&amp;b</p>\n"


@pytest.mark.parametrize(
    ("form", "libraries"),
    [("text", ()), ("html", ("lxml", "libxml2")), ("markdown-no-html", ("lxml", "libxml2", "markdown-it-py"))],
)
def test_the_version_names_the_libraries_that_made_a_text(form: str, libraries: tuple[str, ...]) -> None:
    assert [name for name in ("lxml", "libxml2", "markdown-it-py") if f" {name} " in convert.version(form)] == [
        *libraries
    ]
