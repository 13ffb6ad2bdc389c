"""The states of a transition table, and what is said of a name that it does not have."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from postinterview.audit.table.table_schema import ANY
from postinterview.loading.diagnostics import Span
from postinterview.loading.nodes import Node, Scalar
from postinterview.loading.report import Report
from postinterview.loading.schema import Table
from postinterview.loading.unknown_names import find


class Known:
    """The states that a table has: those that it lists, or else all that its edges name.

    ``names``: in the order of the file.
    """

    def __init__(self, report: Report, listed: tuple[Scalar, ...] | None) -> None:
        self._report = report
        self._listed = listed is not None
        self._missed: set[str] = set()
        self.names: dict[str, Scalar] = {}
        for each in listed or ():
            self._add(each)

    def mention(self, node: Scalar) -> None:
        """Take a state that an edge names, or report it where it is not listed."""
        if node.text in self.names:
            return
        if self._listed:
            self.check(node)
        else:
            self._add(node)

    def check(self, node: Scalar) -> None:
        """Report a state that there is not; the same name once."""
        if node.text not in self.names and node.text not in self._missed:
            self._missed.add(node.text)
            hint = "add it to `states`" if self._listed else "no edge names such a state"
            find_in_table(self._report, node, "state", self.names, hint)

    def _add(self, node: Scalar) -> None:
        if node.text == ANY:
            self._report.add(
                "PI116",
                node,
                f"`{ANY}` can't be the name of a state",
                "this word stands for all states, after `from`",
                "name the one state; write an edge for each where there are several",
            )
        self.names[node.text] = node


def find_in_table(
    report: Report, node: Scalar, noun: str, known: Mapping[str, Node] | Collection[str], hint: str
) -> str | None:
    """Return the name in ``node`` if the table has it; otherwise report it and return None."""
    label = f"no {noun} of the table has this name"
    return find(report, node, known, code="PI855", noun=noun, label=label, hint=hint)


def add_missing(report: Report, node: Node, table: Table, name: str, more: str = "") -> None:
    """Report a key that must be there, at the first character of what lacks it."""
    span = node.span
    where = Span(span.file, span.line, span.column, span.line, span.column + 1)
    help = f"add something like `{table.keys[name].example}`" + (f", {more}" if more else "")
    message = f"{table.noun} needs `{name}`"
    report.add("PI102", where, f"`{name}` is missing", message, help, path=report.path(node))
