"""What a rule file says of one name: where an act is allowed, with which guards and numbers, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from postinterview.core.definitions import Definition, EventKind, MachineKind, Origin, Transition
from postinterview.core.formatting import say_list
from postinterview.layout import BLANK, GAP, Line, Piece, column_width, hang, line, pad
from postinterview.proof.explain import written_at
from postinterview.proof.promises import Promises

_BY = {"candidate": "an act of the candidate", "employer": "what the employer does", "world": "what happens"}


def describe(
    definition: Definition, name: str, sources: Mapping[str, str], promises: Promises
) -> dict[str, Any] | None:
    """Return what the rules say of a name, as plain data; None if they don't have it.

    A name can be that of an event, or else of transitions, or else of guards; and also of states and of a
    promise. ``sources``: the text of each file by its name.
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
        "event": event and {"kind": _kind(event), "why": event.why, **_place(event.origin)},
        "transitions": [_transition(rule, name if guarded else None, sources) for rule in rules],
        "states": [_state(machine, name) for machine in machines if name in machine.states],
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
    return list(dict.fromkeys([*definition.events, *(rule.id for rule in rules), *guards, *states, *named]))


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
        blocks.append([_title(name, event["kind"], event), *_indented(event["why"], width)])
        if not data["transitions"]:
            blocks[-1].append(line("  no machine moves on it: it is only counted"))
    guarded = event is None and all(rule["id"] != name for rule in data["transitions"])
    blocks += [list(_transition_lines(rule, width, guarded=guarded)) for rule in data["transitions"]]
    blocks += [list(_state_lines(name, state, width)) for state in data["states"]]
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


def _state_lines(name: str, state: Mapping[str, Any], width: int) -> Iterator[Line]:
    start = ", which starts there" if state["start"] else ""
    yield _title(name, f"a state of `{state['machine']}`{start}", state)
    yield from _indented(state["title"] and f"{state['title']}.", width)
    yield from _indented(f"led to by: {', '.join(state['into']) or 'nothing'}", width)
    yield from _indented(f"left by: {', '.join(state['out']) or 'nothing'}", width)
    yield from _indented(state["why"], width)


def _title(name: str, said: str, place: Mapping[str, Any]) -> Line:
    return line(Piece(name, "title"), f"  {said}", Piece(f"  {place['file']}:{place['line']}", "dim"))


def _indented(text: str, width: int) -> Iterator[Line]:
    return hang(line("  "), line(text), width) if text else iter(())
