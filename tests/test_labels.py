import re
from pathlib import Path

import pytest

from boilerbench.errors import UnknownNameError, UsageError
from boilerbench.labels import Role, known_policies, load_policy, taxonomy
from boilerbench.model import Gold, Segment


def test_every_label_says_what_it_is_with_an_example() -> None:
    for label in taxonomy().values():
        assert label.definition.endswith(".")
        assert label.example
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", label.name)


def test_the_taxonomy_tells_content_from_clutter() -> None:
    clutter = [label for label in taxonomy().values() if label.role is Role.CLUTTER]
    assert len(clutter) >= 28
    assert len(taxonomy()) - len(clutter) >= 18


@pytest.mark.parametrize(
    ("policy", "roles"),
    [
        ("default", {"title": "optional", "caption": "optional", "comment": "clutter", "post": "body"}),
        ("strict", {"title": "clutter", "caption": "clutter", "credit": "clutter", "paragraph": "body"}),
        ("with-captions", {"caption": "body", "credit": "body", "byline": "optional", "comment": "clutter"}),
        ("with-comments", {"comment": "body", "comments": "clutter", "caption": "optional"}),
    ],
)
def test_a_policy_settles_contested_labels(policy: str, roles: dict[str, str]) -> None:
    loaded = load_policy(policy)
    assert {label: loaded.role(label).value for label in roles} == roles


def test_a_policy_has_a_role_for_every_label() -> None:
    for name in known_policies():
        assert set(load_policy(name).roles) == set(taxonomy())


def test_segments_come_by_role_in_their_order() -> None:
    gold = Gold((Segment("title", "A"), Segment("paragraph", "b"), Segment("login", "c"), Segment("list", "d")))
    policy = load_policy("default")
    assert policy.segments(gold, Role.BODY) == ["b", "d"]
    assert policy.segments(gold, Role.OPTIONAL) == ["A"]


def test_a_user_writes_a_policy_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('name = "mine"\nbase = "strict"\n[roles]\ncode = "optional"\n')
    policy = load_policy(str(file))
    assert policy.name.startswith("mine@")
    assert (policy.role("code"), policy.role("title")) == (Role.OPTIONAL, Role.CLUTTER)


def test_a_policy_of_ones_own_is_called_by_what_it_says(tmp_path: Path) -> None:
    roles = ('code = "optional"', 'code = "clutter"', 'title = "optional"\ncode = "optional"')
    for number, says in enumerate(roles):
        (tmp_path / f"{number}.toml").write_text(f'name = "mine"\n[roles]\n{says}\n')
    first, other, same = (load_policy(str(tmp_path / f"{number}.toml")) for number in range(3))
    assert first.name != other.name
    assert first == same  # a title is optional by default


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "m"\n[roles]\nnavel = "body"', "unknown label in .*'navel'"),
        (
            'name = "m"\n[roles]\ncode = "boody"',
            "unknown role of code in .*'boody'; did you mean 'body'. known: body, optional, clutter",
        ),
        ('name = "m"\nbase = "lax"', "unknown base policy in .*'lax'"),
        ('[roles]\ncode = "body"', "needs the key 'name'"),
        ('name = "a|b"', "needs a name of letters, digits"),
        ('name = "default"', "name of a known policy"),
        ('name = "m"\nrole = 1', "there is no key 'role'; did you mean 'roles'. known: name, base, roles"),
        ('name = "m"\nroles = 1', "must be a table"),
        ("name = ", "not TOML"),
    ],
)
def test_a_bad_policy_file_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=said) as error:
        load_policy(str(file))
    assert "\n" not in str(error.value)


def test_unknown_names_are_refused_with_those_that_exist() -> None:
    with pytest.raises(UnknownNameError, match="unknown policy 'lax'; known: default, strict"):
        load_policy("lax")
    with pytest.raises(UnknownNameError, match="unknown label 'navel'"):
        load_policy("default").role("navel")
    with pytest.raises(UsageError, match="cannot be read"):
        load_policy("nowhere/mine.toml")
