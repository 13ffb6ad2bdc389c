"""A milder tag on a packaged event is an error, and no tag takes an event out of a promise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.definitions import CONTACTS, Contact, Definition, EventSet
from postinterview.proof.tags import held, milder
from postinterview.rulebooks import held_to_packaged
from tests.cli.helpers import ROOT

DEFAULT = pi.load_rulebook().definition
CLASSES = ("chase", "attempt", "courtesy", "reply", "contact")


def saying(event: str, **changes: Any) -> Definition:
    """The packaged rules with other words for one event."""
    return evolve(DEFAULT, events={**DEFAULT.events, event: evolve(DEFAULT.events[event], **changes)})


def tags_found(definition: Definition) -> list[tuple[str, str]]:
    return [(each.kind.name, each.tag.name) for each in milder(definition, DEFAULT)]


MILDER = [
    ("follow_up", "contact", {"contact": "attempt"}),
    ("follow_up", "contact", {"contact": "courtesy"}),
    ("follow_up", "contact", {"contact": "reply"}),
    ("counter_offer", "contact", {"contact": "none"}),
    ("missed_call", "contact", {"contact": "courtesy"}),
    ("missed_call", "contact", {"contact": "reply"}),
    ("thank_you", "contact", {"contact": "none"}),
    ("reply", "contact", {"contact": "none"}),
    ("invite_accepted", "sign_of_life", {"sign_of_life": True}),
    ("interview", "gives", {"gives": ("reply",)}),
    ("thank_you", "to", {"to_person": False}),
    ("withdraw", "to", {"to_person": True}),
    ("message", "opens", {"opens_round": True}),
    ("offer", "by", {"by": "candidate", "contact": "courtesy", "sign_of_life": False}),
    ("promise", "by", {"by": "world", "sign_of_life": False}),
    ("follow_up", "by", {"by": "employer", "contact": None, "sign_of_life": True}),
    (
        "promise",
        "sets",
        {"fields": {"date": evolve(DEFAULT.events["promise"].fields["date"], sets=None)}},
    ),
]
NOT_MILDER = [
    ("missed_call", {"contact": "chase"}),
    ("thank_you", {"contact": "attempt"}),
    ("thank_you", {"contact": "reply"}),
    ("reply", {"contact": "courtesy"}),
    ("complete_profile", {"contact": "courtesy"}),
    ("message", {"sign_of_life": False}),
    ("message", {"gives": ()}),
    ("interview", {"opens_round": False}),
    ("interview", {"fields": {}}),
    ("invite_accepted", {"to_person": False}),
    ("edit_card", {}),
]


@pytest.mark.parametrize(("event", "tag", "changes"), MILDER)
def test_a_milder_word_for_a_packaged_event_is_found(event: str, tag: str, changes: dict[str, Any]) -> None:
    assert tags_found(saying(event, **changes)) == [(event, tag)]


@pytest.mark.parametrize(("event", "changes"), NOT_MILDER)
def test_a_stricter_word_or_another_event_is_none(event: str, changes: dict[str, Any]) -> None:
    if event in DEFAULT.events:
        assert tags_found(saying(event, **changes)) == []
    else:
        mild = evolve(DEFAULT.events["follow_up"], name=event, contact="none")
        assert tags_found(evolve(DEFAULT, events={**DEFAULT.events, event: mild})) == []


def test_the_packaged_rules_and_packs_say_nothing_more_mildly() -> None:
    assert held_to_packaged(DEFAULT) == (DEFAULT, ())
    for pack in (ROOT / "examples" / "pushy").glob("*.yaml"):
        assert pi.prove(pi.load_rulebook(pack)).milder == ()


def classes_of(definition: Definition) -> Iterator[tuple[str, EventSet]]:
    kinds = definition.events.values()
    for each in CLASSES:
        members = (
            k.name for k in kinds if k.is_act and k.contact in ((each,) if each != "contact" else CLASSES)
        )
        yield each, EventSet(each, frozenset(members))
    yield "sign_of_life", EventSet("sign_of_life", frozenset(k.name for k in kinds if k.sign_of_life))


@given(
    st.dictionaries(
        st.sampled_from(tuple(DEFAULT.events)), st.tuples(st.sampled_from(CONTACTS), st.booleans())
    )
)
def test_no_word_takes_a_packaged_act_out_of_a_class_or_makes_a_sign_of_life(
    words: dict[str, tuple[Contact, bool]],
) -> None:
    events = dict(DEFAULT.events)
    for name, (contact, alive) in words.items():
        known = events[name]
        told = {"contact": contact} if known.is_act else {"sign_of_life": alive and known.by == "employer"}
        events[name] = evolve(known, **told)
    told_otherwise = evolve(DEFAULT, events=events)
    told_otherwise = evolve(told_otherwise, classes={**DEFAULT.classes, **dict(classes_of(told_otherwise))})
    judged = held(told_otherwise, DEFAULT)

    for each in CLASSES:
        assert judged.classes[each].members >= DEFAULT.classes[each].members
        assert judged.classes[each].members >= told_otherwise.classes[each].members
    assert judged.classes["sign_of_life"].members <= DEFAULT.classes["sign_of_life"].members
    assert judged.events == told_otherwise.events


def test_a_call_renamed_a_chase_is_still_held_to_the_day_between_calls() -> None:
    rules = """
format: 1
title: A stricter word
events:
  interview: {by: employer, opens: round}
  message: {by: employer}
  missed_call: {by: candidate, contact: chase}
machines:
  application:
    per: application
    start: waiting
    states: {waiting: {title: Waiting}}
    transitions:
      ring:
        event: missed_call
        from: waiting
        guards: {one: {at_most: 1, of: chase, since: sign_of_life, per: employer}}
"""
    proof = pi.prove(pi.load_rulebook(text=rules))

    assert proof.milder == ()
    broken = {result.id for result in proof.results if result.verdict == "violated"}
    assert "attempts_apart" in broken
    assert "one_chase" not in broken
