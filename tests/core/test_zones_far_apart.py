"""The employer's days count, wherever one asks from: to the microsecond on both sides of midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import postinterview as pi
from tests.core.helpers import default

NEW_YORK, AUCKLAND, ZURICH = map(ZoneInfo, ("America/New_York", "Pacific/Auckland", "Europe/Zurich"))
READERS: tuple[tzinfo, ...] = (NEW_YORK, AUCKLAND, ZURICH, UTC)
TICK = timedelta(microseconds=1)


def promised(
    day: date,
    *,
    timezone: str = "America/New_York",
    holidays: tuple[date, ...] = (),
    country: str | None = None,
) -> pi.Process:
    """Interviewed a week before ``day``, by which the answer was promised."""
    process = default().start(employer="acme", timezone=timezone, holidays=holidays, country=country)
    held = datetime(day.year, day.month, day.day, 15, tzinfo=ZoneInfo(timezone)) - timedelta(days=7)
    return process.record("interview", at=held, interviewers=["ana"], decide_by=day).process


def check_opens(process: pi.Process, event: str, opens: datetime, **fields: Any) -> None:
    """Whoever asks, from wherever: refused a microsecond before, allowed from then on, and told so before."""
    for reader in READERS:
        early, at = ((opens.astimezone(UTC) - less).astimezone(reader) for less in (TICK, 0 * TICK))
        before = process.may(event, at=early, **fields)
        assert (before.allowed, before.opens_at) == (False, at)
        assert before.opens_at is not None
        assert before.opens_at.tzinfo is reader
        assert process.may(event, at=at, **fields).allowed
        assert process.do(event, at=early, **fields).refused
        done = process.do(event, at=at, **fields)
        assert not done.refused
        assert done.process.timeline[-1].at == opens


def check_follow_up_opens(process: pi.Process, opens: datetime) -> None:
    check_opens(process, "follow_up", opens, channel="call")
    for reader in READERS:
        early, at = ((opens.astimezone(UTC) - less).astimezone(reader) for less in (TICK, 0 * TICK))
        (item,) = (item for item in process.agenda(at=early) if item.event == "follow_up")
        assert (item.kind, item.opens_at) == ("coming", at)
        (item,) = (item for item in process.agenda(at=at) if item.event == "follow_up")
        assert item.kind in ("open", "overdue")


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        (date(2026, 3, 3), datetime(2026, 3, 4, 5, tzinfo=UTC)),  # a Tuesday in winter
        (date(2026, 6, 30), datetime(2026, 7, 1, 4, tzinfo=UTC)),  # and one in summer
        (date(2026, 3, 6), datetime(2026, 3, 9, 4, tzinfo=UTC)),  # a Friday: the clock goes forward on Sunday
        (date(2026, 10, 30), datetime(2026, 11, 2, 5, tzinfo=UTC)),  # and back on this Sunday
        (date(2028, 2, 28), datetime(2028, 2, 29, 5, tzinfo=UTC)),  # a leap year has one day more
        (date(2028, 2, 29), datetime(2028, 3, 1, 5, tzinfo=UTC)),
        (date(2027, 2, 26), datetime(2027, 3, 1, 5, tzinfo=UTC)),  # and the others do not
        (date(2026, 12, 31), datetime(2027, 1, 1, 5, tzinfo=UTC)),  # a new year in New York
    ],
)
def test_a_quoted_day_ends_at_midnight_in_new_york_whoever_asks(day: date, opens: datetime) -> None:
    check_follow_up_opens(promised(day), opens)


def test_a_thursday_of_auckland_is_still_a_wednesday_where_the_answer_comes_from() -> None:
    process = promised(date(2026, 3, 11))
    thursday = datetime(2026, 3, 12, 9, tzinfo=AUCKLAND)
    asked = process.may("follow_up", at=thursday, channel="call")
    assert not asked.allowed
    assert asked.opens_at == datetime(2026, 3, 12, 17, tzinfo=AUCKLAND)
    assert asked.reasons[0].needs == "Thu 12 Mar 2026 17:00 +13:00 or later (`answer_due`)"


@pytest.mark.parametrize(
    ("holidays", "country", "opens"),
    [
        ((), None, datetime(2026, 7, 6, 4, tzinfo=UTC)),
        ((date(2026, 7, 3),), None, datetime(2026, 7, 6, 4, tzinfo=UTC)),  # on the holiday itself
        ((date(2026, 7, 3), date(2026, 7, 6)), None, datetime(2026, 7, 7, 4, tzinfo=UTC)),
        ((), "US", datetime(2026, 7, 6, 4, tzinfo=UTC)),  # Independence Day is observed on the Friday
    ],
)
def test_a_date_promised_on_a_holiday_is_over_with_that_day_all_the_same(
    holidays: tuple[date, ...], country: str | None, opens: datetime
) -> None:
    process = promised(date(2026, 7, 3), holidays=holidays, country=country)
    check_follow_up_opens(process, opens)


def test_a_date_promised_for_the_eve_of_a_holiday_waits_for_the_next_business_day() -> None:
    eve = date(2026, 11, 25)  # the day before Thanksgiving, a Thursday
    for country, day in ((None, 26), ("US", 27)):
        process = promised(eve, country=country)
        check_follow_up_opens(process, datetime(2026, 11, day, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("held", "opens"),
    [
        # New York's clock goes forward on 8 March, Auckland's back on 5 April.
        (datetime(2026, 3, 5, 10, tzinfo=NEW_YORK), datetime(2026, 3, 12, 11, tzinfo=NEW_YORK)),
        (datetime(2026, 3, 5, 10, tzinfo=NEW_YORK), datetime(2026, 3, 13, 4, tzinfo=AUCKLAND)),
        (datetime(2026, 4, 1, 15, tzinfo=NEW_YORK), datetime(2026, 4, 9, 7, tzinfo=AUCKLAND)),
        # New York's goes back on 1 November, Auckland's forward on 27 September.
        (datetime(2026, 10, 29, 10, tzinfo=NEW_YORK), datetime(2026, 11, 5, 9, tzinfo=NEW_YORK)),
        (datetime(2026, 9, 24, 10, tzinfo=AUCKLAND), datetime(2026, 10, 1, 11, tzinfo=AUCKLAND)),
        (datetime(2028, 2, 23, 10, tzinfo=NEW_YORK), datetime(2028, 3, 1, 10, tzinfo=NEW_YORK)),
    ],
)
def test_a_week_without_a_date_is_168_hours_in_every_zone(held: datetime, opens: datetime) -> None:
    process = default().start(employer="acme", timezone="America/New_York")
    process = process.record("interview", at=held, interviewers=["ana"]).process
    assert opens - held.astimezone(UTC) == timedelta(hours=168)
    check_follow_up_opens(process, opens)


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        (date(2026, 4, 3), datetime(2026, 4, 6, tzinfo=AUCKLAND)),  # its clock goes back on Sunday, at night
        (date(2026, 9, 25), datetime(2026, 9, 28, tzinfo=AUCKLAND)),  # and forward on this one
        (date(2028, 2, 29), datetime(2028, 3, 1, tzinfo=AUCKLAND)),
    ],
)
def test_an_employer_in_auckland_and_a_candidate_in_new_york(day: date, opens: datetime) -> None:
    check_follow_up_opens(promised(day, timezone="Pacific/Auckland"), opens)


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        (date(2026, 3, 8), datetime(2026, 3, 9, 4, tzinfo=UTC)),  # the Sunday of 23 hours
        (date(2026, 11, 1), datetime(2026, 11, 2, 5, tzinfo=UTC)),  # the one of 25
        (date(2028, 2, 29), datetime(2028, 3, 1, 5, tzinfo=UTC)),
        (date(2026, 7, 3), datetime(2026, 7, 4, 4, tzinfo=UTC)),  # a holiday: a quoted day is a day
    ],
)
def test_their_date_is_over_at_the_end_of_that_day_be_it_a_sunday_or_a_holiday(
    day: date, opens: datetime
) -> None:
    process = promised(day, country="US")
    offered = datetime(day.year, day.month, day.day, 16, tzinfo=NEW_YORK) - timedelta(days=6)
    process = process.record("offer", at=offered).process
    process = process.record("promise", at=offered, date=day).process
    process = process.do("write_plan", at=offered, negotiation=True).process
    check_opens(process, "counter_offer", opens)


def test_a_promise_named_late_at_night_for_today_means_the_employers_today() -> None:
    """At two in the afternoon of Friday in Auckland it is Thursday evening in New York."""
    process = default().start(employer="acme", timezone="America/New_York")
    now = datetime(2026, 3, 13, 14, tzinfo=AUCKLAND)
    process = process.record("interview", at=now, interviewers=["ana"], decide_by=date(2026, 3, 11)).process
    assert process.timeline[-1].dates == (("promised", date(2026, 3, 12)),)  # no day before it was named
    check_follow_up_opens(process, datetime(2026, 3, 13, tzinfo=NEW_YORK))


def test_an_agenda_tells_the_same_moments_in_the_time_of_whoever_reads_it() -> None:
    process = promised(date(2026, 3, 11))
    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    told = [process.agenda(at=now.astimezone(reader)) for reader in READERS]
    for agenda in told:
        assert [(i.kind, i.event, i.to, i.due, i.opens_at) for i in agenda] == [
            (i.kind, i.event, i.to, i.due, i.opens_at) for i in told[0]
        ]
    texts = [next(i.text for i in agenda if i.event == "follow_up") for agenda in told]
    assert texts == [
        "follow up with acme from Thu 12 Mar",
        "follow up with acme from Thu 12 Mar 17:00",
        "follow up with acme from Thu 12 Mar 05:00",
        "follow up with acme from Thu 12 Mar 04:00",
    ]
