"""An undated event happened at some moment, and what is said holds whichever it was: on whatever rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import assume, event, given
from hypothesis import strategies as st

from tests.laws.twins import told
from tests.oracle import oracle, reading
from tests.oracle.days import DAY, TICK
from tests.oracle.world import World
from tests.strategies.runs import Case, Step, cases
from tests.strategies.scale import tried

stories = cases(corrections=False, most=5, later=2, questions=2)


class Undated:
    """A story with one more event of which only the latest moment is known."""

    def __init__(self, case: Case, pick: int) -> None:
        twins = told(case)
        assume(twins.process.timeline)
        names = list(case.rules["events"])
        name = names[pick % len(names)]
        self.case = case
        self.until = twins.process.timeline[-1].at
        wide = reading.concerns_employer(case.rules, name)
        step = Step(
            "record",
            self.until,
            name,
            "ana" if reading.names_person(case.rules, name) else None,
            None if wide else case.run.applications[0],
            {
                key: (
                    value["choices"][0] if value["type"] == "choice" else _VALUES[value["type"]](self.until)
                )
                for key, value in reading.fields(case.rules, name).items()
            },
        )
        self.number = len(twins.history) + 1
        self.process = twins.process.record(
            name, at=step.at, to=step.to, application=step.application, undated=True, **step.fields
        ).process
        self.twins = twins
        entry = {"number": self.number, "name": name, "application": twins.application(step)}
        self.history = [*twins.history, {**entry, "at": self.until, "to": step.to, "fields": step.fields}]
        for later in case.run.later:
            self.take(later)

    def take(self, step: Step) -> None:
        """Go on with the story."""
        step = replace(step, at=max(step.at, self.until))
        self.process = self.process.record(
            step.event, at=step.at, to=step.to, application=step.application, **step.fields
        ).process
        number = len(self.history) + 1
        entry = {"number": number, "name": step.event, "application": self.twins.application(step)}
        self.history.append({**entry, "at": step.at, "to": step.to, "fields": step.fields})

    def moments(self, between: list[float]) -> list[datetime]:
        """Moments that it may have had: around each event, and in between."""
        ats = sorted({entry["at"] for entry in self.history if entry["at"] <= self.until})
        found = {at + tick for at in ats for tick in (-TICK, timedelta(0), TICK)}
        found |= {ats[0] - 30 * DAY, ats[0] - 500 * DAY}
        found |= {ats[0] - DAY + part * (self.until - ats[0] + DAY) for part in between}
        return sorted(at for at in found if at <= self.until)

    def world(self, at: datetime) -> World:
        history = [{**e, "at": at} if e["number"] == self.number else e for e in self.history]
        return oracle.world_after(self.case.rules, history, self.case.run.zone, self.case.run.holidays)


_VALUES: dict[str, Callable[[datetime], Any]] = {
    "bool": lambda _: True,
    "text": lambda _: "about it",
    "number": lambda _: 1,
    "people": lambda _: ("ana",),
    "date": lambda at: at.date() + 3 * DAY,
}
parts = st.lists(st.floats(0, 1, allow_nan=False), max_size=4)


@tried(60, 3000)
@given(stories, st.integers(0, 20), parts)
def test_an_act_is_allowed_only_if_it_is_whenever_the_event_was(
    case: Case, pick: int, between: list[float]
) -> None:
    told_ = Undated(case, pick)
    worlds = [told_.world(at) for at in told_.moments(between)]
    latest = told_.process.timeline[-1].at
    for question in case.run.questions:
        asked = replace(question, at=max(question.at, latest))
        verdict = told_.process.may(
            asked.event, at=asked.at, to=asked.to, application=asked.application, **asked.fields
        )
        allowed = [told_.twins.allowed_in(world, asked) for world in worlds]
        event(f"allowed {verdict.allowed}, in the oracle's pasts {set(allowed)}")
        assert not verdict.allowed or all(allowed)
        if not any(allowed):
            assert not verdict.allowed
        if verdict.opens_at is not None and not verdict.allowed:
            again = replace(asked, at=verdict.opens_at)
            assert all(told_.twins.allowed_in(world, again) for world in worlds)


@tried(60, 3000)
@given(stories, st.integers(0, 20), parts)
def test_it_is_a_breach_for_certain_only_if_it_is_one_whenever_the_event_was(
    case: Case, pick: int, between: list[float]
) -> None:
    told_ = Undated(case, pick)
    worlds = [told_.world(at) for at in told_.moments(between)]
    judged = [{each["number"]: each["breach"] for each in world.placed} for world in worlds]
    for placed in told_.process.timeline:
        everywhere = [each[placed.event.number] for each in judged]
        if placed.breach and not placed.doubtful:
            event("certain")
            assert all(everywhere), placed
        elif not placed.breach and not placed.outside:
            assert not any(everywhere), placed


@tried(40, 1000)
@given(stories, st.integers(0, 20))
def test_a_process_with_an_undated_event_is_what_its_history_folds_to(case: Case, pick: int) -> None:
    process = Undated(case, pick).process
    again = process.rulebook.restore(process.to_json())
    assert again == process
    assert again.timeline == process.timeline
    assert again.breaches == process.breaches
    assert again.states == process.states
    at = process.timeline[-1].at + DAY
    assert again.verdicts(at=at) == process.verdicts(at=at)
    assert again.agenda(at=at) == process.agenda(at=at)
