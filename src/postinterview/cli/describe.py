"""Describe what a rule file says of one name: an event, rule, state, date, class, credit or promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from postinterview.core.definitions import (
    Credit,
    Definition,
    EventKind,
    FieldKind,
    FirstKnown,
    MachineKind,
    Moment,
    Origin,
    Transition,
)
from postinterview.core.formatting import say_list
from postinterview.layout import BLANK, GAP, Line, Piece, column_width, hang, line, pad
from postinterview.proof.explain import written_at
from postinterview.proof.promises import Promises

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
    It can also be that of states, a date, a class or kind of contact, a credit and a promise. ``sources``:
    the text of each file by its name.
    """
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
            "fields": [_field(each) for each in event.fields.values()],
            "why": event.why,
            **_place(event.origin),
        },
        "transitions": [_transition(rule, name if guarded else None, sources) for rule in rules],
        "states": [_state(machine, name) for machine in machines if name in machine.states],
        "date": _date(definition, name, sources),
        "class": _class(definition, name, sources),
        "credit": _credit(definition, definition.credits.get(name)),
        "promise": promise
        and {
            "title": promise.title,
            "forbids": [str(clause) for clause in promise.clauses],
            "why": promise.why,
            **_place(promise.origin),
        },
    }
    return data if any(data[key] for key in data if key != "name") else None


def describable(definition: Definition, promises: Promises) -> list[str]:
    """Return every name that `describe` knows."""
    rules = [rule for machine in definition.machines.values() for rule in machine.transitions]
    guards = [guard.id for rule in rules for guard in rule.guards]
    named = [each.id for each in promises.promises]
    states = [state for machine in definition.machines.values() for state in machine.states]
    words = [*definition.moments, *definition.dates, *definition.classes, *_CLASSES, *definition.credits]
    ids = (rule.id for rule in rules)
    return list(dict.fromkeys([*definition.events, *ids, *guards, *states, *words, *named]))


def _transition(rule: Transition, guard: str | None, sources: Mapping[str, str]) -> dict[str, Any]:
    """Return a transition with its guards, or only with those of one name."""
    guards = [each for each in rule.guards if guard in (None, each.id)]
    return {
        "id": rule.id,
        "machine": rule.machine,
        "event": rule.event,
        "from": list(rule.sources),
        "to": rule.target,
        "guards": [
            {
                "id": each.id,
                "written": written_at(each.origin, sources) or "see there",
                **_place(each.origin),
            }
            for each in guards
        ],
        "why": rule.why,
        **_place(rule.origin),
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
    """Return the moments of a named date, of which the first one known counts, or the fields that set it."""
    moment = definition.moments.get(name)
    if moment is None and name not in definition.dates:
        return None
    moments: tuple[Moment, ...] = () if moment is None else (moment,)
    if moment is not None and isinstance(moment.anchor, FirstKnown) and moment.text == name:
        moments = moment.anchor.options
    events = definition.events.values()
    return {
        "moments": [each.text for each in moments],
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
    return {"meaning": _CLASSES.get(name, ""), "events": members, **_written_in("classes", name, sources)}


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
    return f"{_BY[event.by]}{contact}{', to an interviewer' if event.to_person else ''}"


def _place(origin: Origin) -> dict[str, Any]:
    return {"file": origin.file, "line": origin.line}


# --- text ---------------------------------------------------------------------------------------


def description_lines(data: Mapping[str, Any], width: int) -> Iterator[Line]:
    """Yield what `describe` returned as text, in blocks."""
    name, event = data["name"], data["event"]
    blocks: list[list[Line]] = []
    if event is not None:
        blocks.append([_title(name, event["kind"], event)])
        blocks[-1] += [part for each in event["fields"] for part in _field_lines(each, width)]
        blocks[-1] += _indented(event["why"], width)
        if not data["transitions"]:
            blocks[-1].append(line("  no machine moves on it: it is only counted"))
    guarded = event is None and all(rule["id"] != name for rule in data["transitions"])
    blocks += [list(_transition_lines(rule, width, guarded=guarded)) for rule in data["transitions"]]
    blocks += [list(_state_lines(name, state, width)) for state in data["states"]]
    blocks += [list(_word_lines(name, kind, data[kind], width)) for kind in _WORDS if data[kind] is not None]
    if (promise := data["promise"]) is not None:
        blocks.append([_title(name, "a promise that every rule file is held to", promise)])
        blocks[-1] += _indented(promise["title"] and f"Never: {promise['title']}.", width)
        blocks[-1] += [part for each in promise["forbids"] for part in hang(line("    "), line(each), width)]
        blocks[-1] += _indented(promise["why"], width)
    for number, block in enumerate(blocks):
        if number:
            yield BLANK
        yield from block


def _transition_lines(rule: Mapping[str, Any], width: int, *, guarded: bool) -> Iterator[Line]:
    yield _title(rule["id"], f"on {rule['event']}", rule)
    to = ", and stays there" if rule["to"] is None else f", to {rule['to']}"
    yield from _indented(f"{rule['machine']}: from {say_list(rule['from'])}{to}", width)
    if not rule["guards"]:
        yield line("  no guards")
    elif not guarded:
        yield line("  allowed while each of these holds:")
    room = column_width(each["id"] for each in rule["guards"])
    for each in rule["guards"]:
        said = line(f"{each['written']} ", Piece(f"{GAP}{each['file']}:{each['line']}", "dim"))
        yield from hang(line("    ", Piece(pad(each["id"], room), "refused"), "  "), said, width)
    yield from _indented(rule["why"], width)


def _field_lines(field: Mapping[str, Any], width: int) -> Iterator[Line]:
    kind = say_list(field["choices"]) if field["choices"] else field["type"]
    optional = ", optional" if field["optional"] else ""
    sets = f", sets the date {field['sets']}" if field["sets"] else ""
    why = f". {field['why']}" if field["why"] else ""
    yield from hang(line("  field "), line(f"{field['name']}: {kind}{optional}{sets}{why}"), width)


_WORDS = {"date": "a date", "class": "a class of events", "credit": "a credit"}


def _word_lines(name: str, kind: str, word: Mapping[str, Any], width: int) -> Iterator[Line]:
    said = f"{_WORDS[kind]}: {word['meaning']}" if word.get("meaning") else _WORDS[kind]
    yield _title(name, said, word)
    moments = word.get("moments", ())
    if len(moments) > 1:
        yield line("  the first of these that is known:")
    for each in moments:
        yield line(f"    {each}")
    if kind == "credit":
        yield line(f"  at most {word['max']} per {word['per']}")
    for key in ("events", "set_by", "ended_by", "given_by", "emptied_by"):
        if word.get(key):
            yield from _indented(f"{key.replace('_', ' ')}: {', '.join(word[key])}", width)


def _state_lines(name: str, state: Mapping[str, Any], width: int) -> Iterator[Line]:
    start = ", which starts there" if state["start"] else ""
    yield _title(name, f"a state of `{state['machine']}`{start}", state)
    yield from _indented(state["title"] and f"{state['title']}.", width)
    yield from _indented(f"led to by: {', '.join(state['into']) or 'nothing'}", width)
    yield from _indented(f"left by: {', '.join(state['out']) or 'nothing'}", width)
    yield from _indented(state["why"], width)


def _title(name: str, said: str, place: Mapping[str, Any]) -> Line:
    where = f"  {place['file']}:{place['line']}" if place["line"] else ""
    return line(Piece(name, "title"), f"  {said}", Piece(where, "dim"))


def _indented(text: str, width: int) -> Iterator[Line]:
    return hang(line("  "), line(text), width) if text else iter(())
