"""A calendar invites nobody before it is allowed, says each thing once, and a snooze only postpones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import vobject
from hypothesis import event, given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.reminders import to_ics
from postinterview.reminders.entries import uid_of
from tests.laws.turns import moments
from tests.laws.twins import Twins, told
from tests.oracle.days import DAY, TICK, is_business_day
from tests.oracle.moments import all_holidays
from tests.oracle.reading import Rules, weekend
from tests.oracle.stories import plain
from tests.strategies.rulebooks import plain_rulebooks
from tests.strategies.runs import ZONES, Case, Step, all_given, cases, reading_of
from tests.strategies.scale import IS_LONG, tried

SECOND = timedelta(seconds=1)
READERS = (*map(ZoneInfo, ZONES), UTC)
LATER = (timedelta(0), timedelta(hours=5), 2 * DAY, 9 * DAY)
PUT_OFF = (timedelta(minutes=-1), TICK, timedelta(hours=7), 3 * DAY, 40 * DAY)
readers = st.none() | st.sampled_from(READERS)
"""None: where the employer is."""

RULES = """
format: 1
title: What is due opens, closes, opens again
events:
  meeting:
    by: employer
    opens: round
    fields: {who: people, answer_on: {type: date, optional: true, sets: promised}}
  word: {by: employer, fields: {day: {type: date, sets: promised}}}
  ask: {by: candidate, contact: chase}
  ring: {by: candidate, contact: attempt}
  note: {by: candidate, contact: courtesy, to: interviewer}
  plan: {by: candidate, contact: none}
machines:
  application:
    per: application
    start: before
    states: {before: {}, waiting: {}, asked: {}}
    transitions:
      met: {event: meeting, from: any, to: waiting}
      told: {event: word, from: [waiting, asked], to: waiting}
      ask_once:
        event: ask
        from: waiting
        to: asked
        guards:
          patience: {not_before: promised + 1 business day}
          office: {hours: "09:00-17:00, business days"}
          fresh: {not_after: promised + 9 days}
        due: promised + 2 days
      ring_once:
        event: ring
        from: [waiting, asked]
        guards: {a_day: {not_before: meeting + 1 day}, three: {not_after: meeting + 3 days}}
        due: promised
      planned: {event: plan, from: waiting, guards: {soon: {not_after: promised}}, due: promised}
  notes:
    per: [round, interviewer]
    start: owed
    states: {owed: {}, sent: {}}
    transitions:
      noted: {event: note, from: owed, to: sent, due: meeting + 1 day}
"""


PLAIN = plain(RULES)


def dated() -> st.SearchStrategy[Rules]:
    """The rules above; in the long profile as often others that are drawn at random."""
    return st.just(PLAIN) | plain_rulebooks(dues=90) if IS_LONG else st.just(PLAIN)


stories = cases(rulebooks=dated(), most=6)


def latest(twins: Twins) -> datetime:
    return max((placed.at for placed in twins.process.timeline), default=twins.run.steps[0].at)


def read(text: bytes) -> dict[str, Any]:
    """The entries by their UIDs, as another library reads them."""
    lines = text.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    entries = list(vobject.readOne(text.decode()).contents.get("vevent", []))
    found = {entry.uid.value: entry for entry in entries}
    assert len(found) == len(entries)
    return found


def moment(value: date, zone: tzinfo) -> datetime:
    """When an entry starts, to who reads it in ``zone``: a day, with its first instant."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.combine(value, time(0), zone).astimezone(UTC)


def asked(twins: Twins, item: pi.Item, at: datetime) -> Step:
    assert item.event is not None
    given = all_given(twins.rules, item.event, at)
    return Step("do", at, item.event, item.to, item.application, given)


def snoozes_of(agenda: pi.Agenda, by: timedelta) -> list[pi.Snooze]:
    return [item.snooze(until=item.due + by) for item in agenda if item.due and item.rule_due]


def is_at_work(twins: Twins, at: datetime) -> bool:
    there = at.astimezone(ZoneInfo(twins.run.zone))
    free = all_holidays(twins.world())
    return is_business_day(there.date(), weekend(twins.rules), free) and 9 <= there.hour < 18


def is_deadline(twins: Twins, item: pi.Item) -> bool | None:
    """Whether the act is due by the end of a date that was named; None where that can't be told here."""
    rules = [rule for machine in twins.rules["machines"].values() for rule in machine["transitions"].values()]
    dues = {rule.get("due", "") for rule in rules if rule["event"] == item.event} - {""}
    if len(dues) != 1 or dues & set(twins.rules.get("dates") or {}):
        return None
    return dues <= dates_of(twins.rules)


