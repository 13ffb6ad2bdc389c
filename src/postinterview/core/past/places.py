"""The places in which events and instances of machines lie."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from postinterview.core.rules.definitions import Scope


class Key(NamedTuple):
    """The place of an event, or of an instance of a machine. A part that is not named is None.

    Attributes:
        application: the application's name.
        round: the number of its round, from 1; 0 is before the first.
        person: the interviewer.
    """

    application: str | None = None
    round: int | None = None
    person: str | None = None


NOWHERE = Key()
"""The key of what concerns the employer as a whole."""

# Each step asks for the same few keys, and a named tuple takes long to build.
_cached = lru_cache(maxsize=4096)
make_key = _cached(Key)

_PROJECTIONS: dict[tuple[bool, bool, bool], Callable[[Key], Key]] = {
    (False, False, False): lambda _: NOWHERE,
    (True, False, False): _cached(lambda place: Key(place.application)),
    (True, True, False): _cached(lambda place: Key(place.application, place.round)),
    (False, False, True): _cached(lambda place: Key(None, None, place.person)),
    (True, False, True): _cached(lambda place: Key(place.application, None, place.person)),
    (True, True, True): lambda place: place,
}


def projection(scope: Scope) -> Callable[[Key], Key]:
    """Return the function that takes from a place the parts that ``scope`` counts by."""
    return _PROJECTIONS[scope.application, scope.round, scope.interviewer]


def key_in(scope: Scope, place: Key) -> Key:
    """Return the parts of ``place`` that ``scope`` counts by."""
    return projection(scope)(place)
