"""Machines as a Mermaid state diagram.

Titles are anybody's text, and Mermaid gives a meaning to many characters: ``:`` and ``;`` end a title,
``#35;`` is a code, ``%%`` begins a comment, and ``<`` would reach the page as HTML. So all characters but
letters, digits and harmless marks are written by their codes::

    waiting : Waiting#58; no #34;answer#34;    shows    Waiting: no "answer"

Source: https://mermaid.js.org/syntax/stateDiagram.html and its entity codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from postinterview.core.rules.definitions import Definition, EventKind, MachineKind, Transition
from postinterview.core.values.formatting import say_words
from postinterview.drawing.signs import sign_of

HEADER = "stateDiagram-v2"

_SPECIAL = re.compile(r"[^\w ,.()*/!?'▲△●◆○□◇-]|^ | $")
_KEYWORDS = frozenset(
    {"accdescr", "acctitle", "as", "choice", "class", "classdef", "click", "default", "direction", "end"}
    | {"fork", "hide", "href", "join", "note", "scale", "state", "statediagram", "style", "title"}
)
"""Words that Mermaid does not take for a state, in any case of their letters."""


def mermaid(machine: MachineKind, events: Mapping[str, EventKind], *, guards: bool = False) -> str:
    """Return the machine's states and the events that change them, with the sign of each act.

    Transitions that change no state are left out, and guards too unless they are asked for: they would hide
    the picture. The text ends with a newline.
    """
    ids = _ids(list(machine.states))
    return _text(HEADER, "    direction LR", *_lines(machine, events, ids, guards))


def mermaid_of_all(definition: Definition, *, guards: bool = False) -> str:
    """Return all machines of a rulebook in one diagram, each in a frame of its own."""
    lines = []
    frames = _ids(list(definition.machines))
    for name, machine in definition.machines.items():
        ids = _ids([f"{name}__{state}" for state in machine.states])
        own = {state: ids[f"{name}__{state}"] for state in machine.states}
        title = escape(machine.title or say_words(name))
        lines += [f'    state "{title}" as {frames[name]} {{', "        direction LR"]
        lines += [f"    {each}" for each in _lines(machine, definition.events, own, guards)]
        lines.append("    }")
    return _text(HEADER, *lines)


def escape(text: str) -> str:
    """Return the text as Mermaid shows it, whatever it contains."""
    return _SPECIAL.sub(lambda match: f"#{ord(match.group())};", text)


def _text(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def _lines(
    machine: MachineKind, events: Mapping[str, EventKind], ids: Mapping[str, str], guards: bool
) -> Iterator[str]:
    """Yield the lines of a machine's states and arrows; a state that is over leads to the end."""
    yield f"    [*] --> {ids[machine.start]}"
    for state in machine.states.values():
        title = state.title or state.name
        if title != ids[state.name]:
            yield f"    {ids[state.name]} : {escape(title)}"
    labels: dict[tuple[str, str], dict[str, None]] = {}
    for rule in machine.transitions:
        for source in rule.sources:
            if rule.target is not None and rule.target != source:
                named = labels.setdefault((ids[source], ids[rule.target]), {})
                named[_label(rule, events[rule.event], guards)] = None
    for (source, target), named in labels.items():
        yield f"    {source} --> {target} : {escape(', '.join(named))}"
    for state in machine.states.values():
        if state.over:
            yield f"    {ids[state.name]} --> [*]"


def _label(rule: Transition, event: EventKind, guards: bool) -> str:
    """Return the event of an arrow: an act with its sign and, if asked for, the names of its guards."""
    said = f"{sign_of(event)} {rule.event}" if event.is_act else rule.event
    if not guards or not rule.guards:
        return said
    return f"{said} (if {', '.join(say_words(guard.id) for guard in rule.guards)})"


def _ids(names: list[str]) -> dict[str, str]:
    """Return an id for each name: itself, or with underscores if Mermaid can't take it."""
    taken = set(names)
    found = {}
    for name in names:
        free = re.sub(r"\W", "_", name)
        while free.casefold() in _KEYWORDS or (free != name and free in taken):
            free += "_"
        taken.add(free)
        found[name] = free
    return found
