"""The result of a step, and the parts of a step that `step` and the functions of `compiled_steps` share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, TypeAlias

from attrs import define, field

from postinterview.core.answers.verdict import Move, Verdict
from postinterview.core.judging.certainty import Refused
from postinterview.core.judging.decide import Choice
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.permission import Closing
from postinterview.core.past.events import Value
from postinterview.core.past.placed import Placed
from postinterview.core.past.places import Key, make_key
from postinterview.core.past.situation import Situation, Snapshot
from postinterview.core.rules.definitions import EventKind
from postinterview.core.values.builders import builder
from postinterview.core.values.layered import grown
from postinterview.core.values.moments import LocalCalendar
from postinterview.core.values.stacks import Stack, pushed

Places: TypeAlias = tuple[Mapping[Key, int], Mapping[str | None, Stack[Key] | None]]
"""The places of a snapshot, and those of each application."""


@define
class Step:
    """The result of one event on a snapshot.

    Attributes:
        snapshot: the next snapshot.
        placed: the event in its place.
        moves: the machines that changed their state.
        verdict: whether the act was allowed; None for a fact.
        unexpected: whether it is a fact that some machine listens to and none had a transition for.
        choices: the transition that each machine takes, those that stay in their state among them.
        refused: the refusal of an act that happened all the same; None if there is none.
    """

    snapshot: Snapshot
    placed: Placed
    moves: tuple[Move, ...]
    verdict: Verdict | None
    unexpected: bool
    choices: Sequence[Choice]
    refused: Refused | None = field(default=None, eq=False)


new_step = builder(Step)

Placer: TypeAlias = Callable[..., Situation]
"""Puts an act or a fact into its place: a snapshot, the place, what it carries, the employer's days and name,
and whether it is to an unknown person, and in an application that nothing started."""


def placer(engine: Engine, kind: EventKind) -> Placer:
    """Return the function that makes the situations of an event, after a past of which all is known."""

    def situated(
        snapshot: Snapshot,
        place: Key,
        carried: Iterable[tuple[str, Value]] | None,
        calendar: LocalCalendar,
        employer: str,
        unknown_person: bool = False,
        unstarted: bool = False,
    ) -> Situation:
        said, roundless = None if carried is None else dict(carried), engine.roundless
        return Situation(
            snapshot, kind, place, said, calendar, employer, roundless, unknown_person, unstarted
        )

    return situated


def closer(engine: Engine, situated: Placer) -> Callable[..., Closing]:
    """Return the function that makes the words of an act that is allowed, and may not be later.

    It takes the moment, the zone of the answer, and what the act is asked of.
    """

    def closing(at: datetime, zone: tzinfo | None, *asked: Any) -> Closing:
        return Closing(engine, situated(*asked), at, zone)

    return closing


def credits_taken(engine: Engine, situation: Situation, spends: tuple[str, ...]) -> tuple[str, ...]:
    """Return the credits that there are to take. An act to which a guard does not apply may find none."""
    if len(spends) == 1:  # as most: many events then share one tuple
        return spends if engine.buckets[spends[0]].level(situation)[0] else ()
    return tuple(credit for credit in spends if engine.buckets[credit].level(situation)[0])


def places_with(snapshot: Snapshot, place: Key, people: tuple[str, ...]) -> Places:
    """Return the places after an event in ``place`` that names these people."""
    places, (application, round_, to) = snapshot.places, place
    if len(people) == (to is not None):  # it names nobody but whom it is to, as most do
        new: tuple[Key, ...] = () if place in places else (place,)
    else:
        keys = [make_key(application, round_, person) for person in people]
        new = tuple(key for key in keys if key not in places)
    if not new:
        return places, snapshot.places_in
    numbers = {key: number for number, key in enumerate(new, len(places))}
    latest = pushed(snapshot.places_in.get(application), new)
    return grown(places, numbers), grown(snapshot.places_in, {application: latest})


def at_instance(situation: Situation, key: Key) -> Situation:
    """Return a fact at an instance that it reaches: the guards of a fact look there."""
    application, round_, person = situation.place
    whom = person if key.person is None else key.person
    return situation.moved_to(make_key(application, round_, whom))
