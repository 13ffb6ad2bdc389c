"""The function that a transition gets when it is asked often says what its guards say."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.guards.source import Holds, Span, compiled, compiled_span
from postinterview.core.judging import machine
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.machine import RuleTransition
from postinterview.core.past.events import Value
from postinterview.core.past.situation import Situation
from postinterview.testing import histories
from tests.core.helpers import at, start
from tests.core.test_every_application import after
from tests.core.test_every_application import begin as everywhere
from tests.core.test_small_rules import begin, small
from tests.laws.test_helping import packaged
from tests.laws.twins import examples, fresh, told
from tests.strategies.runs import Case, cases
from tests.strategies.scale import tried

TALK = at("2026-03-02 10:00")
TICK = timedelta(microseconds=1)
AFTER = (timedelta(0), timedelta(days=1), timedelta(days=8), timedelta(days=40))


def check_all(process: pi.Process) -> None:
    """Ask every transition about every act, around each moment at which one of its guards turns."""
    engine = process.rulebook.engine
    made = {name: with_functions(engine, name) for name in engine.definition.events}
    for act in acts(process):
        for transition, holds, span in made[act.kind.name]:
            stretch = span(evolve(act))
            assert stretch == transition.ask_span(evolve(act)), transition.rule.id
            for moment in moments(process, transition, act):
                asked = evolve(act)  # what one of them found out is not known to the other
                answer = transition.ask(act, moment)
                assert holds(asked, moment) is answer, (transition.rule.id, moment)
                is_open = stretch is not None and stretch[0] <= moment < stretch[1]
                recurring = [each.window(act, moment) for each in transition.recurring]
                for window in recurring:
                    is_open = is_open and window is not None and window[0] <= moment < window[1]
                assert is_open is answer, (transition.rule.id, moment)


def with_functions(engine: Engine, event: str) -> list[tuple[RuleTransition, Holds, Span]]:
    """The transitions on an event, one of those with the same guards, each with its functions."""
    found = {each.rule.id: each for listener in engine.listeners[event] for each in listener.transitions}
    return [
        (
            each,
            compiled(name, each.rule.origin, each.checks, each.ask),
            compiled_span(name, each.rule.origin, each.lasting, each.ask_span),
        )
        for name, each in found.items()
    ]


def acts(process: pi.Process) -> Iterator[Situation]:
    """Every act where it could lie: its fields taken as given, left out, as told before, and each excuse."""
    said = {placed.name: placed.event.fields for placed in process.timeline}
    for act in process._situations():  # noqa: SLF001 - all that may be asked
        yield act
        yield evolve(act, carried={})
        if act.kind.name in said:
            yield evolve(act, carried=said[act.kind.name])
        for excuse in excuses(process.rulebook.engine, act.kind.name):
            yield evolve(act, carried=excuse)


def excuses(engine: Engine, event: str) -> list[dict[str, Value]]:
    """The fields with which some guard does not apply to an act, one at a time."""
    rules = [each.rule for listener in engine.listeners[event] for each in listener.transitions]
    unless = {each for rule in rules for guard in rule.guards for each in guard.unless}
    return [{name: value} for name, values in unless for value in values]


def moments(process: pi.Process, transition: RuleTransition, act: Situation) -> set[datetime]:
    latest = process.timeline[-1].at if process.timeline else TALK
    found = {latest + each for each in AFTER}
    for check in transition.checks:
        for moment in check.window(act, latest) or ():
            if latest < moment < latest + timedelta(days=1000):
                found |= {moment - TICK, moment}
    return found


@tried(60, examples(1))
@given(cases(questions=0, later=0))
def test_of_random_rules_after_random_histories(case: Case) -> None:
    check_all(told(case).process)


@settings(max_examples=max(6, examples(1) // 10), suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["default", "academia", "japan"]), st.data())
def test_of_the_packaged_rules_after_random_histories(pack: str, data: st.DataObject) -> None:
    check_all(data.draw(histories(packaged(pack), corrections=False)))


@tried(40, examples(1))
@given(cases(questions=2, later=0))
def test_a_story_ends_alike_whether_functions_answer_from_the_first_question_on_or_never(case: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine, "OFTEN", 1)
        early = fresh(case)
        patch.setattr(machine, "OFTEN", 0)  # no transition was ever asked so seldom
        never = fresh(case)
    assert early.history == never.history
    assert early.timeline == never.timeline
    assert early.states == never.states


def test_of_guards_that_hang_on_dates_which_one_event_sets() -> None:
    process = begin(
        "  talk: {by: employer, fields: {a: {type: date, sets: first}, b: {type: date, sets: second}}}\n"
        "  ask: {by: candidate, contact: chase, starts: application}",
        """
  only:
    per: application
    start: here
    states: {here: {}}
    transitions:
      asked: {event: ask, from: here, guards: {later: {not_before: first}, soon: {not_after: second}}}
