"""Corrections of a history: nothing in it is erased, what was wrong or unknown is said by an entry."""

from __future__ import annotations

from datetime import datetime

from postinterview.core.definitions import Definition
from postinterview.core.errors import MisuseError, UnknownNameError
from postinterview.core.events import Entry, Event, Retraction, Unknown
from postinterview.core.suggest import instead_of


def make_retraction(
    definition: Definition, history: tuple[Entry, ...], number: int, at: datetime, *, not_sent: bool
) -> Retraction:
    """The entry that takes entry ``number`` back.

    Raises:
        UnknownNameError: there is no such entry.
        MisuseError: it is retracted already, or it is a contact and was sent.
    """
    entry = next((entry for entry in history if entry.number == number), None)
    if entry is None or isinstance(entry, Retraction):
        numbers = f"its entries are 1 to {len(history)}" if history else "it is empty"
        raise UnknownNameError(f"the history has no event {number} to retract", numbers)
    if any(isinstance(other, Retraction) and other.of == number for other in history):
        raise MisuseError(f"event {number} is retracted already", "retract each event once")
    if isinstance(entry, Event) and not not_sent:
        kind = definition.events[entry.name]
        if kind.contact not in (None, "none"):
            raise MisuseError(
                f"event {number} is the contact `{entry.name}`: what was sent can't be taken back",
                "if it was never sent, say not_sent=True",
            )
    return Retraction(len(history) + 1, number, at, not_sent)


def make_unknown(
    definition: Definition, number: int, of: tuple[str, ...], until: datetime, application: str | None
) -> Unknown:
    """The entry that leaves open what happened of these events or classes before ``until``.

    Raises:
        UnknownNameError: there is no such event or class.
        MisuseError: none is named.
    """
    names: dict[str, None] = {}
    for name in of:
        if name in definition.classes:
            members = definition.classes[name].members
            names |= dict.fromkeys(event for event in definition.events if event in members)
        elif name in definition.events:
            names[name] = None
        else:
            known = (*definition.events, *definition.classes)
            raise UnknownNameError(f"unknown event or class `{name}`", instead_of(name, known))
    if not names:
        raise MisuseError("nothing is named as unknown", "name events or classes")
    return Unknown(number, tuple(names), until, application)
