"""The lines that descriptions of names are made of: titles, lists of names, and what names a thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from postinterview.core.values.formatting import say_count
from postinterview.layout import GAP, Line, Piece, hang, line

Data = Mapping[str, Any]
NOWHERE: Data = {"line": None}
"""The place of what no file says."""


def title(name: str, said: str, place: Data, width: int) -> Iterator[Line]:
    """Yield a name and what it is, with its place at the end."""
    where = f"{GAP}{where_text(place)}" if place["line"] else ""
    return hang(line(Piece(name, "title"), "  "), line(f"{said} ", Piece(where, "dim")), width, 2)


def where_text(place: Data) -> str:
    """Return a place, that of a guard with the changed values that it names."""
    changes = (f"`{each['name']}` in {each['file']}:{each['line']}" for each in place.get("changes", ()))
    return ", ".join((f"{place['file']}:{place['line']}", *changes))


_MOST = 12
"""The most names that a line lists."""


def listed(label: str, names: Sequence[str], width: int) -> Iterator[Line]:
    """Yield names after a label; nothing if there are none."""
    if not names:
        return iter(())
    left = len(names) - _MOST
    more = (f"and {say_count(left, 'other')}",) if left > 1 else names[_MOST:]
    return indented(f"{label}: {', '.join((*names[:_MOST], *more))}.", width)


def indented(text: str, width: int) -> Iterator[Line]:
    """Yield a text below a title; nothing if it is empty."""
    return hang(line("  "), line(text), width) if text else iter(())


_NAMED: Mapping[tuple[str, str], str] = {
    ("event", "gives"): "Given by the events",
    ("event", "ends"): "Ended by the events",
    ("field", "sets"): "Set by the fields",
    ("guard", "spends"): "Spent by the guards",
    ("credit", "emptied_by"): "Empties the credits",
    ("machine", "start"): "",
    ("class", ""): "In the classes",
    ("class", "of"): "In the classes",
    ("transition", "event"): "",
    ("transition", "from"): "Transitions from here",
    ("transition", "to"): "Transitions to here",
    ("transition", "due"): "Named by `due` of the transitions",
    ("transition", "use"): "Used by the transitions",
    ("guard_set", "use"): "Used by the sets of guards",
}
"""Says what the places of a kind do with the name; empty for what is shown elsewhere already."""


def named_by(places: Sequence[Data], width: int) -> Iterator[Line]:
    """Yield the places that name a thing, those of a kind in one line. A guard is told with what asks it."""
    found: dict[str, dict[str, None]] = {}
    for each in places:
        label = _NAMED.get((each["kind"], each["key"]), f"Named by the {each['kind']}s")
        found.setdefault(label, {})[user(each)] = None
    for label, users in found.items():
        if label:
            yield from listed(label, list(users), width)


def user(place: Data) -> str:
    """Return what names a thing, a guard with the transitions that ask it."""
    asking = f" ({', '.join(place['transitions'])})" if place["transitions"] else ""
    return f"{place['id']}{asking}"
