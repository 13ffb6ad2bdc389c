"""A connection that a fork copied is refused in the child, and still works in the parent."""

from __future__ import annotations

import pytest

from tests.contrib.django import programs
from tests.stores.kinds import SHARED, shared
from tests.stores.test_forks import told

CARRIED = (
    "StoreError: a fork gave this process an open connection of its parent "
    "(call `django.db.connections.close_all()` before the fork)"
)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SHARED)
@pytest.mark.parametrize(("care", "answer"), [("none", CARRIED), ("close before", 2)])
def test_a_child_uses_no_connection_of_its_parent(kind: str, care: str, answer: object) -> None:
    with shared(kind) as url:
        assert told(programs.fork, url, care) == (answer, 3)
