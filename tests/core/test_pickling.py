"""A process is a value, so it can be copied, pickled, and sent to another process of the machine."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
from collections.abc import Callable
from functools import partial
from operator import methodcaller
from typing import Any

import pytest

import postinterview as pi
from postinterview.core.rules.definitions import Definition
from tests.core.helpers import at, start
from tests.strategies.custom import CUSTOM

SMALL = """
format: 1
title: Small
calendar: {country: CH}
meta: {team: {name: acme}}
events: {nudge: {by: candidate}}
machines:
  application:
    per: application
    start: here
    states: {here: {}}
    transitions: {nudged: {event: nudge, from: here, guards: {odd: {custom: odd_history}}}}
"""


def pickled(value: Any, protocol: int = pickle.DEFAULT_PROTOCOL) -> Any:
    return pickle.loads(pickle.dumps(value, protocol))  # noqa: S301 what was pickled just now


WAYS: dict[str, Callable[[Any], Any]] = {
    **{f"pickle {number}": partial(pickled, protocol=number) for number in range(6)},
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


def lived() -> pi.Process:
    process = start().record("interview", at=at("2026-03-02 10:00"), interviewers=["ana", "bo"]).process
    process = process.unknown("message", until=at("2026-02-01 10:00")).process
    process = process.record("follow_up", at=at("2026-03-03 10:00"), channel="call").process
    return process.retract(3, at=at("2026-03-04 10:00"), not_sent=True).process


def custom() -> pi.Process:
    return pi.load_rulebook(text=SMALL, custom=CUSTOM).start("acme", "Europe/Zurich")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("made", [start, lived, custom])
def test_a_process_survives(made: Callable[[], pi.Process], way: str) -> None:
    process = made()
    moment = at("2026-03-20 10:00")
    again: pi.Process = WAYS[way](process)
    assert again == process
    assert again.states == process.states
    assert again.verdicts(at=moment) == process.verdicts(at=moment)
    assert again.allowed(at=moment) == process.allowed(at=moment)
    assert again.agenda(at=moment) == process.agenda(at=moment)


@pytest.mark.parametrize("way", WAYS)
def test_a_definition_survives_and_stays_read_only(way: str) -> None:
    definition = pi.load_rulebook(text=SMALL, custom=CUSTOM).definition
    again: Definition = WAYS[way](definition)
    assert again == definition
    assert again.meta == {"team": {"name": "acme"}}
    for mapping in (again.events, again.machines, again.machines["application"].states, again.meta):
        with pytest.raises(TypeError):
            mapping["new"] = None  # type: ignore[index]


def test_a_rulebook_is_equal_to_one_of_the_same_rules_and_functions() -> None:
    book = pi.load_rulebook(text=SMALL, custom=CUSTOM)
    assert pickled(book) == book
    assert hash(pickled(book)) == hash(book)
    assert book != pi.load_rulebook(text=SMALL, custom={"odd_history": CUSTOM["a_day_of_quiet"]})
    assert book != pi.load_rulebook(text=SMALL.replace("nudged", "other"), custom=CUSTOM)
    assert book != "Small"


def test_a_process_is_stepped_in_another_process_of_the_machine() -> None:
    process = lived()
    step = methodcaller("record", "message", at=at("2026-03-05 10:00"))
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        outcome: pi.Outcome = pool.apply_async(step, (process,)).get(timeout=120)
    assert outcome == step(process)
    assert outcome.process != process