def dates_of(rules: Rules) -> set[str]:
    """The dates that fields set."""
    fields = [field for event in rules["events"].values() for field in (event.get("fields") or {}).values()]
    return {field["sets"] for field in fields if isinstance(field, dict) and "sets" in field}


def office_turns(twins: Twins, start: datetime) -> list[datetime]:
    """The beginnings of the next weeks' working hours."""
    today = start.astimezone(ZoneInfo(twins.run.zone)).date()
    return [reading_of(today + number * DAY, time(9), twins.run.zone) for number in range(16)]


@tried(100, 3000)
@given(stories, readers, st.sampled_from(LATER), st.none() | st.sampled_from(PUT_OFF))
def test_at_the_start_of_each_entry_and_when_it_rings_the_act_is_allowed(
    case: Case, reader: tzinfo | None, later: timedelta, put_off: timedelta | None
) -> None:
    twins, zone = told(case), reader or ZoneInfo(case.run.zone)
    world = twins.world()
    since = latest(twins)
    at = (since + later).astimezone(zone)
    snoozes = [] if put_off is None else snoozes_of(twins.process.agenda(at=at), put_off)
    items = [i for i in twins.process.agenda(at=at, snoozes=snoozes) if i.due is not None]
    entries = read(to_ics({"acme": twins.process}, at=at, snoozes={"acme": snoozes}))
    assert entries.keys() <= {uid_of("acme", item.id) for item in items}
    for item in items:
        entry = entries.get(uid_of("acme", item.id))
        if entry is None:
            event("open for less than a second")
            continue
        assert entry.summary.value.startswith(item.title)
        starts, ends = moment(entry.dtstart.value, zone), moment(entry.dtend.value, zone)
        event("all day" if type(entry.dtstart.value) is date else "timed")
        rings = starts + entry.valarm.trigger.value
        assert starts <= rings
        assert starts < ends
        for when in (starts, rings):
            there = asked(twins, item, starts)
            then = world if starts >= since else twins.world(replace(there, op="late"))
            assert twins.allowed_in(then, replace(there, at=when)), (item, when)
        if starts >= since:
            _as_soon_as_it_is_wanted(twins, item, starts, snoozes, since)
        else:
            event("stays where it was")


def _as_soon_as_it_is_wanted(
    twins: Twins, item: pi.Item, starts: datetime, snoozes: list[pi.Snooze], since: datetime
) -> None:
    """Not before it is due, but for what one owes; and no chance lies between due and start."""
    assert item.rule_due is not None
    wanted = max([item.rule_due, since, *(each.until for each in snoozes if each.item == item.id)])
    wanted = wanted.astimezone(UTC)
    world = twins.world()
    kind = twins.process.rulebook.definition.events[item.event or ""]
    turns = [turn for turn in [*moments(twins, wanted), *office_turns(twins, wanted)] if turn >= wanted]
    is_nudge = kind.contact in ("chase", "attempt")
    is_snoozed = any(each.item == item.id and each.until > each.due == item.rule_due for each in snoozes)
    if is_nudge and is_deadline(twins, item) is None:
        event("perhaps a deadline")
        return
    at_work = is_nudge and not is_snoozed and not is_deadline(twins, item)
    if at_work and not is_at_work(twins, starts):
        event("never at work")
        for turn in turns:
            assert not (is_at_work(twins, turn) and twins.allowed_in(world, asked(twins, item, turn)))
    if starts >= wanted:
        event("at work" if at_work else "at any hour")
        chances = {turn.replace(microsecond=0) + SECOND * (turn.microsecond > 0) for turn in turns}
        for turn in chances:
            if wanted <= turn < starts and (
                is_at_work(twins, turn) or not is_at_work(twins, starts) or not at_work
            ):
                assert not twins.allowed_in(world, asked(twins, item, turn)), (item, turn)
    elif not is_nudge and wanted == item.rule_due:
        event("owed")
        assert wanted - starts <= DAY + timedelta(hours=1) or not any(
            twins.allowed_in(world, asked(twins, item, turn)) for turn in turns
        )
    else:
        event("last call")
        for turn in turns:
            assert not twins.allowed_in(world, asked(twins, item, turn)), (item, turn)


