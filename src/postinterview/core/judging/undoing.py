"""Derive from a rulebook which events could undo a refusal, where, and whether their order matters."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeAlias, assert_never

from attrs import define, evolve, field, frozen

from postinterview.core.answers.verdict import Reason
from postinterview.core.guards import excuses_of
from postinterview.core.rules import definitions as d

ReasonKey: TypeAlias = tuple[str, str, str]
"""The identity of a reason: guard, machine and transition."""

Renewal: TypeAlias = tuple[frozenset[str], frozenset[str], bool]
"""The events that use something up, those that renew it, and whether that is kept per application."""


@frozen
class _Traits:
    """The traits of one guard of a transition, by which one tells what could undo its refusal.

    ``is_own``: it looks at nothing outside the act's own application. ``is_personal``: it hangs on who was
    met. ``is_unordered``: the act is refused in whichever order the events before came. ``counts_to``: the
    number to which it counts; None: any number.
    """

    guard: d.Guard
    is_own: bool
    is_personal: bool = False
    is_unordered: bool = False
    counts_to: int | None = 0
    renewal: Renewal | None = None


@define
class UndoRules:
    """Answers, for one rulebook, which events could undo a refusal.

    ``round_openers``: the events that open rounds. ``asked``: by act the fields that some guard asks for,
    each with the guard's id. ``renewals``: see `Renewal`. ``most_counted``: after so many equal events in a
    row that moved no machine, one more changes nothing for any guard; None: a guard in Python may go on
    counting. ``returns_outside``: some transition leads to a state in which acts are not judged.
    """

    definition: d.Definition
    round_openers: frozenset[str] = field(init=False)
    asked: dict[str, dict[str, str]] = field(init=False)
    renewals: list[Renewal] = field(init=False)
    most_counted: int | None = field(init=False)
    returns_outside: bool = field(init=False)
    _traits: dict[ReasonKey, _Traits] = field(factory=dict)
    _movers: dict[tuple[str, frozenset[str]], tuple[frozenset[str], frozenset[str]]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.round_openers = self._events(lambda kind: kind.opens_round)
        self.asked = {name: {} for name in self.definition.events}
        for name, machine in self.definition.machines.items():
            for each in machine.transitions:
                alike = [other for other in machine.transitions if other.event == each.event]
                for guard in each.guards:
                    # The order decides which transition is asked, so a guard must stand at all of them.
                    everywhere = all(guard in other.guards for other in alike)
                    scope = guard.scope or machine.scope
                    to_person = self.definition.events[each.event].to_person
                    personal = scope.interviewer or (scope.round and to_person)
                    traits = evolve(self._traits_of(guard, scope, everywhere), is_personal=personal)
                    self._traits[guard.id, name, each.id] = traits
                    if isinstance(guard, d.Carries):
                        self.asked[each.event] |= dict.fromkeys(guard.fields, guard.id)
        self.renewals = [each.renewal for each in self._traits.values() if each.renewal is not None]
        numbers = [each.counts_to for each in self._traits.values()]
        numbers += [credit.max for credit in self.definition.credits.values()]
        self.most_counted = None if None in numbers else sum(each or 0 for each in numbers)
        self.returns_outside = any(
            each.target is not None and machine.states[each.target].outside
            for machine in self.definition.machines.values()
            for each in machine.transitions
        )

    def _events(self, holds: Callable[[d.EventKind], bool]) -> frozenset[str]:
        return frozenset(name for name, kind in self.definition.events.items() if holds(kind))

    def _traits_of(self, guard: d.Guard, scope: d.Scope, everywhere: bool) -> _Traits:
        own = scope.application and not guard.in_every_application
        match guard:
            case d.AtMost() | d.Happened():
                since = guard.since.members if guard.since is not None else frozenset[str]()
                since |= self.round_openers if scope.round else frozenset[str]()
                renewal = (guard.of.members, since, own) if since else None
                if isinstance(guard, d.AtMost):
                    unordered = (
                        everywhere and guard.since is None and guard.within is None and not scope.round
                    )
                    return _Traits(guard, own, False, unordered, guard.limit, renewal)
                return _Traits(guard, own, counts_to=1, renewal=renewal if guard.negated else None)
            case d.Spends():
                credit = self.definition.credits[guard.credit]
                givers = self._events(lambda kind: guard.credit in kind.gives)
                transitions = (
                    each for kind in self.definition.machines.values() for each in kind.transitions
                )
                acts = {each.event for each in transitions if guard in each.guards}
                own = credit.scope.application
                return _Traits(guard, own, renewal=(credit.emptied_by.members | acts, givers, own))
            case d.InState():
                own = self.definition.machines[guard.machine].scope.application
                return _Traits(guard, own and not guard.in_every_application)
            case d.Hours() | d.Carries():
                return _Traits(guard, own, is_unordered=everywhere)
            case d.Custom():
                return _Traits(guard, own, counts_to=None)
            case d.NotBefore() | d.NotAfter() | d.Apart():
                return _Traits(guard, own)
            case _:
                assert_never(guard)

    def guard(self, reason: Reason) -> d.Guard | None:
        """Return the guard that refused; None: the state of a machine did."""
        return self._traits[key_of(reason)].guard if reason.transition else None

    def may_be_excused(self, reason: Reason, event: str, unsaid: Collection[str]) -> bool:
        """Return whether the guard that refused may not apply to the act. ``unsaid``: the fields left out."""
        guard = self.guard(reason)
        return guard is not None and not set(unsaid).isdisjoint(
            excuses_of(guard, self.definition.events[event])
        )

    def leaves_people_open(self, event: str, unsaid: Collection[str]) -> bool:
        """Return whether nobody said which people the event named. ``unsaid``: the fields left out."""
        fields = self.definition.events[event].fields
        return any(fields[name].type == "people" for name in unsaid)

    def is_judged_everywhere(self, event: str) -> bool:
        """Return whether no machine has a state in which the act is not judged."""
        for machine in self.definition.machines.values():
            moves = [each for each in machine.transitions if each.event == event]
            left = {state for each in moves for state in each.sources}
            if moves and any(state.outside and name not in left for name, state in machine.states.items()):
                return False
        return True

    def is_own(self, reason: Reason) -> bool:
        """Return whether the reason looks at nothing outside the act's own application."""
        if not reason.transition:  # without a machine: nobody met the person it is to
            return not reason.machine or self.definition.machines[reason.machine].scope.application
        return self._traits[key_of(reason)].is_own

    def is_personal(self, reason: Reason, act: str) -> bool:
        """Return whether the reason that refuses an act hangs on who was met."""
        if not reason.machine:
            return self.definition.events[act].to_person
        if not reason.transition:
            return self.definition.machines[reason.machine].scope.interviewer
        return self._traits[key_of(reason)].is_personal

    def is_unordered(self, reason: Reason) -> bool:
        """Return whether the reason stays the same in whichever order the events before came."""
        return bool(reason.transition) and self._traits[key_of(reason)].is_unordered

    def is_out_of_reach(self, reason: Reason, act: str, events: set[str]) -> bool:
        """Return whether a state refuses the act, and the events lead to none that the act can leave."""
        if reason.transition or not reason.machine:
            return False
        moves = self.definition.machines[reason.machine].transitions
        leaving = {state for each in moves if each.event == act for state in each.sources}
        return leaving.isdisjoint(self._reached(reason.machine, frozenset(events))[0])

    def undoing(self, reason: Reason, events: set[str]) -> set[str]:
        """Return the events and fields that could undo the reason.

        ``events``: those that may have happened. A state is undone by those that can move its machine.
        """
        guard = self.guard(reason)
        machine = reason.machine if guard is None else guard.machine if isinstance(guard, d.InState) else ""
        return {*reason.opens_after, *(self._movers_of(machine, frozenset(events)) if machine else ())}

    def _movers_of(self, machine: str, events: frozenset[str]) -> frozenset[str]:
        """Return those of the events that can move the machine, wherever such events may lead it."""
        return self._reached(machine, events)[1]

    def _reached(self, machine: str, events: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Return the states to which the events can lead the machine, and those of them that can move it."""
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
        return self._movers.setdefault((machine, events), (frozenset(reached), found))


def key_of(reason: Reason) -> ReasonKey:
    return reason.id, reason.machine, reason.transition
