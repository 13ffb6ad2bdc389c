"""The agenda as a calendar: what a client gets to see, and what becomes of an entry when it asks again."""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime, timedelta, timezone
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


def test_a_chase_is_entered_at_the_hour_for_which_it_is_suggested() -> None:
    here = read(to_ics({"acme": acme()}, at=at(MORNING)))["follow up with Acme"]
    assert (here.dtstart.value, here.dtend.value) == (at("2026-03-12 09:00"), at("2026-03-12 09:30"))
    assert here.valarm.trigger.value == timedelta(0)


def test_a_day_on_which_an_act_is_open_is_an_entry_of_the_whole_day() -> None:
    process = one_act("", "promised").record("promise", at=at("2026-03-03 12:00"), date=date(2026, 3, 10))
    entry = entry_of(process.process, "2026-03-04 09:00")
    assert (entry.dtstart.value, entry.dtend.value) == (date(2026, 3, 11), date(2026, 3, 12))
    assert entry.valarm.trigger.value == timedelta(hours=9)


def test_a_reader_of_whom_only_an_offset_is_known_gets_times_and_no_days() -> None:
    """Read elsewhere, such as where summer time has come meanwhile, the day would begin too early."""
    for zone in (timezone(timedelta(hours=1)), UTC):
        written = to_ics({"acme": acme()}, at=at(MORNING).astimezone(zone))
        assert read(written)["follow up with Acme"].dtstart.value == at("2026-03-12 09:00")
        assert b"VALUE=DATE:" not in written


def test_a_day_of_new_york_is_no_day_in_auckland() -> None:
    """Thursday morning in New York is Friday in Auckland."""
    process = acme(timezone="America/New_York")
    there = read(to_ics({"acme": process}, at=datetime(2026, 3, 3, 20, tzinfo=AUCKLAND)))[
        "follow up with Acme"
    ]
    assert there.dtstart.value == datetime(2026, 3, 13, 2, tzinfo=AUCKLAND)
    assert there.dtstart.value == datetime(2026, 3, 12, 9, tzinfo=NEW_YORK)
    assert "Thu 12 Mar 2026 09:00 in America/New_York" in there.description.value


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
    assert (first.dtstart.value, second.dtstart.value) == (at("2026-03-12 09:00"), at("2026-03-19 09:00"))
    assert int(first.sequence.value) < int(second.sequence.value)


def test_a_retracted_date_moves_it_back_with_a_higher_sequence() -> None:
    promised = acme().record("promise", at=at("2026-03-09 10:00"), date=date(2026, 3, 17)).process
    back = promised.retract(2, at=at("2026-03-09 11:00")).process
    first, second = (
        read(to_ics({"acme": p}, at=at("2026-03-09 12:00")))["follow up with Acme"] for p in (promised, back)
    )
    assert second.dtstart.value == at("2026-03-12 09:00")
    assert int(first.sequence.value) < int(second.sequence.value)


def test_the_entry_stays_where_it_is_when_only_time_goes_by() -> None:
    starts = [
        read(to_ics({"acme": acme()}, at=at(when)))["follow up with Acme"].dtstart.value
        for when in (MORNING, "2026-03-11 08:00", "2026-03-20 08:00")
    ]
    assert starts == [at("2026-03-12 09:00")] * 3


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
    zurich = ZoneInfo("Europe/Zurich")
    for minutes, wanted in (
        (0, b"DTSTART:20261025T013000Z"),
        (90, b"DTSTART;TZID=Europe/Zurich:20261025T020000"),
    ):
        held = datetime(2026, 10, 24, 2, 30, tzinfo=UTC) - timedelta(minutes=minutes)  # 23 hours before
        process = default().start(employer="Acme", timezone="Europe/Zurich")
        process = process.record("interview", at=held, interviewers=["ana"]).process
        assert wanted in to_ics({"acme": process}, at=held.astimezone(zurich))


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


def test_a_whole_number_is_a_key_as_its_text_is() -> None:
    then = at("2026-03-10 09:00")
    late = acme().agenda(at=then).of("overdue")[-1]
    snoozes = [late.snooze(until=at("2026-03-12 09:00"))]
    by_number = to_ics({7: acme()}, at=then, snoozes={7: snoozes}, since={7: acme()})
    assert by_number == to_ics({"7": acme()}, at=then, snoozes={"7": snoozes}, since={"7": acme()})
    assert by_number != to_ics({7: acme()}, at=then)


