from __future__ import annotations

import pytest

from boilerbench.errors import UsageError
from boilerbench.runners import naming


@pytest.mark.parametrize(
    ("label", "name", "variant", "options", "origin"),
    [
        ("x", "x", None, {}, ""),
        ("x:fast", "x", "fast", {}, ""),
        ("x:no-tables", "x", "no-tables", {}, ""),
        ("x:a=true,b=false,c=null", "x", None, {"a": True, "b": False, "c": None}, ""),
        ("x:a=1,b=-2.5,c=1e3", "x", None, {"a": 1, "b": -2.5, "c": 1000.0}, ""),
        ("x:a=en,b=1.2.3,c=2020-01-01", "x", None, {"a": "en", "b": "1.2.3", "c": "2020-01-01"}, ""),
        ('x:a="true",b="1, 2@3",c=NaN', "x", None, {"a": "true", "b": "1, 2@3", "c": "NaN"}, ""),
        ('x:a=[1, "b"],c={"d": 2}', "x", None, {"a": [1, "b"], "c": {"d": 2}}, ""),
        ("x:fast,a=1@2.0.0", "x", "fast", {"a": 1}, "2.0.0"),
        ("x:a=b@./c", "x", None, {"a": "b"}, "./c"),
        ("x@.", "x", None, {}, "."),
        ("x@git+ssh://git@host:22/y.git@v1", "x", None, {}, "git+ssh://git@host:22/y.git@v1"),
        ("x:fast@git+https://host/y", "x", "fast", {}, "git+https://host/y"),
        ("x.py", "x.py", None, {}, ""),
        ("./a@b/x.py:fast@1.0", "./a@b/x.py", "fast", {}, "1.0"),
        ("x:a=y.py", "x", None, {"a": "y.py"}, ""),
    ],
)
def test_a_label_is_taken_apart(
    label: str, name: str, variant: str | None, options: dict[str, object], origin: str
) -> None:
    asked = naming.Asked(name, variant, options, origin)
    assert naming.parse(label) == asked
    assert naming.parse(naming.written(asked)) == asked


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("a=1", "a", [1]),
        ("a=1,2.5,-3", "a", [1, 2.5, -3]),
        ("a=true,en,null", "a", [True, "en", None]),
        ('a=["b", "c"],"d, e@f",g', "a", [["b", "c"], "d, e@f", "g"]),
    ],
)
def test_values_to_try_are_read_as_a_labels_are(text: str, name: str, values: list[object]) -> None:
    assert naming.values(text) == (name, values)
    assert naming.values(f"{name}={','.join(map(naming.value_written, values))}") == (name, values)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "option '': write NAME=VALUE"),
        ("a", "option 'a': write NAME=VALUE"),
        ("a=", "option 'a=': write NAME=VALUE"),
        ("a=1,", "option 'a' has no value that can be read"),
        ("a=1 2", "cannot be read from ' 2' on"),
        ("a=b@c", "cannot be read from '@c' on"),
        ("a=True", "write a=true, as in JSON"),
    ],
)
def test_values_that_cannot_be_read_are_one_clear_line(text: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=r"\A[^\n]*\Z") as refusal:
        naming.values(text)
    assert complaint in str(refusal.value)


@pytest.mark.parametrize(
    ("label", "complaint"),
    [
        ("", "runner '': cannot be read from '' on; write NAME"),
        (":fast", "cannot be read"),
        ("x:", "cannot be read from ':' on"),
        ("x@", "cannot be read from '@' on"),
        ("x:fast:a=1", "cannot be read from ':fast:a=1' on"),
        ("x:a=1:fast", "cannot be read from ':fast' on"),
        ("x:a=1,fast", "cannot be read from ',fast' on"),
        ("x:a=1 2", "cannot be read from ' 2' on"),
        ("x:a=", "option 'a' has no value"),
        ("x:a=[1,2", "option 'a' has no value"),
        ("x:a=1,a=2", "option 'a' is given twice"),
        ("x:a=True", "write a=true, as in JSON"),
        ("x:a=None", "write a=null, as in JSON"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(label: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=r"\A[^\n]*\Z") as refusal:
        naming.parse(label)
    assert complaint in str(refusal.value)
