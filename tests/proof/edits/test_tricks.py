"""Tricks that turn the packaged rules pushy by a few words: each is an error, a violated promise or named."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time  # noqa: TID251 - a prover asks a clock for its limit
from typing import Any

import pytest
from attrs import frozen

import postinterview as pi
from postinterview.judging import held_to_packaged, load_promises
from postinterview.proof.promises.promise import Promises
from postinterview.proof.prove import Prover
from postinterview.proof.search.replay import willing
from tests.proof.edits.edits import Rules, listen, packaged, written
from tests.proof.helpers import PATIENT

ONE_CHASE = {"one_chase": {"at_most": 1, "of": "chase", "since": "sign_of_life", "per": "employer"}}


@frozen
class Answer:
    """What is said of a file: codes of errors, milder tags, trusted events, and broken promises."""

    errors: frozenset[str] = frozenset()
    milder: frozenset[str] = frozenset()
    trusted: frozenset[str] = frozenset()
    violated: frozenset[str] = frozenset()


def answer(rules: Rules, promises: frozenset[str]) -> Answer:
    """Return what is said of the rules. ``promises``: those to prove."""
    try:
        definition = pi.load_rulebook(text=written(rules), name="mine.yaml").definition
    except pi.RulesError as error:
        return Answer(errors=frozenset(each.code for each in error.diagnostics))
    held, milder, trusted = held_to_packaged(definition)
    rulebook = willing(held)
    asked = tuple(each for each in load_promises(rulebook).promises if each.id in promises)
    mine = sorted(definition.events.keys() - packaged()["events"].keys())[:2]
    proof = Prover(rulebook, process_time, max_seconds=PATIENT).prove(Promises(asked), mine)
    return Answer(
        milder=frozenset(each.kind.name for each in milder),
        trusted=frozenset(each.kind.name for each in trusted),
        violated=frozenset(each.id for each in proof.results if each.verdict == "violated"),
    )


def adding(rules: Rules, name: str, event: dict[str, Any], **guards: dict[str, Any]) -> None:
    rules["events"][name] = event
    listen(rules, name, guards)


def worlds_round(rules: Rules) -> None:
    """A fact by the world that opens a round, and so allows one more thank-you a week."""
    people = {"who": "people"}
    adding(rules, "week_begins", {"by": "world", "opens": "round", "fields": people})


def automatic_mail(rules: Rules) -> None:
    """A second chase under the same guard, and an automatic mail that counts as a word."""
    adding(rules, "ask_again", {"by": "candidate"}, **ONE_CHASE)
    adding(rules, "auto_mail", {"by": "employer"})


def a_no_by_another_name(rules: Rules) -> None:
    adding(rules, "turned_down", {"by": "employer"})


def a_no_that_says_nothing(rules: Rules) -> None:
    adding(rules, "turned_down", {"by": "employer", "sign_of_life": False})


def a_no_by_the_world(rules: Rules) -> None:
    adding(rules, "turned_down", {"by": "world"})


def ten_notes(rules: Rules) -> None:
    """Ten courtesies to a person, each of them once."""
    for number in range(10):
        name = f"note_{number}"
        once = {"at_most": 1, "of": name, "per": ["round", "interviewer"]}
        adding(rules, name, {"by": "candidate", "contact": "courtesy", "to": "interviewer"}, once=once)


def five_nudges(rules: Rules) -> None:
    """Five courtesies to nobody in particular, each of them once between two signs of life."""
    for number in range(5):
        name = f"nudge_{number}"
        once = {"at_most": 1, "of": name, "since": "sign_of_life"}
        adding(rules, name, {"by": "candidate", "contact": "courtesy"}, once=once)


def hello(rules: Rules) -> None:
    """A contact that is said to reach nobody."""
    adding(rules, "hello", {"by": "candidate", "contact": "none"})


def an_act_by_the_world(rules: Rules) -> None:
    """A call that is no act, and so is never refused."""
    adding(rules, "phone_rang_there", {"by": "world"})


def ghosts(rules: Rules) -> None:
    """A withdrawal from applications nobody has heard of."""
    rules["events"]["withdraw"]["starts"] = "application"


def ghosts_by_another_name(rules: Rules) -> None:
    adding(rules, "apply_again", {"by": "candidate", "contact": "courtesy", "starts": "application"})


def two_replies_to_a_message(rules: Rules) -> None:
    """A second bucket that every message fills."""
    rules["events"]["message"]["gives"] = ["reply", "more"]
    rules["credits"]["more"] = {"max": 3}
    adding(rules, "answer_again", {"by": "candidate", "contact": "reply"}, paid={"spends": "more"})


def an_earlier_date(rules: Rules) -> None:
    """A message that sets the promised date: to yesterday, if need be."""
    rules["events"]["message"]["fields"] = {"by_when": {"type": "date", "sets": "promised"}}


TRICKS: list[tuple[Callable[[Rules], object], Answer]] = [
    (worlds_round, Answer(errors=frozenset({"PI309"}))),
    (automatic_mail, Answer(trusted=frozenset({"auto_mail"}), violated=frozenset({"a_week_apart"}))),
    (a_no_by_another_name, Answer(trusted=frozenset({"turned_down"}))),
    (a_no_that_says_nothing, Answer(trusted=frozenset({"turned_down"}))),
    (a_no_by_the_world, Answer(trusted=frozenset({"turned_down"}))),
    (
        ten_notes,
        Answer(
            trusted=frozenset(f"note_{number}" for number in range(10)),
            violated=frozenset({"few_courtesies_to_a_person"}),
        ),
    ),
    (
        five_nudges,
        Answer(
            trusted=frozenset(f"nudge_{number}" for number in range(5)),
            violated=frozenset({"few_words_to_nobody"}),
        ),
    ),
    (hello, Answer(trusted=frozenset({"hello"}))),
    (an_act_by_the_world, Answer(trusted=frozenset({"phone_rang_there"}))),
    (ghosts, Answer(milder=frozenset({"withdraw"}))),
    (ghosts_by_another_name, Answer(trusted=frozenset({"apply_again"}))),
    (
        two_replies_to_a_message,
        Answer(trusted=frozenset({"answer_again"}), violated=frozenset({"one_reply"})),
    ),
    (an_earlier_date, Answer(trusted=frozenset({"message"}))),
]


@pytest.mark.parametrize(("trick", "expected"), TRICKS, ids=[trick.__name__ for trick, _ in TRICKS])
def test_a_trick_does_not_pass_in_silence(trick: Callable[[Rules], object], expected: Answer) -> None:
    rules = packaged()
    trick(rules)

    assert answer(rules, expected.violated) == expected != Answer()
