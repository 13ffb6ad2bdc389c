"""Every guard has a sentence of its own, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given

import postinterview as pi
from postinterview.core.rules.definitions import (
    Definition,
    EventSet,
    FirstKnown,
    Guard,
    LatestKnown,
    Moment,
    OfDate,
    OfEvents,
    Scope,
    Transition,
)
from postinterview.describing.guard_text import GuardSentences
from tests.oracle.reading import Rules
from tests.strategies.custom import CUSTOM
from tests.strategies.rulebooks import rulebooks
from tests.strategies.scale import tried

SENTENCE = re.compile(r"[A-Z]\S* .*[^ .,;:]\.", re.DOTALL)
"""A capital letter, some words, and one full stop at the end."""
STARTS = ("A", "An", "At", "It", "Not", "Only", "Wait")
AN_ID = re.compile("[a-z]+_[a-z]+")


def guarded(definition: Definition) -> Iterator[tuple[Transition, Guard]]:
    rules = (rule for machine in definition.machines.values() for rule in machine.transitions)
    return ((rule, guard) for rule in rules for guard in rule.guards)


def meaning(definition: Definition, rule: Transition, guard: Guard) -> tuple[Any, ...]:
    """What a guard asks, apart from how it is written."""
    parts = {name: getattr(guard, name) for name in dir(guard) if name[0] != "_"}
    for name in ("id", "origin", "text", "unless", "scope"):
        parts.pop(name, None)
    fields = definition.events[rule.event].fields
    unless = [
        (name, value) for name, values in guard.unless for value in values if known(fields.get(name), value)
    ]
    moment = parts.get("moment")
    if {"of", "moment"} & parts.keys() and not (moment and only_dates(moment)):
        parts["scope"] = str(guard.scope or definition.machines[rule.machine].scope)
    said = {name: meant(value) for name, value in parts.items() if not callable(value)}
    return (type(guard).__name__, repr(sorted(said.items())), repr(sorted(map(str, unless))))


def known(field: Any, value: Any) -> bool:
    return field is not None and field.takes(value)


def meant(value: Any) -> Any:
    match value:
        case EventSet():
            return sorted(value.members)
        case Moment():
            return (meant(value.anchor), str(value.plus))
        case OfEvents():
            return ("events", meant(value.events))
        case OfDate():
            return ("date", value.name)
        case FirstKnown() | LatestKnown():
            return (type(value).__name__, [meant(each) for each in value.options])
        case Scope():
            return str(value)
        case frozenset():
            return sorted(value)
        case tuple():
            return [str(each) for each in value]
        case _:
            return str(value)


def only_dates(moment: Moment) -> bool:
    if isinstance(moment.anchor, FirstKnown | LatestKnown):
        return all(map(only_dates, moment.anchor.options))
    return isinstance(moment.anchor, OfDate)


def check(definition: Definition) -> None:
    sentences = GuardSentences(definition)
    by_text: dict[tuple[str, str], tuple[Any, ...]] = {}
    for rule, guard in guarded(definition):
        said = sentences.sentence(rule, guard)
        assert SENTENCE.fullmatch(said), said
        assert " ".join(said.split()) == said
        assert said.split(" ")[0] in STARTS or said[0] == "`", said
        means = meaning(definition, rule, guard)
        other = by_text.setdefault((rule.event, said), means)
        assert other == means, (said, other, means)


@pytest.mark.parametrize("name", pi.packaged())
def test_each_packaged_guard_has_a_sentence_of_its_own_in_words(name: str) -> None:
    definition = pi.load_rulebook(name).definition
    check(definition)
    sentences = GuardSentences(definition)
    for rule, guard in guarded(definition):
        said = sentences.sentence(rule, guard)
        assert not AN_ID.search(said)
        assert "`" not in said


@tried(30, 2000)
@given(rulebooks(custom=True))
def test_each_guard_of_any_rulebook_has_a_sentence_of_its_own(drawn: tuple[str, Rules]) -> None:
    definition = pi.load_rulebook(text=drawn[0], custom=CUSTOM).definition
    check(definition)
    check(of_one_title(definition))


def of_one_title(definition: Definition) -> Definition:
    """The definition with one title for everything: then only ids tell things apart."""
    machines = {
        name: evolve(
            machine,
            title="a thing",
            states={key: evolve(state, title="a thing") for key, state in machine.states.items()},
        )
        for name, machine in definition.machines.items()
    }
    return evolve(
        definition,
        events={name: evolve(event, title="a thing") for name, event in definition.events.items()},
        classes={name: evolve(known, title="a thing") for name, known in definition.classes.items()},
        machines=machines,
    )


SAME_TITLES = """\
format: 1
title: Two events of one title
events:
  talk: {by: employer, opens: round, title: a talk}
  chat: {by: employer, title: a talk}
  ask:
    by: candidate
    fields: {channel: [call, email], loud: bool}
