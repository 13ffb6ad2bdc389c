"""What was saved under the first version of the default rules opens under the second, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

import postinterview as pi
from postinterview.saving import forecast, read
from tests.saving import stories
from tests.saving.first_rules import HOUR, SAMPLES, STORIES, first_rules
from tests.saving.stories import DAY, START

RULES = pi.load_rulebook()


def opened(name: str) -> pi.Process:
    return RULES.restore((SAMPLES / f"{name}.json").read_bytes())


@pytest.mark.parametrize("name", STORIES)
def test_under_its_own_rules_a_sample_is_still_the_process_that_it_was(name: str) -> None:
    told = forecast(first_rules(), lambda: read((SAMPLES / f"{name}.json").read_bytes()))

    assert (told.fate, told.differences) == ("unchanged", ())
    assert told.process == STORIES[name]()
    assert {path.stem for path in SAMPLES.iterdir()} == set(STORIES)


def test_a_process_that_is_judged_as_before_goes_on() -> None:
    told = forecast(RULES, lambda: read((SAMPLES / "polite.json").read_bytes()))
    process = opened("polite")

    assert (told.fate, told.differences) == ("goes_on", ())
    assert process.history == STORIES["polite"]().history
    assert process.states == STORIES["polite"]().states
    assert process.breaches == ()
    assert process.may("accept", at=START + 13 * DAY)


def test_a_process_that_is_judged_anew_is_carried_over_with_each_difference() -> None:
    told = forecast(RULES, lambda: read((SAMPLES / "pushy.json").read_bytes()))

    assert (told.fate, told.migration) == ("carried_over", "words_and_bounds")
    acts = {
        "entry 4 (follow up with acme": 1,
        "entry 9 (answer acme": 2,
        "entry 10 (invite ana on LinkedIn": 1,
    }
    texts = [each.text for each in told.differences]
    assert texts[0] == "entry 1 (thank ana, Sun 1 Mar 2026) was a breach, and is now not judged"
    for text, (act, alternatives), guard in zip(
        texts[1:], acts.items(), ("decent_hours", "while_it_is_fresh", "while_it_is_fresh"), strict=True
    ):
        assert text.startswith(f"{act}, ")
        assert f"was allowed, and is now a breach of `{guard}` (" in text
        assert text.count("rules/default.yaml:") == alternatives


def test_past_acts_are_breaches_now_and_not_one_entry_is_lost() -> None:
    before, process = STORIES["pushy"](), opened("pushy")

    assert process.history == before.history
    assert [placed.event for placed in process.timeline] == [placed.event for placed in before.timeline]
    assert [placed.name for placed in before.breaches] == ["thank_you"]
    assert [placed.name for placed in process.breaches] == ["follow_up", "reply", "linkedin_invite"]
    assert [placed.name for placed in process.timeline if placed.outside] == ["thank_you"]


def test_past_acts_count_in_the_budgets_as_they_did() -> None:
    process = opened("pushy")
    again = process.may("follow_up", at=START + 42 * DAY, channel="email")
    invited = process.may("linkedin_invite", at=START + 42 * DAY, to="ana", personal_note="Hello.")

    assert "one_follow_up" in {reason.id for reason in again.reasons}
    assert "one_invite" in {reason.id for reason in invited.reasons}


@pytest.mark.parametrize("name", STORIES)
def test_what_was_carried_over_goes_on_and_is_saved_under_the_second_version(name: str) -> None:
    process = opened(name)
    at = process.timeline[-1].at + timedelta(days=1)
    after = process.record("message", at=at).process.do("reply", at=at + HOUR)

    assert process.agenda(at=at)
    assert not after.refused
    saved = after.process.to_json()
    assert '"version": "2"' in saved
    assert RULES.restore(saved) == after.process


@pytest.mark.parametrize("name", stories.STORIES)
def test_samples_of_rules_before_it_are_carried_over_whole(name: str) -> None:
    before = stories.STORIES[name]()
    process = RULES.restore(stories.sample(name).read_bytes())

    assert process.history == before.history
    assert [placed.event for placed in process.timeline] == [placed.event for placed in before.timeline]
    assert RULES.restore(process.to_json()) == process
