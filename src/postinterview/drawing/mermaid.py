"""A machine as a Mermaid state diagram.

Titles are anybody's text, and Mermaid gives a meaning to many characters: ``:`` and ``;`` end a title,
``#35;`` is a code, ``%%`` begins a comment, and ``<`` would reach the page as HTML. So all characters but
letters, digits and harmless marks are written by their codes::

    waiting : Waiting#58; no #34;answer#34;    shows    Waiting: no "answer"

Source: https://mermaid.js.org/syntax/stateDiagram.html and its entity codes.
"""

from __future__ import annotations

import re

from postinterview.core.definitions import EventKind, MachineKind

HEADER = "stateDiagram-v2"

_SPECIAL = re.compile(r"[^\w ,.()*/!?'-]|^ | $")
_KEYWORDS = frozenset(
    {"accdescr", "acctitle", "as", "choice", "class", "classdef", "click", "default", "direction", "end"}
    | {"fork", "hide", "href", "join", "note", "scale", "state", "statediagram", "style", "title"}
)
"""Words that Mermaid does not take for a state, in any case of their letters."""


def mermaid(machine: MachineKind, events: dict[str, EventKind]) -> str:
    """Return the machine's states and the events that change them, contacts marked by an asterisk.

    Transitions that change no state, and guards, are left out: they would hide the picture. A state whose
    name is a word of Mermaid's gets another id and its name as the title. The text ends with a newline.
    """
    ids = _ids(list(machine.states))
    lines = [HEADER, "    direction LR", f"    [*] --> {ids[machine.start]}"]
    for state in machine.states.values():
        title = state.title or state.name
        if title != ids[state.name]:
            lines.append(f"    {ids[state.name]} : {escape(title)}")
    labels: dict[tuple[str, str], list[str]] = {}
    for rule in machine.transitions:
        kind = events[rule.event]
        label = rule.event + ("*" if kind.contact not in (None, "none") else "")
        for source in rule.sources:
            if rule.target is not None and rule.target != source:
                named = labels.setdefault((ids[source], ids[rule.target]), [])
                if label not in named:
                    named.append(label)
    lines += [
        f"    {source} --> {target} : {escape(', '.join(named))}"
        for (source, target), named in labels.items()
    ]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Return the text as Mermaid shows it, whatever it contains."""
    return _SPECIAL.sub(lambda match: f"#{ord(match.group())};", text)


def _ids(names: list[str]) -> dict[str, str]:
    """Return an id for each state: its name, or the name with underscores if Mermaid can't take that."""
    taken = set(names)
    found = {}
    for name in names:
        free = re.sub(r"\W", "_", name)
        while free.casefold() in _KEYWORDS or (free != name and free in taken):
            free += "_"
        taken.add(free)
        found[name] = free
    return found
