"""Checks around a check: acts to which a guard does not apply, and guards that ask in every application."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

from postinterview.core.answers.verdict import UNKNOWN
from postinterview.core.guards.check import ALWAYS, Check, Window
from postinterview.core.guards.source import Source
from postinterview.core.past.events import Value
from postinterview.core.past.placed import Placed
from postinterview.core.past.places import make_key
from postinterview.core.past.situation import Situation
from postinterview.core.rules.definitions import EventKind, GuardKind
from postinterview.core.values.formatting import say_list
from postinterview.core.values.naming import application_name

Excuses = dict[str, tuple[Value, ...]]
"""The values of an act's fields with which a guard does not apply to it."""


class UnlessCheck(Check):
    """A guard that does not apply to an act that carries one of the values.

    It applies to an act that says nothing, and to one whose fields are taken as given.
    """

    def __init__(self, check: Check, excuses: Excuses) -> None:
        self.guard = check.guard
        self.may_close = check.may_close
        self.shuts_others = check.shuts_others
        self.recurs = check.recurs
        self._check = check
        self._excuses = excuses

    def _excuse(self, situation: Situation) -> str:
        """Return the field by which the guard does not apply; empty if it does."""
        carried = situation.carried
        if carried is None:
            return ""
        return next((name for name, values in self._excuses.items() if carried.get(name) in values), "")

    def window(self, situation: Situation, at: datetime) -> Window | None:
        return ALWAYS if self._excuse(situation) else self._check.window(situation, at)

    def write(self, source: Source) -> None:
        if not source.carried:  # it applies to an act whose fields are taken as given
            self._check.write(source)
            return
        said = source.said()
        excused = " or ".join(
            f"{said}.get({name!a}) in {source.bind(values, 'excuses')}"
            for name, values in self._excuses.items()
        )
        with source.when(f"{said} is None or not ({excused})"):
            self._check.write(source)

    def explain(self, situation: Situation, at: datetime, zone: tzinfo | None) -> tuple[str, str]:
        excuse = self._excuse(situation)
        if excuse and situation.carried is not None:
            return f"{_said(excuse, (situation.carried[excuse],))}, so it does not apply", ""
        has, needs = self._check.explain(situation, at, zone)
        return has, f"{needs}, unless {say_list(_said(*each) for each in self._excuses.items())}"

    def openers(self, situation: Situation, at: datetime) -> tuple[str, ...]:
        return (*self._check.openers(situation, at), *self._excuses)

    @property
    def watched(self) -> frozenset[str]:
        return self._check.watched

    def counted(self, situation: Situation, at: datetime) -> Sequence[Placed]:
        return self._check.counted(situation, at)


def excuses_of(guard: GuardKind, kind: EventKind) -> Excuses:
    """Return the values that excuse an act from a guard: those that its fields can have."""
    found = {
        name: tuple(value for value in values if kind.fields[name].takes(value))
        for name, values in guard.unless
        if name in kind.fields
    }
    return {name: values for name, values in found.items() if values}


def _said(name: str, values: Sequence[Value]) -> str:
    shown = (("yes" if value else "no") if isinstance(value, bool) else str(value) for value in values)
    return f"`{name}` is {say_list(shown)}"


class EveryApplicationCheck(Check):
    """A guard that must hold in each application of which something is recorded, and in the act's own."""

    def __init__(self, check: Check) -> None:
        self.guard = check.guard
        self.may_close = check.may_close
        self.shuts_others = check.shuts_others
        self.recurs = check.recurs
        self._check = check

    def _everywhere(self, situation: Situation, *, in_order: bool = False) -> Iterator[Situation]:
        """Yield the act in its own place, and then in each of the other applications that may refuse it.

        ``in_order``: in the order of the applications, which a walk over thousands of them finds out.
        """
        yield situation
        snapshot, (own, _, person) = situation.snapshot, situation.place
        refusing = self._check.refusing_in(snapshot)
        named: Iterable[str | None] = refusing or ()
        if refusing is None or (in_order and len(refusing) > 1):
            unknown = [each.application for each in snapshot.unknowns]
            named = dict.fromkeys((*snapshot.applications, *unknown))
            named = [each for each in named if refusing is None or each in refusing]
        for application in named:
            if application not in (None, own):
                yield situation.moved_to(make_key(application, None, person))

    def window(self, situation: Situation, at: datetime) -> Window | None:
        opens, closes = ALWAYS
        for each in self._everywhere(situation):
            window = self._check.window(each, at)
            if window is None:
                return None
            opens, closes = max(opens, window[0]), min(closes, window[1])
        return (opens, closes)

    def write(self, source: Source) -> None:
        source.add(f"refusing = {source.bind(self._check.refusing_in, 'refusing')}(snapshot)")
        with source.when("refusing is None or refusing"):
            super().write(source)

    def _strictest(self, situation: Situation, at: datetime) -> Situation:
        """Return the act in the application that refuses it longest; in its own place if none refuses it."""
        strictest, latest = situation, at
        for each in self._everywhere(situation, in_order=True):
            window = self._check.window(each, at)
            if window is None:
                return each
            if window[0] > latest:
                strictest, latest = each, window[0]
        return strictest

    def explain(self, situation: Situation, at: datetime, zone: tzinfo | None) -> tuple[str, str]:
        refusing = self._strictest(situation, at)
        has, needs = self._check.explain(refusing, at, zone)
        application = refusing.place.application
        if application is None or refusing is situation or has == UNKNOWN:
            return has, needs
        return f"in {application_name(application)}: {has}", needs

    def openers(self, situation: Situation, at: datetime) -> tuple[str, ...]:
        return self._check.openers(self._strictest(situation, at), at)

    @property
    def watched(self) -> frozenset[str]:
        return self._check.watched

    def counted(self, situation: Situation, at: datetime) -> Sequence[Placed]:
        return self._check.counted(self._strictest(situation, at), at)
