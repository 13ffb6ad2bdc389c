"""The agenda as a calendar: what a client gets to see, and what becomes of an entry when it asks again."""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject

import postinterview as pi
from postinterview.reminders import to_ics
from tests.core.helpers import at, default
from tests.core.test_semantics import interviewed

GOLDEN = Path(__file__).parent / "golden" / "agenda.ics"
NEW_YORK, AUCKLAND = ZoneInfo("America/New_York"), ZoneInfo("Pacific/Auckland")
MORNING = "2026-03-03 07:00"


def read(text: bytes) -> dict[str, Any]:
    """The entries by their titles."""
    found = vobject.readOne(text.decode()).contents.get("vevent", [])
    entries = {entry.summary.value: entry for entry in found}
    assert len(entries) == len(found)
    return entries


def acme(**changes: Any) -> pi.Process:
    process = default().start(**{"employer": "Acme", "timezone": "Europe/Zurich"} | changes)
    decide_by = date(2026, 3, 10)
    return process.record(
        "interview", at=at("2026-03-02 10:00"), interviewers=["ana"], decide_by=decide_by
    ).process


def both() -> dict[str, pi.Process]:
    """Two processes, one of them with an employer whose name a calendar has to escape."""
    other = default().start(employer="Müller, Söhne; \N{ROCKET} & Co\\x", timezone="America/New_York")
    other = other.record(
        "interview", at=at("2026-02-24 16:30"), interviewers=["bo"], decide_by=date(2026, 3, 6)
    ).process
    return {"acme": acme(), "muller": other}


def test_a_calendar_of_two_processes_reads_exactly_so() -> None:
    written = to_ics(both(), at=at(MORNING), name="Interviews, and after")
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.write_bytes(written)
    assert written == GOLDEN.read_bytes()


def test_every_line_is_short_and_ends_as_the_standard_wants() -> None:
    *lines, rest = to_ics(both(), at=at(MORNING)).split(b"\r\n")
    assert rest == b""
    assert all(0 < len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)


def test_names_come_back_as_they_were() -> None:
    assert "follow up with Müller, Söhne; \N{ROCKET} & Co\\x" in read(to_ics(both(), at=at(MORNING)))


def test_the_day_on_which_a_chase_is_suggested_is_an_entry_of_the_whole_day_where_it_is_one() -> None:
    here = read(to_ics({"acme": acme()}, at=at(MORNING)))["follow up with Acme"]
    assert (here.dtstart.value, here.dtend.value) == (date(2026, 3, 12), date(2026, 3, 13))
    assert here.valarm.trigger.value == timedelta(hours=9)


def test_a_day_of_new_york_is_no_day_in_auckland() -> None:
    """All of Thursday there would begin while it is Wednesday in New York."""
    process = acme(timezone="America/New_York")
    there = read(to_ics({"acme": process}, at=datetime(2026, 3, 3, 20, tzinfo=AUCKLAND)))[
        "follow up with Acme"
    ]
    assert there.dtstart.value == datetime(2026, 3, 12, 17, tzinfo=AUCKLAND)
    assert there.dtstart.value == datetime(2026, 3, 12, tzinfo=NEW_YORK)
    assert "Thu 12 Mar 2026 00:00 in America/New_York" in there.description.value


def test_what_one_owes_is_told_before_it_is_late() -> None:
    thanks = read(to_ics({"acme": acme()}, at=at(MORNING)))["thank ana (Acme)"]
    assert thanks.dtstart.value == at("2026-03-03 09:00")  # due at 10:00
    offered = acme().record("offer", at=at("2026-03-04 11:00"), answer_by=date(2026, 3, 13)).process
    answer = read(to_ics({"acme": offered}, at=at("2026-03-04 12:00")))["accept the offer (Acme)"]
    assert answer.dtstart.value == date(2026, 3, 13)  # the last day, and not the one after it


def test_a_date_that_moves_updates_its_entry() -> None:
    before = acme()
    after = before.record("promise", at=at("2026-03-09 10:00"), date=date(2026, 3, 17)).process
    first, second = (
        read(to_ics({"acme": p}, at=at("2026-03-09 12:00")))["follow up with Acme"] for p in (before, after)
    )
    assert first.uid.value == second.uid.value
    assert (first.dtstart.value, second.dtstart.value) == (date(2026, 3, 12), date(2026, 3, 19))
    assert int(first.sequence.value) < int(second.sequence.value)


def test_a_retracted_date_moves_it_back_with_a_higher_sequence() -> None:
    promised = acme().record("promise", at=at("2026-03-09 10:00"), date=date(2026, 3, 17)).process
    back = promised.retract(2, at=at("2026-03-09 11:00")).process
    first, second = (
        read(to_ics({"acme": p}, at=at("2026-03-09 12:00")))["follow up with Acme"] for p in (promised, back)
    )
    assert second.dtstart.value == date(2026, 3, 12)
    assert int(first.sequence.value) < int(second.sequence.value)


