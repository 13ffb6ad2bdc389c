"""A zone behind a time is read, or refused with the reason; it is never taken for local time."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postinterview.audit.history.date_formats import read_format
from postinterview.audit.history.dates import DatedCell, read_date, read_day
from postinterview.audit.sources.rows import RealDate
from postinterview.loading.text_values import Fault
from tests.audit.small import HEAD, said, small_map, told


def read(text: str, form: str, zone: str = "Europe/Zurich") -> str:
    """The moment in UTC, or why there is none."""
    known = read_format(form)
    assert not isinstance(known, Fault)
    found = read_date(text, (known,), ZoneInfo(zone), time(12), 2026)
    return found if isinstance(found, str) else f"{found.at:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "form", "zone", "moment"),
    [
        ("2026-03-10 14:00 UTC", "%Y-%m-%d %H:%M %Z", "Europe/Zurich", "2026-03-10 14:00"),
        ("2026-07-10 14:00 GMT", "%Y-%m-%d %H:%M %Z", "Europe/London", "2026-07-10 14:00"),
        ("2026-03-10 14:00 (EDT)", "%Y-%m-%d %H:%M (%Z)", "Europe/Zurich", "2026-03-10 18:00"),
        ("2026-01-10 14:00 est", "%Y-%m-%d %H:%M %Z", "America/New_York", "2026-01-10 19:00"),
        ("2026-07-10 14:00 EST", "%Y-%m-%d %H:%M %Z", "America/Panama", "2026-07-10 19:00"),
        ("2026-01-10 14:00 CST", "%Y-%m-%d %H:%M %Z", "Asia/Shanghai", "2026-01-10 06:00"),
        ("2026-01-10 14:00 CST", "%Y-%m-%d %H:%M %Z", "Europe/Oslo", "2026-01-10 20:00"),
        ("2026-07-10 14:00 IST", "%Y-%m-%d %H:%M %Z", "Asia/Kolkata", "2026-07-10 08:30"),
        ("2026-07-10 14:00 America/Denver", "%Y-%m-%d %H:%M %Z", "Europe/Zurich", "2026-07-10 20:00"),
        # The hour that comes twice is told by the word.
        ("2026-10-25 02:30 CEST", "%Y-%m-%d %H:%M %Z", "Europe/Zurich", "2026-10-25 00:30"),
        ("2026-10-25 02:30 CET", "%Y-%m-%d %H:%M %Z", "Europe/Zurich", "2026-10-25 01:30"),
        # With an offset the word is a comment.
        (
            "Tue Mar 10 2026 14:00:00 GMT+0100 (Central European Standard Time)",
            "%a %b %d %Y %H:%M:%S GMT%z (%Z)",
            "America/New_York",
            "2026-03-10 13:00",
        ),
        ("10-Mar 14:00 UTC", "%d-%b %H:%M %Z", "Europe/Zurich", "2026-03-10 14:00"),
    ],
)
def test_a_zone_behind_a_time_is_read(text: str, form: str, zone: str, moment: str) -> None:
    assert read(text, form, zone) == moment


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "2026-07-10 14:00 EST",
            "on 2026-07-10 no clock in America/New_York goes by EST; write the offset instead",
        ),
        (
            "2026-01-10 14:00 CEST",
            "`CEST` can mean several time zones; write the offset instead, such as +01:00",
        ),
        (
            "2026-01-10 14:00 IST",
            "`IST` can mean several time zones; write the offset instead, such as +01:00",
        ),
        ("2026-01-10 14:00 Mars/Olympus", "`Mars/Olympus` is not a time zone"),
    ],
)
def test_a_zone_that_does_not_say_one_hour_is_refused_with_the_reason(text: str, why: str) -> None:
    assert read(text, "%Y-%m-%d %H:%M %Z") == f"`{text}`: {why}"


def test_without_a_format_for_it_the_zone_is_asked_for() -> None:
    assert read("2026-01-10 14:00 UTC", "%Y-%m-%d %H:%M") == (
        "`2026-01-10 14:00 UTC` is not a date in the formats of the map; "
        "is a format with `%Z` missing, for the zone behind it?"
    )


@pytest.mark.parametrize(
    ("form", "word", "help"),
    [
        ("%Y-%m-%d %H:%M UTC", "UTC", "write `%Z`, which reads such words"),
        ("%Y-%m-%dT%H:%M:%SZ", "Z", "write `%z`, which reads Z and offsets"),
        ("%d.%m.%Y %H:%M (EST)", "EST", "write `%Z`, which reads such words"),
    ],
)
def test_a_zone_as_plain_text_in_a_format_is_an_error(form: str, word: str, help: str) -> None:
    found = read_format(form)
    assert isinstance(found, Fault)
    assert (found.code, found.start, found.help) == ("PI1004", form.index(word), help)
    assert found.message == f"`{word}` in a format is plain text: its times would be taken for local ones"


@pytest.mark.parametrize(
    "form", ["%d.%m.%Y EST", "%H:%M Uhr, %d.%m.%Y", "%d. %b %Y at %I %p", "WEST %d.%m.%Y"]
)
def test_words_that_name_no_zone_of_a_time_are_plain_text(form: str) -> None:
    assert not isinstance(read_format(form), Fault)


def test_no_breach_is_made_of_a_zone_that_was_not_looked_at() -> None:
    by = small_map(base=HEAD.replace("Europe/Zurich", "Asia/Tokyo").replace("%H:%M", "%H:%M %Z"))
    # 23:30 UTC on Sunday is 08:30 on Monday in Tokyo: a week after the talk.
    rows = ["Acme,talk,2026-03-02 08:00 JST,ana", "Acme,nudge,2026-03-08 23:30 UTC,"]
    assert said(told(rows, by)) == []
    assert said(told([rows[0], rows[1].replace("UTC", "JST")], by)) == [("breach", 3, "wait_for_the_answer")]


offsets = st.sampled_from(
    ["Europe/Zurich", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Dublin"]
)


@given(
    at=st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=offsets,
    name=offsets,
)
def test_a_moment_written_with_the_word_of_its_clock_comes_back(at: datetime, zone: str, name: str) -> None:
    """The oracle is Python's own name of each clock."""
    minute = at.replace(second=0, microsecond=0)
    local = minute.astimezone(ZoneInfo(zone))
    form = "%Y-%m-%d %H:%M %Z"
    word = local.tzname() or ""
    if word.isalpha():
        assert read(f"{local:%Y-%m-%d %H:%M} {word}", form, zone) == f"{minute:%Y-%m-%d %H:%M}"
    elsewhere = read(f"{local:%Y-%m-%d %H:%M} {word}", form, name)
    assert elsewhere == f"{minute:%Y-%m-%d %H:%M}" or elsewhere.startswith("`") or word in ("IST", "GMT")


