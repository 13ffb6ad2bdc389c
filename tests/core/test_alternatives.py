"""Of several applications of which one may be asked about, the agenda makes one line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
import vobject
from hypothesis import given

import postinterview as pi
from postinterview.reminders import to_ics
from tests.core.helpers import at, default, start
from tests.stores.telling import fields_of

DAY = timedelta(days=1)
TALK = at("2026-03-02 10:00")
LATER = at("2026-03-12 10:00")


def talked(*applications: str, process: pi.Process | None = None) -> pi.Process:
    """The process after talks about applications, a minute apart, with ana in each."""
    process = process or start()
    for number, name in enumerate(applications):
        when = TALK + timedelta(minutes=number)
        process = process.record("interview", at=when, application=name, interviewers=["ana"]).process
    return process


def asked(process: pi.Process, when: Any = LATER, event: str = "follow_up", **given: Any) -> list[pi.Item]:
    return [item for item in process.agenda(at=when, **given) if item.event == event]


def test_one_line_for_the_follow_ups_of_which_the_rules_allow_one() -> None:
    (item,) = asked(talked("a", "b", "c"))
    assert item.text == "follow up with acme, about a, b or c: suggested by Tue 10 Mar 10:00"
    assert item.title == "follow up with acme, about a, b or c"
    assert (item.kind, item.application, item.applications) == ("overdue", None, ("a", "b", "c"))
    assert item.as_json()["applications"] == ["a", "b", "c"]
    assert item.as_json()["application"] is None


def test_a_line_about_one_application_names_it_as_ever() -> None:
    (item,) = asked(talked("a"))
    assert (item.text, item.application, item.applications) == (
        "follow up with acme (a): suggested by Tue 10 Mar 10:00",
        "a",
        ("a",),
    )


def test_what_opens_later_says_so_and_the_first_to_open_comes_first() -> None:
    process = talked("a").record("promise", at=TALK, application="a", date=TALK.date() + 11 * DAY).process
    process = process.record("interview", at=TALK, application="b", interviewers=["bo"]).process
    (item,) = asked(process)
    assert item.text == (
        "follow up with acme, about b, or from Mon 16 Mar about a: suggested by Tue 10 Mar 10:00"
    )
    assert item.applications == ("b", "a")
    (item,) = asked(process, TALK + DAY)
    assert item.text == "follow up with acme from Mon 9 Mar 10:00, about b, or from Mon 16 Mar about a"


def test_once_one_is_done_the_other_says_what_it_waits_for() -> None:
    process = talked("a", "b").do("follow_up", at=LATER, application="b", channel="call").process
    kinds = {(item.kind, item.application) for item in asked(process, LATER + DAY)}
    assert kinds == {("blocked", "a"), ("done", "b")}


def test_notes_to_one_person_about_two_talks_are_two() -> None:
    lines = asked(talked("a", "b"), TALK + timedelta(hours=2), "thank_you")
    assert [item.applications for item in lines] == [("a",), ("b",)]


SMALL = """
format: 1
title: One act
events:
  word: {{by: employer, gives: credit}}
  nudge: {{by: candidate, contact: chase}}
  reply: {{by: candidate, contact: reply}}
credits:
  credit: {{max: 1, per: {per}}}
machines:
  case:
    per: application
    start: quiet
    states: {{quiet: {{}}, nudged: {{}}}}
    transitions:
      heard: {{event: word, from: any}}
      answered: {{event: reply, from: any, guards: {{answer: {{spends: credit}}}}}}
      nudged: {{event: nudge, from: quiet, to: nudged, guards: {{g: {guard}}}, due: word + 1 day}}
  wide:
    per: employer
    start: fresh
    states: {{fresh: {{}}, used: {{}}}}
    transitions:
      used: {{event: nudge, from: fresh, {target}}}
      used_up: {{event: reply, from: fresh, to: used}}
