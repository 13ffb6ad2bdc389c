"""The function that a kind of event gets when it happens often takes the step that `step` takes."""

from __future__ import annotations

import gc
import linecache
import traceback
import weakref
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.judging.refusal import refusal
from postinterview.core.past.cells import along
from postinterview.core.past.events import Event, new_event
from postinterview.core.past.situation import Situation, Snapshot
from postinterview.core.steps import compiled_steps
from postinterview.core.steps.allowed_acts import allowed_of
from postinterview.core.steps.compiled_steps import (
    compiled_allowed,
    compiled_do,
    compiled_may,
    compiled_step,
    do_function,
    may_function,
    step_function,
)
from postinterview.core.steps.fold import begin
from postinterview.core.steps.placing import situate_in
from postinterview.core.steps.step import step_of_any
from postinterview.core.steps.step_parts import Step
from postinterview.testing import histories
from tests.core.helpers import at, start
from tests.core.test_small_rules import small
from tests.core.test_unless import START, greeted
from tests.laws.test_helping import packaged
from tests.laws.twins import examples, fresh, told
from tests.strategies.runs import Case, cases
from tests.strategies.scale import tried

ZONE = ZoneInfo("Asia/Kolkata")
BEGINNING = datetime(2026, 3, 2, 10, tzinfo=UTC)
AFTER = (timedelta(0), timedelta(days=1), timedelta(days=8), timedelta(days=40))


def check_all(process: pi.Process) -> None:
    """Take each step of a history both ways, and then one of each kind of event at several moments."""
    rules, calendar = process.rulebook, process.calendar
    engine = rules.engine
    functions = {name: compiled_step(engine, name) for name in rules.definition.events}
    acts = {
        kind.name: (compiled_do(engine, kind.name, pi.Process), compiled_may(engine, kind.name))
        for kind in rules.acts
    }
    snapshot, events = begin(engine, process.history)
    for event in events:
        check(functions, process, snapshot, event)
        snapshot = step_of_any(engine, calendar, snapshot, event).snapshot
    for event in possible(process):
        check(functions, process, process._snapshot, event)  # noqa: SLF001 - with its other pasts
        if event.name in acts:
            check_act(*acts[event.name], process, event)
    if not (process._snapshot.unknowns or process._snapshot.others):  # noqa: SLF001
        check_allowed(process)


def check(
    functions: dict[str, compiled_steps.TakeStep], process: pi.Process, snapshot: Snapshot, event: Event
) -> None:
    engine, calendar = process.rulebook.engine, process.calendar
    made = functions[event.name](snapshot, event, ZONE, calendar, "acme")
    general = step_of_any(engine, calendar, snapshot, event, ZONE, "acme")
    assert (made is None) is bool(snapshot.unknowns or snapshot.others)
    if isinstance(made, Step):
        assert parts(made) == parts(general)
        assert streams(made.snapshot) == streams(general.snapshot)
    elif made is not None:
        assert refusal(engine, made, event.at, ZONE) == general.verdict
        assert general.verdict is not None
        assert not general.verdict.allowed


def check_act(do: compiled_steps.Do, ask: compiled_steps.Ask, process: pi.Process, event: Event) -> None:
    """Do an act, and ask whether it may be done, both ways: in UTC, and in another zone."""
    snapshot, engine = process._snapshot, process.rulebook.engine  # noqa: SLF001
    kind = engine.definition.events[event.name]
    for moment in (event.at, event.at.astimezone(ZONE)):
        said: tuple[Any, ...] = moment, event.to, event.application, dict(event.carried)
        found, made = ask(process, *said), do(process, *said)
        assert (found is None) is bool(snapshot.unknowns or snapshot.others)
        assert (made is None) is (found is None)
        if isinstance(found, Situation):
            found = refusal(engine, found, event.at, moment.tzinfo)
        assert found in (None, process._may_any(kind, *said))  # noqa: SLF001 - the general form
        if isinstance(made, pi.Outcome):
            general = process._do_any(kind, *said)  # noqa: SLF001
            assert outcome_parts(made) == outcome_parts(general)
            assert repr(made) == repr(general)
        elif made is not None:
            assert not found


def outcome_parts(made: pi.Outcome) -> tuple[object, ...]:
    """What an outcome came to, with all that its process keeps."""
    after = made.process
    shown = after._snapshot.states, after._snapshot.places, after._snapshot.places_in  # noqa: SLF001
    return made, after.history, after._snapshot, streams(after._snapshot), [list(each) for each in shown]  # noqa: SLF001


def check_allowed(process: pi.Process) -> None:
    """Ask in which places each act is allowed, both ways."""
    snapshot, calendar, engine = process._snapshot, process.calendar, process.rulebook.engine  # noqa: SLF001
    latest = process.latest_at or BEGINNING
    for kind, places in process._all_places(latest):  # noqa: SLF001
        find = compiled_allowed(engine, kind.name)
        placed = [situate_in(engine, calendar, snapshot, kind, each, None, "acme") for each in places]
        for after in AFTER:
            general = list(allowed_of(engine, placed, latest + after, ZONE))
            assert find(snapshot, places, latest + after, ZONE, calendar, "acme") == general


