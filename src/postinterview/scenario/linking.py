"""A scenario file's records against a rulebook: every name looked up, every value given its type.

A misspelt name is a diagnostic with its line, so that a step never fails, or passes, for its spelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from attrs import define, frozen

from postinterview.core.definitions import Definition, EventKind, Origin
from postinterview.core.events import Value
from postinterview.loading.diagnostics import Diagnostic, Label, Span
from postinterview.loading.nodes import Node, Scalar
from postinterview.loading.nodes import Mapping as MappingNode
from postinterview.loading.records import Record
from postinterview.loading.report import Report, span_of
from postinterview.loading.shape import Shape
from postinterview.loading.suggest import closest, help_for
from postinterview.loading.values import Fault
from postinterview.scenario import expecting
from postinterview.scenario.model import (
    ANY_EMPLOYER,
    EventStep,
    RetractStep,
    Scenario,
    StateWanted,
    Step,
    UnknownStep,
    Wanted,
)
from postinterview.scenario.reading import Reading, Written, start_of
from postinterview.scenario.times import read_moment
from postinterview.scenario.values import LEFT_OUT, read_field


@frozen
class Linked:
    """The scenarios of a file, or none where there is an error; and all that was found in it."""

    scenarios: tuple[Scenario, ...]
    diagnostics: tuple[Diagnostic, ...]


def link(reading: Reading, definition: Definition) -> Linked:
    """Look up every name of the file in the rulebook, and check what is expected of each step."""
    shape = reading.shape
    if shape is None:
        return Linked((), reading.diagnostics)
    scenarios = tuple(_Linker(definition, shape, written).scenario() for written in reading.scenarios)
    if reading.findings.has_errors:
        scenarios = ()
    return Linked(scenarios, reading.diagnostics)
