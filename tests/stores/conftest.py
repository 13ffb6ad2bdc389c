"""Each test that takes ``store`` holds for every kind of store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from postinterview.stores import Keeper, Store
from tests.core.helpers import default
from tests.stores.kinds import KINDS, opened


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    with opened(request.param) as found:
        yield found


@pytest.fixture
def keeper(store: Store) -> Keeper:
    return Keeper(default(), store)
