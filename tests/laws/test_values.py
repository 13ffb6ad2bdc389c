"""A process is a value: nothing that can be reached from it can be assigned or changed in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo
from types import MappingProxyType

import pytest

import postinterview as pi
from postinterview.core.judging.engine import Engine
from tests.core.helpers import at
from tests.core.test_semantics import interviewed

PLAIN = (str, int, float, bytes, bool, type(None), date, datetime, timedelta, tzinfo)


def lived() -> pi.Process:
    """A process with every kind of entry, and a breach."""
    process = interviewed().record("follow_up", at=at("2026-03-05 09:00"), channel="call").process
    process = process.record("message", at=at("2026-03-06 09:00")).process
    process = process.retract(3, at=at("2026-03-06 10:00")).process
    return process.unknown("message", until=at("2026-03-01 09:00")).process


def reachable(value: object, path: str, seen: set[int]) -> Iterator[tuple[str, object]]:
    """Every value that public attributes, items and keys lead to, with how to get there.

    The engine is what a rulebook was compiled to, no part of what is read of it.
    """
    if isinstance(value, (*PLAIN, Engine)) or callable(value) or id(value) in seen:
        return
    seen.add(id(value))
    yield path, value
    if isinstance(value, tuple | frozenset):
        for number, each in enumerate(value):
            yield from reachable(each, f"{path}[{number}]", seen)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from reachable(each, f"{path}[{key!r}]", seen)
    else:
        for name in public(value):
            yield from reachable(getattr(value, name), f"{path}.{name}", seen)


def public(value: object) -> list[str]:
    return [name for name in dir(value) if not name.startswith("_") and not callable(getattr(value, name))]


def test_no_attribute_that_a_process_leads_to_can_be_assigned() -> None:
    found = dict(reachable(lived(), "process", set()))
    assert {"process.history[0]", "process.timeline[0]", "process.rulebook.definition"} <= set(found)
    for value in found.values():
        if isinstance(value, tuple | frozenset | Mapping):
            continue
        for name in public(value):
            with pytest.raises(AttributeError):
                setattr(value, name, getattr(value, name))


def test_what_a_process_leads_to_is_kept_in_nothing_that_can_be_changed() -> None:
    process = lived()
    for path, value in reachable(process, "process", set()):
        if isinstance(value, list | set | dict | bytearray):
            # A copy may be changed: it is another one each time.
            assert not path.startswith(("process.rulebook", "process.states")), path
            assert path.endswith(".fields"), path
    process.history[0].fields.clear()  # type: ignore[union-attr]
    assert process == lived()


def test_the_states_are_a_view_that_can_be_read_only() -> None:
    process = lived()
    assert isinstance(process.states, MappingProxyType)
    assert process.states["application", ("main", None, None)] == "followed_up"
