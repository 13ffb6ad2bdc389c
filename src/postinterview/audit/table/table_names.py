"""The names of a transition table: its states, and which of its edges are contacts and where it says so."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from attrs import define, field

from postinterview.audit.graph import Tagged
from postinterview.audit.table.table_schema import ANY
from postinterview.loading.nodes import Node, Scalar
from postinterview.loading.records import Record
from postinterview.loading.report import Report
from postinterview.loading.unknown_names import find

_EDGE = re.compile(r"(.*?)\s*->\s*(.*)\Z", re.DOTALL)


class TableStates:
    """The states that a table lists under `states`; without such a list, all states that its edges name.

    ``names``: in the order of the file, each with its first place.
    """

    def __init__(self, report: Report, listed: tuple[Scalar, ...] | None) -> None:
        self._report = report
        self._is_listed = listed is not None
        self._reported: set[str] = set()
        self.names: dict[str, Scalar] = {}
        for each in listed or ():
            self._add(each)

    def mention(self, node: Scalar) -> None:
        """Add a state that an edge names, or report it if there is a list without it."""
        if self._is_listed:
            self.check(node)
        elif node.text not in self.names:
            self._add(node)

    def check(self, node: Scalar) -> None:
        """Report a state that the table does not have; each name once."""
        if node.text not in self.names and node.text not in self._reported:
            self._reported.add(node.text)
            hint = "add it to `states`" if self._is_listed else "no edge names such a state"
            find_in_table(self._report, node, "state", self.names, hint)

    def _add(self, node: Scalar) -> None:
        if node.text == ANY:
            label = "after `from` this word means all states"
            help = "name one state; write an edge for each if there are several"
            self._report.add("PI116", node, f"`{ANY}` can't be the name of a state", label, help)
        self.names[node.text] = node


def find_in_table(
    report: Report, node: Scalar, noun: str, known: Mapping[str, Node] | Collection[str], hint: str
) -> str | None:
    """Return the name in ``node`` if the table has it; otherwise report it and return None."""
    label = f"no {noun} of the table has this name"
    return find(report, node, known, code="PI855", noun=noun, label=label, hint=hint)


@define(eq=False)
class Contacts:
    """The keys `contacts` and `contact` of a table. ``listed``: the list of contacts, if there is one."""

    report: Report
    listed: tuple[Scalar, ...] | None = None
    record: Record | None = None
    _events: dict[str, Scalar] = field(factory=dict)
    _pairs: dict[tuple[str, str], Scalar] = field(factory=dict)
    _default: bool | None = None

    def look_up(self, states: Collection[str], events: Mapping[str, Scalar]) -> None:
        """Look up what the list names among the events and states of the table, and report its faults."""
        self._default = None if self.record is None else self.record.get("contact")
        if self.record is not None and self.listed is not None and self._default is not None:
            self.report.add(
                "PI854",
                self.record.key_of("contact"),
                "two keys say whether the other edges are contacts",
                "with `contacts`, all other edges are not contacts",
                "delete this line",
                others=((self.record.key_of("contacts"), "the list"),),
            )
        for node in self.listed or ():
            match = _EDGE.match(node.text)
            if match is None or node.text in events:
                self._look_up_event(node, states, events)
            else:
                self._look_up_edge(node, match[1], match[2], states)

    def classify(
        self, source: str, target: str, event: Scalar | None, own: bool | None, where: Scalar
    ) -> tuple[bool, Tagged]:
        """Return whether an edge is a contact, and where the table says so. ``own``: its own `contact`."""
        if own is None and self.listed is None:
            return (True, "nobody") if self._default is None else (self._default, "default")
        listed = self._events.get(event.text) if event else None
        for pair in ((source, target), (ANY, target), (source, ANY)) if self._pairs else ():
            listed = listed or self._pairs.get(pair)
        if own is None:
            return listed is not None, "contacts"
        if listed is not None and not own:
            named = f"`{event.text}`" if event else "this edge"
            message = f"`contacts` names {named}, which has `contact: false`"
            label = "this edge says `contact: false`"
            help = "delete one of the two"
            self.report.add("PI854", event or where, message, label, help, others=((listed, "named here"),))
        return own, "edge"

    def _look_up_event(self, node: Scalar, states: Collection[str], events: Mapping[str, Scalar]) -> None:
        if node.text in events:
            self._events[node.text] = node
        elif node.text in states:
            message = f"`{node.text}` is a state, and contacts are events or edges"
            help = f"write `{ANY} -> {node.text}` for the edges to it"
            self.report.add("PI855", node, message, "a state", help, instead=f'"{ANY} -> {node.text}"')
        else:
            hint = "write an event that an edge names, or `from -> to`"
            find_in_table(self.report, node, "event", events, hint)

    def _look_up_edge(self, node: Scalar, source: str, target: str, states: Collection[str]) -> None:
        for name in (source, target):
            if name != ANY and name not in states:
                close = self.report.guesses.closest(name, states)
                message = f"unknown state `{name}`" if name else "this edge has only one end"
                label = "no state of the table has this name" if name else "a state is missing"
                help = f"did you mean `{close[0]}`?" if close else f"write it as `waiting -> {ANY}`"
                self.report.add("PI855", node, message, label, help)
                return
        self._pairs[source, target] = node
