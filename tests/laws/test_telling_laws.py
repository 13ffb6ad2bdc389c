"""What an unknown past hides is asked about, and every answer counts; on whatever rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import assume, event, given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.past.events import first_hour_of
from postinterview.core.values.moments import MICROSECOND
from tests.laws.twins import told
from tests.strategies.rulebooks import plain_rulebooks
from tests.strategies.runs import Case, cases
from tests.strategies.scale import tried

stories = cases(rulebooks=plain_rulebooks(dues=90), most=8)
uncorrected = cases(rulebooks=plain_rulebooks(dues=90), most=8, corrections=False)
DAY = timedelta(days=1)
WANTED = {"overdue", "open", "coming"}


def with_gaps(case: Case) -> pi.Process:
    """The process of a story, of which something is unknown until its end."""
    process = told(case).process
    assume(process.timeline)
    until = process.timeline[-1].at
    names = list(case.rules["events"])
    left_open = names[:: 1 + len(process.history) % 3]
    process = process.unknown(*left_open, until=until).process
    if len(process.history) % 2:  # and more in one application, until an earlier moment
        place = process.timeline[0].application
        process = process.unknown(*names[1::2], until=process.timeline[0].at + DAY, application=place).process
    return process


def wanted(process: pi.Process) -> set[tuple[str | None, tuple[str, ...], str | None]]:
    items = process.agenda(at=process.timeline[-1].at)
    return {(i.event, i.applications, i.to) for i in items if i.kind in WANTED and i.due is not None}


@tried(60, 5000)
@given(stories)
def test_what_the_unknown_hides_is_asked_about(case: Case) -> None:
    process = with_gaps(case)
    names = [*case.rules["events"]]
    agenda = process.agenda(at=process.timeline[-1].at)
    blocked = {act for item in agenda.of("tell") if item.question for act in item.question.blocks}
    hidden = wanted(process.known(*names).process) - wanted(process)
    event(f"hidden: {len(hidden)}")
    for act, applications, _ in hidden:
        groups = [group for _, group, _ in wanted(process) if len(group) > 1 or len(applications) > 1]
        assert act in blocked or groups, act
    assert process.next_due == min((item.due for item in agenda if item.due is not None), default=None)


@tried(40, 3000)
@given(uncorrected, st.sampled_from((0.0, 0.5, 1.0)))
def test_what_is_unknown_until_a_day_is_asked_and_answered_on_that_day(case: Case, part: float) -> None:
    process = told(case).process
    assume(process.timeline)
    names = list(case.rules["events"])
    latest = process.timeline[-1].at
    day = process.calendar.day_of(latest)
    process = process.unknown(*names, until=day).process
    now = latest + (process.calendar.end_of(day) - MICROSECOND - latest) * part
    questions = process.agenda(at=now).of("tell")
    event(f"{len(questions)} questions")
    assert all(item.due is not None and item.due <= now for item in questions)
    assert not questions or (process.next_due is not None and process.next_due <= now)
    answered = process.known(*names, until=now)
    assert answered.added == 1
    assert not answered.process.agenda(at=now).of("tell")
    assert answered.process.verdicts(at=now) == process.known(*names, until=day).process.verdicts(at=now)
    begins = process.calendar.start_of(day).astimezone(process.calendar.zone)
    assert process.known(*names, until=first_hour_of(begins) - MICROSECOND).repeated
    assert process.known(*names, until=day - DAY).repeated


@tried(60, 5000)
@given(stories)
def test_every_answer_leaves_less_to_ask_until_nothing_is_left(case: Case) -> None:
    process = with_gaps(case)
    at = process.timeline[-1].at
    asked = len(process.history)
    for _ in range(20):
        questions = [item.question for item in process.agenda(at=at).of("tell") if item.question]
        if not questions:
            break
        one = questions[-1]
        process = process.known(*one.events, until=one.until, application=one.application).process
        again = [item.question for item in process.agenda(at=at).of("tell") if item.question]
        assert one not in again
    else:
        raise AssertionError("there is always another question")
    event(f"answers: {len(process.history) - asked}")


@tried(30, 1000)
@given(cases(rulebooks=plain_rulebooks(dues=90), most=8, corrections=False))
def test_where_all_is_known_nothing_is_asked(case: Case) -> None:
    process = told(case).process
    assume(process.timeline)
    assert process.agenda(at=process.timeline[-1].at).of("tell") == ()


def without_its_date(process: pi.Process, told_: pi.Event) -> pi.Process:
    latest = process.timeline[-1].at
    process = process.retract(told_.number, at=latest, not_sent=True).process
    given: dict[str, Any] = {"to": told_.to, "application": told_.application, **told_.fields}
    return process.record(told_.name, at=latest, undated=True, **given).process


def answers(process: pi.Process, favourably: st.DataObject) -> dict[int, datetime]:
    """When the events without a date were, by their numbers."""
    found = {}
    for entry in [placed.event for placed in process.timeline if placed.event.undated]:
        turns = sorted({placed.at for placed in process.timeline if placed.at <= entry.at})
        earlier = [turn - ago for turn in turns for ago in (timedelta(0), *(n * DAY for n in (1, 8, 70)))]
        found[entry.number] = favourably.draw(st.sampled_from(earlier))
    return found


def answered(process: pi.Process, moments: dict[int, datetime], asked: pi.Question | None) -> pi.Process:
    """The process after an answer to a question, or to all that there could be: nothing more happened."""
    for number in moments if asked is None else asked.undated:
        process = process.dated(number, at=moments[number]).process
    if asked is None:
        return process.known(*process.rulebook.definition.events).process
    for place in (None,) if asked.anywhere else asked.applications:
        if not asked.undated:
            process = process.known(*asked.events, until=asked.until, application=place).process
    return process


def asked_through(process: pi.Process, moments: dict[int, datetime], chosen: list[str]) -> pi.Process:
    """The process after each question that the agenda asks about the acts, until it asks none."""
    at = process.timeline[-1].at
    for _ in range(30):
        questions = [item.question for item in process.agenda(at=at, of=chosen).of("tell")]
        if not questions:
            return process
        process = answered(process, moments, questions[0])
    raise AssertionError("there is always another question")


@tried(25, 5000)
@given(stories, st.data())
def test_an_act_that_some_answer_allows_has_a_question(case: Case, data: st.DataObject) -> None:
    process = with_gaps(case)
    for placed in process.timeline[:2]:  # as if an import had no date for them
        if data.draw(st.booleans()):
            process = without_its_date(process, placed.event)
    at = process.timeline[-1].at
    acts = [act.name for act in process.rulebook.acts]
    chosen = data.draw(st.lists(st.sampled_from(acts), min_size=1, unique=True))
    moments = answers(process, data)
    known = answered(process, moments, None)
    allowed = {(v.event, v.application, v.to) for v in process.allowed(at=at)}
    opened = {(v.event, v.application, v.to) for v in known.allowed(at=at) if v.event in chosen} - allowed
    asked = process.agenda(at=at, of=chosen).of("tell")
    event(f"opened: {min(len(opened), 3)}")
    blocked = {act for item in asked if item.question for act in item.question.blocks}
    assert {act for act, *_ in opened} <= blocked, (opened, blocked)
    through = {(v.event, v.application, v.to) for v in asked_through(process, moments, chosen).allowed(at=at)}
    assert opened <= through, "a question is missing"
    if asked:
        due = process.next_due_of(chosen)
        assert due is not None
        assert due <= min(item.due for item in asked if item.due is not None)