@pytest.mark.parametrize("given", [acme(), [acme()], {"": acme()}, {1.5: acme()}, {"acme": "acme"}])
def test_what_is_no_mapping_of_keys_to_processes_is_misuse(given: Any) -> None:
    with pytest.raises(pi.MisuseError):
        to_ics(given, at=at(MORNING))


@pytest.mark.parametrize("given", [{"name": ""}, {"name": 7}, {"snoozes": []}, {"since": [acme()]}])
def test_what_can_not_be_meant_is_misuse(given: Any) -> None:
    with pytest.raises(pi.MisuseError):
        to_ics({"acme": acme()}, at=at(MORNING), **given)


def test_a_calendar_for_a_moment_before_the_latest_event_is_misuse() -> None:
    with pytest.raises(pi.TimeError):
        to_ics({"acme": interviewed()}, at=at("2026-03-01 07:00"))


# --- by rules of the tests' own -------------------------------------------------------------------

RULES = """
format: 1
title: One act
events:
  meeting: {by: employer, opens: round}
  word: {by: employer, sign_of_life: false}
  promise: {by: employer, fields: {date: {type: date, sets: promised}}}
  ask: {by: candidate, contact: chase}
  note: {by: candidate, contact: none}
machines:
  application:
    per: application
    start: before
    states: {before: {}, met: {}}
    transitions:
      met: {event: meeting, from: any, to: met}
      promised: {event: promise, from: met}
      said: {event: word, from: met}
      asked: {event: ask, from: met, GUARDSdue: DUE}
      noted: {event: note, from: met, guards: {later: {not_before: promised}}}
"""


def one_act(guards: str, due: str, zone: str = "Europe/Zurich") -> pi.Process:
    text = RULES.replace("GUARDS", f"guards: {{{guards}}}, " if guards else "").replace("DUE", due)
    process = pi.load_rulebook(text=text).start(employer="acme", timezone=zone)
    return process.record("meeting", at=at("2026-03-02 10:00", ZoneInfo(zone))).process


def entry_of(process: pi.Process, when: str, *snoozes: pi.Snooze, **changes: Any) -> Any:
    now = at(when, process.calendar.zone)
    entries = read(to_ics({"acme": process}, at=now, snoozes={"acme": snoozes}, **changes))
    assert len(entries) <= 1
    return entries.get("ask (acme)")


def test_a_start_is_the_first_whole_second_at_which_the_act_is_allowed() -> None:
    process = one_act("soon: {not_before: meeting + 2 days}", "meeting + 1 day")
    process = process.record("meeting", at=at("2026-03-02 10:00:00.000001")).process
    assert entry_of(process, "2026-03-02 11:00").dtstart.value == at("2026-03-04 10:00:01")


def test_what_is_open_for_less_than_a_second_has_no_entry() -> None:
    process = one_act("a: {not_before: meeting + 1 day}, b: {not_after: word + 1 day}", "meeting + 1 day")
    process = process.record("meeting", at=at("2026-03-02 10:00:00.1")).process
    process = process.record("word", at=at("2026-03-02 10:00:00.9")).process
    assert len(process.agenda(at=at("2026-03-02 11:00")).of("coming")) == 1
    assert entry_of(process, "2026-03-02 11:00") is None


def test_what_closed_by_itself_is_cancelled_with_a_higher_sequence() -> None:
    process = one_act("fresh: {not_after: meeting + 5 days}", "meeting + 1 day")
    there = entry_of(process, "2026-03-03 09:00")
    gone = entry_of(process, "2026-03-20 09:00", since={"acme": process})
    assert (there.status.value, gone.status.value) == ("CONFIRMED", "CANCELLED")
    assert int(gone.sequence.value) > int(there.sequence.value)
    back = process.record("meeting", at=at("2026-03-20 10:00")).process
    assert int(entry_of(back, "2026-03-20 11:00").sequence.value) > int(gone.sequence.value)