def parts(made: Step) -> tuple[object, ...]:
    """What a step came to."""
    choices = [(each.name, key, state, taken.rule) for each, key, state, taken in made.choices]
    shown = made.snapshot.states, made.snapshot.places, made.snapshot.places_in, made.snapshot.applications
    orders = [list(each) for each in shown]
    return made.snapshot, made.placed, made.moves, made.verdict, made.unexpected, choices, orders


def streams(snapshot: Snapshot) -> list[list[int]]:
    """The positions of the events of each stream, by its links."""
    return [
        [placed.position for placed in along(cell, number)] for number, cell in enumerate(snapshot.streams)
    ]


def possible(process: pi.Process) -> Iterator[Event]:
    """An event of each kind, of known people and applications and of new ones, at several moments."""
    latest = process.latest_at or BEGINNING
    told = {placed.name: placed.event.carried for placed in process.timeline}
    people = dict.fromkeys(person for placed in process.timeline for person in placed.people)
    for kind in process.rulebook.definition.events.values():
        for application in (None,) if kind.employer_wide else (*process.applications, "new"):
            for to in (*people, "nobody") if kind.to_person else (None,):
                for after in AFTER:
                    for carried in dict.fromkeys(((), told.get(kind.name, ()))):
                        yield new_event(99, kind.name, latest + after, application, to, carried)


@tried(60, examples(1))
@given(cases(questions=0, later=0))
def test_of_random_rules_after_random_histories(case: Case) -> None:
    check_all(told(case).process)


