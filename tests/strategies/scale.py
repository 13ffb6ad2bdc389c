"""How many examples a law is tried on in each profile of Hypothesis."""

from __future__ import annotations

from hypothesis import settings

EXAMPLES = settings.default.max_examples if settings.default else 80
IS_LONG = EXAMPLES >= 1000


def tried(thorough: int, long: int) -> settings:
    """The settings of a law: so many examples in the thorough and in the long profile, fewer in the quick."""
    return settings(max_examples=long if IS_LONG else -(-thorough * min(EXAMPLES, 80) // 80))
