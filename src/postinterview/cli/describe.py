"""Describe what a rule file says of one name: an event, rule, state, date, class, credit or promise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from postinterview.core.definitions import (
    AtMost,
    Credit,
    Definition,
    EventKind,
    FieldKind,
    FirstKnown,
    Guard,
    LatestKnown,
    MachineKind,
    Moment,
    Origin,
    Transition,
    Trust,
)
from postinterview.core.formatting import say_duration
from postinterview.loading.written_sets import WrittenSet, written_sets
from postinterview.proof.explain import written_at
from postinterview.proof.promises.promise import Promises

_BY = {"candidate": "an act of the candidate", "employer": "what the employer does", "world": "what happens"}
_CLASSES = {
    "chase": "contacts that want an answer",
    "courtesy": "contacts that ask for nothing",
    "attempt": "calls that nobody took, without a message",
    "reply": "contacts that answer a message of the employer",
    "none": "acts that don't reach the employer",
    "contact": "acts that reach the employer: chases, courtesies, attempts and replies",
    "sign_of_life": "events by the employer that show that they are busy with the candidate",
}
"""The classes and contacts that every rule file has."""


def describe(
    definition: Definition, name: str, sources: Mapping[str, str], promises: Promises
) -> dict[str, Any] | None:
    """Return what the rules say of a name, as plain data; None if they don't have it.

    A name can be that of an event, of transitions or of guards, of which the first that exist are returned.
    It can also be that of states, a date, a class or kind of contact, a credit, a set of guards and a
    promise. ``sources``: the text of each file by its name.
    """
    sets = written_sets(sources)
    homes = {origin: name for name, each in sets.items() for origin in each.guards}
    machines = definition.machines.values()
    rules = [rule for machine in machines for rule in machine.transitions]
    event = definition.events.get(name)
    guarded = event is None and not any(rule.id == name for rule in rules)
    if event is not None:
        rules = [rule for rule in rules if rule.event == name]
    elif guarded:
        rules = [rule for rule in rules if any(guard.id == name for guard in rule.guards)]
    else:
        rules = [rule for rule in rules if rule.id == name]
    promise = next((each for each in promises.promises if each.id == name), None)
    data = {
        "name": name,
        "event": event
        and {
            "kind": _kind(event),
            "starts_application": event.starts_application,
            "fields": [_field(each) for each in event.fields.values()],
            "trust": _trust(definition.trust.get(name)),
            "why": event.why,
            **_place(event.origin),
        },
        "transitions": [_transition(rule, name if guarded else None, sources, homes) for rule in rules],
        "states": [_state(machine, name) for machine in machines if name in machine.states],
        "date": _date(definition, name, sources),
        "class": _class(definition, name, sources),
        "credit": _credit(definition, definition.credits.get(name)),
        "guard_set": _guard_set(sets.get(name), sources),
        "promise": promise
        and {
            "title": promise.title,
            "forbids": [str(clause) for clause in promise.clauses],
            "why": promise.why,
            **_place(promise.origin),
        },
    }
    return data if any(data[key] for key in data if key != "name") else None


def describable(definition: Definition, sources: Mapping[str, str], promises: Promises) -> list[str]:
    """Return every name that `describe` knows."""
    rules = [rule for machine in definition.machines.values() for rule in machine.transitions]
    guards = [guard.id for rule in rules for guard in rule.guards]
    named = [each.id for each in promises.promises]
    states = [state for machine in definition.machines.values() for state in machine.states]
    words = [*definition.moments, *definition.dates, *definition.classes, *_CLASSES, *definition.credits]
    ids = (rule.id for rule in rules)
    sets = written_sets(sources)
    return list(dict.fromkeys([*definition.events, *ids, *guards, *sets, *states, *words, *named]))


def _transition(
    rule: Transition, guard: str | None, sources: Mapping[str, str], homes: Mapping[Origin, str]
) -> dict[str, Any]:
    """Return a transition with its guards, or only with those of one name."""
    guards = [each for each in rule.guards if guard in (None, each.id)]
    return {
        "id": rule.id,
        "machine": rule.machine,
        "event": rule.event,
        "from": list(rule.sources),
        "to": rule.target,
        "guards": [_guard(each, sources, homes) for each in guards],
        "why": rule.why,
        **_place(rule.origin),
    }


def _guard(guard: Guard, sources: Mapping[str, str], homes: Mapping[Origin, str]) -> dict[str, Any]:
    """Return a guard, and the set that it comes from; ``homes``: by place, the set that is written there."""
    within = guard.within if isinstance(guard, AtMost) else None
    return {
        "id": guard.id,
        "written": written_at(guard.origin, sources) or "see there",
        "within": within and say_duration(within),
        "unless": {name: list(values) for name, values in guard.unless},
        "in_every": "application" if guard.in_every_application else None,
        "set": homes.get(guard.origin),
        **_place(guard.origin),
    }


def _guard_set(written: WrittenSet | None, sources: Mapping[str, str]) -> dict[str, Any] | None:
    """Return a set of guards: the sets that it uses, its own guards, and what uses it."""
    if written is None:
        return None
    return {
        "uses": list(written.uses),
        "guards": [
            {"id": id, "written": written_at(origin, sources) or "see there", **_place(origin)}
            for origin, id in written.guards.items()
        ],
        "used_by": written.used_by,
        **_place(written.origin),
    }


def _state(machine: MachineKind, name: str) -> dict[str, Any]:
    """Return a state with the events that lead there from other states, and away to others, if allowed."""
    state, rules = machine.states[name], machine.transitions
    into = (each.event for each in rules if each.target == name and {*each.sources} - {name})
    out = (each.event for each in rules if each.target not in (None, name) and name in each.sources)
    return {
        "machine": machine.name,
        "title": state.title,
        "start": machine.start == name,
        "over": state.over,
        "outside": state.outside,
        "into": list(dict.fromkeys(into)),
        "out": list(dict.fromkeys(out)),
        "why": state.why,
        **_place(state.origin),
    }


def _field(field: FieldKind) -> dict[str, Any]:
    return {
        "name": field.name,
        "type": field.type,
        "choices": list(field.choices),
        "optional": field.optional,
        "sets": field.sets,
        "why": field.why,
    }


def _date(definition: Definition, name: str, sources: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the moments of a named date, of which the first or the latest one known counts.

    Of a date that is no named one, the fields that set it.
    """
    moment = definition.moments.get(name)
    if moment is None and name not in definition.dates:
        return None
    moments: tuple[Moment, ...] = () if moment is None else (moment,)
    latest = moment is not None and isinstance(moment.anchor, LatestKnown)
    if moment is not None and isinstance(moment.anchor, FirstKnown | LatestKnown) and moment.text == name:
        moments = moment.anchor.options
    events = definition.events.values()
    return {
        "moments": [each.text for each in moments],
        "latest": latest,
        "set_by": [f"{e.name}.{f.name}" for e in events for f in e.fields.values() if f.sets == name],
        "ended_by": [each.name for each in events if name in each.ends],
        **_written_in("dates", name, sources),
    }


