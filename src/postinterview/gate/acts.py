"""Say which acts are an agent's: what reaches the employer needs a permit, and some need a person."""

from __future__ import annotations

from typing import Any

from postinterview.calls import Call
from postinterview.core.past.events import plain_value
from postinterview.core.rules.definitions import Definition, EventKind
from postinterview.core.steps.event_input import event_called
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.names import as_text
from postinterview.gate.errors import NotPermittedError

_PROPOSE = "propose it, so that a person can confirm it"


def call_of(
    event: str | Call, to: str | int | None, application: str | int | None, fields: dict[str, Any]
) -> Call:
    """Return an act as a call, its fields in plain types.

    Raises:
        MisuseError: it is a call that reports an event, or that has arguments beside it.
    """
    if not isinstance(event, Call):
        plain = {name: plain_value(value) for name, value in fields.items()}
        return Call(event, as_text(to), as_text(application), plain)
    if event.happened is not None or (to, application, fields) != (None, None, {}):
        raise MisuseError("a call of an act has its arguments in it, and no moment", "leave the rest out")
    return event


def check_sent(definition: Definition, event: str) -> None:
    """Check that an event is an act that reaches the employer.

    Raises:
        MisuseError: it is not, so nothing is sent, and it has no permit.
    """
    kind = event_called(definition, event)
    if not kind.reaches_them:
        help_ = "do it" if kind.is_act else _PROPOSE
        raise MisuseError(f"`{event}` sends nothing to the employer, so it has no permit", help_)


def check_tool(definition: Definition, acts: tuple[str, ...], fields: dict[str, Any]) -> None:
    """Check that a function can send these acts, with these fields.

    Raises:
        MisuseError: one of them sends nothing, or none has one of the fields.
    """
    for act in acts:
        check_sent(definition, act)
    for name in fields:
        if not any(name in definition.events[each].fields for each in acts or definition.events):
            raise MisuseError(f"none of these acts has the field `{name}`", "leave it out")


def check_harmless(kind: EventKind) -> None:
    """Check that an agent may do an act without a permit.

    Raises:
        NotPermittedError: it reaches the employer, or makes room for acts that do.
    """
    sets = any(each.sets for each in kind.fields.values())
    makes_room = kind.starts_application or kind.ends or sets
    for wrong, message, help_ in (
        (not kind.is_act, "is not an agent's to say", _PROPOSE),
        (kind.reaches_them, "reaches the employer", "ask for a permit, and send with it"),
        (makes_room, "may make room for other acts", _PROPOSE),
    ):
        if wrong:
            raise NotPermittedError(f"`{kind.name}` {message}", help_, "act")
