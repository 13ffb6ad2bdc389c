"""A mapping that snapshots share is the dictionary that took the same changes."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from postinterview.core.values.layered import FEW, Layered, grown


def test_a_shared_mapping_is_the_dictionary_with_the_same_changes_in_the_same_order() -> None:
    random = Random(3)  # noqa: S311 - a test draws, nothing is kept secret
    mapping: Mapping[int, int] = {}
    plain: dict[int, int] = {}
    kept: list[tuple[Mapping[int, int], dict[int, int]]] = []
    for step in range(12 * FEW):
        new = {random.randrange(10 * FEW): step for _ in range(random.randint(1, 3))}
        mapping, plain = grown(mapping, new), plain | new
        kept.append((mapping, plain))
    assert isinstance(mapping, Layered)
    for shared, same in kept:  # the earlier ones are what they were
        assert list(shared.items()) == list(same.items())
        assert len(shared) == len(same)
        assert shared == same
        assert [shared.get(key, -1) for key in range(10 * FEW)] == [
            same.get(key, -1) for key in range(10 * FEW)
        ]
        assert all((key in shared) is (key in same) for key in range(10 * FEW))
