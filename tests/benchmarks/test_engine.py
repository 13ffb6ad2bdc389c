from __future__ import annotations

import pytest

from benchmarks.agreement import DisagreementError, agree_with_floor, agree_with_immutable
from benchmarks.engine import main
from benchmarks.floor import Application, Employer
from benchmarks.immutable_facts import Facts
from benchmarks.immutable_rules import Rules
from benchmarks.immutable_values import Application as ImmutableApplication
from benchmarks.memory import COMMANDS as MEASURED
from benchmarks.story import EMPLOYER, PATH, TIMEZONE, first_rules, tell, walk
from postinterview.cli import COMMANDS


def test_the_hand_written_class_agrees_with_the_library_on_random_steps() -> None:
    assert agree_with_floor(first_rules(), runs=30, steps=40) == 1200


def test_a_rule_that_the_hand_written_class_forgets_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def may_follow_up_whenever(self: Application, _at: object) -> bool:
        return self.state in ("waiting", "followed_up")

    monkeypatch.setattr(Application, "may_follow_up", may_follow_up_whenever)
    with pytest.raises(DisagreementError, match="follow_up"):
        agree_with_floor(first_rules(), runs=30, steps=40)


def test_the_hand_written_values_agree_with_the_library_on_random_steps() -> None:
    assert agree_with_immutable(first_rules(), runs=30, steps=40) == 1200


@pytest.mark.parametrize(
    ("rule", "answer"),
    [("not_follow_up", []), ("sign_of_life", None)],
    ids=["a reason that is forgotten", "a budget that is never renewed"],
)
def test_a_rule_that_the_hand_written_values_forget_is_found(
    monkeypatch: pytest.MonkeyPatch, rule: str, answer: object
) -> None:
    owner = Rules if hasattr(Rules, rule) else Facts
    monkeypatch.setattr(owner, rule, lambda *_: answer)
    with pytest.raises(DisagreementError):
        agree_with_immutable(first_rules(), runs=30, steps=40)


def test_a_step_of_the_hand_written_values_that_changes_its_process_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ImmutableApplication, "copy", lambda self: self)
    with pytest.raises(DisagreementError):
        agree_with_immutable(first_rules(), runs=30, steps=40)


def test_the_memory_of_every_command_is_measured() -> None:
    assert list(MEASURED) == list(COMMANDS)


def test_every_event_of_the_timed_story_happens_in_both() -> None:
    process = first_rules().start(EMPLOYER, TIMEZONE)
    for told in PATH:
        outcome = tell(process, told)
        assert not outcome.refused, told
        assert not outcome.unexpected, told
        process = outcome.process
    assert process.state("application") == walk(Employer(EMPLOYER, TIMEZONE)).state == "accepted"


@pytest.mark.slow
def test_a_quick_run_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--rounds", "1"]) == 0
    printed = capsys.readouterr().out
    assert "Time, as ratios to the hand-written class" in printed
    assert "Time, as ratios to the hand-written values" in printed
    assert "Numbers to hold" in printed
    assert printed.count("postinterview") > 3
