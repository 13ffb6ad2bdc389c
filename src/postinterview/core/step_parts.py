"""The result of a step, and the parts of a step that `step` and the functions of `compiled_steps` share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from attrs import define, field

from postinterview.core.builders import builder
from postinterview.core.certainty import Refused
from postinterview.core.decide import Choice
from postinterview.core.engine import Engine
from postinterview.core.layered import grown
from postinterview.core.placed import Placed
from postinterview.core.places import Key, make_key
from postinterview.core.situation import Situation, Snapshot
from postinterview.core.stacks import Stack, pushed
from postinterview.core.verdict import Move, Verdict

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
