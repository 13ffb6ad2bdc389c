"""Costs grow at most in proportion to what a history holds, by counts that are the same on a busy machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from math import log
from types import FrameType
from typing import Any

import pytest

import postinterview as pi
from benchmarks.growth import SHAPES, build, operations
from benchmarks.instructions import counted
from postinterview.core.judging import machine
from postinterview.core.steps import compiled_steps
from tests.core.helpers import default

FEW, MANY = 40, 120
LIMIT = 1.1


def exponent(few: int, many: int) -> float:
    return log(many / few) / log(MANY / FEW)


def copied(operation: Callable[[], object]) -> int:
    """Return how many items were copied by the package's functions to make tuples longer.

    A tuple that grows in a loop is copied each time, which no count of instructions shows.
    """
    found = 0

    def enter(frame: FrameType, _: str, __: object) -> Callable[..., Any] | None:
        if "postinterview" not in frame.f_code.co_filename:
            return None
        known: dict[str, int] = {}

        def execute(frame: FrameType, _: str, __: object) -> Callable[..., Any]:
            nonlocal found
            for name, value in frame.f_locals.items():
                if type(value) is tuple:
                    if name in known and len(value) > known[name]:
                        found += len(value)
                    known[name] = len(value)
            return execute

        return execute

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        operation()
    finally:
        sys.settrace(before)
    return found


@pytest.fixture
def rulebook(monkeypatch: pytest.MonkeyPatch) -> pi.Rulebook:
    """Rules whose functions are made at the first use, and so never in the middle of a count."""
    monkeypatch.setattr(compiled_steps, "OFTEN", 1)
    monkeypatch.setattr(machine, "OFTEN", 1)
    return default().answering({})


def asked(rulebook: pi.Rulebook, shape: str, size: int) -> dict[str, Callable[[], object]]:
    """Return the operations on a process, of which each was done once."""
    found = operations(build(rulebook, SHAPES[shape](size)))
    for operation in found.values():
        operation()
    return found


@pytest.mark.parametrize(
    "shape", ["people", "rounds", "events", pytest.param("applications", marks=pytest.mark.slow)]
)
def test_no_operation_executes_more_than_in_proportion(rulebook: pi.Rulebook, shape: str) -> None:
    few, many = asked(rulebook, shape, FEW), asked(rulebook, shape, MANY)
    grown = {
        name: exponent(counted(few[name]).instructions.total(), counted(many[name]).instructions.total())
        for name in few
    }
    assert {name: round(each, 2) for name, each in grown.items() if each > LIMIT} == {}


@pytest.mark.parametrize("name", ["fold", "late", "restore"])
def test_no_tuple_is_copied_for_each_of_its_items(rulebook: pi.Rulebook, name: str) -> None:
    few, many = (asked(rulebook, "people", size)[name] for size in (FEW, MANY))
    assert copied(few) <= 3 * FEW
    assert copied(many) <= 3 * MANY
