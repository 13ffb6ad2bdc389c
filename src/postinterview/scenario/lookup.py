"""Names in a scenario, looked up in a rulebook."""

from __future__ import annotations

from collections.abc import Mapping

from postinterview.core.definitions import Origin
from postinterview.core.suggest import closest, help_for
from postinterview.loading.diagnostics import Diagnostic, Fix, Label, Span
from postinterview.loading.nodes import Scalar
from postinterview.loading.report import Report, span_of


def find(
    report: Report, node: Scalar, known: Mapping[str, Origin | None], *, code: str, noun: str, label: str = ""
) -> str | None:
    """The name that ``node`` says, or None, reported with the names that come close.

    ``known``: each name and where the rules define it.
    """
    name = node.text
    if name in known:
        return name
    found = closest(name, known)
    where = span_of(node)
    defined = known[found[0]] if found else None
    report.findings.add(
        Diagnostic(
            code=code,
            message=f"unknown {noun} `{name}`",
            where=where,
            path=report.path(node),
            label=label or f"the rules have no {noun} of this name",
            others=() if defined is None else (defined_at(defined, found[0], "closest name, defined here"),),
            help=help_for(found, known) or ("look the name up in the rules" if known else "delete it"),
            fix=Fix(where, found[0]) if found else None,
        )
    )
    return None


def defined_at(origin: Origin, name: str, text: str) -> Label:
    """A label at the place in the rules where a name is defined."""
    end = origin.column + len(name)
    return Label(Span(origin.file, origin.line, origin.column, origin.line, end), text)
