"""The example host as a site in this program, on a fresh database, with two users."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contrib.django.sites import Site
from tests.stores import django_site


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def served(request: pytest.FixtureRequest) -> Iterator[str]:
    with django_site.default(request.param):
        yield request.param


@pytest.fixture
def site(served: str) -> Iterator[Site]:
    """A site on which nothing happened yet."""
    made = Site.opened(served)
    yield made
    made.emptied()


@pytest.fixture
def keeper(site: Site) -> Any:
    from postinterview.contrib.django import get_keeper

    return get_keeper()
