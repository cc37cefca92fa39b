"""What is said of a build that failed, of all that a tool printed."""

import pytest

from boilerbench.environments import setup


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("", "no reason given"),
        ("one\ntwo\n", "two"),
        (
            "# runner\n./a.go:3:8: undefined: x\n./a.go:9:2: undefined: y\n./b.go:1:1: z",
            2 * "./a.go:{}: undefined: {}, ",
        ),
        (
            "./a.go:4:6: main redeclared\n\t./b.go:2:6: other declaration of main",
            "./a.go:4:6: main redeclared ./b.go:2:6: other",
        ),
        ("go: downloading m v1\ngo: m@v9.9.9: no such version", "go: m@v9.9.9: no such version"),
        ("a.go:6:2: missing go.sum entry for module m; to add:\n\tgo get runner", "boilerbench runners lock"),
        (
            "npm error code ETARGET\nnpm error notarget No match\nnpm error A log",
            "npm error code ETARGET, npm error notarget No match",
        ),
        ("error[E0425]: no value\n --> a.rs:2:5\n  |\n2 | x\n  | ^ not found", "error[E0425]: no value --> a.rs:2:5"),
    ],
)
def test_the_first_errors_that_a_tool_printed_say_why_it_failed(output: str, reason: str) -> None:
    wanted = reason.format("3:8", "x", "9:2", "y").removesuffix(", ")
    assert wanted in setup.told(output)
    assert "downloading" not in setup.told(output)