machines:
  application:
    per: application
    start: waiting
    states: {waiting: , asked: }
    transitions:
      heard: {event: talk, from: any, to: waiting}
      chatted: {event: chat, from: any}
      ask:
        event: ask
        from: any
        to: asked
        guards:
GUARDS
"""


def sentences_of(*guards: str) -> list[str]:
    lines = "\n".join(f"          g{number}: {guard}" for number, guard in enumerate(guards))
    definition = pi.load_rulebook(text=SAME_TITLES.replace("GUARDS", lines)).definition
    return [GuardSentences(definition).sentence(rule, guard) for rule, guard in guarded(definition)]


def test_events_of_one_title_are_told_apart_by_their_ids() -> None:
    assert sentences_of("{happened: talk}", "{happened: chat}") == [
        "Only after `talk`.",
        "Only after `chat`.",
    ]
    assert sentences_of("{happened: talk}") == ["Only after a talk."]


CASES = {
    "{at_most: 1, of: ask}": "Only once in each application.",
    "{at_most: 2, of: ask, per: employer}": "At most twice, all applications with them together.",
    "{at_most: 3, of: ask, within: 36 hours}": "At most 3 times in any 36 hours in each application.",
    "{at_most: 1, of: ask, since: talk}": "Only once until the next talk in each application.",
    "{at_most: 1, of: talk, per: round}": "Only if no talk came in this round.",
    "{at_most: 3, of: talk}": "Only if a talk came fewer than 3 times.",
    "{at_most: 1, of: [ask, talk]}": "A talk or ask may come at most once in each application.",
    "{not_before: talk + 3 business days}": (
        "Wait until the 3rd business day after the last talk. As long as there was none, the answer is no."
    ),
    "{not_after: talk + 90 minutes, if_never: holds}": (
        "Only until 90 minutes after the last talk. As long as there was none, there is no limit."
    ),
    "{apart: 2 weeks, from: ask, per: employer}": (
        "Wait 14 days after the last ask in any application with them."
    ),
    "{apart: 1 day, from: ask, if_never: blocks}": (
        "Wait 1 day after the last ask. As long as there was none, the answer is no."
    ),
    "{happened: talk, since: ask}": "Only after a talk, and only until the next ask.",
    "{not_happened: ask, in_every: application}": (
        "Not after an ask. It must hold in each of the applications with them."
    ),
    "{fields: [loud]}": "It must say: loud.",
    '{hours: "09:00-17:00, business days", unless: {channel: email, loud: true}}': (
        "Only from 09:00 to 17:00 on business days, by the employer's clock. "
        "This is not asked if the channel is email or the loud is yes."
    ),
    '{hours: "09:00-17:00, weekdays"}': (
        "Only from 09:00 to 17:00, Monday to Friday, by the employer's clock."
    ),
}


@pytest.mark.parametrize("guard", CASES)
def test_what_a_guard_says(guard: str) -> None:
    assert sentences_of(guard) == [CASES[guard]]
