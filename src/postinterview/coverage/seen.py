"""Collect what played stories show of a rulebook."""

from __future__ import annotations

from typing import TypeAlias

from attrs import define, field

from postinterview.core.answers.verdict import Reason, Verdict
from postinterview.core.steps.fold import steps
from postinterview.scenario.playing import Played

GuardKey: TypeAlias = tuple[str, str, str]
"""Machine, transition and guard; of a state that refuses, the machine, an empty text, and ``state``."""


@define
class Seen:
    """The parts that stories show: states and transitions by machine and name, guards by their keys.

    ``refusals``: each act with a guard or state that refused it.
    """

    states: set[tuple[str, str]] = field(factory=set)
    transitions: set[tuple[str, str]] = field(factory=set)
    refusing: set[GuardKey] = field(factory=set)
    decisive: set[GuardKey] = field(factory=set)
    refusals: set[tuple[str, GuardKey]] = field(factory=set)

    def add(self, played: Played) -> None:
        """Add a story that was played."""
        for step in played.steps:
            self.states.update((move.machine, move.target) for move in step.moves)
            if step.verdict is not None and not step.verdict.allowed:
                self._add_refusal(step.verdict)
        if played.process is None:
            return
        process, definition = played.process, played.rulebook.definition
        self.states.update((name, machine.start) for name, machine in definition.machines.items())
        snapshot = process._snapshot  # noqa: SLF001 - folding it again takes long
        for made in steps(process.rulebook.engine, process.calendar, snapshot):
            if not made.placed.refused:
                taken = ((listener.name, transition.rule.id) for listener, *_, transition in made.choices)
                self.transitions.update(taken)

    def _add_refusal(self, verdict: Verdict) -> None:
        keys = [key_of(reason) for reason in verdict.reasons]
        self.refusals.update((verdict.event, key) for key in keys)
        self.refusing.update(keys)
        self.decisive.update(filter(None, (decisive_of(verdict, key) for key in keys)))


def key_of(reason: Reason) -> GuardKey:
    """Return the key of the guard that refused."""
    return reason.machine, reason.transition, reason.id


def decisive_of(verdict: Verdict, key: GuardKey) -> GuardKey | None:
    """Return the guard's key if the act would have been allowed without this guard, else None.

    No other machine refused, and nothing else on the guard's transition did. Other transitions from the same
    state may have refused as well: one that holds is enough.
    """
    others = [key_of(reason) for reason in verdict.reasons if key_of(reason) != key]
    alone = all(other[0] == key[0] and other[1] not in (key[1], "") for other in others)
    return key if alone and key[1] else None
