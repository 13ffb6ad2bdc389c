"""The semantics, written a second time and as plainly as possible.

A rulebook is the dict of its file (text as in the file), a history a list of dicts: an event has
``number, name, at, application, to, fields``; a retraction ``number, of``; an unknown ``number,
unknown, until, application``, and so has what is ``known`` (``until`` may be None). Every question
reads the whole history again from its first event.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeAlias

from tests.oracle import reading
from tests.oracle.guards import bucket, holds
from tests.oracle.reading import Rules
from tests.oracle.world import Asked, Key, Placed, World, project

History: TypeAlias = list[dict[str, Any]]
Transition: TypeAlias = dict[str, Any]
Moves: TypeAlias = dict[tuple[str, Key], str]
Failure: TypeAlias = tuple[str, str, str]
"""Machine, transition, and the guard's id; ``state`` where no transition leaves the state."""


def replay(rules: Rules, history: History, zone: str, holidays: Collection[date] = ()) -> list[Placed]:
    """Every event in its place: round, people, breach, unexpected, spent, and the states after it."""
    return world_after(rules, history, zone, holidays).placed


def may(
    rules: Rules,
    history: History,
    event: str,
    at: datetime,
    *,
    zone: str,
    holidays: Collection[date] = (),
    to: str | None = None,
    application: str | None = "main",
    fields: dict[str, Any] | None = None,
) -> tuple[bool, set[str]]:
    """Whether an act is allowed at a moment after all that happened, and the ids that stand against it."""
    world = world_after(rules, history, zone, holidays)
    failures = why_not(world, Asked(event, at, place_of(world, event, application, to), fields or {}))
    return not failures, {failure[-1] for failure in failures}


def state(
    rules: Rules, history: History, machine: str, key: Key, *, zone: str, holidays: Collection[date] = ()
) -> str:
    """The state of one instance of a machine after all that happened."""
    return world_after(rules, history, zone, holidays).state(machine, key)


def timeline(history: History) -> History:
    """The events in the order in which they happened, without the retracted ones."""
    events = [entry for entry in _standing(history) if "name" in entry]
    return sorted(events, key=lambda event: (event["at"], event["number"]))


def _standing(history: History) -> History:
    """The entries that nobody took back."""
    retracted = {entry["of"] for entry in history if "of" in entry}
    return [entry for entry in history if entry["number"] not in retracted]


def world_after(rules: Rules, history: History, zone: str, holidays: Collection[date]) -> World:
    """The fold: the events placed one after the other, each in the world that those before it made."""
    standing = _standing(history)
    unknowns = [
        {
            "of": entry["unknown"],
            "until": entry["until"],
            "application": entry["application"],
            "cleared": [
                {"of": later["known"], "application": later["application"]}
                for later in standing
                if "known" in later
                and later["number"] > entry["number"]
                and (later["until"] is None or later["until"] >= entry["until"])
            ],
        }
        for entry in standing
        if "unknown" in entry
    ]
    world = World(rules, zone, frozenset(holidays), unknowns)
    for event in timeline(history):
        placed = _in_its_place(world, event)
        step = _done if reading.is_act(rules, event["name"]) else _recorded
        world.states = world.states | step(world, placed)
        world.placed = [*world.placed, placed | {"states": world.states}]
    return world


# --- places ---------------------------------------------------------------------------------------


def place_of(world: World, event: str, application: str | None, to: str | None) -> Key:
    """The application, round and person that an event belongs to."""
    if reading.concerns_employer(world.rules, event):
        return None, None, to
    rounds = _rounds(world, application)
    if reading.opens_round(world.rules, event):
        return application, len(rounds) + 1, to
    latest = len(rounds)  # 0 before the first
    if to is None:
        return application, latest, None
    theirs = _round_with(world, application, to)
    if reading.is_act(world.rules, event):  # to a stranger: before the first round, and refused
        return application, theirs or 0, to
    return application, theirs or latest, to


def _in_its_place(world: World, event: dict[str, Any]) -> Placed:
    application, round_, to = place_of(world, event["name"], event["application"], event["to"])
    people = [] if to is None else [to]
    for name, declared in reading.fields(world.rules, event["name"]).items():
        if declared["type"] == "people":
            people += [person for person in event["fields"].get(name) or () if person not in people]
    found_out = {"spent": [], "breach": False, "outside": False, "unexpected": False}
    return event | found_out | {"application": application, "round": round_, "people": people}


def _rounds(world: World, application: str | None) -> list[Placed]:
    """The events that opened the rounds of an application (None: of all of them), in order."""
    return [
        event
        for event in world.placed
        if reading.opens_round(world.rules, event["name"]) and application in (None, event["application"])
    ]


def _round_with(world: World, application: str | None, person: str) -> int | None:
    """The latest round of an application (None: of any) for which a person was named."""
    theirs = [opened["round"] for opened in _rounds(world, application) if person in opened["people"]]
    return theirs[-1] if theirs else None


def is_kept_for(machine: dict[str, Any], place: Key) -> bool:
    """Whether a place has every key of a machine: before the first round, no machine of rounds is there."""
    axes = reading.axes(machine["per"])
    keys = zip(("application", "round", "interviewer"), place, strict=True)
    return all(key for axis, key in keys if axis in axes)


# --- acts -----------------------------------------------------------------------------------------


def why_not(world: World, asked: Asked) -> list[Failure]:
    """What stands against an act; nothing if it is allowed."""
    failures: list[Failure] = [("", "", "state")] if is_nowhere(world, asked) else []
    for name, machine in world.rules["machines"].items():
        if reading.listens(machine, asked.name) and choice(world, name, asked) is None:
            failures += _failures(world, name, asked)
    return failures