@settings(max_examples=max(6, examples(1) // 10), suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["default", "academia", "japan"]), st.data())
def test_of_the_packaged_rules_after_random_histories(pack: str, data: st.DataObject) -> None:
    check_all(data.draw(histories(packaged(pack), corrections=False)))


@tried(40, examples(1))
@given(cases(questions=0, later=0, custom=True))
def test_a_story_ends_alike_whether_functions_take_its_steps_or_never(case: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled_steps, "OFTEN", 1)
        early = fresh(case)
        patch.setattr(compiled_steps, "OFTEN", 1_000_000)
        never = fresh(case)
    assert early.history == never.history
    assert early.timeline == never.timeline
    assert early.states == never.states
    assert early.breaches == never.breaches


def test_of_an_act_to_which_a_guard_does_not_apply_that_takes_a_credit() -> None:
    process = greeted("spends: credit", "channel", "email").do("ask", at=START, channel="email").process
    check_all(process)  # `ask` is carried out by email again, with no credit left


def test_an_event_gets_its_function_once_it_happens_often() -> None:
    process = start()
    rules = process.rulebook.answering({})
    for _ in range(compiled_steps.OFTEN):
        assert step_function(rules.engine, "message").__name__ != "step_message"
        rules.start("Acme", "Europe/Zurich").record("message", at=at("2026-03-02 10:00"))
    assert step_function(rules.engine, "message").__name__ == "step_message"


def test_an_act_gets_a_function_for_questions_once_it_is_asked_often() -> None:
    process = start().record("interview", at=at("2026-03-02 10:00"), interviewers=["ana"]).process
    rules = process.rulebook.answering({})
    asked = rules.restore(process.to_json())
    verdicts = [asked.may("follow_up", at=at("2026-03-12 10:00")) for _ in range(compiled_steps.OFTEN)]
    assert may_function(rules.engine, "follow_up").__name__ == "may_follow_up"
    assert {*verdicts, asked.may("follow_up", at=at("2026-03-12 10:00"))} == {verdicts[0]}


def test_an_act_gets_a_function_that_does_it_once_it_is_done_often() -> None:
    process = start().record("interview", at=at("2026-03-02 10:00"), interviewers=["ana"]).process
    rules = process.rulebook.answering({})
    asked = rules.restore(process.to_json())
    done = [asked.do("follow_up", at=at("2026-03-12 10:00")) for _ in range(compiled_steps.OFTEN)]
    assert do_function(rules.engine, "follow_up", pi.Process).__name__ == "do_follow_up"
    assert asked.do("follow_up", at=at("2026-03-12 10:00")) == done[0] == done[-1]


LATEST = at("2026-03-02 10:00")
MISUSED = [
    {"at": LATEST - timedelta(days=1)},
    {"at": datetime(2026, 3, 5, 10)},  # noqa: DTZ001 - that is the mistake
    {"at": LATEST.date()},
    {"at": "tomorrow"},
    {"at": LATEST.replace(year=3500)},
    {"at": datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Zurich"))},  # the clocks leave it out
    {"application": "a\u200b"},
    {"to": "bo"},
    {"topic": 1},
    {"unheard": "of"},
    {"channel": "pigeon"},
]


@pytest.mark.parametrize("said", MISUSED)
@pytest.mark.parametrize("name", ["follow_up", "thank_you", "complete_profile"])
def test_misuse_is_told_alike_by_a_function(name: str, said: dict[str, Any]) -> None:
    process = start().record("interview", at=LATEST, interviewers=["ana"]).process
    engine = process.rulebook.engine
    kind = engine.definition.events[name]
    given = {"at": LATEST, "to": "ana" if kind.to_person else None, "application": None} | said
    fields = {each: value for each, value in said.items() if each not in ("at", "to", "application")}
    asked = given["at"], given["to"], given["application"], fields
    do, may = compiled_do(engine, name, pi.Process), compiled_may(engine, name)
    assert complaint(partial(do, process), *asked) == complaint(partial(process._do_any, kind), *asked)  # noqa: SLF001
    assert complaint(partial(may, process), *asked) == complaint(partial(process._may_any, kind), *asked)  # noqa: SLF001


@pytest.mark.parametrize(("name", "to"), [("thank_you", None), ("follow_up", "bo")])
def test_of_two_mistakes_a_function_tells_the_same_first(name: str, to: str | None) -> None:
    process = start()
    for each in ("a", "b"):
        process = process.record("interview", at=LATEST, application=each, interviewers=["ana"]).process
    engine = process.rulebook.engine
    asked: tuple[object, ...] = (LATEST, to, None, {})
    kind = engine.definition.events[name]
    told = complaint(partial(process._do_any, kind), *asked)  # noqa: SLF001
    assert "one person" in told
    assert complaint(partial(compiled_do(engine, name, pi.Process), process), *asked) == told
    assert complaint(partial(compiled_may(engine, name), process), *asked) == told


def complaint(call: Callable[..., object], *said: object) -> str:
    """The error that a call raises, or what kind of answer it gives."""
    try:
        found = call(*said)
    except pi.PostInterviewError as error:
        return repr(error)
    return "answers" if found is not None else "nothing"


def test_an_event_with_very_many_transitions_gets_no_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_steps, "OFTEN", 1)
    monkeypatch.setattr(compiled_steps, "MOST_TRANSITIONS", 3)
    for states in (3, 4):
        names = [f"s{number}" for number in range(states)]
        steps = zip(names, [*names[1:], "s0"], strict=True)
        ways = ", ".join(f"t{one}: {{event: go, from: {one}, to: {other}}}" for one, other in steps)
        known = ", ".join(f"{each}: {{}}" for each in names)
        machine = f"  m: {{per: application, start: s0, states: {{{known}}}, transitions: {{{ways}}}}}"
        rules = pi.load_rulebook(text=small("  go: {by: candidate, contact: none}", machine))
        rules.start("Acme", "Europe/Zurich").do("go", at=at("2026-03-02 10:00"))
        assert (do_function(rules.engine, "go", pi.Process).__name__ == "do_go") is (states == 3)


def test_a_traceback_shows_the_function() -> None:
    function = compiled_step(start().rulebook.engine, "message")
    with pytest.raises(AttributeError) as caught:
        function(None, None, None, None, "acme")  # type: ignore[arg-type]
    shown = traceback.format_exception(caught.value)[-2]
    assert "line 2, in step_message\n    application, to, at, carried = event.application" in shown


def test_a_rulebook_is_freed_with_its_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_steps, "OFTEN", 1)
    rules = start().rulebook.answering({})
    known = set(linecache.cache)
    process = (
        rules.start("Acme", "Europe/Zurich").record("interview", at=LATEST, interviewers=["ana"]).process
    )
    for _ in range(3):
        assert process.do("thank_you", at=LATEST, to="ana").refused
        assert not process.may("thank_you", at=LATEST, to="ana")
    assert rules.engine.done["thank_you"].__name__ == "do_thank_you"
    engine = weakref.ref(rules.engine)
    del process, rules
    gc.collect()
    assert engine() is None
    assert not [file for file in set(linecache.cache) - known if "thank_you" in file]


@pytest.mark.parametrize("name", ["class", "snapshot", "place", "new"])
def test_an_event_may_have_any_name(name: str) -> None:
    text = small(
        f"  {name}: {{by: candidate, contact: chase, starts: application}}",
        f"  only: {{per: application, start: here, states: {{here: {{}}}}, transitions: "
        f"{{asks: {{event: {name}, from: here, guards: {{once: {{at_most: 1, of: {name}}}}}}}}}}}",
    )
    process = pi.load_rulebook(text=text).start("Acme", "Europe/Zurich")
    function = compiled_step(process.rulebook.engine, name)
    event = new_event(1, name, at("2026-03-03 10:00").astimezone(UTC), "main")
    made = function(process._snapshot, event, UTC, process.calendar, "Acme")  # noqa: SLF001 - as a step gets it
    assert isinstance(made, Step)
    assert made.verdict