def _class(definition: Definition, name: str, sources: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the events of a class, or those whose contact is this word."""
    known = definition.classes.get(name)
    if known is None and name not in _CLASSES:
        return None
    members = [
        each.name
        for each in definition.events.values()
        if (each.contact == name if known is None else each.name in known.members)
    ]
    meaning = _CLASSES.get(name, "") if known is None or not known.title else known.title
    return {"meaning": meaning, "events": members, **_written_in("classes", name, sources)}


def _credit(definition: Definition, credit: Credit | None) -> dict[str, Any] | None:
    if credit is None:
        return None
    events = definition.events.values()
    return {
        "max": credit.max,
        "per": str(credit.scope),
        "given_by": [each.name for each in events if credit.name in each.gives],
        "emptied_by": [each.name for each in events if each.name in credit.emptied_by.members],
        **_place(credit.origin),
    }


def _written_in(section: str, name: str, sources: Mapping[str, str]) -> dict[str, Any]:
    """Return the place of a name in a section of a rule file; None if it has no line of its own."""
    for file, text in sources.items():
        inside = False
        for number, row in enumerate(text.split("\n"), 1):
            key = row.partition(":")[0].strip().strip("\"'")
            if row[:1].strip() not in ("", "#", "{"):
                inside = key == section
            elif inside and key == name:
                return {"file": file, "line": number}
    return {"file": None, "line": None}


def _kind(event: EventKind) -> str:
    contact = f", contact: {event.contact}" if event.contact is not None else ""
    starts = ", starts an application" if event.is_act and event.starts_application else ""
    return f"{_BY[event.by]}{contact}{', to an interviewer' if event.to_person else ''}{starts}"


def _trust(trust: Trust | None) -> dict[str, Any] | None:
    return None if trust is None else {"why": trust.why, **_place(trust.origin)}


def _place(origin: Origin) -> dict[str, Any]:
    return {"file": origin.file, "line": origin.line}
