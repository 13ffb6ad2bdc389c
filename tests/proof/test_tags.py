"""A milder tag on a packaged event is an error, and no tag takes an event out of a promise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.rules.definitions import CONTACTS, Acknowledged, Contact, Definition, EventSet
from postinterview.judging import held_to_packaged
from postinterview.proof.promises.tags import held, milder, only_trusted
from postinterview.proof.reports.findings import trust_findings
from tests.cli.helpers import ROOT
from tests.proof.helpers import PATIENT

DEFAULT = pi.load_rulebook().definition
CLASSES = ("chase", "attempt", "courtesy", "reply", "contact")


def saying(event: str, **changes: Any) -> Definition:
    """The packaged rules with other words for one event."""
    return evolve(DEFAULT, events={**DEFAULT.events, event: evolve(DEFAULT.events[event], **changes)})


def tags_found(definition: Definition) -> list[tuple[str, str]]:
    return [(each.kind.name, each.tag.name) for each in milder(definition, DEFAULT)]


MILDER: list[tuple[str, str, dict[str, Any]]] = [
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
NOT_MILDER: list[tuple[str, dict[str, Any]]] = [
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


@pytest.mark.slow
def test_the_packaged_rules_and_packs_say_nothing_more_mildly() -> None:
    assert held_to_packaged(DEFAULT) == (DEFAULT, (), ())
    for pack in (ROOT / "examples" / "pushy").glob("*.yaml"):
        assert pi.prove(pi.load_rulebook(pack), max_seconds=PATIENT).milder == ()


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
    proof = pi.prove(pi.load_rulebook(text=rules), max_seconds=PATIENT)

    assert proof.milder == ()
    broken = {result.id for result in proof.results if result.verdict == "violated"}
    assert "attempts_apart" in broken
    assert "one_chase" not in broken


def believed(definition: Definition) -> dict[str, list[str]]:
    return {each.kind.name: [tag.name for tag in each.tags] for each in only_trusted(definition, DEFAULT)}


def with_event(name: str, like: str, **changes: Any) -> Definition:
    """The packaged rules with one event more, like a packaged one but for some tags."""
    kind = evolve(DEFAULT.events[like], name=name, **changes)
    return evolve(DEFAULT, events={**DEFAULT.events, name: kind})


PROMISED = DEFAULT.events["promise"].fields
BELIEVED: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("an attempt", "follow_up", {"contact": "attempt"}, ["contact"]),
    ("a courtesy", "follow_up", {"contact": "courtesy"}, ["contact"]),
    ("a reply", "follow_up", {"contact": "reply"}, ["contact"]),
    ("nobody", "follow_up", {"contact": "none"}, ["contact"]),
    ("a chase", "follow_up", {}, []),
    ("starts", "follow_up", {"starts_application": True}, ["starts"]),
    ("alive", "rejection", {}, ["sign_of_life"]),
    ("credit", "message", {}, ["sign_of_life", "gives"]),
    ("round", "interview", {"fields": {}}, ["sign_of_life", "opens"]),
    ("dates", "promise", {"sign_of_life": False, "gives": ()}, ["sets"]),
    ("a no", "rejection", {"sign_of_life": False}, ["name"]),
    ("the world's no", "rejection", {"by": "world", "sign_of_life": False}, ["name"]),
    (
        "the world's",
        "promise",
        {"by": "world", "sign_of_life": False, "opens_round": True},
        ["opens"],
    ),
]


@pytest.mark.parametrize(
    ("like", "changes", "tags"), [each[1:] for each in BELIEVED], ids=[e[0] for e in BELIEVED]
)
def test_what_a_file_says_of_an_event_of_its_own_is_only_trusted(
    like: str, changes: dict[str, Any], tags: list[str]
) -> None:
    assert believed(with_event("mine", like, **changes)) == ({"mine": tags} if tags else {})


def test_a_packaged_event_is_known_but_for_a_date_that_it_does_not_set_there() -> None:
    assert believed(DEFAULT) == {}
    assert believed(saying("message", fields=PROMISED)) == {"message": ["sets"]}
    assert believed(saying("interview", fields=PROMISED)) == {}
    for event, _, changes in MILDER:  # an error, and so no warning
        assert believed(saying(event, **changes)) == {}
    for event, stricter in NOT_MILDER:
        if event in DEFAULT.events:
            assert believed(saying(event, **stricter)) == {}
    acting = saying("withdraw", starts_application=True)
    assert (tags_found(acting), believed(acting)) == ([("withdraw", "starts")], {})


def test_an_acknowledged_event_stays_trusted_and_is_no_finding() -> None:
    mine = with_event("mine", "follow_up", contact="none")
    (named,) = only_trusted(mine, DEFAULT)
    assert (str(named), named.trust) == ("`mine` is said to reach nobody", None)
    assert [each.severity for each in trust_findings(mine, [named], strict=False)] == ["warning"]
    assert [each.severity for each in trust_findings(mine, [named], strict=True)] == ["error"]

    trust = Acknowledged(name="mine", why="It is a note to myself.", origin=named.kind.origin)
    vouched = evolve(mine, trust={"mine": trust})
    (known,) = only_trusted(vouched, DEFAULT)
    assert known.trust == trust
    assert trust_findings(vouched, [known], strict=True) == ()
