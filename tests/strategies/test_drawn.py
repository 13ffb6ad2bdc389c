"""What is drawn is worth drawing: rulebooks load, and stories see acts allowed, refused and breached."""

from __future__ import annotations

import pytest
from hypothesis import Phase, given, settings
from hypothesis import find as find_one

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

ONE = settings(max_examples=2000, phases=[Phase.generate], derandomize=True, deadline=None, database=None)


@given(rulebooks(custom=True))
def test_every_drawn_rulebook_loads_and_its_text_says_what_its_dict_says(drawn: tuple[str, Rules]) -> None:
    text, rules = drawn
    assert plain(text) == rules
    definition = pi.load_rulebook(text=text, custom=CUSTOM).definition
    assert list(definition.events) == list(rules["events"])
    assert list(definition.machines) == list(rules["machines"])


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_of_guard_is_drawn(kind: str) -> None:
    def has_it(rules: Rules) -> bool:
        return any(
            kind in guard
            for machine in rules["machines"].values()
            for transition in machine["transitions"].values()
            for guard in reading.guards(rules, transition).values()
        )

    find_one(plain_rulebooks(custom=True), has_it, settings=ONE)


@pytest.mark.parametrize(
    "words",
    [
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
    ],
)
def test_each_word_is_drawn(words: str) -> None:
    find_one(plain_rulebooks(), lambda rules: words in written(rules), settings=ONE)


@pytest.mark.parametrize("words", ["within", "later_than", "count", "each", "to", "but", "without", "after"])
def test_each_word_of_promises_is_drawn(words: str) -> None:
    find_one(plain_rulebooks().flatmap(promises), lambda promise: words in promise, settings=ONE)


@pytest.mark.parametrize(
    "what", ["outside", "allowed", "refused", "breach", "unexpected", "turned", "second round"]
)
def test_stories_see(what: str) -> None:
    def sees_it(case: Case) -> bool:
        if what == "outside" and "outside:" not in case.text:
            return False
        twins = Twins.of(case)
        outcomes = [outcome for step in case.run.steps if (outcome := twins.take(step)) is not None]
        seen = {
            "allowed": any(o.verdict is not None and o.verdict.allowed for o in outcomes),
            "refused": any(o.refused for o in outcomes),
            "outside": any(o.outside for o in outcomes),
            "breach": any(o.breach for o in outcomes),
            "unexpected": any(o.unexpected for o in outcomes),
            "turned": any(o.now_breaches or o.no_longer_breaches for o in outcomes),
            "second round": any(placed.round == 2 for placed in twins.process.timeline),
        }
        return seen[what]

    find_one(cases(custom=True), sees_it, settings=ONE)
