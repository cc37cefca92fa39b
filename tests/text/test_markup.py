import pytest

from boilerbench.text.markup import beyond

LINKED = "The [lamp keeper](https://a.example/people) of Skagen"


@pytest.mark.parametrize(
    ("text", "gold", "expected"),
    [
        ("<div><p>Lamps</p></div>", "Lamps", "html"),
        ('Lamps<br/>and <a href="x">keepers', "Lamps and keepers", "html"),
        (LINKED, "The lamp keeper of Skagen", "markdown"),
        ("![A lamp](/lamp.png)", "", "markdown"),
        ("Lamps [1].\n\n[1]: https://a.example", "Lamps 1.", "markdown"),
        ("[wrapped\nover lines](/x)", "wrapped over lines", "markdown"),
        ("Lamps < keepers > ships, <3 <T> List<String> <john@a.example>", "", None),
        ("Write to https://a.example/ (or not) [sic] f[0](x y) ", "", "markdown"),
        ("Lamps [1] (see below) [citation needed]", "", None),
        ("Use <p> for paragraphs.", "Use for paragraphs.", None),
        ("Use <p> and </p>, <b> and </b>.", "Use <p> and </p>, <b> and </b>.", None),
        ("Use <p> and </p>, <b> and </b>.", "Use <p> and </p>.", None),
        ("<div><p>Use <b> and </b>.</p></div>", "Use <b> and </b>.", "html"),
        (LINKED, LINKED, None),
        ("", "", None),
    ],
)
def test_markup_is_what_the_gold_has_not(text: str, gold: str, expected: str | None) -> None:
    assert beyond(text, gold) == expected
