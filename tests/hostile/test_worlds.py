"""All that is hostile, tried by root and by an ordinary user, with namespaces and without."""

from __future__ import annotations

import pytest

from tests.hostile.attack import in_world
from tests.hostile.worlds import WITHOUT, WORLDS, possible


@pytest.mark.parametrize("world", WORLDS)
def test_nothing_hostile_gets_through(world: str) -> None:
    if not possible(world):
        pytest.skip("it takes root to make this world")
    found = in_world(world)
    if found["layer"] == "none":
        pytest.skip("this system has neither namespaces nor Landlock")
    assert found["through"] == []
    assert found["layer"] == "landlock" or WITHOUT not in WORLDS[world]
