"""Stage three, exceptions: the values of an act's fields for which a guard does not apply (``unless``).

A guard of a set is asked for several acts. For an act that lacks the field, or can't have the value, it
always applies. That no act can have it is a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from attrs import define, field

from postinterview.core.rules.definitions import FieldKind
from postinterview.core.values.suggest import help_for
from postinterview.loading import defined_names as n
from postinterview.loading.diagnostics import Span
from postinterview.loading.event_fields import number_in
from postinterview.loading.link_events import EventLinker
from postinterview.loading.nodes import Scalar
from postinterview.loading.records import Record, Section

MOST_VALUES = 50
"""Of one field: more than any exception names, and few enough to compare each act with all of them."""

Value: TypeAlias = str | bool | int | float
Unless: TypeAlias = tuple[tuple[str, tuple[Value, ...]], ...]


@define(eq=False)
class ExceptionLinker:
    """Links exceptions. ``asked``: by guard, the events that it is asked for."""

    events: EventLinker
    asked: dict[Record, list[str]] = field(factory=dict)

    def unless(self, guard: Record, event: str | None) -> Unless:
        """Return the fields and values for which the guard does not apply to the event."""
        if event is None:
            return ()
        self.asked.setdefault(guard, []).append(event)
        found = []
        for name, _, nodes in _section(guard):
            for declared in self._declared([event], name):
                values = [
                    value for node in nodes[:MOST_VALUES] if (value := _value(declared, node)) is not None
                ]
                if values:
                    found.append((name, tuple(values)))
        return tuple(found)

    def report_impossible(self) -> None:
        """Report the fields and values that no act can have for which the guard is asked."""
        for guard, events in self.asked.items():
            if not all(event in self.events.events for event in events):
                continue
            for name, key, nodes in _section(guard):
                declared = list(
                    {(each.type, each.choices): each for each in self._declared(events, name)}.values()
                )
                if len(nodes) > MOST_VALUES:
                    self._report_many(nodes[MOST_VALUES], name)
                elif not declared:
                    self.events.names.name(n.field_of(events[0]), key)
                elif all(each.type in ("date", "people") for each in declared):
                    self._report_type(key, declared[0])
                else:
                    for node in nodes:
                        if all(_value(each, node) is None for each in declared):
                            self._report_value(node, declared[0])

    def _report_many(self, node: Scalar, name: str) -> None:
        self.events.names.report.add(
            "PI416",
            node,
            f"more than {MOST_VALUES} values of `{name}` are exceptions",
            "counted up to here",
            "name fewer, or let a field of type `bool` say it",
        )

    def _declared(self, events: list[str], name: str) -> list[FieldKind]:
        kinds = [self.events.events[event] for event in events if event in self.events.events]
        return [kind.fields[name] for kind in kinds if name in kind.fields]

    def _report_type(self, key: Scalar, field: FieldKind) -> None:
        said = "names people" if field.type == "people" else "is a date"
        self.events.names.report.add(
            "PI413",
            key,
            f"`unless` can't ask for `{field.name}`, which {said}",
            "only fields of the types choice, bool, number and text are compared",
            "name a field of another type",
            others=((Span.at(field.origin, field.name), "the field"),),
        )

    def _report_value(self, node: Scalar, field: FieldKind) -> None:
        report = self.events.names.report
        found = report.guesses.closest(node.text, field.choices)
        known = field.choices or ("true", "false")
        help = "write a number, such as `3`" if field.type == "number" else help_for(found, known)
        report.add(
            "PI412",
            node,
            f"`{field.name}` is never `{node.text}`",
            "no act carries this value",
            help,
            instead=found[0] if found else None,
            others=((Span.at(field.origin, field.name), "the field"),),
        )


def _section(guard: Record) -> Iterator[tuple[str, Scalar, tuple[Scalar, ...]]]:
    section: Section = guard.get("unless") or Section()
    for name, key, nodes in section:
        yield name, key, nodes or ()


def _value(declared: FieldKind, node: Scalar) -> Value | None:
    """Return the value as the field's type has it; None if the field can't have it."""
    value: Value | None = node.text
    if declared.type == "bool":
        value = {"true": True, "false": False}.get(node.text)
    elif declared.type == "number":
        value = number_in(node.text)
    return value if value is not None and declared.takes(value) else None
