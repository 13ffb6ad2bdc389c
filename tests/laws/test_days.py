"""An event of which only the day is known: what is said holds at whichever hour of it the event was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import assume, event, given
from hypothesis import strategies as st

import postinterview as pi
from tests.core.helpers import at, packaged
from tests.laws.twins import Twins
from tests.oracle import oracle
from tests.oracle.days import DAY, TICK, first_instant, local_day
from tests.oracle.world import World
from tests.strategies.rulebooks import plain_rulebooks
from tests.strategies.runs import Case, Step, cases
from tests.strategies.scale import tried

stories = cases(corrections=False, most=6, questions=2)
TOLD = ("hour", "day", "late day", "after the next one")
masks = st.lists(st.sampled_from(TOLD), min_size=6, max_size=6)
draws = st.lists(
    st.lists(st.sampled_from((0.0, 1.0, 0.25, 0.5, 0.75)), min_size=6, max_size=6), min_size=3, max_size=8
)


class Told:
    """A story of which some events are told by their day alone: in time, late, or after a later event.

    ``ranges``: from when to when an event can have been, by its number. ``in_time``: the events that came
    after all that was told before.
    """

    def __init__(self, case: Case, mask: list[str], *, crowded: bool = False) -> None:
        if crowded:
            case = on_one_day(case)
        self.twins = Twins.of(case)
        self.zone = case.run.zone
        self.process = self.twins.process
        self.history: list[dict[str, Any]] = []
        self.ranges: dict[int, tuple[datetime, datetime]] = {}
        self.in_time: set[int] = set()
        told = [*zip(case.run.steps, mask, strict=False)]
        for place, (_, how) in enumerate(told[:-1]):
            if how == "after the next one":
                told[place], told[place + 1] = told[place + 1], (told[place][0], "late day")
        for step, how in told:
            self.take(step, how)
        assume(self.ranges)
        self.latest = max(entry["at"] for entry in self.history)

    def take(self, step: Step, how: str) -> None:
        number = len(self.history) + 1
        day = local_day(step.at, self.zone)
        first, last = first_instant(day, self.zone), first_instant(day + DAY, self.zone) - TICK
        given_: dict[str, Any] = {"to": step.to, "application": step.application, **step.fields}
        is_late = how == "late day"
        at = day if "day" in how else step.at
        self.process = self.process.record(step.event, at=at, late=is_late, **given_).process
        if not is_late:
            self.in_time.add(number)
            self.reached(last if how == "day" else step.at)
        if "day" in how:
            self.ranges[number] = first, last
        entry = {"number": number, "name": step.event, "application": self.twins.application(step)}
        self.history.append({**entry, "at": step.at, "to": step.to, "fields": step.fields})

    def reached(self, at: datetime) -> None:
        """Time runs forward: what was recorded had happened by then."""
        self.ranges = {n: (first, min(last, at)) for n, (first, last) in self.ranges.items()}

    def worlds(self, drawn: list[list[float]]) -> Iterator[World]:
        """The world as it was, and others that the same words tell."""
        yield self.world({})
        for parts in [[0.0] * 6, [1.0] * 6, *drawn]:
            yield self.world(dict(enumerate(parts, 1)))

    def world(self, parts: dict[int, float]) -> World:
        history: list[dict[str, Any]] = []
        for entry in self.history:
            first, last = self.ranges.get(entry["number"], (entry["at"], entry["at"]))
            if entry["number"] in self.in_time:
                first = max([first, *(each["at"] for each in history)])
            part = parts.get(entry["number"])
            at = entry["at"] if part is None else first + (last - first) * part
            history.append({**entry, "at": at})
        rules, run = self.twins.rules, self.twins.run
        return oracle.world_after(rules, history, run.zone, run.holidays)


def on_one_day(case: Case) -> Case:
    """The same story, but all of its steps come on the day of the first one."""
    begins = first_instant(local_day(case.run.steps[0].at, case.run.zone), case.run.zone)
    steps = tuple(replace(each, at=begins + n * timedelta(hours=3)) for n, each in enumerate(case.run.steps))
    return replace(case, run=replace(case.run, steps=steps))


@tried(80, 3000)
@given(stories, masks, draws, st.booleans())
def test_an_act_is_allowed_only_if_it_is_whichever_the_hours_were(
    case: Case, mask: list[str], drawn: list[list[float]], crowded: bool
) -> None:
    told = Told(case, mask, crowded=crowded)
    ranges = told.ranges
    for question in case.run.questions:
        told.ranges = ranges
        asked = replace(question, at=max(question.at, told.latest))
        told.reached(asked.at)
        worlds = list(told.worlds(drawn))
        verdict = told.process.may(
            asked.event, at=asked.at, to=asked.to, application=asked.application, **asked.fields
        )
        allowed = [told.twins.allowed_in(world, asked) for world in worlds]
        event(f"allowed {verdict.allowed}, in the oracle's worlds {set(allowed)}")
        assert not verdict.allowed or all(allowed)
        if verdict.opens_at is not None and not verdict.allowed:
            again = replace(asked, at=verdict.opens_at)
            assert all(told.twins.allowed_in(world, again) for world in worlds)


@tried(80, 3000)
@given(stories, masks, draws, st.booleans())
def test_it_is_a_breach_for_certain_only_if_it_is_one_whichever_the_hours_were(
    case: Case, mask: list[str], drawn: list[list[float]], crowded: bool
) -> None:
    told = Told(case, mask, crowded=crowded)
    judged = [{each["number"]: each for each in world.placed} for world in told.worlds(drawn)]
    for placed in told.process.timeline:
        number = placed.event.number
        everywhere = [each[number]["breach"] for each in judged]
        if placed.breach and not placed.doubtful:
            event("certain")
            assert all(everywhere), placed
        elif not placed.refused and number not in told.ranges:
            assert not any(everywhere), placed
        elif number in told.ranges:
            event(f"of a day: breach {placed.breach}, in the oracle's worlds {set(everywhere)}")


@tried(60, 2000)
@given(stories, masks)
def test_a_day_is_allowed_if_a_moment_of_it_is_and_then_an_act_of_the_day_is_no_breach(
    case: Case, mask: list[str]
) -> None:
    told = Told(case, mask)
    for question in case.run.questions:
        asked = max(question.at, told.latest)
        day = local_day(asked, told.zone)
        given_: dict[str, Any] = {
            "to": question.to,
            "application": question.application,
            **question.fields,
        }
        verdict = told.process.may_on(day, question.event, **given_)
        is_open = told.process.may(question.event, at=asked, **given_).allowed
        event(f"on the day {verdict.allowed}, at the moment {is_open}")
        assert verdict.allowed or not is_open
        assert told.process.may(question.event, at=verdict.at, **given_).allowed == verdict.allowed
        if verdict.allowed:
            outcome = told.process.record(question.event, at=day, **given_)
            assert not outcome.breach
            assert not outcome.outside


THEIRS = ("interview", "message", "question", "auto_reply")


@tried(60, 3000)
@given(
    st.lists(st.tuples(st.sampled_from(THEIRS), st.integers(0, 9), st.booleans()), min_size=1, max_size=3),
    st.integers(1, 20),
    st.sampled_from(("email", "call")),
)
def test_an_act_of_a_day_is_allowed_if_one_hour_is_wherever_those_without_a_day_lie(
    told: list[tuple[str, int, bool]], days: int, channel: str
) -> None:
    now = at("2026-03-02 10:00")
    process = packaged().start("Acme", "Europe/Zurich").record("interview", at=now).process
    for name, later, undated in told:
        now += later * DAY
        process = process.record(name, at=now, undated=undated).process
    day = (now + days * DAY).date()
    asked = process.may_on(day, "follow_up", channel=channel)
    done = process.record("follow_up", at=day, channel=channel)
    event(f"allowed {asked.allowed}, in doubt {done.in_doubt}")
    assert done.verdict is not None
    assert done.verdict.allowed == asked.allowed


@tried(40, 1000)
@given(stories, masks)
def test_a_process_with_days_is_what_its_history_folds_to(case: Case, mask: list[str]) -> None:
    process = Told(case, mask).process
    again = process.rulebook.restore(process.to_json())
    assert again == process
    assert again.timeline == process.timeline
    assert again.breaches == process.breaches
    assert again.states == process.states
    at = process.timeline[-1].at + DAY
    assert again.verdicts(at=at) == process.verdicts(at=at)
    assert again.agenda(at=at) == process.agenda(at=at)
    assert isinstance(process.latest_at, datetime)
    assert process.joined(process).repeated


@tried(40, 2000)
@given(cases(rulebooks=plain_rulebooks(dues=90), corrections=False, most=6), masks, draws)
def test_the_hour_that_a_wanted_act_needs_is_asked_for(
    case: Case, mask: list[str], drawn: list[list[float]]
) -> None:
    told = Told(case, mask, crowded=True)
    at = told.process.timeline[-1].at + timedelta(seconds=1)
    agenda = told.process.agenda(at=at)
    blocked = {act for item in agenda.of("tell") if item.question for act in item.question.blocks}
    assert told.process.next_due == min((item.due for item in agenda if item.due is not None), default=None)
    event(f"asked: {bool(blocked)}")
    for world in told.worlds(drawn):
        process = told.process
        for placed in world.placed:
            if placed["number"] in told.ranges:
                process = process.dated(placed["number"], at=placed["at"]).process
        hidden = wanted(process, at) - wanted(told.process, at)
        event(f"hidden: {bool(hidden)}")
        assert hidden <= blocked


def wanted(process: pi.Process, at: datetime) -> set[str]:
    items = process.agenda(at=at)
    return {
        i.event for i in items if i.kind in ("overdue", "open", "coming") and i.due is not None and i.event
    }
