"""Find what else in the rules mentions a name: the guards and promises that count an event, and the like.

A guard is named with its transition, ``follow_up_once.one_chase``, and once if a set shares it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import frozen

from postinterview.core.definitions import (
    Apart,
    AtMost,
    Carries,
    Definition,
    EventKind,
    EventSet,
    FirstKnown,
    Guard,
    Happened,
    InState,
    LatestKnown,
    Moment,
    NotAfter,
    NotBefore,
    Origin,
    Spends,
)
from postinterview.proof.promises.promise import Promises, judges


@frozen
class Mentions:
    """Finds the places that mention a name of a rulebook."""

    definition: Definition
    promises: Promises

    def _guards(self, mentions: Callable[[Guard], bool]) -> list[str]:
        seen: dict[Origin, str] = {}
        for machine in self.definition.machines.values():
            for rule in machine.transitions:
                for guard in rule.guards:
                    if mentions(guard):
                        seen.setdefault(guard.origin, f"{rule.id}.{guard.id}")
        return list(seen.values())

    def of_event(self, event: EventKind) -> tuple[list[str], list[str]]:
        """Return the promises that judge an event, loosened ones among them, and the guards that count it."""
        promises = [
            promise.id
            for promise in self.promises.promises
            if any(judges(self.definition, clause, event) for clause in promise.clauses)
        ]
        return promises, self._guards(lambda guard: event.name in _counted(guard))

    def of_class(self, known: EventSet) -> list[str]:
        return self._guards(
            lambda guard: any(each.name == known.name for each in (*_sets(guard), *_sinces(guard)))
        )

    def of_machine(self, name: str) -> list[str]:
        return self._guards(lambda guard: isinstance(guard, InState) and guard.machine == name)

    def of_credit(self, name: str) -> list[str]:
        return self._guards(lambda guard: isinstance(guard, Spends) and guard.credit == name)

    def of_field(self, event: str, name: str) -> list[str]:
        found = []
        for machine in self.definition.machines.values():
            for rule in machine.transitions:
                for guard in rule.guards:
                    asked = isinstance(guard, Carries) and name in guard.fields
                    if rule.event == event and (asked or any(field == name for field, _ in guard.unless)):
                        found.append(f"{rule.id}.{guard.id}")
        return found

    def of_date(self, name: str) -> list[str]:
        """Return the guards, the dues and the other dates that start from a date."""
        used = self._guards(
            lambda guard: isinstance(guard, NotBefore | NotAfter) and _base(guard.moment) == name
        )
        rules = [rule for machine in self.definition.machines.values() for rule in machine.transitions]
        used += [f"{rule.id}.due" for rule in rules if rule.due is not None and _base(rule.due) == name]
        for date, moment in self.definition.moments.items():
            if date != name and any(_base(each) == name for each in _parts(moment)):
                used.append(date)
        return used


def _base(moment: Moment) -> str:
    """Return the name that a moment starts from, as written."""
    return moment.text.partition("+")[0].strip()


def _parts(moment: Moment) -> Iterator[Moment]:
    yield moment
    if isinstance(moment.anchor, FirstKnown | LatestKnown):
        yield from moment.anchor.options


def _counted(guard: Guard) -> frozenset[str]:
    """Return the events of which a guard counts how many there were."""
    return frozenset().union(*(each.members for each in _sets(guard)))


def _sets(guard: Guard) -> tuple[EventSet, ...]:
    return (guard.of,) if isinstance(guard, AtMost | Happened | Apart) else ()


def _sinces(guard: Guard) -> tuple[EventSet, ...]:
    since = guard.since if isinstance(guard, AtMost | Happened) else None
    return () if since is None else (since,)
