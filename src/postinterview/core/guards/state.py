"""Kernels of what is here: another machine's state, what the act carries, and what can't be known."""

from __future__ import annotations

from datetime import datetime, tzinfo

from postinterview.core.guards.check import ALWAYS, Check, CustomAnswer, CustomQuestion, Surroundings, Window
from postinterview.core.guards.source import Source
from postinterview.core.past.situation import Situation
from postinterview.core.rules.definitions import Carries, Custom, InState
from postinterview.core.rules.rule_text import stands, state_text
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import say_list, shorten
from postinterview.core.values.moments import FOREVER, in_utc
from postinterview.core.values.stacks import upwards
from postinterview.core.values.suggest import ticked


class StateCheck(Check):
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

    def write(self, source: Source) -> None:
        machine = self._around.definition.machines[self.guard.machine]
        instance = f"({machine.name!r}, {source.key(machine.scope)})"
        goal = source.bind(self._goal, "goal")
        source.refuse_if(f"snapshot.states.get({instance}, {machine.start!r}) not in {goal}")

    def explain(self, situation: Situation, at: datetime, zone: tzinfo | None) -> tuple[str, str]:
        machine = self._around.definition.machines[self.guard.machine]
        wanted = say_list(state_text(machine, state) for state in self.guard.states)
        here = self._around.state_of(situation, self.guard.machine)
        return stands(machine, here), f"{'anything but ' if self.guard.negated else ''}{wanted}"

    def openers(self, situation: Situation, at: datetime) -> tuple[str, ...]:
        here = self._around.state_of(situation, self.guard.machine)
        return self._around.entering(self.guard.machine, here, self._goal)


class CarriesCheck(Check):
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

    def write(self, source: Source) -> None:
        if not source.carried:  # what is taken as given holds
            return
        blank, said = source.bind(is_blank, "is_blank"), source.said()
        missing = " or ".join(f"{blank}({said}.get({name!r}))" for name in self.guard.fields)
        source.refuse_if(f"{said} is not None and ({missing})")

    def explain(self, situation: Situation, at: datetime, zone: tzinfo | None) -> tuple[str, str]:
        missing = self._missing(situation)
        needs = ticked(self.guard.fields, "and")
        return f"no {ticked(missing)}" if missing else f"given: {needs}", needs

    def openers(self, situation: Situation, at: datetime) -> tuple[str, ...]:
        return self._missing(situation)


class CustomCheck(Check):
    """Kernel: what only the embedder knows. Asks the function that was registered for the guard."""

    may_close = False
    recurs = True

    def __init__(self, guard: Custom, around: Surroundings) -> None:
        self.guard = guard
        self._function = around.custom[guard.function]

    def _ask(self, situation: Situation, at: datetime) -> CustomAnswer:
        place = situation.place
        timeline = tuple(placed.event for placed in upwards(situation.snapshot.past))
        carried = dict(situation.carried or {})
        question = CustomQuestion(situation.kind.name, at, place.application, place.person, carried, timeline)
        answer: object = self._function(question)
        if isinstance(answer, CustomAnswer):
            return answer
        if isinstance(answer, bool):
            return CustomAnswer(answer, f"`{self.guard.function}` says {'yes' if answer else 'no'}")
        raise MisuseError(
            f"the custom guard `{self.guard.function}` returned {shorten(repr(answer))}",
            "return True, False or a CustomAnswer",
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

    def openers(self, situation: Situation, at: datetime) -> tuple[str, ...]:
        return (self.guard.function,)


def is_blank(value: object) -> bool:
    """Return whether a field says nothing: left out, false, or empty. A zero says something."""
    return value is None or value is False or value == () or (isinstance(value, str) and not value.strip())
