"""The states of a transition table, and reports of names that the table does not have."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from postinterview.audit.table.table_schema import ANY
from postinterview.loading.nodes import Node, Scalar
from postinterview.loading.report import Report
from postinterview.loading.unknown_names import find


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