"""


@pytest.mark.parametrize(
    ("guard", "per", "target", "lines"),
    [
        ("{at_most: 1, of: nudge, per: employer}", "application", "", 1),
        ("{at_most: 2, of: nudge, per: employer}", "application", "", 2),
        ("{at_most: 1, of: nudge, since: word, per: employer}", "application", "", 1),
        ("{at_most: 1, of: nudge}", "application", "", 2),
        ("{at_most: 1, of: nudge, within: 5 days, per: employer}", "application", "", 2),
        ("{apart: 5 days, from: nudge, per: employer}", "application", "", 2),
        ("{not_before: nudge + 5 days, if_never: holds, per: employer}", "application", "", 2),
        ("{not_after: nudge + 5 days, if_never: holds, per: employer}", "application", "", 2),
        ("{not_happened: nudge, per: employer}", "application", "", 1),
        ("{not_happened: nudge, in_every: application}", "application", "", 1),
        ("{not_state: {case: nudged}, in_every: application}", "application", "", 1),
        ("{happened: word, since: nudge, per: employer}", "application", "", 1),
        ("{happened: word, since: nudge}", "application", "", 2),
        ("{spends: credit}", "application", "", 2),
        ("{spends: credit}", "employer", "", 1),
        ("{custom: once}", "application", "", 1),
        ("{apart: 1 day, from: nudge}", "application", "to: used", 1),
    ],
)
def test_whatever_the_rule_is_the_engine_is_asked(guard: str, per: str, target: str, lines: int) -> None:
    def once(question: pi.CustomQuestion) -> bool:
        return all(event.name != "nudge" for event in question.timeline)

    text = SMALL.format(guard=guard, per=per, target=target).replace(", }", "}")
    custom = {"once": once} if "custom" in guard else {}
    process = pi.load_rulebook(text=text, custom=custom).start("acme", "UTC")
    for application in "ab":
        process = process.record("word", at=TALK, application=application).process
    about = [item.applications for item in asked(process, LATER, "nudge")]
    assert about == ([("a", "b")] if lines == 1 else [("a",), ("b",)])


def test_a_snooze_puts_off_the_line_and_not_an_application() -> None:
    process = talked("a", "b")
    (item,) = asked(process)
    snooze = item.snooze(until=LATER + DAY)
    (item,) = asked(process, snoozes=[snooze])
    assert (item.kind, item.applications) == ("snoozed", ("a", "b"))
    assert item.text == "follow up with acme, about a or b: snoozed until Fri 13 Mar 10:00"
    (item,) = asked(process, LATER + DAY, snoozes=[snooze])
    assert (item.kind, item.due) == ("overdue", LATER + DAY)


def test_a_calendar_has_one_entry_for_the_line() -> None:
    entries = vobject.readOne(to_ics({"acme": talked("a", "b")}, at=TALK + DAY).decode()).contents["vevent"]
    (entry,) = [each for each in entries if "follow" in each.summary.value]
    assert entry.summary.value == "follow up with acme, about a or b"
    assert entry.dtstart.value == at("2026-03-10 10:00")


@pytest.mark.parametrize(("days", "lines"), [(14, 2), (15, 1)])
@pytest.mark.parametrize("guard", ["apart: 5 days, from: nudge", "at_most: 1, of: nudge, within: 5 days"])
def test_what_is_too_late_once_it_has_waited_shares_a_line(guard: str, days: int, lines: int) -> None:
    guards = f"{guard}, per: employer}}, fresh: {{not_after: word + 20 days"
    process = pi.load_rulebook(
        text=SMALL.format(guard=f"{{{guards}}}", per="application", target="").replace(", }", "}")
    )
    told = process.start("acme", "UTC")
    for application in "ab":
        told = told.record("word", at=TALK, application=application).process
    assert len(asked(told, TALK + days * DAY, "nudge")) == lines
    assert len(asked(told, TALK + 15 * DAY - timedelta(microseconds=1), "nudge")) == 2


EVENTS = st.sampled_from([*["interview"] * 4, *default().definition.events])
STORIES = st.lists(st.tuples(EVENTS, st.integers(0, 24 * 9), st.sampled_from("abc")), min_size=2, max_size=8)


@given(STORIES)
def test_one_of_a_line_is_allowed_and_then_none_of_the_rest(story: list[tuple[str, int, str]]) -> None:
    process, now = talked("a", "b", "c"), TALK + DAY
    for event, hours, application in story:
        now += timedelta(hours=hours)
        process = process.record(event, at=now, application=application, **fields_of(event)).process
    now += 8 * DAY
    lines = [item for item in process.agenda(at=now) if item.kind in ("open", "overdue")]
    for item in lines:
        assert item.event is not None
        for one in item.applications if len(item.applications) > 1 else ():
            after = _done(process, item, one)
            if after is None:
                continue  # it opens later
            for name in set(item.applications) - {one}:
                verdict = _asked(after, item, name)
                assert not verdict
                assert verdict.opens_at is None
    for item in lines:
        for other in lines:
            if (item.event, item.to) == (other.event, other.to) and item is not other:
                assert item.applications
                after = _done(process, item, item.applications[0])
                if after is not None and _asked(after, item, other.applications[0]).opens_at is None:
                    back = _done(process, other, other.applications[0])
                    assert back is not None
                    assert _asked(back, item, item.applications[0]).opens_at is not None


def _done(process: pi.Process, item: pi.Item, application: str) -> pi.Process | None:
    event = item.event or ""
    where = None if process.rulebook.definition.events[event].employer_wide else application
    given = fields_of(event) | ({"to": item.to} if item.to else {})
    outcome = process.do(event, at=item.opens_at or LATER, application=where, **given)
    return None if outcome.refused else outcome.process


def _asked(process: pi.Process, item: pi.Item, application: str) -> pi.Verdict:
    event = item.event or ""
    given = fields_of(event) | ({"to": item.to} if item.to else {})
    return process.may(event, at=process.timeline[-1].at, application=application, **given)