""",
    )
    process = process.record("talk", at=TALK, a=date(2026, 3, 4), b=date(2026, 3, 6)).process
    check_all(process)
    assert process.may("ask", at=at("2026-03-05 10:00"))
    check_all(
        process.record("talk", at=TALK, a=date(2026, 3, 6), b=date(2026, 3, 8), application="b").process
    )


EVERYWHERE = {
    "happened: word": ["0 word one", "0 question two", "1 word two"],
    "not_happened: question, since: word": ["0 question two", "1 word two", "2 question one", "3 word one"],
    "at_most: 1, of: question": ["0 word one", "0 question two", "1 question three"],
    "at_most: 2, of: question": ["0 question one", "0 question two", "1 question two"],
    "at_most: 2, of: question, within: 3 days": ["0 question one", "1 question two", "2 question two"],
    "apart: 2 days, from: question": ["0 word one", "0 question two"],
    "not_after: promised": ["0 word one", "0 promise one", "1 promise two"],
}
"""A guard that asks in every application, and events that it counts in one and in another."""


@pytest.mark.parametrize("guard", EVERYWHERE)
def test_of_a_guard_that_asks_in_every_application(guard: str) -> None:
    process = everywhere(guard)
    check_all(process)
    for event in EVERYWHERE[guard]:
        process = after(process, event)
        check_all(process)


def test_a_transition_gets_its_function_once_it_is_asked_often() -> None:
    process = start().record("interview", at=at("2026-03-02 10:00"), interviewers=["ana"]).process
    engine = process.rulebook.answering({}).engine
    (follow_up, *_), *_ = with_functions(engine, "follow_up")
    act = next(each for each in process._situations() if each.kind.name == "follow_up")  # noqa: SLF001
    for _ in range(machine.OFTEN - 1):
        follow_up.holds(act, at("2026-03-03 10:00"))
    assert follow_up.holds.__name__ != "rule_follow_up_once"
    follow_up.holds(act, at("2026-03-03 10:00"))
    assert follow_up.holds.__name__ == "rule_follow_up_once"
    for _ in range(machine.OFTEN):
        assert follow_up.span.__name__ != "span_follow_up_once"
        follow_up.span(act)
    assert follow_up.span.__name__ == "span_follow_up_once"


def test_a_traceback_shows_the_line_of_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    text = small(
        "  ask: {by: candidate, contact: chase, starts: application}",
        """
  only:
    per: application
    start: here
    states: {here: {}}
    transitions:
      asks:
        event: ask
        from: here
        guards:
          as_we_say: {custom: ours}
""",
    )

    def ours(question: pi.CustomQuestion) -> bool:
        if question.at == TALK:
            raise ZeroDivisionError
        return True

    monkeypatch.setattr(machine, "OFTEN", 1)
    rules = pi.load_rulebook(text=text, name="ours.yaml", custom={"ours": ours})
    process = rules.start("acme", "UTC")
    assert process.may("ask", at=TALK - TICK)
    with pytest.raises(ZeroDivisionError) as caught:
        process.may("ask", at=TALK)
    shown = "".join(traceback.format_exception(caught.value))
    line = text[: text.index("as_we_say")].count("\n") + 1
    assert f"window = window1(situation, at)  # ours.yaml:{line}\n" in shown


def test_no_text_of_a_rule_file_ends_a_line_of_the_function() -> None:
    text = small(
        "  ask: {by: candidate, contact: chase, starts: application, fields: {note: text}}",
        "  only: {per: application, start: here, states: {here: {}}, transitions: "
        "{asks: {event: ask, from: here, guards: {says: {fields: [note]}}}}}",
    )
    engine = pi.load_rulebook(text=text, name="ours\nraise SystemExit.yaml").engine
    ((_, holds, _),) = with_functions(engine, "ask")
    assert "SystemExit" not in holds.__code__.co_names


@pytest.mark.parametrize("name", ["class", "latest_in", "interpreted", "key1", "situation"])
def test_a_transition_may_have_any_name(name: str) -> None:
    text = (
        (Path(__file__).parents[2] / "rules" / "default.yaml")
        .read_text(encoding="utf-8")
        .replace("follow_up_once:", f"{name}:")
    )
    process = pi.load_rulebook(text=text).start("Acme", "Europe/Zurich")
    process = process.record("interview", at=at("2026-03-02 10:00"), interviewers=["ana"]).process
    asked = [process.may("follow_up", at=at("2026-03-05 10:00"), channel="call") for _ in range(100)]
    assert {(each.allowed, each.opens_at) for each in asked} == {(False, asked[0].opens_at)}
