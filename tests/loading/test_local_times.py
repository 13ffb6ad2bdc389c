"""Moments as scenarios write them: exact, never guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from postinterview.core.values.formatting import say_offset
from postinterview.loading.local_times import read_when
from postinterview.loading.text_values import Fault

ZURICH = ZoneInfo("Europe/Zurich")
ZONES = [
    ZoneInfo(key)
    for key in ("Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
]

walls = st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001
offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timedelta(minutes=minutes))


def utc(moment: date | Fault) -> datetime:
    assert isinstance(moment, datetime), moment
    return moment.astimezone(UTC)


def fault(moment: date | Fault) -> Fault:
    assert isinstance(moment, Fault), moment
    return moment


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-03-02 10:00", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-03-02T10:00", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-07-02 10:00", datetime(2026, 7, 2, 8, tzinfo=UTC)),
        ("2026-03-02 10:00:30", datetime(2026, 3, 2, 9, 0, 30, tzinfo=UTC)),
        ("2026-03-02 10:00:30.5", datetime(2026, 3, 2, 9, 0, 30, 500_000, tzinfo=UTC)),
        ("2026-03-02 10:00:00.000001", datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=UTC)),
        ("2026-03-02T10:00Z", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2026-03-02T10:00:00.123Z", datetime(2026, 3, 2, 10, 0, 0, 123_000, tzinfo=UTC)),
        ("2026-03-02 10:00 -05:30", datetime(2026, 3, 2, 15, 30, tzinfo=UTC)),
        ("2026-10-25 02:30+02:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("1900-01-01 00:00Z", datetime(1900, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_moment_means_this_instant_in_zurich(text: str, meant: datetime) -> None:
    assert utc(read_when(text, ZURICH)) == meant


@given(walls, offsets, st.sampled_from(["T", " "]))
def test_a_moment_with_an_offset_needs_no_zone_and_comes_back_as_written(
    wall: datetime, offset: timedelta, between: str
) -> None:
    moment = wall.replace(tzinfo=timezone(offset))
    text = f"{wall.isoformat(between)}{say_offset(offset)}"

    assert read_when(text, None) == moment
    assert read_when(text, ZURICH) == moment


@given(walls, st.sampled_from(ZONES))
@example(datetime(2026, 3, 29, 2, 30), ZURICH)  # noqa: DTZ001
@example(datetime(2026, 10, 25, 2, 30), ZURICH)  # noqa: DTZ001
@example(datetime(2026, 4, 5, 1, 45), ZoneInfo("Australia/Lord_Howe"))  # noqa: DTZ001
def test_local_time_is_the_one_instant_at_which_a_clock_there_shows_it_or_a_fault(
    wall: datetime, zone: ZoneInfo
) -> None:
    around = {
        (wall.replace(tzinfo=UTC) + timedelta(days=days)).astimezone(zone).utcoffset() for days in (-1, 1)
    }
    shows = {
        moment
        for offset in around
        if offset is not None
        for moment in [wall.replace(tzinfo=timezone(offset)).astimezone(UTC)]
        if moment.astimezone(zone).replace(tzinfo=None) == wall
    }

    found = read_when(wall.isoformat(" "), zone)

    if len(shows) == 1:
        assert {utc(found)} == shows
    else:
        assert fault(found).code == "PI713"
        written = re.findall(r"`([^`]+)`", fault(found).help)
        readings = {utc(read_when(text, zone)) for text in written}
        assert len(readings) == 2
        assert readings == shows or not shows


def test_in_a_gap_both_offsets_are_shown_with_the_time_they_would_be() -> None:
    found = fault(read_when("2026-03-29 02:30", ZURICH))

    assert found.message == "`2026-03-29 02:30` never comes in Europe/Zurich: the clocks go forward over it"
    assert found.help == (
        "write `2026-03-29 02:30+01:00` (03:30 there), or `2026-03-29 02:30+02:00` (01:30 there)"
    )


def test_in_a_fold_both_offsets_are_shown_the_first_one_first() -> None:
    found = fault(read_when("2026-10-25T02:30", ZURICH))

    assert found.message == "`2026-10-25T02:30` comes twice in Europe/Zurich: the clocks go back"
    assert (
        found.help
        == "write `2026-10-25T02:30+02:00` for the first, or `2026-10-25T02:30+01:00` for the second"
    )


def test_without_zone_and_offset_a_moment_is_a_fault() -> None:
    assert fault(read_when("2026-03-02 10:00", None)).code == "PI712"


def test_a_day_without_an_hour_stays_a_day_of_its_place() -> None:
    assert read_when("2026-03-02", ZURICH) == date(2026, 3, 2)
    assert fault(read_when("2026-03-02", None)).code == "PI712"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-3-2",
        "2026-02-29 10:00",
        "2026-13-01 10:00",
        "2026-03-02 24:00",
        "2026-03-02 10:60",
        "2026-03-02 10:00:60",
        "2026-03-02 10:00:00.1234567",
        "2026-03-02 10:00+24:00",
        "2026-03-02 10:00+01:60",
        "2026-03-02 10:00+1",
        "2026-03-02 10",
        "26-03-02 10:00",
        "02.03.2026 10:00",
        "1899-12-31 23:59",
        "3000-01-01 00:00",
        "0001-01-01 00:00+23:59",
        "9999-12-31 23:59-23:59",
        "٢٠٢٦-03-02 10:00",
    ],
)
def test_what_is_no_moment_is_a_fault_with_help(text: str) -> None:
    found = fault(read_when(text, ZURICH))

    assert found.code == "PI711"
    assert found.help


def test_a_moment_written_loosely_is_shown_as_it_should_be() -> None:
    assert fault(read_when("2026-3-2 9.05", ZURICH)).instead == "2026-03-02 09:05"
    for day in ("2026-3-2", "2026/03/02", "2026.3.02"):
        assert fault(read_when(day, ZURICH)).help == "did you mean `2026-03-02`?"
