"""Laws of differences: nothing changes without a word, and both directions say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Any
from unittest.mock import patch

import attrs
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.rules import definitions as d
from postinterview.diffing.declared import declared_changes
from postinterview.diffing.difference import Difference
from postinterview.proof.comparison import Compared
from tests.strategies.hand import Draw
from tests.strategies.mutants import mutants
from tests.strategies.runs import cases
from tests.strategies.scale import tried

UNTOUCHED = (
    *("title", "why", "version", "text", "meta", "trust", "migrations", "loosens", "loosened_above"),
    *("name", "id", "machine", "sources"),
)
"""Attributes that are words, or by which things are found."""
MIRRORED = {"looser": "stricter", "stricter": "looser"}


@st.composite
def pairs(draw: Draw) -> tuple[pi.Rulebook, pi.Rulebook]:
    one = pi.load_rulebook(text=draw(cases(corrections=False, most=2)).text)
    return one, pi.Rulebook(draw(mutants(one.definition)))


def diff(old: pi.Rulebook, new: pi.Rulebook) -> Difference:
    with patch("postinterview.diffing.searches.Searches.promises", return_value=()):
        return pi.diff(old, new, max_zones=150, max_seconds=2)


@tried(12, 300)
@given(pairs())
def test_the_other_direction_says_the_same_and_every_witness_replays(
    pair: tuple[pi.Rulebook, pi.Rulebook],
) -> None:
    one, other = pair
    forth, back = diff(one, other), diff(other, one)

    assert (forth.verdict == "equal") is (back.verdict == "equal") is (one.definition == other.definition)
    if not {*forth.unknown, *back.unknown}:
        assert back.verdict == MIRRORED.get(forth.verdict, forth.verdict)
        assert {each.act for each in forth.looser} == {each.act for each in back.stricter}
    assert not (forth.looser or forth.stricter) or forth.rule_changes
    assert [each.mark for each in forth.rule_changes].count("+") == [
        each.mark for each in back.rule_changes
    ].count("-")
    for difference, old, new in ((forth, one, other), (back, other, one)):
        for each in difference.looser:
            check_witness(each, allowing=new, refusing=old)
        for each in difference.stricter:
            check_witness(each, allowing=old, refusing=new)


def check_witness(each: Compared, *, allowing: pi.Rulebook, refusing: pi.Rulebook) -> None:
    assert each.allowed is not None
    story, answers = each.allowed.story, []
    for rulebook in (allowing, refusing):
        process = rulebook.start("the employer", "UTC")
        for one in story.happenings:
            process = process.record(
                one.event, at=one.at, to=one.to, application=one.application, **one.fields
            ).process
        act = story.act
        asked = {"at": act.at, "to": act.to, "application": act.application, **act.fields}
        answers.append(process.may(act.event, **asked).allowed)
    assert answers == [True, False]


@tried(3, 50)
@given(pairs())
def test_rules_are_equal_to_themselves(pair: tuple[pi.Rulebook, pi.Rulebook]) -> None:
    for each in pair:
        assert diff(each, each).verdict == "equal"
        assert not diff(each, each).changes


@cache
def edits(name: str) -> tuple[tuple[str, d.Definition], ...]:
    """Every definition that differs from packaged rules in one value that means something."""
    definition = pi.load_rulebook(name).definition
    return tuple(edited(definition, "", definition))


def edited(value: Any, path: str, definition: d.Definition) -> Iterator[tuple[str, Any]]:
    """Yield the value with one part of it changed, and the path of that."""
    if isinstance(value, d.EventSet | d.Origin | d.Source):
        return
    if isinstance(value, d.Moment):
        if value.text.partition("+")[0].strip() not in definition.moments:
            yield path, attrs.evolve(value, plus=timedelta(days=99))
    elif attrs.has(type(value)):
        names = (each.name for each in attrs.fields(type(value)) if each.name not in UNTOUCHED)
        for name in names:
            for where, part in edited(getattr(value, name), f"{path}.{name}", definition):
                yield where, attrs.evolve(value, **{name: part})
    elif isinstance(value, Mapping):
        for key, each in value.items():
            for where, part in edited(each, f"{path}.{key}", definition):
                yield where, {**value, key: part}
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            if attrs.has(type(each)):
                for where, part in edited(each, f"{path}.{getattr(each, 'id', number)}", definition):
                    yield where, (*value[:number], part, *value[number + 1 :])
    else:
        yield from ((path, other) for other in another(value))


def another(value: Any) -> Iterator[Any]:
    match value:
        case bool():
            yield not value
        case int():
            yield value + 1
        case str():
            yield f"{value}_other"
        case timedelta():
            yield value * 2
        case _:
            return


@tried(40, 2000)
@given(st.data())
def test_one_changed_value_is_never_without_a_word_and_never_only_words(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(("default", "academia")))
    path, other = data.draw(st.sampled_from(edits(name)), label="edit")
    definition = pi.load_rulebook(name).definition

    changes = declared_changes(definition, other)

    assert [each for each in changes if each.part != "words"], path
