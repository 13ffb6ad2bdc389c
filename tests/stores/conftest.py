"""Each test that takes ``store`` holds for every kind of store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from postinterview.stores import Keeper, Store, memory, rows
from tests.core.helpers import default
from tests.stores.kinds import KINDS, opened


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    with opened(request.param) as found:
        yield found


@pytest.fixture(scope="module")
def from_zero() -> Iterator[None]:
    """First versions are 0, so that a test can name them, and compare one store with another."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (memory, rows):
            patch.setattr(module, "first_version", int)
        yield


@pytest.fixture
def keeper(store: Store) -> Keeper:
    return Keeper(default(), store)