def is_nowhere(world: World, asked: Asked) -> bool:
    """Whether an act is to a person, or in an application, of whom or which there is nothing to know."""
    return is_to_a_stranger(world, asked) or is_in_an_application_unheard_of(world, asked)


def is_to_a_stranger(world: World, asked: Asked) -> bool:
    """Whether an act names somebody who never interviewed."""
    application, _, to = asked.place
    return to is not None and _round_with(world, application, to) is None


def is_in_an_application_unheard_of(world: World, asked: Asked) -> bool:
    """Whether nothing that starts an application was recorded in the act's own, and the act does not."""
    application = asked.place[0]
    rules, name = world.rules, asked.name
    if (
        application is None
        or reading.starts_application(rules, name)
        or reading.contact(rules, name) == "none"
    ):
        return False
    return not any(
        reading.starts_application(world.rules, event["name"])
        and event["application"] == application
        and not (event["breach"] or event["outside"])
        for event in world.placed
    )


def is_outside(world: World, asked: Asked) -> bool:
    """Whether a machine that listens to an act is where the rules don't speak of it."""
    return any(
        reading.listens(machine, asked.name)
        and is_kept_for(machine, asked.place)
        and reading.is_outside(machine, world.state(name, project(machine["per"], asked.place)))
        and not candidates(world, name, asked)
        for name, machine in world.rules["machines"].items()
    )


def _failures(world: World, machine: str, asked: Asked) -> list[Failure]:
    per = world.rules["machines"][machine]["per"]
    leaving = candidates(world, machine, asked)
    if not leaving:
        return [(machine, "", "state")]
    return [
        (machine, name, guard)
        for name, transition in leaving
        for guard, content in reading.guards(world.rules, transition).items()
        if not holds(world, content, per, asked)
    ]


def _done(world: World, placed: Placed) -> Moves:
    """Where an act takes the machines, by the rules or against them; it learns if it was a breach."""
    asked = Asked(
        placed["name"], placed["at"], (placed["application"], placed["round"], placed["to"]), placed["fields"]
    )
    refused = bool(why_not(world, asked))
    placed["outside"] = is_outside(world, asked)
    placed["breach"] = refused and not placed["outside"]
    moves: Moves = {}
    wanted: list[str] = []
    for name, machine in world.rules["machines"].items():
        if not reading.listens(machine, asked.name):
            continue
        if refused:
            taken, spends = _against_the_rules(world, name, asked)
        else:
            taken = choice(world, name, asked)
            assert taken is not None
            spends = reading.spends(world.rules, taken)
        wanted += spends
        if taken is not None and "to" in taken and is_kept_for(machine, asked.place):
            moves[name, project(machine["per"], asked.place)] = taken["to"]
    placed["spent"] = sorted({credit for credit in wanted if bucket(world, credit, asked.place) > 0})
    return moves


def _against_the_rules(world: World, machine: str, asked: Asked) -> tuple[Transition | None, list[str]]:
    """The transition that a breach takes, guards aside, and the credits it asks for."""
    everywhere = [
        transition
        for transition in world.rules["machines"][machine]["transitions"].values()
        if transition["event"] == asked.name
    ]
    from_here = [transition for _, transition in candidates(world, machine, asked)]
    from_any = [transition for transition in everywhere if transition.get("breach_from") == "any"]
    for taken in (*from_here, *from_any):
        return taken, reading.spends(world.rules, taken)
    return None, [credit for each in everywhere for credit in reading.spends(world.rules, each)]


# --- facts ----------------------------------------------------------------------------------------


def _recorded(world: World, placed: Placed) -> Moves:
    """Where a fact takes every instance that it concerns; it learns if nobody expected it.

    It goes by what is recorded: what is unknown refuses acts, and a fact is never refused.
    """
    world = replace(world, unknowns=[])
    moves: Moves = {}
    listening = found = False
    for name, machine in world.rules["machines"].items():
        if not reading.listens(machine, placed["name"]):
            continue
        listening = True
        for place in places(world, machine, placed):
            taken = choice(world, name, Asked(placed["name"], placed["at"], place, placed["fields"]))
            found = found or taken is not None
            if taken is not None and "to" in taken:
                moves[name, project(machine["per"], place)] = taken["to"]
    placed["unexpected"] = listening and not found
    return moves


def places(world: World, machine: dict[str, Any], placed: Placed) -> list[Key]:
    """One place for each instance of a machine that a fact concerns."""
    application, round_ = placed["application"], placed["round"]
    if "interviewer" not in reading.axes(machine["per"]):
        return [(application, round_, placed["to"])]
    people = placed["people"] or _known_people(world, machine["per"], application, round_)
    return [(application, round_, person) for person in people]


def _known_people(world: World, per: Any, application: str | None, round_: int | None) -> list[str]:
    """Those named so far in the application and the round, as far as the scope looks at them."""
    here = project(per, (application, round_, None))
    places = ((project(per, (event["application"], event["round"], None)), event) for event in world.placed)
    return sorted({person for place, event in places if place == here for person in event["people"]})


# --- transitions ----------------------------------------------------------------------------------


def candidates(world: World, machine: str, asked: Asked) -> list[tuple[str, Transition]]:
    """The transitions that leave the present state on an event, in file order."""
    declared = world.rules["machines"][machine]
    if not is_kept_for(declared, asked.place):
        return []
    present = world.state(machine, project(declared["per"], asked.place))
    return reading.leaves(declared, asked.name, present)


def choice(world: World, machine: str, asked: Asked) -> Transition | None:
    """The first transition in file order, from the present state, whose guards all hold."""
    per = world.rules["machines"][machine]["per"]
    for _, transition in candidates(world, machine, asked):
        if all(holds(world, guard, per, asked) for guard in reading.guards(world.rules, transition).values()):
            return transition
    return None
