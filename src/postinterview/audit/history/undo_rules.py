"""Derive from a rulebook which events could undo a refusal, where, and whether their order matters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from attrs import define, field

from postinterview.core.definitions import (
    Apart,
    AtMost,
    Carries,
    Custom,
    Definition,
    Guard,
    Happened,
    Hours,
    InState,
    NotAfter,
    NotBefore,
    Scope,
    Spends,
)
from postinterview.core.verdict import Reason

ReasonKey: TypeAlias = tuple[str, str, str]
"""The identity of a reason: guard, machine and transition."""

Renewal: TypeAlias = tuple[frozenset[str], frozenset[str], bool]
"""The events that use something up, those that renew it, and whether that is kept per application."""


@define
class UndoRules:
    """What the audit asks of a rulebook.

    ``round_openers``: the events that open rounds. ``asked``: by act the fields that some guard asks for.
    ``renewals``: see `Renewal`. ``most_counted``: after so many equal events in a row that moved no machine,
    one more changes nothing for any guard; None: a guard in Python may go on counting.
    """

    definition: Definition
    round_openers: frozenset[str] = field(init=False)
    asked: dict[str, set[str]] = field(init=False)
    renewals: list[Renewal] = field(init=False)
    most_counted: int | None = field(init=False)
    _guards: dict[ReasonKey, tuple[Guard, Scope]] = field(init=False)
    _movers: dict[tuple[str, frozenset[str]], frozenset[str]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        kinds, machines = self.definition.events, self.definition.machines
        self.round_openers = frozenset(name for name, kind in kinds.items() if kind.opens_round)
        self._guards = {
            (guard.id, name, each.id): (guard, guard.scope or machine.scope)
            for name, machine in machines.items()
            for each in machine.transitions
            for guard in each.guards
        }
        self.asked = {name: set() for name in kinds}
        for each in (each for machine in machines.values() for each in machine.transitions):
            for guard in each.guards:
                if isinstance(guard, Carries):
                    self.asked[each.event].update(guard.fields)
        self.renewals = list(self._all_renewals())
        self.most_counted = self._most_counted()

    def _all_renewals(self) -> Iterator[Renewal]:
        for guard, scope in self._guards.values():
            match guard:
                case AtMost() | Happened():
                    since = guard.since.members if guard.since is not None else frozenset[str]()
                    since |= self.round_openers if scope.round else frozenset[str]()
                    if since and not (isinstance(guard, Happened) and not guard.negated):
                        yield guard.of.members, since, scope.application
                case Spends():
                    credit = self.definition.credits[guard.credit]
                    kinds = self.definition.events.items()
                    givers = frozenset(name for name, kind in kinds if guard.credit in kind.gives)
                    acts = {
                        each.event
                        for machine in self.definition.machines.values()
                        for each in machine.transitions
                        if guard in each.guards
                    }
                    yield credit.emptied_by.members | acts, givers, credit.scope.application
                case NotBefore() | NotAfter() | Apart() | InState() | Carries() | Hours() | Custom():
                    pass
                case _:
                    assert_never(guard)

    def _most_counted(self) -> int | None:
        """Add up the numbers that guards count to; an event that reaches none of them changes nothing."""
        total = sum(credit.max for credit in self.definition.credits.values())
        for guard, _ in self._guards.values():
            match guard:
                case Custom():
                    return None
                case AtMost():
                    total += guard.limit
                case Happened():
                    total += 1
                case NotBefore() | NotAfter() | Apart() | InState() | Spends() | Carries() | Hours():
                    pass
                case _:
                    assert_never(guard)
        return total

    def guard(self, reason: Reason) -> Guard | None:
        """Return the guard that refused; None: the state of a machine did."""
        return self._guards[key_of(reason)][0] if reason.transition else None

    def is_own(self, reason: Reason) -> bool:
        """Return whether the reason looks at nothing outside the act's own application."""
        if not reason.transition:  # without a machine: nobody met the person it is to
            return not reason.machine or self.definition.machines[reason.machine].scope.application
        guard, scope = self._guards[key_of(reason)]
        match guard:
            case InState():
                return self.definition.machines[guard.machine].scope.application
            case Spends():
                return self.definition.credits[guard.credit].scope.application
            case AtMost() | Happened() | NotBefore() | NotAfter() | Apart() | Carries() | Hours() | Custom():
                return scope.application
            case _:
                assert_never(guard)

    def is_unordered(self, reason: Reason) -> bool:
        """Return whether the reason stays the same in whichever order the events before came."""
        if not reason.transition:
            return False
        guard, scope = self._guards[key_of(reason)]
        match guard:
            case Hours() | Carries():
                return True
            case AtMost():
                return guard.since is None and not scope.round
            case NotBefore() | NotAfter() | Apart() | InState() | Happened() | Spends() | Custom():
                return False
            case _:
                assert_never(guard)

    def undoing(self, reason: Reason, events: set[str]) -> set[str]:
        """Return the events and fields that could undo the reason.

        ``events``: those that may have happened. A state is undone by those that can move its machine.
        """
        guard = self.guard(reason)
        machine = reason.machine if guard is None else guard.machine if isinstance(guard, InState) else ""
        return {*reason.opens_after, *(self._movers_of(machine, frozenset(events)) if machine else ())}

    def _movers_of(self, machine: str, events: frozenset[str]) -> frozenset[str]:
        """Return those of the events that can move the machine, wherever such events may lead it."""
        if (machine, events) in self._movers:
            return self._movers[machine, events]
        kind = self.definition.machines[machine]
        reached, found = {kind.start}, frozenset[str]()
        moving = [each for each in kind.transitions if each.event in events and each.target is not None]
        while True:
            open_ = [each for each in moving if each.breach_from_any or not reached.isdisjoint(each.sources)]
            targets = {each.target for each in open_ if each.target is not None}
            found |= {each.event for each in open_}
            if targets <= reached:
                break
            reached |= targets
        return self._movers.setdefault((machine, events), found)


def key_of(reason: Reason) -> ReasonKey:
    return reason.id, reason.machine, reason.transition
