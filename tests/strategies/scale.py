"""How many examples a law is tried on: a few in the quick profile, many in the long one."""

from __future__ import annotations

from hypothesis import settings

IS_LONG = settings.default is not None and settings.default.max_examples >= 1000


def tried(quick: int, long: int) -> settings:
    """The settings of a law: so many examples in each profile."""
    return settings(max_examples=long if IS_LONG else quick)
