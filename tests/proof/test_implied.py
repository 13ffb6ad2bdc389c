"""A condition that holds wherever another one does holds so for moments that a walker counts out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

import hypothesis.strategies as st
from hypothesis import given, settings

from postinterview.core.rules import definitions as d
from postinterview.core.values.moments import LocalCalendar, local_calendar
from postinterview.proof.model.conditions import ALWAYS
from postinterview.proof.model.conflicts import Conflicts
from postinterview.proof.model.implied import Implication
from postinterview.proof.model.instants import Choice, Instant, Resolved
from postinterview.proof.model.relation import Condition
from postinterview.proof.model.variables import TimeAnchor
from tests.strategies.hand import Dice, Hand

DAY = timedelta(days=1)
ORIGIN = d.Origin("", 1, 1)
PLAIN = local_calendar("UTC", frozenset({5, 6}), frozenset(), None)
CALENDARS = (
    PLAIN,
    local_calendar("UTC", frozenset({5, 6}), frozenset({date(2026, 3, 10), date(2026, 3, 12)}), None),
    local_calendar("UTC", frozenset({4, 5}), frozenset(), None),
    local_calendar("UTC", frozenset({6}), frozenset(), None),
)


def anchor(events: str = "", *, date: str = "") -> TimeAnchor:
    return TimeAnchor(date, frozenset(events or "w"), frozenset(), frozenset(), d.APPLICATION)


ANCHORS = (anchor("x"), anchor("xy"), anchor(date="promised"), anchor(date="hold"))
Known = Mapping[TimeAnchor, datetime | date]


@st.composite
def instants(draw: st.DrawFn) -> Instant:
    made = Instant(draw(st.sampled_from(ANCHORS)))
    for _ in range(draw(st.integers(0, 2))):
        if draw(st.booleans()):
            made = made.after(draw(st.sampled_from((0, 1, 2, 5, 7, 14))) * DAY)
        else:
            made = made.business_days_after(draw(st.integers(1, 10)), exact=not made.steps)
    return made


def moments(depth: int = 2) -> st.SearchStrategy[Resolved]:
    if not depth:
        return instants()
    choices = st.builds(
        Choice, st.lists(moments(depth - 1), min_size=1, max_size=3).map(tuple), st.booleans()
    )
    return instants() | choices


def later(moment: Resolved, draw: st.DrawFn) -> Resolved:
    """The same moment with other numbers here and there, as an edit has it."""
    if isinstance(moment, Choice):
        return Choice(tuple(later(each, draw) for each in moment.among), moment.latest)
    if draw(st.booleans()):
        return moment
    if draw(st.booleans()):
        return moment.after(draw(st.sampled_from((1, 3, 9))) * DAY)
    return moment.business_days_after(draw(st.integers(1, 9)), exact=False)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Resolved, Resolved]:
    base = draw(moments(draw(st.integers(0, 2))))
    return later(base, draw), later(base, draw) if draw(st.booleans()) else draw(moments())


def history(hand: Hand) -> Known:
    """When each anchor is, if at all; the last of two kinds of events comes no earlier than that of one."""
    start = datetime(2026, 3, 1, tzinfo=UTC)
    x, y = (start + hand.number(0, 24 * 21) * DAY / 24 if hand.chance(70) else None for _ in range(2))
    both = max((each for each in (x, y) if each is not None), default=None)
    promised, hold = (start.date() + hand.number(0, 20) * DAY if hand.chance(70) else None for _ in range(2))
    found = zip(ANCHORS, (x, both, promised, hold), strict=True)
    return {each: at for each, at in found if at is not None}


def when(moment: Resolved, calendar: LocalCalendar, known: Known) -> datetime | None:
    """When it is, counted day by day."""
    if isinstance(moment, Choice):
        times = [at for each in moment.among if (at := when(each, calendar, known)) is not None]
        return None if not times else max(times) if moment.latest else times[0]
    found, moves = known.get(moment.anchor), list(moment.steps)
    if found is None:
        return None
    if isinstance(found, datetime):
        at = found
    else:
        direct = bool(moves) and moves[0].from_date
        over = walked(found, moves.pop(0).days, calendar) if direct else found + DAY
        at = datetime.combine(over, time(0), UTC)
    for step in moves:
        start = walked(at.date(), step.days, calendar) if step.days else None
        at = datetime.combine(start, time(0), UTC) if start else at + timedelta(microseconds=step.micros)
    return at


def walked(day: date, count: int, calendar: LocalCalendar) -> date:
    while count:
        day += DAY
        count -= day.weekday() not in calendar.weekend and day not in calendar.holidays
    return day


def condition(guard: d.NotBefore | d.NotAfter, moment: Resolved) -> Condition:
    return Condition("g", "m", "t", ALWAYS, guard, d.APPLICATION, is_told=False, moment=moment)


def holds(one: Condition, calendar: LocalCalendar, known: Known, now: datetime) -> bool:
    assert isinstance(one.guard, d.NotBefore | d.NotAfter)
    assert one.moment is not None
    at = when(one.moment, calendar, known)
    if at is None:
        return one.guard.if_never_holds
    return now >= at if isinstance(one.guard, d.NotBefore) else now < at


@settings(max_examples=200)
@given(st.data(), st.sampled_from((d.NotBefore, d.NotAfter)), pairs())
def test_a_moment_of_one_file_that_is_never_in_the_way_is_so_after_no_history(
    data: st.DataObject, kind: type[d.NotBefore | d.NotAfter], two: tuple[Resolved, Resolved]
) -> None:
    old, new = (data.draw(st.sampled_from(CALENDARS)) for _ in range(2))
    made = [
        condition(
            kind(
                id="g",
                origin=ORIGIN,
                moment=d.Moment("", d.OfDate("")),
                if_never_holds=data.draw(st.booleans()),
            ),
            each,
        )
        for each in two
    ]
    if not Implication(alike=True, old=old, new=new, conflicts=Conflicts()).holds_with(*made):
        return
    hand = Dice(data.draw(st.integers(0, 10**6)))
    for known in (history(hand) for _ in range(30)):
        turns = [
            at
            for each, days in zip(two, (old, new), strict=True)
            if (at := when(each, days, known)) is not None
        ]
        for now in (
            *turns,
            *(at - timedelta(microseconds=1) for at in turns),
            datetime(2026, 3, 5, tzinfo=UTC),
        ):
            assert holds(made[0], old, known, now) or not holds(made[1], new, known, now)


def never_earlier(one: Resolved, other: Resolved) -> bool:
    return Implication(alike=True, old=PLAIN, new=PLAIN, conflicts=Conflicts()).is_never_earlier(
        one, other, PLAIN, PLAIN
    )


def test_business_days_are_compared_with_days_whatever_was_added_before() -> None:
    week = Instant(ANCHORS[0]).after(7 * DAY)
    assert never_earlier(week.business_days_after(60, exact=False), week.after(60 * DAY))
    assert never_earlier(week.after(60 * DAY), week.business_days_after(40, exact=False))
    assert not never_earlier(week.business_days_after(43, exact=False), week.after(60 * DAY))
    assert not never_earlier(week.after(60 * DAY), week.business_days_after(44, exact=False))


def test_a_business_day_is_counted_from_a_date_itself_or_from_the_end_of_it() -> None:
    promised = Instant(ANCHORS[2])
    itself = promised.business_days_after(1, exact=True)
    end = promised.business_days_after(1, exact=False)
    assert never_earlier(end, itself)
    assert not never_earlier(itself, end)


def test_the_first_of_several_is_another_one_where_more_of_them_are_known() -> None:
    one, more, hold = (Instant(ANCHORS[number]) for number in (0, 1, 3))
    assert never_earlier(Choice((one, hold), latest=False), Choice((one, hold), latest=False))
    assert not never_earlier(Choice((more, hold), latest=False), Choice((one, hold), latest=False))
    assert never_earlier(Choice((more, hold), latest=True), Choice((one, hold), latest=True))
