"""What the rules say of what may undo a refusal: which events, in which application, in which order."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field

from postinterview.core.definitions import (
    AtMost,
    Carries,
    Definition,
    Guard,
    Happened,
    Hours,
    InState,
    Scope,
    Spends,
)
from postinterview.core.verdict import Reason

Key = tuple[str, str, str]


@define
class Ways:
    """What may lead a machine elsewhere. ``openers``: the events that open rounds.

    ``asked``: the fields that some guard asks of each act. ``freeing``: what uses something up, what gives it
    back, and whether that is kept per application.
    """

    definition: Definition
    openers: frozenset[str] = field(init=False)
    asked: dict[str, set[str]] = field(init=False)
    freeing: list[tuple[frozenset[str], frozenset[str], bool]] = field(init=False)
    _guards: dict[Key, tuple[Guard, Scope]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        kinds, machines = self.definition.events, self.definition.machines
        self.openers = frozenset(name for name, kind in kinds.items() if kind.opens_round)
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
        self.freeing = list(self._all_freeing())

    def _all_freeing(self) -> Iterator[tuple[frozenset[str], frozenset[str], bool]]:
        for guard, scope in self._guards.values():
            match guard:
                case AtMost() | Happened():
                    since = guard.since.members if guard.since is not None else frozenset[str]()
                    since |= self.openers if scope.round else frozenset[str]()
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
                case _:
                    pass

    def guard(self, reason: Reason) -> Guard | None:
        """The guard that refused; None: the state did."""
        return self._guards[key_of(reason)][0] if reason.transition else None

    def is_own(self, reason: Reason) -> bool:
        """Whether what refused looks at the act's own application alone."""
        if not reason.transition:  # without a machine: nobody met the person it is to
            return not reason.machine or self.definition.machines[reason.machine].scope.application
        guard, scope = self._guards[key_of(reason)]
        match guard:
            case InState():
                return self.definition.machines[guard.machine].scope.application
            case Spends():
                return self.definition.credits[guard.credit].scope.application
            case _:
                return scope.application

    def is_unordered(self, reason: Reason) -> bool:
        """Whether it is no matter to what refused in which order the events before came."""
        if not reason.transition:
            return False
        guard, scope = self._guards[key_of(reason)]
        match guard:
            case Hours() | Carries():
                return True
            case AtMost():
                return guard.since is None and not scope.round
            case _:
                return False

    def helping(self, reason: Reason, told: set[str]) -> set[str]:
        """What might do away with the reason; of a state, whatever of ``told`` may move its machine."""
        guard = self.guard(reason)
        machine = reason.machine if guard is None else guard.machine if isinstance(guard, InState) else ""
        return {*reason.opens_after, *(self._movers(machine, told) if machine else ())}

    def _movers(self, machine: str, told: set[str]) -> set[str]:
        """Those of the events that can move the machine, wherever such events may lead it."""
        kind = self.definition.machines[machine]
        reached, found = {kind.start}, set[str]()
        moving = [each for each in kind.transitions if each.event in told and each.target is not None]
        while True:
            open_ = [t for t in moving if t.breach_from_any or not reached.isdisjoint(t.sources)]
            leads = {each.target for each in open_ if each.target is not None}
            found |= {each.event for each in open_}
            if leads <= reached:
                return found
            reached |= leads


def key_of(reason: Reason) -> Key:
    return reason.id, reason.machine, reason.transition
