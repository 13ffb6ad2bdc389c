"""Traps that other state machine libraries leave open, each closed here."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import attrs
import pytest

import postinterview as pi
from postinterview.core.process import process_of
from tests.core.helpers import at, default, ids, start

SMALL = """\
format: 1
title: Small
events:
  interview: {by: employer, opens: round, fields: {interviewers: people}}
  nudge: {by: candidate}
machines:
  application:
    per: application
    start: idle
    states: {idle: {}, waiting: {}, nudged: {}}
    transitions:
      begin: {event: interview, from: any, to: waiting}
      nudge_once:
        event: nudge
        from: [waiting, nudged]
        to: nudged
        guards:
          once: {at_most: 1, of: nudge, per: round}
"""


def broken(old: str, new: str) -> pi.RulesError:
    assert old in SMALL
    with pytest.raises(pi.RulesError) as caught:
        pi.load_rulebook(text=SMALL.replace(old, new), name="small.yaml")
    return caught.value


def test_a_typo_in_a_target_is_found_at_load_with_its_line() -> None:
    error = broken("to: nudged", "to: nugded")
    assert any(d.where.line == 16 and "nugded" in d.message for d in error.diagnostics)
    assert "did you mean `nudged`?" in str(error)


def test_a_typo_in_a_condition_is_found_at_load_with_its_line() -> None:
    error = broken("of: nudge,", "of: nugde,")
    assert any(d.where.line == 18 and "nugde" in d.message for d in error.diagnostics)


def test_code_in_a_rule_file_is_never_run() -> None:
    error = broken("of: nudge,", "of: \"__import__('os').abort()\",")
    assert any(d.where.line == 18 for d in error.diagnostics)


def test_two_transitions_from_one_state_on_one_event_are_an_error() -> None:
    second = "      begin_again: {event: interview, from: nudged, to: idle}\n      nudge_once:"
    error = broken("      nudge_once:", second)
    assert any("begin_again" in d.message or "begin_again" in d.path for d in error.diagnostics)


def test_no_trigger_and_no_setter_walks_past_the_guards() -> None:
    machine = default().engine.machines["application"]
    assert set(machine.events) <= set(default().definition.events)
    assert machine.models == []
    process = start()
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        process.history = ()  # type: ignore[misc]
    named = ("to_", "set_", "trigger", "is_", "may_")
    assert [name for name in dir(process) if name.startswith(named)] == ["may_on", "to_json"]


def test_a_refusal_is_more_than_false() -> None:
    process = start().record("interview", at=at("2026-03-02 10:00"), interviewers=["ana"]).process
    verdict = process.may("follow_up", at=at("2026-03-03 10:00"))
    assert not verdict
    assert verdict.reasons[0].has
    assert verdict.reasons[0].needs
    assert verdict.opens_at == at("2026-03-09 10:00")


@pytest.mark.parametrize("name", ["state", "may", "do", "record", "history", "trigger", "events", "models"])
def test_an_event_may_have_any_name(name: str) -> None:
    text = re.sub(r"\bnudge\b", name, SMALL)
    process = pi.load_rulebook(text=text).start("acme", "UTC")
    process = process.record("interview", at=at("2026-03-02 10:00"), interviewers=[]).process
    process = process.do(name, at=at("2026-03-02 11:00")).process
    assert process.state("application") == "nudged"
    assert ids(process.may(name, at=at("2026-03-02 12:00"))) == ["once"]


def custom_book(answer: Callable[[pi.CustomQuestion], pi.CustomAnswer]) -> pi.Rulebook:
    text = SMALL.replace("once: {at_most: 1, of: nudge, per: round}", "asked: {custom: ask}")
    return pi.load_rulebook(text=text, custom={"ask": answer})


def test_a_guard_that_raises_neither_allows_nor_denies() -> None:
    def fail(question: pi.CustomQuestion) -> pi.CustomAnswer:
        raise ZeroDivisionError

    process = custom_book(fail).start("acme", "UTC")
    process = process.record("interview", at=at("2026-03-02 10:00"), interviewers=[]).process
    before = attrs.evolve(process)
    with pytest.raises(ZeroDivisionError):
        process.do("nudge", at=at("2026-03-02 11:00"))
    assert process == before


def test_a_custom_guard_says_what_it_has_and_when_it_opens() -> None:
    def ask(question: pi.CustomQuestion) -> pi.CustomAnswer:
        opens = at("2026-03-05 10:00")
        return pi.CustomAnswer(question.at >= opens, "too early", "Thursday", opens)

    process = custom_book(ask).start("acme", "UTC")
    process = process.record("interview", at=at("2026-03-02 10:00"), interviewers=[]).process
    verdict = process.may("nudge", at=at("2026-03-02 11:00"))
    assert (verdict.reasons[0].has, verdict.opens_at) == ("too early", at("2026-03-05 10:00"))
    assert process.may("nudge", at=at("2026-03-05 10:00"))


def test_a_custom_guard_that_names_a_moment_gone_by_does_not_say_when_it_opens() -> None:
    def ask(question: pi.CustomQuestion) -> pi.CustomAnswer:
        return pi.CustomAnswer(holds=False, has="too late", needs="Thursday", opens_at=question.at)

    process = custom_book(ask).start("acme", "UTC")
    process = process.record("interview", at=at("2026-03-02 10:00"), interviewers=[]).process
    verdict = process.may("nudge", at=at("2026-03-02 11:00"))
    assert (verdict.allowed, verdict.opens_at, verdict.opens_after) == (False, None, ("ask",))


def test_a_thousand_waiting_processes_start_no_thread_and_register_nothing() -> None:
    threads = threading.active_count()
    for _ in range(1000):
        process = start().record("interview", at=at("2026-03-02 10:00"), interviewers=["ana"]).process
        process.may("follow_up", at=at("2026-03-03 10:00"))
    assert threading.active_count() == threads
    assert all(machine.models == [] for machine in default().engine.machines.values())


def test_a_month_is_a_month_and_survives_folding_again() -> None:
    process = start().record("interview", at=at("2026-03-02 10:00"), interviewers=["ana"]).process
    opens_at = process.may("assume_closed", at=at("2026-03-03 10:00")).opens_at
    assert opens_at == at("2026-04-01 11:00")  # 30 days of 24 hours, over the clock change
    again = process_of(process.rulebook, process.employer, process.calendar, process.history)
    assert again.may("assume_closed", at=at("2026-03-03 10:00")).opens_at == opens_at


def test_each_process_has_its_own_budget() -> None:
    book = pi.load_rulebook(text=SMALL)
    for employer in ("acme", "initech"):
        process = book.start(employer, "UTC")
        process = process.record("interview", at=at("2026-03-02 10:00"), interviewers=[]).process
        process = process.do("nudge", at=at("2026-03-02 11:00")).process
        assert ids(process.may("nudge", at=at("2026-03-02 12:00"))) == ["once"]


def test_nothing_that_only_asks_changes_a_process() -> None:
    process = start().record("interview", at=at("2026-03-02 10:00"), interviewers=["ana"]).process
    before = attrs.evolve(process)
    moment = at("2026-03-20 10:00")
    process.may("follow_up", at=moment)
    process.allowed(at=moment)
    process.verdicts(at=moment)
    process.agenda(at=moment)
    process.do("accept", at=moment)
    assert process == before
    assert process.states == before.states


def test_two_threads_stepping_one_process_do_not_disturb_each_other() -> None:
    process = start().record("interview", at=at("2026-03-02 10:00"), interviewers=["ana"]).process
    outcomes: list[pi.Outcome] = []

    def step() -> None:
        outcomes.extend(
            process.do("follow_up", at=at("2026-03-20 10:00"), channel="call") for _ in range(200)
        )

    workers = [threading.Thread(target=step) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(outcomes) == 800
    assert all(outcome.process == outcomes[0].process and not outcome.refused for outcome in outcomes)
    assert len(process.timeline) == 1
