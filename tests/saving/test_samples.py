"""What this version and those before it saved is restored by every later one, whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.saving.stories import SAMPLES, START, STORIES, rules, sample


@pytest.mark.parametrize("name", STORIES)
def test_a_sample_is_restored_to_the_process_that_it_was(name: str) -> None:
    process = STORIES[name]()
    restored = rules().restore(sample(name).read_bytes())

    assert restored == process
    at = (process.timeline[-1].at if process.timeline else START) + timedelta(days=3)
    assert restored.verdicts(at=at) == process.verdicts(at=at)
    assert restored.agenda(at=at) == process.agenda(at=at)


@pytest.mark.parametrize("name", STORIES)
def test_the_same_process_is_still_written_as_the_sample(name: str) -> None:
    assert STORIES[name]().to_json() == sample(name).read_text(encoding="utf-8")


def test_every_sample_is_told() -> None:
    assert {path.name for path in SAMPLES.glob("*.json")} == {sample(name).name for name in STORIES}