def test_a_day_on_which_the_act_closes_is_no_whole_day_and_rings_before_that() -> None:
    promised = one_act("fresh: {not_after: word + 2 hours}", "promised").record(
        "promise", at=at("2026-03-02 11:00"), date=date(2026, 3, 3)
    )
    early, late = (
        promised.process.record("word", at=at(f"2026-03-04 0{hour}:00")).process for hour in (5, 9)
    )
    for process, now, rings in ((early, "2026-03-04 05:30", 0), (late, "2026-03-04 09:30", 0)):
        entry = entry_of(process, now)
        assert entry.dtstart.value == at(now).replace(minute=0)
        assert entry.valarm.trigger.value == timedelta(hours=rings)
    before = promised.process.record("word", at=at("2026-03-03 23:00")).process
    entry = entry_of(before, "2026-03-03 23:30")
    assert entry.dtstart.value == at("2026-03-04 00:00")
    assert entry.dtend.value == at("2026-03-04 00:30")
    assert entry.valarm.trigger.value == timedelta(0)


def test_a_day_that_has_no_midnight_is_a_whole_day_too() -> None:
    """In Havana the clock goes forward at midnight, so that Sunday starts at one."""
    process = one_act("", "promised", "America/Havana")
    told = process.record("promise", at=at("2026-03-03 12:00", process.calendar.zone), date=date(2026, 3, 7))
    assert entry_of(told.process, "2026-03-04 09:00").dtstart.value == date(2026, 3, 8)


def test_a_snooze_that_ends_before_it_is_due_moves_nothing() -> None:
    process = one_act("", "meeting + 5 days")
    (item,) = process.agenda(at=at("2026-03-02 11:00"))
    early = item.snooze(until=at("2026-03-04 09:00"))
    starts = [entry_of(process, "2026-03-02 11:00", *given).dtstart.value for given in ((), (early,))]
    assert starts == [at("2026-03-09 09:00")] * 2  # after the weekend


def test_a_snooze_never_leads_before_the_act_opens_however_soon_it_closes() -> None:
    guards = "soon: {not_before: meeting + 3 days}, fresh: {not_after: meeting + 80 hours}"
    process = one_act(guards, "meeting + 1 day")
    (item,) = process.agenda(at=at("2026-03-02 11:00")).of("coming")
    snooze = item.snooze(until=at("2026-03-20 09:00"))
    assert entry_of(process, "2026-03-02 11:00", snooze).dtstart.value == at("2026-03-05 10:00")
    (shown,) = process.agenda(at=at("2026-03-02 11:00"), snoozes=[snooze])
    assert shown.due == at("2026-03-05 10:00")


def test_an_entry_stays_where_it_is_when_something_else_is_done() -> None:
    late = acme().record("complete_profile", at=at("2026-03-05 12:00")).process
    later = late.record("write_plan", at=at("2026-03-06 12:00")).process
    thanks, plan = "thank ana (Acme)", "write the game plan (Acme)"
    for process, title in ((late, thanks), (later, thanks), (late, plan)):
        entry = read(to_ics({"acme": process}, at=at("2026-03-06 13:00")))[title]
        assert entry.dtstart.value == at("2026-03-03 09:00")


def test_what_was_due_before_it_was_allowed_starts_when_it_is_and_stays_there() -> None:
    process = one_act("heard: {happened: word}", "meeting + 1 day")
    process = process.record("word", at=at("2026-03-06 15:00")).process
    assert entry_of(process, "2026-03-06 16:00").dtstart.value == at("2026-03-06 15:00")
    process = process.record("word", at=at("2026-03-07 15:00")).process
    assert entry_of(process, "2026-03-07 16:00").dtstart.value == at("2026-03-06 15:00")


def test_what_was_open_and_is_refused_for_a_while_starts_when_it_opens_again() -> None:
    process = one_act("let: {apart: 7 days, from: word}", "meeting + 1 day")
    process = process.record("word", at=at("2026-03-06 15:00")).process
    assert entry_of(process, "2026-03-06 16:00").dtstart.value == at("2026-03-13 15:00")


def test_a_last_call_stays_where_it_is_within_its_last_day() -> None:
    process = one_act("fresh: {not_after: meeting + 5 days}", "meeting + 9 days")
    process = process.record("word", at=at("2026-03-07 08:00")).process
    assert entry_of(process, "2026-03-07 08:30").dtstart.value == at("2026-03-06 10:00")


def test_a_date_that_moves_into_the_past_is_told_from_when_it_was_known() -> None:
    process = one_act("", "promised")
    process = process.record("promise", at=at("2026-03-03 12:00"), date=date(2026, 3, 20)).process
    process = process.record("promise", at=at("2026-03-08 12:00"), date=date(2026, 3, 7)).process
    process = process.record("word", at=at("2026-03-10 12:00")).process
    assert entry_of(process, "2026-03-10 13:00").dtstart.value == date(2026, 3, 9)
