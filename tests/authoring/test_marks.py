import pytest

from boilerbench.authoring import marks
from boilerbench.errors import BadSetError


def segments(html: str) -> list[tuple[str, str, str | None]]:
    return [(segment.label, segment.text, segment.where) for segment in marks.collect(html)]


def test_nested_labels_split_the_text_around_them() -> None:
    html = '<p data-gold="paragraph">Before <b>the</b> <span data-gold="related">advert</span> and after.</p>'
    assert segments(html) == [
        ("paragraph", "Before the", None),
        ("related", "advert", None),
        ("paragraph", "and after.", None),
    ]


def test_blocks_make_lines_cells_make_tabs_and_code_stays_as_it_is() -> None:
    html = (
        '<div data-gold="list"><p>a\n b</p>c<br>d</div><table data-gold="table"><tr><td>1</td><td>2</td></tr></table>'
        '<pre data-gold="code">if x:\n    go\n\n    stop\n</pre>'
    )
    assert [text for _, text, _ in segments(html)] == ["a b\nc\nd", "1\t2", "if x:\n    go\n\n    stop"]


def test_an_empty_label_between_does_not_part_a_text_but_separates_its_blocks() -> None:
    html = '<div data-gold="body">one<div data-gold="advertisement"> </div>two</div>'
    assert segments(html) == [("body", "one\ntwo", None)]


def test_unseen_text_says_where_it_stands() -> None:
    html = (
        '<div data-gold="body"><img alt="A pier" data-gold="caption" data-gold-attr="alt"><p hidden>h</p>'
        '<p style="display: none">d</p><p data-gold-hidden>s</p><noscript><p>n</p></noscript>'
        "<template><p>t</p></template></div>"
        '<script data-gold="body" data-gold-json="title=/a/0 /b">x={"a": ["T"], "b": "<p>one</p><p>two</p>"}</script>'
    )
    assert segments(html) == [
        ("caption", "A pier", "attribute"),
        ("body", "h", "hidden"),
        ("body", "d", "hidden"),
        ("body", "s", "hidden"),
        ("body", "n", "noscript"),
        ("body", "t", "template"),
        ("title", "T", "json"),
        ("body", "one", "json"),
        ("body", "two", "json"),
    ]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (" ", "nothing in it"),
        ("<p>bare</p>", "text under no label: 'bare'"),
        ('\n<p data-gold="navel">x</p>', "unknown label 'navel': <p data-gold=\"navel\">x</p>"),
        ('<p data-gold="body" data-gold-attr="alt">x</p>', "no attribute 'alt' to label: <p "),
        (
            '<p data-gold="body">He said <img alt="a "no" or two"></p>',
            'cut by a quote or a .*: <img alt="a "no" or two">',
        ),
        ('<p data-gold="body">x <y and z</p>', "cut by a quote or a '<': <y and z</p>"),
        ('<img alt="x" data-gold="caption">', 'no text to label: <img alt="x"'),
        ('<div data-gold="body">x<div data-gold="footer">y</div>', 'not closed: <div data-gold="body">'),
        ('<b><i data-gold="body">x</b>', 'not closed: <i data-gold="body">'),
        ('<script data-gold="body" data-gold-json="/b">{"a": 1}</script>', "nothing at JSON pointer '/b'"),
        ('<script data-gold-json="navel=/a">{"a": 1}</script>', "unknown label 'navel'"),
        ('<script data-gold="body" data-gold-json="/b">none</script>', "nothing at JSON pointer"),
    ],
)
def test_wrong_marks_are_refused_with_the_element_they_stand_on(html: str, said: str) -> None:
    with pytest.raises(BadSetError, match=said):
        marks.collect(html)


def test_the_structure_of_a_page_is_its_labelled_elements() -> None:
    html = (
        '<title>A  b</title><style>p {}</style><body class="x"><!-- c --><script>d</script>'
        '<h1 data-gold="title" id="t">A</h1><div><img src="e.png"></div>'
        '<table><tr><td></td><td data-gold="body">f</td></tr></table>'
    )
    assert marks.structure(html, "https://e.org/?a&b").split("\n") == [
        "<!DOCTYPE html>",
        '<base href="https://e.org/?a&amp;b">',
        "<title>A b</title>",
        '<body><h1 data-gold="title">A</h1><table><tr><td></td><td data-gold="body">f</td></tr></table></body>',
        "",
    ]


def test_a_mark_that_cannot_be_taken_off_is_refused() -> None:
    assert marks.bare('<p class="a" data-gold="body" data-gold-hidden id="b">') == '<p class="a" id="b">'
    with pytest.raises(BadSetError, match="off: <p data-gold='body'>x"):
        marks.bare("\n<p data-gold='body'>x")


def test_elements_whose_end_may_be_left_out_need_none() -> None:
    assert segments('<ul><li data-gold="body">x<br><li data-gold="footer">y</ul>') == [
        ("body", "x", None),
        ("footer", "y", None),
    ]
