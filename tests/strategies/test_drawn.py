"""What is drawn is worth drawing: rulebooks load, and stories see acts allowed, refused and breached."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import pytest
from hypothesis import Phase, given, settings
from hypothesis import find as find_one
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

import postinterview as pi
from tests.laws.twins import Twins
from tests.oracle import reading
from tests.oracle.guards import KINDS
from tests.oracle.reading import Rules
from tests.oracle.stories import plain
from tests.strategies.custom import CUSTOM
from tests.strategies.promises import promises
from tests.strategies.rulebooks import plain_rulebooks, rulebooks
from tests.strategies.runs import Case, cases
from tests.strategies.writing import written

T = TypeVar("T")
MANY = settings(max_examples=2000, phases=[Phase.generate], derandomize=True, deadline=None, database=None)


@given(rulebooks(custom=True))
def test_every_drawn_rulebook_loads_and_its_text_says_what_its_dict_says(drawn: tuple[str, Rules]) -> None:
    text, rules = drawn
    assert plain(text) == rules
    definition = pi.load_rulebook(text=text, custom=CUSTOM).definition
    assert list(definition.events) == list(rules["events"])
    assert list(definition.machines) == list(rules["machines"])


WORDS = (
    "within: ",
    "unless:",
    "in_every: application",
    "latest_of: ",
    "guard_sets:",
    "use: inner",
    "outside: true",
    "starts: application",
    "extra:",
    "of: [",
    "from: [",
    "since: [",
    "happened: [",
)
IN_PROMISES = ("within", "later_than", "count", "each", "to", "but", "without", "after")
IN_STORIES = ("allowed", "refused", "outside", "breach", "unexpected", "turned", "second round")


def is_all_drawn(
    strategy: st.SearchStrategy[T], wanted: Iterable[str], shown_by: Callable[[T], Iterable[str]]
) -> None:
    """Draw until everything that is wanted was seen, or too often."""
    missing = set(wanted)

    def is_last(example: T) -> bool:
        missing.difference_update(shown_by(example))
        return not missing

    with contextlib.suppress(NoSuchExample):
        find_one(strategy, is_last, settings=MANY)
    assert missing == set()


def test_each_kind_of_guard_is_drawn() -> None:
    def kinds(rules: Rules) -> Iterator[str]:
        for machine in rules["machines"].values():
            for transition in machine["transitions"].values():
                for guard in reading.guards(rules, transition).values():
                    yield from guard

    is_all_drawn(plain_rulebooks(custom=True), KINDS, kinds)


@pytest.mark.slow
def test_each_word_is_drawn() -> None:
    def words(rules: Rules) -> list[str]:
        text = written(rules)
        return [word for word in WORDS if word in text]

    is_all_drawn(plain_rulebooks(), WORDS, words)


def test_each_word_of_promises_is_drawn() -> None:
    is_all_drawn(plain_rulebooks().flatmap(promises), IN_PROMISES, lambda promise: promise)


@pytest.mark.slow
def test_stories_see_acts_allowed_refused_and_breached() -> None:
    def sights(case: Case) -> Iterator[str]:
        twins = Twins.of(case)
        for step in case.run.steps:
            if (outcome := twins.take(step)) is not None:
                verdict = outcome.verdict
                seen = (
                    verdict is not None and verdict.allowed,
                    outcome.refused,
                    outcome.outside,
                    outcome.breach,
                    outcome.unexpected,
                    outcome.now_breaches or outcome.now_in_doubt or outcome.no_longer_breaches,
                    any(placed.round == 2 for placed in twins.process.timeline),
                )
                yield from (name for name, is_seen in zip(IN_STORIES, seen, strict=True) if is_seen)

    is_all_drawn(cases(custom=True), IN_STORIES, sights)
