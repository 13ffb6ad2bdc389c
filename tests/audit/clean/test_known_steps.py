"""A step that is known is the engine's step, whichever other past it was learnt from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.audit.clean import known_steps
from postinterview.audit.clean.known_steps import DAY, KnownSteps, Told, take_step
from postinterview.audit.clean.recording import EPOCH, Days, NotRecordedError, ticks
from postinterview.core.judging.engine import Engine
from postinterview.core.past.gaps import Gap
from postinterview.core.past.situation import Snapshot
from postinterview.core.values.errors import MisuseError
from tests.laws.twins import examples
from tests.strategies.rulebooks import plain_rulebooks
from tests.strategies.runs import Run, runs
from tests.strategies.scale import tried
from tests.strategies.writing import written

END = ticks(EPOCH + timedelta(days=365 * 80))
Events = list[tuple[Told, tuple[int, ...]]]


def events_of(run: Run, rules: pi.Rulebook, known: dict[Any, Told]) -> Events:
    """The events of a story as the bulk audit has them; equal ones are one object."""
    people: dict[str, int] = {}
    applications: dict[str, int] = {}
    found: Events = []
    for step in run.steps:
        fields, given_ = [], [ticks(step.at)]
        for name in rules.definition.events[step.event].fields:
            value = step.fields.get(name)
            if isinstance(value, date):
                given_.append(value.toordinal())
                value = DAY
            elif isinstance(value, tuple):
                value = tuple(people.setdefault(each, len(people)) for each in value)
            if value is not None:
                fields.append((name, value))
        to = None if step.to is None else people.setdefault(step.to, len(people))
        named = step.application
        application = None if named is None else applications.setdefault(named, len(applications))
        key = step.event, application, to, tuple(map(str, fields))
        told = known.setdefault(key, Told(step.event, application, to, tuple(fields)))
        found.append((told, tuple(given_)))
    return found


def by_engine(engine: Engine, events: Events, days: Days, unknown: frozenset[str]) -> Iterator[bool]:
    """Whether each event is in order after those before it that were."""
    gaps = (Gap(unknown, EPOCH + timedelta(microseconds=END)),) if unknown else ()
    snapshot = Snapshot(streams=engine.start.streams, unknowns=gaps)
    for told, given_ in events:
        at = EPOCH + timedelta(microseconds=given_[0])
        try:
            step = take_step(engine, days.calendar, snapshot, told, at, map(date.fromordinal, given_[1:]))
        except MisuseError:
            step = None
        snapshot = snapshot if step is None else step.snapshot
        yield step is not None


def by_known(steps: KnownSteps, engine: Engine, events: Events, days: Days) -> Iterator[bool]:
    past = steps.begin()
    for told, given_ in events:
        yield steps.take(past, told, given_, days, END)


@tried(60, examples(1))
@given(rules=plain_rulebooks(), data=st.data())
def test_known_steps_are_those_of_the_engine(rules: Any, data: st.DataObject) -> None:
    rulebook = pi.load_rulebook(text=written(rules))
    names = st.sampled_from(sorted(rulebook.definition.events))
    unknown = data.draw(st.one_of(st.just(frozenset[str]()), st.frozensets(names, max_size=2)))
    steps, known = KnownSteps(rulebook.engine, unknown), dict[Any, Told]()
    told: list[tuple[Run, Events, Days]] = []
    for run in data.draw(st.lists(runs(rules, corrections=False, most=20), min_size=1, max_size=3)):
        days = Days(rulebook.calendar_of(run.zone))
        told.append((run, events_of(run, rulebook, known), days))
    for run, events, days in (*told, *told):
        expected = list(by_engine(rulebook.engine, events, days, unknown))
        event(f"in order: {sum(expected) * 4 // len(expected)}/4")
        assert list(by_known(steps, rulebook.engine, events, days)) == expected, run


def history(*names: str, days: Sequence[int]) -> Events:
    """Events of the packaged rules, each so many days after a Monday at 10 o'clock in Zurich."""
    monday = ticks(EPOCH + timedelta(days=20_458, hours=9))
    fields: dict[str, tuple[tuple[str, Any], ...]] = {
        "interview": (("interviewers", (0,)),),
        "follow_up": (("channel", "email"),),
        "thank_you": (("thanks", True), ("topic", "t"), ("looking_forward", True)),
    }
    found: Events = []
    for name, day in zip(names, days, strict=True):
        told = TOLD.setdefault(
            name, Told(name, None, 0 if name == "thank_you" else None, fields.get(name, ()))
        )
        found.append((told, (monday + day * 86_400_000_000 + len(found) * 3_600_000_000,)))
    return found


TOLD: dict[str, Told] = {}


def taken(steps: KnownSteps, events: Events) -> list[bool]:
    rules = pi.load_rulebook()
    return list(by_known(steps, rules.engine, events, Days(rules.calendar_of("Europe/Zurich"))))


def test_histories_that_are_not_alike_share_their_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = KnownSteps(pi.load_rulebook().engine, frozenset())
    assert all(taken(steps, history("interview", "thank_you", "rejection", days=(0, 0, 20))))
    assert all(taken(steps, history("interview", "follow_up", days=(0, 15))))
    assert all(taken(steps, history("interview", "thank_you", "follow_up", "rejection", days=(0, 0, 15, 20))))
    monkeypatch.setattr(KnownSteps, "_grow", None)
    unseen = history("interview", "follow_up", "rejection", days=(0, 16, 21))
    assert all(taken(steps, unseen))
    with pytest.raises(TypeError):  # an answer that nobody gave yet
        taken(steps, history("interview", "follow_up", days=(0, 1)))


def test_few_steps_are_recorded_if_each_is_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_steps, "MOST_AT_FIRST", 1)
    steps = KnownSteps(pi.load_rulebook().engine, frozenset())
    with pytest.raises(NotRecordedError):
        taken(steps, history("interview", "thank_you", "rejection", days=(0, 0, 20)))
    assert taken(steps, history("interview", days=(0,))) == [True]


@pytest.mark.parametrize("limit", ["MOST_NODES", "MOST_EVENTS", "MOST_STANDINGS", "MOST_KNOWN"])
def test_what_grew_too_large_is_dropped(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(known_steps, limit, 1)
    steps = KnownSteps(pi.load_rulebook().engine, frozenset())
    begun = steps.begin().now
    for _ in range(3):
        assert all(taken(steps, history("interview", "thank_you", "rejection", days=(0, 0, 20))))
    assert steps.begin().now is not begun


def test_a_history_in_which_too_much_stands_is_left_to_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_steps, "MOST_PLACES", 1)
    steps = KnownSteps(pi.load_rulebook().engine, frozenset())
    with pytest.raises(NotRecordedError):
        taken(steps, history("interview", "thank_you", "rejection", days=(0, 0, 20)))


def test_what_stands_is_one_object_however_it_came_about() -> None:
    steps, rules = KnownSteps(pi.load_rulebook().engine, frozenset()), pi.load_rulebook()
    days, ends = Days(rules.calendar_of("Europe/Zurich")), []
    for names in (("interview", "message", "rejection"), ("interview", "rejection", "message")):
        past = steps.begin()
        for told, given_ in history(*names, days=(0, 1, 2)):
            assert steps.take(past, told, given_, days, END)
        ends.append(past.now)
    assert ends[0] is ends[1]