@tried(60, 3000)
@given(stories, readers, st.sampled_from(LATER), st.sampled_from(PUT_OFF), st.sampled_from(LATER))
def test_a_snooze_only_postpones(
    case: Case, reader: tzinfo | None, later: timedelta, put_off: timedelta, then: timedelta
) -> None:
    twins, zone = told(case), reader or ZoneInfo(case.run.zone)
    world = twins.world()
    at = (latest(twins) + later).astimezone(zone)
    snoozes = snoozes_of(twins.process.agenda(at=at), put_off)
    now = at + then
    plain = twins.process.agenda(at=now)
    shown = {item.id: item for item in twins.process.agenda(at=now, snoozes=snoozes) if item.id}
    before = {item.id: item for item in plain if item.id}
    assert shown.keys() == before.keys()
    for name, item in shown.items():
        was = before[name]
        assert (item.opens_at, item.closes_at, item.reasons) == (was.opens_at, was.closes_at, was.reasons)
        if item == was:
            continue
        event(item.kind)
        assert was.due is not None
        assert item.due is not None
        assert item.due >= was.due
        if item.kind == "snoozed":
            assert now < item.due
            assert was.kind in ("overdue", "open", "coming")
            assert twins.allowed_in(world, asked(twins, item, item.due)), item
        else:
            assert item.kind == was.kind
            assert item.kind in ("overdue", "open") or (item.kind == "coming" and item.due <= now)
    kinds = {item.kind for item in plain if not item.id}
    assert {item.kind for item in twins.process.agenda(at=now, snoozes=snoozes) if not item.id} <= kinds


@tried(60, 3000)
@given(cases(rulebooks=dated(), most=6, later=4), readers)
def test_what_goes_is_cancelled_and_what_stays_keeps_its_uid(case: Case, reader: tzinfo | None) -> None:
    twins, zone = told(case), reader or ZoneInfo(case.run.zone)
    at = latest(twins).astimezone(zone)
    earlier, entries = twins.process, read(to_ics({"acme": twins.process}, at=at))
    for step in case.run.later:
        twins.take(step)
        at = max(at, latest(twins)).astimezone(zone)
        now = read(to_ics({"acme": twins.process}, at=at, since={"acme": earlier}))
        assert entries.keys() <= now.keys()
        for uid, entry in now.items():
            if uid not in entries:
                assert entry.status.value == "CONFIRMED"
                continue
            was = entries[uid]
            changed = (entry.status.value, entry.dtstart.value) != (was.status.value, was.dtstart.value)
            if changed:
                event(f"moved or {entry.status.value}")
                assert int(entry.sequence.value) > int(was.sequence.value)
            assert int(entry.sequence.value) >= int(was.sequence.value)
        earlier = twins.process
        entries = {uid: entry for uid, entry in now.items() if entry.status.value == "CONFIRMED"}


@tried(60, 3000)
@given(cases(rulebooks=dated(), most=6, later=4), readers, st.sampled_from(LATER))
def test_what_changes_neither_when_it_is_due_nor_when_it_may_be_done_moves_no_entry(
    case: Case, reader: tzinfo | None, later: timedelta
) -> None:
    twins, zone = told(case), reader or ZoneInfo(case.run.zone)
    for step in case.run.later:
        was, before = twins.process, [entry for entry in twins.history if "name" in entry]
        if step.op != "record" or not was.timeline or step.at < latest(twins):
            twins.take(step)
            continue
        at = (step.at + later).astimezone(zone)
        turns = [turn for turn in moments(twins, step.at) if turn >= step.at]
        items = {item.id: item for item in was.agenda(at=at) if item.due is not None}
        entries, world = read(to_ics({"acme": was}, at=at)), twins.world()
        twins.take(step)
        assert len([entry for entry in twins.history if "name" in entry]) == len(before) + 1
        now, world_now = read(to_ics({"acme": twins.process}, at=at)), twins.world()
        turns += [turn for turn in moments(twins, step.at) if turn >= step.at]
        for item in twins.process.agenda(at=at):
            earlier = items.get(item.id)
            if earlier is None or earlier.rule_due != item.rule_due or uid_of("acme", item.id) not in entries:
                continue
            if all(
                twins.allowed_in(world, asked(twins, earlier, turn))
                == twins.allowed_in(world_now, asked(twins, item, turn))
                for turn in turns
            ):
                name = uid_of("acme", item.id)
                event("due before" if moment(now[name].dtstart.value, zone) < step.at else "to come")
                assert now[name].dtstart.value == entries[name].dtstart.value
