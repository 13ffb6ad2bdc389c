"""Invitations become questions with stable identifiers, and nothing is recorded that nobody confirmed."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.audit import Map, MapError, load_map
from postinterview.core.values.errors import MisuseError, TimeError
from postinterview.files import UnreadableError
from postinterview.invitations import Invitation, InvitationCalendar, read_calendar
from postinterview.stores import Keeper, MemoryStore
from tests.cli.helpers import ROOT, Caller

AT = datetime(2026, 3, 5, 9, tzinfo=ZoneInfo("Europe/Zurich"))
MAP = """
format: 1
kind: ics
timezone: Europe/Zurich
dates: [iso]
time: "12:00"
employer: organizer_domain
employers: {acme.example: Acme}
empty: [Me]
read:
  talk:
    event: interview
    when: {summary: "Interview*"}
    at: start
    with: {interviewers: {column: attendees}}
  no_talk: {nothing: true, when: {summary: Dentist}}
"""


@cache
def the_map(more: str = "") -> Map:
    return load_map(text=MAP + more)


def entry(uid: str = "a@x", start: str = "20260312T090000Z", **more: str) -> str:
    said = {
        "UID": uid,
        "DTSTAMP": "20260301T080000Z",
        f"DTSTART{'' if 'T' in start else ';VALUE=DATE'}": start,
        "SUMMARY": "Interview",
        "ORGANIZER;CN=Ines": "mailto:ines@acme.example",
        **{key.replace("_", "-"): value for key, value in more.items()},
    }
    return "".join(
        ("BEGIN:VEVENT\r\n", *(f"{key}:{value}\r\n" for key, value in said.items()), "END:VEVENT\r\n")
    )


def calendar(*entries: str, head: str = "") -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{head}{''.join(entries)}END:VCALENDAR\r\n".encode()


def read(*entries: str, head: str = "", at: datetime = AT, **processes: pi.Process) -> InvitationCalendar:
    return read_calendar(calendar(*entries, head=head), the_map(), at=at, processes=processes)


def only(*entries: str, **more: str) -> Invitation:
    (found,) = read(*entries, **more)  # type: ignore[arg-type]
    return found


def told(found: InvitationCalendar) -> list[tuple[str, str]]:
    return [(each.standing, f"{each.at:%m-%d %H:%M}") for each in found]


def test_an_interview_of_a_whole_day_is_recorded_with_its_day() -> None:
    keeper = Keeper(pi.load_rulebook(), MemoryStore())
    keeper.start("acme", timezone="Europe/Zurich", employer="Acme")
    (asked,) = read(entry(start="20260302"))
    yes = asked.answers[0]
    assert (yes.event, yes.at, yes.as_json()["at"]) == ("interview", date(2026, 3, 2), "2026-03-02")
    keeper.record("acme", yes.event or "", **yes.arguments())
    assert keeper.load("acme").timeline[-1].event.day == date(2026, 3, 2)
    assert not read(entry(start="20260302"), Acme=keeper.load("acme")).invitations


def test_what_takes_a_whole_day_needs_no_hour_in_the_map() -> None:
    without = load_map(text=MAP.replace('time: "12:00"\n', ""))
    found = read_calendar(calendar(entry(start="20260302")), without, at=AT)
    assert found == read(entry(start="20260302"))
    assert found.invitations[0].answers[0].at == date(2026, 3, 2)


# --- questions ------------------------------------------------------------------------------------


def test_an_invitation_ahead_asks_whether_it_is_fixed_and_one_that_is_over_whether_it_took_place() -> None:
    ahead, over = only(entry()), only(entry(start="20260302T090000Z"))
    assert (ahead.standing, ahead.question) == (
        "ahead",
        "Is the interview with Acme fixed for Thu 12 Mar 2026 10:00?",
    )
    assert (over.standing, over.question) == (
        "over",
        "Did the interview with Acme on Mon 2 Mar 2026 10:00 take place?",
    )
    assert [(each.text, each.event) for each in over.answers] == [
        ("yes", "interview"),
        ("no, they called it off", "cancelled"),
        ("no, for another reason", None),
    ]
    fixed = ahead.answers[0]
    assert isinstance(fixed.at, datetime)
    assert (fixed.event, fixed.fields, fixed.at.astimezone(UTC)) == (
        "scheduled",
        {"date": date(2026, 3, 12)},
        datetime(2026, 3, 1, 8, tzinfo=UTC),
    )


def test_it_is_over_from_its_start_on_and_a_whole_day_from_its_end_on() -> None:
    start = datetime(2026, 3, 12, 9, tzinfo=UTC)
    assert read(entry(), at=start - timedelta(microseconds=1)).invitations[0].standing == "ahead"
    assert read(entry(), at=start).invitations[0].standing == "over"
    day = entry(start="20260312")
    midnight = datetime(2026, 3, 13, tzinfo=ZoneInfo("Europe/Zurich"))
    assert read(day, at=midnight - timedelta(microseconds=1)).invitations[0].question == (
        "Is the interview with Acme fixed for Thu 12 Mar 2026?"
    )
    assert read(day, at=midnight).invitations[0].standing == "over"


def test_times_are_read_in_every_zone_that_calendars_write() -> None:
    ways = {
        "DTSTART;TZID=Europe/Zurich": "20260312T100000",
        "DTSTART;TZID=W. Europe Standard Time": "20260312T100000",
        "DTSTART;TZID=America/New_York": "20260312T050000",
        "DTSTART": "20260312T100000",  # of no zone: that of the map
    }
    for key, value in ways.items():
        text = entry().replace("DTSTART:20260312T090000Z", f"{key}:{value}")
        assert told(read(text)) == [("ahead", "03-12 10:00")], key


def test_the_people_are_the_attendees_but_the_organizer_and_those_the_map_leaves_out() -> None:
    more = 'ATTENDEE;CN="Bo, the boss":mailto:bo@acme.example\r\nATTENDEE;CN=Me:mailto:me@x.org\r\n'
    more += "ATTENDEE:mailto:cy@acme.example\r\nATTENDEE;CN=Ines:MAILTO:ines@acme.example\r\n"
    text = entry(start="20260302T090000Z").replace("END:VEVENT", f"{more}END:VEVENT")
    assert only(text).answers[0].fields == {"interviewers": ("Bo, the boss", "cy@acme.example")}


def test_other_entries_are_counted_and_left_alone() -> None:
    found = read(entry(), entry("b@x", SUMMARY="Dentist"), entry("c@x", SUMMARY="Lunch with Interview Ltd"))
    assert (len(found), found.others, found.problems) == (1, 2, ())


def test_an_employer_that_is_not_listed_is_called_as_in_the_calendar() -> None:
    other = entry().replace("ines@acme.example", "hr@beta.example")
    assert only(other).employer == "beta.example"
    nobody = entry().replace("ORGANIZER;CN=Ines:mailto:ines@acme.example\r\n", "")
    found = read(nobody)
    assert (len(found), found.problems) == (0, ("`Interview` can't be read: `organizer_domain` is empty",))


# --- changes --------------------------------------------------------------------------------------


def test_a_moved_invitation_keeps_its_identifier_and_is_fixed_anew() -> None:
    first = only(entry(SEQUENCE="0"))
    moved_entry = entry(start="20260313T090000Z", SEQUENCE="1", DTSTAMP="20260304T080000Z")
    moved = only(moved_entry)
    both = only(entry(SEQUENCE="0"), moved_entry)
    assert first.id == moved.id == both.id
    assert both == moved
    assert first.answers[0].once != moved.answers[0].once

    later = datetime(2026, 3, 20, tzinfo=UTC)
    (then,), (moved_then,) = (read(each, at=later) for each in (entry(), moved_entry))
    assert then.answers[0].once == moved_then.answers[0].once  # it takes place once


@pytest.mark.parametrize(
    "text",
    [
        calendar(entry(STATUS="CANCELLED", DTSTAMP="20260304T080000Z")),
        calendar(entry(DTSTAMP="20260304T080000Z"), head="METHOD:CANCEL\r\n"),
        calendar(entry()) + calendar(entry(STATUS="CANCELLED", DTSTAMP="20260304T080000Z", SEQUENCE="1")),
    ],
)
def test_a_cancelled_invitation_asks_whether_it_is_off(text: bytes) -> None:
    (found,) = read_calendar(text, the_map(), at=AT)
    assert (found.standing, found.question, found.id) == (
        "cancelled",
        "Is the interview with Acme on Thu 12 Mar 2026 10:00 off?",
        only(entry()).id,
    )
    assert [(each.event, f"{each.at:%m-%d %H:%M}") for each in found.answers] == [
        ("cancelled", "03-04 09:00"),
        (None, "03-04 09:00"),
    ]


SERIES = (
    entry(start="20260302T090000Z", RRULE="FREQ=WEEKLY;COUNT=4", EXDATE="20260309T090000Z"),
    entry(start="20260317T150000Z", RECURRENCE_ID="20260316T090000Z"),
    entry(start="20260323T090000Z", RECURRENCE_ID="20260323T090000Z", STATUS="CANCELLED"),
)


def test_each_time_of_a_repeated_invitation_has_its_own_stable_identifier() -> None:
    found = read(*SERIES)
    assert told(found) == [("over", "03-02 10:00"), ("ahead", "03-17 16:00"), ("cancelled", "03-23 10:00")]
    plain = read(SERIES[0].replace("EXDATE:20260309T090000Z\r\n", ""))
    assert told(plain) == [
        ("over", "03-02 10:00"),
        *(("ahead", f"03-{day} 10:00") for day in ("09", "16", "23")),
    ]
    ids = [each.id for each in plain]
    assert [each.id for each in found] == [ids[0], ids[2], ids[3]]
    assert len({answer.once for each in found for answer in each.answers if answer.event}) == 4
    assert read(SERIES[1]).invitations[0].id == ids[2]  # the change alone, as mail brings it


def test_a_change_of_all_later_times_moves_each_of_them_and_keeps_its_identifier() -> None:
    series = entry(start="20260302T090000Z", RRULE="FREQ=WEEKLY;COUNT=4")
    ids = [each.id for each in read(series)]
    moved = entry(start="20260317T150000Z").replace(
        "BEGIN:VEVENT", "BEGIN:VEVENT\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260316T090000Z"
    )
    found = read(series, moved)
    assert [when for _, when in told(found)] == ["03-02 10:00", "03-09 10:00", "03-17 16:00", "03-24 16:00"]
    assert [each.id for each in found] == ids


def test_a_talk_that_a_card_recorded_later_may_be_the_one_and_then_nothing_is_recorded() -> None:
    start = pi.load_rulebook().start("Acme", "Europe/Zurich")
    for days, first in [
        (1, ("yes, it is the recorded one (Tue 3 Mar 2026 10:00)", None)),
        (8, ("yes", "interview")),
    ]:
        moved = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Europe/Zurich")) + timedelta(days=days)
        process = start.record("interview", at=moved).process
        (asked,) = read(entry(start="20260302T090000Z"), at=moved + timedelta(days=1), Acme=process)
        assert (asked.answers[0].text, asked.answers[0].event) == first


def test_an_invitation_that_was_sent_anew_is_one_question() -> None:
    both = read(entry(), entry("b@x"), entry("c@x", "20260313T090000Z"))
    assert told(both) == [("ahead", "03-12 10:00"), ("ahead", "03-13 10:00")]
    assert both.others == 1
    assert next(each.id for each in both) == only(entry()).id
    off = read(entry(), entry("b@x", STATUS="CANCELLED"))  # says something else
    assert [each.standing for each in off] == ["ahead", "cancelled"]


def test_a_series_without_end_is_read_a_year_around_and_one_within_a_day_is_none() -> None:
    assert 100 < len(read(entry(start="20200101T090000Z", RRULE="FREQ=WEEKLY"))) < 110
    for rule in ("FREQ=SECONDLY", "FREQ=MINUTELY;COUNT=3", "FREQ=DAILY;BYHOUR=1,2,3", "FREQ=HOURLY"):
        found = read(entry(RRULE=rule), entry("b@x"))
        assert (len(found), found.problems) == (
            1,
            ("`Interview` repeats within a day, so it is no interview",),
        )


# --- what is recorded -----------------------------------------------------------------------------


def test_an_answer_is_recorded_once_however_often_the_calendar_is_read() -> None:
    keeper = Keeper(pi.load_rulebook(), MemoryStore())
    keeper.start("acme", employer="Acme", timezone="Europe/Zurich")
    for at in (AT, AT + timedelta(days=1)):
        for each in read(entry("b@x", start="20260302T090000Z"), entry(), at=at):
            answer = each.answers[0]
            keeper.record("acme", answer.event or "", **answer.arguments())
    process = keeper.load("acme")
    assert [placed.name for placed in process.timeline] == ["scheduled", "interview"]

    # What is recorded is not asked again; what the calendar changed since is.
    assert len(read(entry("b@x", start="20260302T090000Z"), entry(), Acme=process)) == 0
    assert read(entry(), Acme=process).answered == 1
    assert told(read(entry(start="20260313T090000Z"), Acme=process)) == [("ahead", "03-13 10:00")]
    assert told(read(entry(STATUS="CANCELLED"), Acme=process)) == [("cancelled", "03-12 10:00")]
    off = only(entry(STATUS="CANCELLED")).answers[0]
    keeper.record("acme", "cancelled", **off.arguments())
    assert len(read(entry(STATUS="CANCELLED"), Acme=keeper.load("acme"))) == 0


def test_reading_a_calendar_records_nothing() -> None:
    process = pi.load_rulebook().start("Acme", "Europe/Zurich")
    before = process.to_json()
    assert len(read(*SERIES, Acme=process)) == 3
    assert process.to_json() == before


def test_every_answer_can_be_recorded() -> None:
    for each in read(*SERIES, entry("b@x"), entry("d@x", start="20260301"), entry("e@x", start="20260401")):
        for answer in each.answers:
            if answer.event:
                keeper = Keeper(pi.load_rulebook(), MemoryStore())
                keeper.start("acme", employer="Acme", timezone="Europe/Zurich")
                assert keeper.record("acme", answer.event, **answer.arguments()).event


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "`<calendar>` is not a calendar: it is empty"),
        (b"Company,Date\n", "`<calendar>` is not a calendar"),
        (calendar(entry())[:-20], "`<calendar>` is a calendar that ends in the middle"),
        (
            calendar(entry().replace("END:VEVENT\r\n", "")),
            "`<calendar>` is a calendar that ends in the middle",
        ),
        (calendar("END:VTODO\r\n"), "`<calendar>` is a damaged calendar ("),
        (b"From: ines@acme.example\r\n\r\n" + calendar(entry()), "`<calendar>` is not a calendar alone"),
    ],
)
def test_a_file_that_is_no_whole_calendar_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_calendar(data, the_map(), at=AT)
    assert caught.value.message.startswith(message)
    assert caught.value.help


@pytest.mark.parametrize("size", range(0, 300, 23))
def test_half_a_calendar_is_refused_as_a_whole(size: int) -> None:
    with pytest.raises(UnreadableError):
        read_calendar(calendar(entry(), entry("b@x"))[:size], the_map(), at=AT)


@pytest.mark.parametrize(
    "data",
    [
        calendar(entry()).decode().encode("utf-16"),
        b"\xef\xbb\xbf" + calendar(entry()),
        calendar(entry()).replace(b"\r\n", b"\n"),
        calendar(entry()).replace(b"\r\n", b"\r"),
    ],
    ids=["utf-16", "bom", "lf", "cr"],
)
def test_a_calendar_is_read_as_other_programs_write_its_lines(data: bytes) -> None:
    assert read_calendar(data, the_map(), at=AT) == read(entry())


def test_names_that_are_not_written_in_utf8_are_told_and_not_taken_for_others() -> None:
    data = calendar(
        entry(), entry("b@x", SUMMARY="Interview with Zo\u00eb"), entry("c@x", "20260313T090000Z")
    )
    found = read_calendar(data.decode().encode("latin-1"), the_map(), at=AT)
    assert (len(found), len(found.problems)) == (2, 1)
    assert "characters that are not in UTF-8" in found.problems[0]


def test_a_start_that_no_calendar_reaches_is_told() -> None:
    for start in ("99990101T090000Z", "00010101T090000Z"):
        assert read(entry(start=start)).problems == ("`Interview` has a start that no calendar reaches",)


def test_one_bad_entry_spoils_no_other() -> None:
    bad = [
        entry("b@x").replace("UID:b@x\r\n", ""),
        entry("c@x", start="soonT"),
        entry("d@x", RRULE="FREQ=NEVER"),
        entry("e@x").replace("DTSTART:20260312T090000Z\r\n", ""),
    ]
    found = read(*bad, entry())
    assert len(found) == 1
    assert len(found.problems) == len(bad)


def test_an_answer_to_an_invitation_is_no_invitation() -> None:
    assert read(entry(), head="METHOD:REPLY\r\n").problems == (
        "it is an answer to an invitation (REPLY), and not an invitation",
    )


def test_misuse_is_told() -> None:
    history = load_map(ROOT / "examples/audit/histories/log.yaml")
    with pytest.raises(MisuseError, match="not a map of a calendar"):
        read_calendar(calendar(), history, at=AT)
    with pytest.raises(TimeError):
        read_calendar(calendar(), the_map(), at=datetime(2026, 3, 5))  # noqa: DTZ001 - which is the misuse
    with pytest.raises(MapError, match=r"PI1011.*no column `Summary`"):
        read_calendar(calendar(), load_map(text=MAP.replace("summary:", "Summary:")), at=AT)
    with pytest.raises(MisuseError, match="open as text"):
        read_calendar(io.StringIO("x"), the_map(), at=AT)  # type: ignore[arg-type]
    with pytest.raises(UnreadableError, match="can't be read"):
        read_calendar("nowhere.ics", the_map(), at=AT)


def test_without_its_packages_a_calendar_is_refused_with_the_line_to_type(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "recurring_ical_events", None)
    with pytest.raises(MisuseError, match=r"pip install 'postinterview\[calendar\]'"):
        read(entry())


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2_000), st.binary(max_size=6) | st.sampled_from([b"\r\n", b";", b":", b"9" * 20])
        ),
        max_size=4,
    )
)
def test_a_spoilt_calendar_is_answered_in_words(cuts: list[tuple[int, bytes]]) -> None:
    data = bytearray(calendar(*SERIES, entry("b@x", start="20260401")))
    for place, put in cuts:
        at = place % len(data)
        data[at : at + len(put)] = put
    try:
        found = read_calendar(bytes(data), the_map(), at=AT)
    except UnreadableError:
        return
    assert all(each.question.endswith("?") and each.answers for each in found)


# --- the command ----------------------------------------------------------------------------------

EXAMPLE = ROOT / "examples" / "calendar"


def test_the_command_asks_and_records_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    call = Caller(capsys)
    arguments = (EXAMPLE / "march.ics", "--map", EXAMPLE / "map.yaml", "--at", "2026-03-05 09:00")
    shown = call("calendar", *arguments)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.endswith("3 questions; 1 other entry\n")
    document = json.loads(call("calendar", *arguments, "--format", "json").out)
    assert [each["standing"] for each in document["invitations"]] == ["over", "cancelled", "ahead"]
    assert document["invitations"][2]["answers"][0]["fields"] == {"date": "2026-03-12"}

    (tmp_path / "bad.ics").write_bytes(calendar(entry(RRULE="FREQ=NEVER")))
    assert call("calendar", tmp_path / "bad.ics", *arguments[1:]).code == 4
    assert call("calendar", EXAMPLE / "map.yaml", *arguments[1:]).code == 3
    assert call("calendar", *arguments[:-1], "soon").code == 2
    (tmp_path / "bad.yaml").write_text(MAP.replace("summary:", "title:"), encoding="utf-8")
    assert (
        call("calendar", arguments[0], "--map", tmp_path / "bad.yaml", "--at", "2026-03-05 09:00").code == 1
    )


@pytest.mark.parametrize("key", ["DTSTART", "RECURRENCE-ID"])
def test_an_unknown_zone_is_told_and_not_taken_for_that_of_the_map(key: str) -> None:
    strange = entry().replace("DTSTART:20260312T090000Z", "DTSTART;TZID=Europe/Zurich:20260312T100000")
    line = f"{key};TZID=Mars/Olympus:20260312T100000\r\n"
    if key == "DTSTART":
        strange = strange.replace("DTSTART;TZID=Europe/Zurich:20260312T100000\r\n", line)
    else:
        strange = strange.replace("END:VEVENT", f"{line}END:VEVENT")
    found = read(strange, entry("b@x"))
    assert [each.id for each in found] == ["b@x"]
    assert found.problems == (
        "`Interview` is in the time zone `Mars/Olympus`, which neither the file nor this program knows",
    )
