"""Choose the conditions to ask next: those for which the engine refused acts that a view lets pass."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from typing import TypeAlias

from attrs import frozen

from postinterview.core.answers.verdict import Verdict
from postinterview.proof.model.labels import EventLabel
from postinterview.proof.model.relation import STATE, Condition, ConditionKey
from postinterview.proof.model.view import View
from postinterview.proof.search.path import Happening
from postinterview.proof.search.search import Bad

Conditions: TypeAlias = frozenset[ConditionKey]

Asked: TypeAlias = tuple[Happening, Verdict]
"""An act that was asked for at its moment in a story, and the engine's answer."""


@frozen(eq=False)
class LeftOut:
    """The conditions that the view of a bad path leaves out and that can be asked.

    ``active``: those that it asks. ``looked_at``: the variables that the goals look at. ``all_at_once``: add
    every condition that the engine names, and not the cheapest alone.
    """

    view: View
    bad: Bad
    active: Conditions
    left: Mapping[ConditionKey, Condition]
    looked_at: Collection[object]
    all_at_once: bool = False

    def named_by(self, answers: Collection[Asked]) -> Conditions:
        """Return what to add: the cheapest condition for which the engine refused one of the acts.

        If none did, an event on the way took another transition: add the guards that choose between
        transitions, if there are any, and else any condition that is left. If it was an act on the way,
        another of its transitions let it pass in the view: add what that asks, of the machine that refused.
        """
        refused = [key for key in self.left if any(self._is_named(key, each) for each in answers)]
        if not refused and any(self._label(each) is not None for each in answers):
            others = {key for each in answers for key in self._asked_on_the_way(each)} & self.left.keys()
            states = frozenset(key for key in others if key[2] == STATE)  # they look at one variable
            return states or frozenset(sorted(others, key=self._price)[:1])
        if answers and not refused and (gates := self.gates):
            return gates
        cheapest = sorted(refused or self.left, key=self._price)
        return frozenset(cheapest if self.all_at_once and refused else cheapest[:1])

    @property
    def gates(self) -> Conditions:
        """The guards that choose between transitions."""
        return frozenset(self.view.relation.gates.keys() - self.active)

    def _asked_on_the_way(self, answer: Asked) -> Iterator[ConditionKey]:
        """Yield what can be asked of an act on the way, in the machines that refused it."""
        label, machines = self._label(answer), {reason.machine for reason in answer[1].reasons}
        if label is not None and self.view.asked is not None:
            for each in chain.from_iterable(self.view.relation.ways_to(label.event)):
                if each.machine in machines and self.view.asked.knows(each, label):
                    yield each.key

    def _is_named(self, key: ConditionKey, answer: Asked) -> bool:
        """Return whether an act was refused for a condition that a view can ask of it."""
        label = self._label(answer)
        asked = self.view.asked
        can_be = label is None or (asked is not None and asked.knows(self.left[key], label))
        return can_be and refuses(answer[1], key)

    def _label(self, answer: Asked) -> EventLabel | None:
        """Return the label of an act on the way; None for the act at the end."""
        number = answer[0].move
        move = self.bad.path[number].move if number < len(self.bad.path) else None
        return move if isinstance(move, EventLabel) else None

    def _price(self, key: ConditionKey) -> tuple[int, int]:
        """Return the price of a condition: clocks weigh more than variables that are not looked at yet."""
        atoms = {atom for option in self.left[key].options for atom in option}
        clocks = sum(bool(getattr(atom, "micros", 0)) for atom in atoms)
        return clocks, len({atom.variable for atom in atoms} - set(self.looked_at))


def refuses(verdict: Verdict, key: ConditionKey) -> bool:
    """Return whether the engine gave the condition as a reason for its refusal."""
    machine, transition, id = key
    return any(
        (reason.machine, reason.id) == (machine, id) and reason.transition in (transition, "")
        for reason in verdict.reasons
    )
