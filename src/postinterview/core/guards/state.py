"""Kernels of what is here: another machine's state, what the act carries, and what can't be known."""

from __future__ import annotations

from datetime import datetime, tzinfo

from postinterview.core.definitions import Carries, Custom, InState
from postinterview.core.formatting import say_list
from postinterview.core.guards.check import ALWAYS, CustomAnswer, CustomQuestion, Surroundings, Window
from postinterview.core.moments import FOREVER, in_utc
from postinterview.core.situation import Situation


class StateCheck:
    """Kernel: where another machine stands."""

    may_close = False

    def __init__(self, guard: InState, around: Surroundings) -> None:
        self.guard = guard
        self._around = around
        states = frozenset(guard.states)
        machine = around.definition.machines[guard.machine]
        self._goal = frozenset(machine.states) - states if guard.negated else states

    def window(self, situation: Situation, at: datetime) -> Window | None:
        here = self._around.state_of(situation, self.guard.machine)
        return ALWAYS if here in self._goal else None

    def explain(self, situation: Situation, at: datetime, zone: tzinfo | None) -> tuple[str, str]:
        here = self._around.state_of(situation, self.guard.machine)
        wanted = say_list(self.guard.states)
        return f"{self.guard.machine} is {here}", f"{'not ' if self.guard.negated else ''}{wanted}"

    def openers(self, situation: Situation) -> tuple[str, ...]:
        here = self._around.state_of(situation, self.guard.machine)
        return self._around.entering(self.guard.machine, here, self._goal)


class CarriesCheck:
    """Kernel: what the act carries. Fields taken as given hold."""

    may_close = False

    def __init__(self, guard: Carries) -> None:
        self.guard = guard

    def _missing(self, situation: Situation) -> tuple[str, ...]:
        carried = situation.carried
        if carried is None:
            return ()
        return tuple(name for name in self.guard.fields if is_blank(carried.get(name)))

    def window(self, situation: Situation, at: datetime) -> Window | None:
        return None if self._missing(situation) else ALWAYS

    def explain(self, situation: Situation, at: datetime, zone: tzinfo | None) -> tuple[str, str]:
        missing = self._missing(situation)
        needs = say_list(self.guard.fields, "and")
        return f"no {say_list(missing, 'and')}" if missing else f"given: {needs}", needs

    def openers(self, situation: Situation) -> tuple[str, ...]:
        return self._missing(situation)


class CustomCheck:
    """What can't be known here: the embedder's function says."""

    may_close = False

    def __init__(self, guard: Custom, around: Surroundings) -> None:
        self.guard = guard
        self._function = around.custom[guard.function]

    def _ask(self, situation: Situation, at: datetime) -> CustomAnswer:
        application, _, to = situation.place
        return self._function(
            CustomQuestion(
                situation.kind.name,
                at,
                application,
                to,
                dict(situation.carried or {}),
                tuple(placed.event for placed in situation.snapshot.timeline),
            )
        )

    def window(self, situation: Situation, at: datetime) -> Window | None:
        answer = self._ask(situation, at)
        if answer.holds:
            return ALWAYS
        opens_at = None if answer.opens_at is None else in_utc(answer.opens_at)
        return (opens_at, FOREVER) if opens_at is not None and opens_at > at else None

    def explain(self, situation: Situation, at: datetime, zone: tzinfo | None) -> tuple[str, str]:
        answer = self._ask(situation, at)
        return answer.has, answer.needs

    def openers(self, situation: Situation) -> tuple[str, ...]:
        return (self.guard.function,)


def is_blank(value: object) -> bool:
    """Whether a field says nothing: left out, false, or empty. A zero says something."""
    return value is None or value is False or value == () or (isinstance(value, str) and not value.strip())
