"""An unknown name is answered alike in every file language, and thousands of them are answered fast."""

from __future__ import annotations

import pytest

from postinterview.core.values.suggest import Guesses, closest
from postinterview.loading import load
from postinterview.loading.diagnostics import Diagnostic
from postinterview.proof.promises.parsing import read_promises
from tests.loading.small import definition_of, found_in, small


def in_rules(name: str) -> tuple[Diagnostic, ...]:
    return found_in(small(guards=f"limit: {{at_most: 1, of: {name}}}"))


def in_promises(name: str) -> tuple[Diagnostic, ...]:
    text = f"format: 1\ntitle: Mine\npromises:\n  one: {{never: {name}, more_than: 1}}\n"
    return read_promises(text, "promises.yaml", known=definition_of(small())).diagnostics


@pytest.mark.parametrize("find", [in_rules, in_promises])
def test_a_misspelt_event_gets_its_closest_name_the_place_of_that_and_a_fix(find: object) -> None:
    assert callable(find)
    (found,) = find("folow_up")

    assert found.message == "unknown event or class `folow_up`"
    assert found.help == "did you mean `follow_up`?"
    assert found.fix.text == "follow_up"
    assert [(each.text, str(each.span)) for each in found.others] == [
        ("closest name, defined here", "small.yaml:6:3")
    ]


def test_a_name_too_long_to_be_one_is_not_compared() -> None:
    assert closest("follow_u" + "p" * 100, ["follow_up"]) == ()


def test_guesses_end_when_their_work_is_used_up() -> None:
    guesses = Guesses(left=100)
    known = ["follow_up", "interview"]
    asked = [guesses.closest("folow_up", known) for _ in range(5)]

    assert asked == [("follow_up",)] * 3 + [()] * 2


def test_of_a_thousand_unknown_names_beside_a_thousand_known_ones_a_few_are_guessed() -> None:
    events = "".join(f"  event_{at}: {{by: employer}}\n" for at in range(1000))
    asking = "".join(f"      t{at}: {{event: evnt_{at}, from: any}}\n" for at in range(1000))
    found = load(
        small(("\nmachines:", f"{events}\nmachines:")) + asking, "small.yaml", name="small"
    ).diagnostics

    assert sum(each.count for each in found) == 1000
    assert 0 < sum("did you mean" in each.help for each in found) < 50
