"""Tell whether a history is clean, mostly without the engine.

A history is clean if each act in it is allowed and each fact is expected, so that an audit finds nothing.
Its steps are told by those that the engine took before (see `known_steps`). Where they can't be, the engine
judges the history as it is.

"Clean" is never decided here. That nothing is found in a clean history is the engine's answer and these
conditions, each of which the exact path would look at, too: every row is read to the last cell, says its
hour, and names its application in all rows or in none; and no decision comes before the first interview.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeAlias

from postinterview.audit.clean.known_steps import KnownSteps, Told, take_step
from postinterview.audit.clean.recording import EPOCH, Days, NotRecordedError
from postinterview.core.past.gaps import Gap
from postinterview.core.past.situation import Snapshot
from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import Custom
from postinterview.core.values.errors import MisuseError

History: TypeAlias = Sequence[tuple[Told, Sequence[int]]]
"""The events of one employer in order; with each its moment, and then the days that it carries."""


def can_be_known(rulebook: Rulebook) -> bool:
    """Return whether steps are known without names, texts and days: no guard may look at these themselves."""
    for machine in rulebook.definition.machines.values():
        for transition in machine.transitions:
            for guard in transition.guards:
                if isinstance(guard, Custom):
                    return False
                fields = rulebook.definition.events[transition.event].fields
                types = {fields[name].type for name, _ in guard.unless if name in fields}
                if types & {"people", "date"}:
                    return False
    return True


def can_excuse(rulebook: Rulebook, event: str, name: str) -> bool:
    """Return whether a guard does not apply to the event with some value of the field."""
    return any(
        name == excuse
        for machine in rulebook.definition.machines.values()
        for transition in machine.transitions
        if transition.event == event
        for guard in transition.guards
        for excuse, _ in guard.unless
    )


class CleanHistories:
    """Tells which histories are clean under a rulebook.

    ``unknown``: the events that no history keeps.
    """

    def __init__(self, rulebook: Rulebook, unknown: tuple[str, ...]) -> None:
        self._engine = rulebook.engine
        self._unknown = frozenset(unknown)
        self._steps = KnownSteps(self._engine, self._unknown)
        kinds = rulebook.definition.events.items()
        self._opening = {name for name, kind in kinds if kind.opens_round}
        ending = {name for name, kind in kinds if kind.ends and not kind.is_act}
        self._decisive = self._opening | ending

    def is_clean(self, history: History, end: int, days: Days) -> bool:
        """Return whether a history is clean.

        ``end``: the moment until which events may be unknown. ``days``: the employer's.
        """
        if not self._begins_well(history):
            return False
        past, take = self._steps.begin(), self._steps.take
        try:
            for told, given in history:
                if not take(past, told, given, days, end):
                    return False
        except NotRecordedError:
            return self.judge_plainly(history, end, days)
        return True

    def judge_plainly(self, history: History, end: int, days: Days) -> bool:
        """Let the engine judge a history as it is, but for what an audit gives hints at."""
        gaps = (Gap(self._unknown, EPOCH + timedelta(microseconds=end)),) if self._unknown else ()
        snapshot = Snapshot(streams=self._engine.start.streams, unknowns=gaps)
        try:
            for told, given in history:
                at, left = EPOCH + timedelta(microseconds=given[0]), map(date.fromordinal, given[1:])
                step = take_step(self._engine, days.calendar, snapshot, told, at, left)
                if step is None:
                    return False
                snapshot = step.snapshot
        except MisuseError:
            return False
        return True

    def _begins_well(self, history: History) -> bool:
        """Return whether no interview comes after a decision: an audit gives a hint, if it is soon."""
        opened: set[int | None] = set()
        ended: set[int | None] = set()
        for told, _ in history:
            if told.name not in self._decisive:
                continue
            if told.name in self._opening:
                if told.application in ended:
                    return False
                opened.add(told.application)
            elif told.application not in opened:
                ended.add(told.application)
        return True
