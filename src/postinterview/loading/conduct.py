"""Stage five, conduct: what no promise speaks of. Contacts that may follow at once, or come at any hour.

The promises say how often the employer may be contacted, and the proof finds every rule that allows
more. None of them demands a wait where the employer named no date, and none speaks of hours.
"""

from __future__ import annotations

from collections.abc import Iterable

from postinterview.core.rules.definitions import (
    Apart,
    Custom,
    Definition,
    EventKind,
    Guard,
    Hours,
    NotBefore,
    Transition,
)
from postinterview.loading.diagnostics import Diagnostic, Label, Span


def conduct(definition: Definition) -> tuple[Diagnostic, ...]:
    """Return a warning for each chase or attempt that no guard makes wait, in reading order."""
    found = []
    for kind in definition.events.values():
        if kind.contact in ("chase", "attempt"):
            listening = _listening(definition, kind)
            if not any(all(_waits(each, kind) for each in transitions) for transitions in listening):
                hasty = next((each for each in listening[0] if not _waits(each, kind)), listening[0][0])
                found.append(_warning(definition, kind, hasty))
    return tuple(sorted(found, key=lambda diagnostic: diagnostic.where))


def at_any_hour(definition: Definition) -> tuple[str, ...]:
    """Return each chase and attempt that no guard keeps to certain hours, whatever it carries."""
    return tuple(
        kind.name
        for kind in definition.events.values()
        if kind.contact in ("chase", "attempt")
        and not any(
            all(any(isinstance(guard, Hours) for guard in each.guards) for each in transitions)
            for transitions in _listening(definition, kind)
        )
    )


def _listening(definition: Definition, kind: EventKind) -> list[list[Transition]]:
    """Return the event's transitions in each machine that has some. One of each machine must allow an act."""
    heard = (
        [each for each in machine.transitions if each.event == kind.name]
        for machine in definition.machines.values()
    )
    return [transitions for transitions in heard if transitions]


def _waits(transition: Transition, kind: EventKind) -> bool:
    """Return whether a guard asks for the time since something other than the event itself."""
    return any(
        guard.of.members != {kind.name} if isinstance(guard, Apart) else isinstance(guard, NotBefore | Custom)
        for guard in transition.guards
    )


def _warning(definition: Definition, kind: EventKind, transition: Transition) -> Diagnostic:
    default = ", which is the default" if kind.contact == "chase" else ""
    return Diagnostic(
        code="PI504",
        severity="warning",
        message=f"nothing says how long `{kind.name}` waits",
        where=Span.at(transition.origin, transition.id),
        path=f"machines.{transition.machine}.transitions.{transition.id}",
        label="no guard on it asks for the time",
        others=(Label(Span.at(kind.origin, kind.name), f"an act of `contact: {kind.contact}`{default}"),),
        help=_help(definition, kind, transition.guards),
    )


def _help(definition: Definition, kind: EventKind, guards: Iterable[Guard]) -> str:
    """Return a guard to paste, with an id that the transition does not have yet."""
    others = [each for each in definition.events.values() if each.name != kind.name]
    others.sort(key=lambda each: (not each.opens_round, each.is_act))
    id, taken = "be_patient", {guard.id for guard in guards}
    while id in taken:
        id += "_more"
    after = others[0].name if others else "interview"
    first = "" if others else "add `interview: {by: employer, opens: round}` to the events, and here "
    return f"{first or 'add '}a guard such as `{id}: {{not_before: {after} + 7 days}}`"