# --- serial dates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form", "found"),
    [
        ("46083", "excel", "2026-03-02 11:00"),  # no hour: noon, as the map says
        ("46083.416666666664", "excel", "2026-03-02 09:00"),
        ("44621", "excel 1904", "2026-03-02 11:00"),
        ("61", "excel", "1900-03-01 11:00"),
        ("60", "excel", "`60` is not a date in the formats of the map"),
        ("2026-03-02", "excel", "`2026-03-02` is not a date in the formats of the map"),
        ("-3", "excel", "`-3` is not a date in the formats of the map"),
        ("9999999", "excel", "`9999999` is not a date in the formats of the map"),
    ],
)
def test_serial_dates_of_excel_are_read(text: str, form: str, found: str) -> None:
    assert read(text, form) == found


@given(st.datetimes(datetime(1900, 3, 1), datetime(2399, 1, 1)))  # noqa: DTZ001
def test_every_second_has_its_serial_number(at: datetime) -> None:
    """The number is computed as openpyxl writes it."""
    from openpyxl.utils.datetime import to_excel

    second = at.replace(microsecond=0)
    form = read_format("excel")
    assert not isinstance(form, Fault)
    found = read_date(repr(to_excel(second)), (form,), ZoneInfo("UTC"), time(0), None)
    assert found == DatedCell(second.replace(tzinfo=UTC), clock=second.time() != time(0))


def test_a_real_date_is_read_whatever_the_formats_of_the_map_are() -> None:
    form = read_format("%d.%m.%y")
    assert not isinstance(form, Fault)
    zone = ZoneInfo("UTC")
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert read_date(RealDate("2026-03-02"), (form,), zone, time(12), None) == DatedCell(noon, clock=False)
    later = RealDate((noon + timedelta(hours=1)).replace(tzinfo=None).isoformat())
    assert read_date(later, (form,), zone, None, None) == DatedCell(noon + timedelta(hours=1), clock=True)
    assert read_day(later, (form,), None) == noon.date()