def test_the_entry_stays_where_it_is_when_only_time_goes_by() -> None:
    starts = [
        read(to_ics({"acme": acme()}, at=at(when)))["follow up with Acme"].dtstart.value
        for when in (MORNING, "2026-03-11 08:00", "2026-03-20 08:00")
    ]
    assert starts == [date(2026, 3, 12)] * 3


def test_what_is_done_goes_away_or_is_cancelled_for_who_imported_it() -> None:
    before = acme()
    after = before.do(
        "thank_you", at=at("2026-03-03 08:00"), to="ana", thanks=True, topic=True, looking_forward=True
    ).process
    was = read(to_ics({"acme": before}, at=at(MORNING)))["thank ana (Acme)"]
    assert "thank ana (Acme)" not in read(to_ics({"acme": after}, at=at("2026-03-03 09:00")))

    gone = read(to_ics({"acme": after}, at=at("2026-03-03 09:00"), since={"acme": before}))
    assert gone["thank ana (Acme)"].status.value == "CANCELLED"
    assert gone["thank ana (Acme)"].uid.value == was.uid.value
    assert int(gone["thank ana (Acme)"].sequence.value) > int(was.sequence.value)
    assert not hasattr(gone["thank ana (Acme)"], "valarm")
    assert {entry.status.value for title, entry in gone.items() if title != "thank ana (Acme)"} == {
        "CONFIRMED"
    }


def test_of_a_process_that_is_gone_everything_is_cancelled() -> None:
    entries = read(to_ics({}, at=at(MORNING), since={"acme": acme()}))
    assert {entry.status.value for entry in entries.values()} == {"CANCELLED"}
    assert "follow up with Acme" in entries


def test_after_a_no_nothing_but_the_gracious_answer_is_left() -> None:
    process = acme().record("rejection", at=at("2026-03-05 10:00")).process
    entries = read(to_ics({"acme": process}, at=at("2026-03-05 12:00")))
    assert [title for title in entries if "follow" in title or "assume" in title] == []
    assert entries


def test_a_snooze_moves_the_entry_to_where_it_ends() -> None:
    process = acme()
    (item,) = (i for i in process.agenda(at=at(MORNING)) if i.event == "follow_up")
    snooze = item.snooze(until=at("2026-03-16 15:00"))
    plain = read(to_ics({"acme": process}, at=at(MORNING)))[item.title]
    put_off = read(to_ics({"acme": process}, at=at(MORNING), snoozes={"acme": [snooze]}))[item.title]
    assert put_off.dtstart.value == at("2026-03-16 15:00")
    assert plain.uid.value == put_off.uid.value
    assert int(plain.sequence.value) < int(put_off.sequence.value)


def test_a_reader_without_a_zone_of_a_name_gets_utc() -> None:
    for zone in (UTC, ZoneInfo("UTC")):
        written = to_ics({"acme": acme()}, at=at(MORNING).astimezone(zone))
        assert b"VTIMEZONE" not in written
        assert b"DTSTART:20260303T080000Z" in written


def test_an_hour_that_comes_twice_is_told_in_utc() -> None:
    """As local time it would be the first of the two: an hour before it is allowed."""
    held = datetime(2026, 10, 18, 1, 30, tzinfo=UTC)
    process = default().start(employer="Acme", timezone="Europe/Zurich")
    process = process.record("interview", at=held, interviewers=["ana"]).process
    entry = read(to_ics({"acme": process}, at=held.astimezone(ZoneInfo("Europe/Zurich"))))
    assert entry["follow up with Acme"].dtstart.value == held + timedelta(days=8)
    text = to_ics({"acme": process}, at=held.astimezone(ZoneInfo("Europe/Zurich")))
    assert text.count(b"BEGIN:VTIMEZONE") == 1


def test_nothing_due_is_a_calendar_all_the_same() -> None:
    process = default().start(employer="Acme", timezone="Europe/Zurich")
    for given in ({}, {"acme": process}):
        assert read(to_ics(given, at=at(MORNING))) == {}


def test_the_hosts_keys_do_not_show() -> None:
    assert b"row 4711" not in to_ics({"row 4711": acme()}, at=at(MORNING))


def test_two_processes_of_one_employer_have_entries_of_their_own() -> None:
    written = to_ics({"one": acme(), "two": acme()}, at=at(MORNING)).decode()
    uids = [line for line in written.split("\r\n") if line.startswith("UID:")]
    assert len(set(uids)) == len(uids) == 2 * to_ics({"one": acme()}, at=at(MORNING)).count(b"\r\nUID:")


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(pi.MisuseError) as caught:
        to_ics({"acme": acme()}, at=at(MORNING))
    assert caught.value.help == "pip install 'postinterview[calendar]'"


@pytest.mark.parametrize("given", [acme(), [acme()], {"": acme()}, {1: acme()}, {"acme": "acme"}])
def test_what_is_no_mapping_of_keys_to_processes_is_misuse(given: Any) -> None:
    with pytest.raises(pi.MisuseError):
        to_ics(given, at=at(MORNING))


def test_a_calendar_for_a_moment_before_the_latest_event_is_misuse() -> None:
    with pytest.raises(pi.TimeError):
        to_ics({"acme": interviewed()}, at=at("2026-03-01 07:00"))
