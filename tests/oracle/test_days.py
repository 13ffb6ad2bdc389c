"""Local days as the oracle sees them, where clocks change at midnight or a day is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.oracle.days import TICK, business_day_after, first_instant, local_day


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("UTC", date(2026, 3, 11), datetime(2026, 3, 11, tzinfo=UTC)),
        ("Europe/Zurich", date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        ("Europe/Zurich", date(2026, 3, 30), datetime(2026, 3, 29, 22, tzinfo=UTC)),  # after 23 hours
        ("America/New_York", date(2026, 11, 2), datetime(2026, 11, 2, 5, tzinfo=UTC)),  # after 25
        ("America/Havana", date(2026, 3, 8), datetime(2026, 3, 8, 5, tzinfo=UTC)),  # there is no 00:00
        ("America/Havana", date(2026, 11, 1), datetime(2026, 11, 1, 4, tzinfo=UTC)),  # 00:00 comes twice
        ("Pacific/Auckland", date(2026, 4, 6), datetime(2026, 4, 5, 12, tzinfo=UTC)),
        ("Pacific/Apia", date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC)),  # left out: the next
    ],
)
def test_a_day_begins_at_its_first_instant(zone: str, day: date, instant: datetime) -> None:
    assert first_instant(day, zone) == instant
    assert local_day(instant, zone) >= day > local_day(instant - TICK, zone)


def test_business_days_are_counted_after_the_day_and_step_over_what_is_free() -> None:
    friday, free = date(2026, 4, 3), {date(2026, 4, 6)}
    assert business_day_after(friday, 1, {5, 6}, set()) == date(2026, 4, 6)
    assert business_day_after(friday, 1, {5, 6}, free) == date(2026, 4, 7)
    assert business_day_after(friday, 2, {5, 6}, free) == date(2026, 4, 8)
    assert business_day_after(date(2026, 4, 4), 1, {5, 6}, set()) == date(2026, 4, 6)
    assert business_day_after(date(2026, 4, 2), 1, {3, 4}, set()) == date(2026, 4, 4)
