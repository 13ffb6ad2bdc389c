"""What is before an event, what is asked, and which events lie in a scope. Nothing here is cached."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

from tests.oracle import reading
from tests.oracle.reading import Rules

Key: TypeAlias = tuple[str | None, int | None, str | None]
"""Application, round, interviewer; None where there is none, or the scope does not look at it."""

Placed: TypeAlias = dict[str, Any]
"""An event, and what the oracle found out: round, people, spent, breach, outside."""


@dataclass
class World:
    """What is before an event: the rules, the events so far, the states they led to."""

    rules: Rules
    zone: str
    holidays: frozenset[date]
    unknowns: list[dict[str, Any]]
    placed: list[Placed] = field(default_factory=list)
    states: dict[tuple[str, Key], str] = field(default_factory=dict)

    def state(self, machine: str, key: Key) -> str:
        start: str = self.rules["machines"][machine]["start"]
        return self.states.get((machine, key), start)


@dataclass
class Asked:
    """An event that may happen: its name, when, in which place, and what it carries."""

    name: str
    at: datetime
    place: Key
    fields: dict[str, Any]


def project(per: Any, place: Key) -> Key:
    """The part of a place that a scope looks at."""
    axes = reading.axes(per)
    application, round_, person = place
    return (
        application if "application" in axes else None,
        round_ if "round" in axes else None,
        person if "interviewer" in axes else None,
    )


def lies_in(event: Placed, key: Key) -> bool:
    """It agrees with every key that it has itself."""
    application, round_, person = key
    return (
        (application is None or event["application"] in (None, application))
        and (round_ is None or event["round"] in (None, round_))
        and (person is None or not event["people"] or person in event["people"])
    )


def seen(world: World, names: Collection[str], key: Key) -> list[Placed]:
    """The events of these names in a scope, in the order of the timeline."""
    return [event for event in world.placed if event["name"] in names and lies_in(event, key)]


def applications(world: World) -> set[str]:
    """Those of which something is recorded, if only that something is unknown."""
    return {entry["application"] for entry in (*world.placed, *world.unknowns)} - {None}


def not_known_before(world: World, names: Collection[str], key: Key) -> datetime | None:
    """Until when it is unknown whether one of these events happened in a scope."""
    untils = []
    for unknown in world.unknowns:
        touched = reading.members_of(world.rules, unknown["of"]) & set(names)
        touched = {name for name in touched if not _cleared(world, unknown, name, key[0])}
        if not _began_before(world, key, unknown["until"]):  # what belongs to a round can't be before it
            touched = {name for name in touched if reading.may_have_no_round(world.rules, name)}
        if touched and (key[0] is None or unknown["application"] in (None, key[0])):
            untils.append(unknown["until"])
    return max(untils, default=None)


def _cleared(world: World, unknown: dict[str, Any], name: str, application: str | None) -> bool:
    """Whether somebody said later that all is recorded: there, or (None) wherever it was left open."""
    for known in unknown["cleared"]:
        if name not in reading.members_of(world.rules, known["of"]):
            continue
        everywhere = known["application"] is None or reading.concerns_employer(world.rules, name)
        if everywhere or known["application"] == (application or unknown["application"]):
            return True
    return False


def _began_before(world: World, key: Key, until: datetime) -> bool:
    """Whether a scope reaches back before a moment. That of a round starts when it is opened."""
    application, round_, _ = key
    return not round_ or any(
        event["at"] < until
        for event in world.placed
        if reading.opens_round(world.rules, event["name"])
        and (event["application"], event["round"]) == (application, round_)
    )
