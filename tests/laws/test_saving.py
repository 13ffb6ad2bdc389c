"""Restored equals folded equals the process that was saved, whatever the rules and the story."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings

from tests.laws.twins import examples, told
from tests.strategies.runs import Case, cases


@settings(max_examples=examples(1))
@given(cases(custom=True, questions=2))
def test_a_restored_process_is_the_one_that_was_saved(case: Case) -> None:
    twins = told(case)
    process = twins.process
    text = process.to_json()
    restored = process.rulebook.restore(text)

    assert restored == process
    assert repr(restored.history) == repr(process.history)
    assert restored.to_json() == text
    twins.process = restored
    for question in case.run.questions:
        asked = twins.ask(question)
        twins.process = process
        assert asked == twins.ask(question)
        twins.process = restored
    latest = max((placed.at for placed in process.timeline), default=case.run.steps[0].at)
    for days in (0, 8):
        at = latest + timedelta(days=days)
        assert restored.verdicts(at=at) == process.verdicts(at=at)
        assert restored.agenda(at=at) == process.agenda(at=at)


@settings(max_examples=examples(1))
@given(cases(custom=True, later=4))
def test_a_restored_process_goes_on_as_the_one_that_was_saved(case: Case) -> None:
    twins = told(case)
    twins.process = twins.process.rulebook.restore(twins.process.to_json())
    other = told(case)
    for step in case.run.later:
        assert twins.take(step) == other.take(step)
    assert twins.process == other.process
