"""A moment in the model is the engine's moment or an earlier one, never a later one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen
from hypothesis import example, given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.rules.definitions import APPLICATION, NotBefore
from postinterview.core.values.moments import LocalCalendar
from postinterview.proof.model.instants import resolved

RULES = """
format: 1
title: One moment
events:
  heard: {{by: employer, fields: {{day: {{type: date, sets: promised}}}}}}
  ask: {{by: candidate}}
  look: {{by: candidate, contact: none}}
dates:
{dates}
machines:
  m:
    per: application
    start: a
    states: {{a: }}
    transitions:
      hear: {{event: heard, from: a}}
      ask: {{event: ask, from: a, guards: {{late_enough: {{not_before: {last}}}}}}}
      look: {{event: look, from: a, guards: {{late_enough: {{not_before: promised}}}}}}
"""

ZONES = ("UTC", "Europe/Zurich", "America/New_York", "Pacific/Auckland", "America/Santiago", "Africa/Cairo")
HEARD_FIRST = datetime(2026, 3, 1, tzinfo=UTC)


@frozen
class Told:
    """What the employer said when, and what of it the moment hangs on."""

    anchor: str
    plus: tuple[str, ...]
    zone: str
    at: datetime
    day: date
    holidays: frozenset[date]


def told() -> st.SearchStrategy[Told]:
    durations = st.builds(
        lambda number, unit: f"{number} {unit}", st.integers(1, 9), st.sampled_from(("hours", "days"))
    )
    business = st.integers(1, 3).map(lambda number: f"{number} business days")
    days = st.integers(0, 60).map(lambda number: date(2026, 3, 1) + timedelta(days=number))

    def tell(
        anchor: str, plus: tuple[str, ...], zone: str, at: datetime, later: int, free: frozenset[date]
    ) -> Told:
        return Told(anchor, plus, zone, at, at.date() + timedelta(days=later), free)

    return st.builds(
        tell,
        st.sampled_from(("heard", "promised")),
        st.lists(durations | business, min_size=1, max_size=4).map(tuple),
        st.sampled_from(ZONES),
        st.integers(0, 60 * 24 * 30).map(lambda minutes: HEARD_FIRST + timedelta(minutes=minutes)),
        st.integers(0, 60),  # a date that was over before the word is refused
        st.frozensets(days, max_size=12),
    )


def place(told: Told, calendar: LocalCalendar, business_days: int, micros: int) -> datetime:
    """So many business days after what the moment hangs on, and so long after those."""
    heard_on = calendar.day_of(told.at)
    day = heard_on if told.anchor == "heard" else max(told.day, heard_on)
    if business_days:
        start = calendar.business_day_after(day, business_days)
    else:
        start = told.at if told.anchor == "heard" else calendar.end_of(day)
    return start + timedelta(microseconds=micros)


AFTER_HOLIDAYS = Told(
    "heard",
    ("7 days", "1 business day"),
    "Europe/Zurich",
    datetime(2026, 3, 2, 9, tzinfo=UTC),
    date(2026, 3, 2),
    frozenset(date(2026, 3, day) for day in (3, 4, 5, 6)),
)
OVER_THE_CLOCK_CHANGE = Told(
    "heard",
    ("7 days", "1 business day"),
    "Europe/Zurich",
    datetime(2026, 3, 20, 9, tzinfo=UTC),
    date(2026, 3, 20),
    frozenset(),
)


@given(told())
@example(AFTER_HOLIDAYS)
@example(OVER_THE_CLOCK_CHANGE)
def test_a_moment_comes_when_the_proof_says_or_where_that_is_not_exact_no_earlier(told: Told) -> None:
    names = [told.anchor, *(f"d{number}" for number in range(len(told.plus)))]
    dates = "\n".join(
        f"  {name}: {before} + {plus}"
        for before, name, plus in zip(names, names[1:], told.plus, strict=False)
    )
    rulebook = pi.load_rulebook(text=RULES.format(dates=dates, last=names[-1]))
    process = rulebook.start("acme", told.zone, holidays=told.holidays)
    process = process.record("heard", at=told.at, day=told.day).process
    (reason,) = process.may("ask", at=told.at).reasons
    definition = rulebook.definition
    guard = definition.machines["m"].transitions[1].guards[0]
    assert isinstance(guard, NotBefore)
    (instant,) = resolved(definition, definition.events["ask"], guard.moment, APPLICATION).instants
    calendar = LocalCalendar(ZoneInfo(told.zone), holidays=told.holidays)
    places = [place(told, calendar, *pair) for pair in instant.reached]
    assert reason.opens_at is not None
    if instant.exact:
        assert places == [reason.opens_at]
    else:
        assert max(places) <= reason.opens_at


def test_business_days_and_hours_after_them_are_known_exactly() -> None:
    for plus, exact in ((("2 business days", "5 hours"), True), (("5 hours", "2 business days"), False)):
        text = RULES.format(dates=f"  d0: heard + {plus[0]}\n  d1: d0 + {plus[1]}", last="d1")
        definition = pi.load_rulebook(text=text).definition
        guard = definition.machines["m"].transitions[1].guards[0]
        assert isinstance(guard, NotBefore)
        (instant,) = resolved(definition, definition.events["ask"], guard.moment, APPLICATION).instants
        assert instant.exact is exact


OPEN_BY_HOLIDAYS = """
format: 1
title: A window that only free days open
events:
  interview: {by: employer, opens: round}
  follow_up: {by: candidate, contact: chase}
dates:
  a_week_later: interview + 7 days
  slow: a_week_later + 1 business day
  next_day: interview + 1 business day
  fast: next_day + 7 days
machines:
  m:
    per: application
    start: a
    states: {a: }
    transitions:
      interviewed: {event: interview, from: a}
      ask: {event: follow_up, from: a, guards: {from_slow: {not_before: slow}, until_fast: {not_after: fast}}}
"""


def test_a_window_that_free_days_open_is_not_proved_shut() -> None:
    rulebook = pi.load_rulebook(text=OPEN_BY_HOLIDAYS)
    free = [date(2026, 3, day) for day in (3, 4, 5, 6, 9)]
    process = rulebook.start("acme", "Europe/Zurich", holidays=free)
    process = process.record("interview", at=datetime(2026, 3, 2, 9, tzinfo=UTC)).process
    for hour in (9, 10):
        outcome = process.do("follow_up", at=datetime(2026, 3, 11, hour, tzinfo=UTC))
        assert not outcome.refused
        process = outcome.process
    assert {result.id: result.verdict for result in pi.prove(rulebook).results}["one_chase"] != "proved"
