"""Moments of a rule file in the model: which instants they hang on, and whether they have come.

A moment is an instant, or a choice among moments: the first known one, or the latest of those known. What is
added to a choice is added to each of its moments. Two questions are asked of it: whether it has come, and
whether it is known and has not come. They are answered in options, without going through all cases: the
latest has come if each has come or is unknown, and it has not if any has not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import chain, product
from math import prod
from typing import TypeAlias, assert_never

from attrs import frozen

from postinterview.core.rules import definitions as d
from postinterview.core.values.moments import MICROSECOND
from postinterview.proof.model import variables as v
from postinterview.proof.model.conditions import Atom, HasCome, IsKnown, Options, conjunction, contradicts
from postinterview.proof.model.labels import TooManyError, scope_of

MOST_OPTIONS = 500
"""The most options of one moment: the latest of several multiplies theirs."""


@frozen
class Step:
    """What is added to a moment: business days, or microseconds.

    ``from_date``: the days are counted from a date itself. Other moments count from the day in which they
    lie, and the end of a date lies in the next one.
    """

    days: int = 0
    micros: int = 0
    from_date: bool = False


@frozen
class Instant:
    """A moment that hangs on one anchor.

    ``reached``: pairs of business days after the anchor and microseconds after those; the moment comes no
    earlier than any of them. If ``exact``, there is one pair, and the moment is just then. ``steps``: what is
    added to the anchor, one after the other.
    """

    anchor: v.TimeAnchor
    reached: tuple[tuple[int, int], ...] = ((0, 0),)
    exact: bool = True
    steps: tuple[Step, ...] = ()

    @property
    def instants(self) -> tuple[Instant, ...]:
        return (self,)

    @property
    def unknown(self) -> tuple[Atom, ...]:
        """What holds where what it hangs on never happened."""
        return (IsKnown(self.anchor, negated=True),)

    def options(self, *, come: bool) -> Options:
        """Return what holds where it is known and has come, or is known and has not come."""
        known = (IsKnown(self.anchor),)
        if not (come or self.exact):
            return (known,)
        return ((*known, *(HasCome(self.anchor, *each, negated=not come) for each in self.reached)),)

    def after(self, duration: timedelta) -> Instant:
        """Return the instant a duration later."""
        later = tuple((days, micros + duration // MICROSECOND) for days, micros in self.reached)
        steps = (*self.steps, Step(micros=duration // MICROSECOND))
        return Instant(self.anchor, later, self.exact, steps)

    def business_days_after(self, count: int, *, exact: bool) -> Instant:
        """Return the start of a business day after the instant.

        If hours were added before, it is not known here on which day they end. The business day comes after
        the instant itself, and no earlier than the same business day after the anchor: both bounds are kept.
        """
        days, micros = self.reached[-1]
        step = Step(count, from_date=exact and bool(self.anchor.date))
        exact = exact and self.exact and not micros
        kept = () if exact else self.reached
        return Instant(self.anchor, (*kept, (days + count, 0)), exact, (*self.steps, step))


@frozen
class Choice:
    """The first known of several moments, or the latest of those known."""

    among: tuple[Resolved, ...]
    latest: bool

    @property
    def instants(self) -> tuple[Instant, ...]:
        """The instants that it can be, in the order of the file."""
        return tuple(chain.from_iterable(each.instants for each in self.among))

    @property
    def parts(self) -> tuple[Resolved, ...]:
        """The moments that it is a choice among, without choices of the same kind and choices of one."""
        found: list[Resolved] = []
        for each in self.among:
            alike = isinstance(each, Choice) and (each.latest is self.latest or len(each.among) == 1)
            found += each.parts if isinstance(each, Choice) and alike else (each,)
        return tuple(found)

    @property
    def unknown(self) -> tuple[Atom, ...]:
        """What holds where nothing that it hangs on ever happened."""
        return conjunction(*(each.unknown for each in self.among))

    def options(self, *, come: bool) -> Options:
        """Return what holds where it is known and has come, or is known and has not come."""
        if not self.latest:
            return self._of_the_first(come=come)
        if not come:
            return tuple(chain.from_iterable(each.options(come=False) for each in self.among))
        ways = [(*each.options(come=True), each.unknown) for each in self.among]
        if prod(map(len, ways)) > MOST_OPTIONS:
            raise TooManyError("the latest of several dates can have come in too many ways")
        *some_known, _ = (conjunction(*chosen) for chosen in product(*ways))
        return tuple(option for option in dict.fromkeys(some_known) if not contradicts(option))

    def _of_the_first(self, *, come: bool) -> Options:
        found: list[tuple[Atom, ...]] = []
        unknown: tuple[Atom, ...] = ()
        for each in self.among:
            found += [(*unknown, *option) for option in each.options(come=come)]
            unknown += each.unknown
        return tuple(found)

    def each(self, change: Callable[[Instant], Instant]) -> Choice:
        """Return the choice among the moments changed."""
        changed = (change(one) if isinstance(one, Instant) else one.each(change) for one in self.among)
        return Choice(tuple(changed), self.latest)


Resolved: TypeAlias = Instant | Choice
"""A moment in the place of an act."""


def resolved(definition: d.Definition, act: d.EventKind, moment: d.Moment, own: d.Scope) -> Resolved:
    """Return a moment as it lies in the place of the act, counted by ``own``."""
    found: Resolved
    match moment.anchor:
        case d.OfEvents(events):
            found = Instant(v.latest_of(events.members, own))
        case d.OfDate(name):
            found = Instant(v.date_of(definition, name, scope_of(act, d.APPLICATION)))
        case d.FirstKnown(options) | d.LatestKnown(options):
            among = tuple(resolved(definition, act, option, own) for option in options)
            found = Choice(among, latest=isinstance(moment.anchor, d.LatestKnown))
        case _:
            assert_never(moment.anchor)

    def added(instant: Instant) -> Instant:
        match moment.plus:
            case None:
                return instant
            case timedelta() as duration:
                return instant.after(duration)
            case d.BusinessDays(count):
                # A date named elsewhere resolves to the end of its day, which is the next day.
                return instant.business_days_after(count, exact=isinstance(found, Instant))
            case _:
                assert_never(moment.plus)

    return added(found) if isinstance(found, Instant) else found.each(added)
