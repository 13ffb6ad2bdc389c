"""The columns that a map names, held against those that a history has."""

from __future__ import annotations

from collections.abc import Collection

from postinterview.audit.history.model import Map
from postinterview.core.suggest import closest, help_for, ticked
from postinterview.loading.diagnostics import Diagnostic, Fix, Span

_DELIMITERS = {";": '";"', "\t": "tab", ",": '","', "|": '"|"'}


def check_columns(by: Map, header: tuple[str, ...], file: str) -> tuple[Diagnostic, ...]:
    """What is wrong with the map for a table with this header."""
    found = list(check_names(by, header, file))
    if len(found) == len(by.columns) and len(header) == 1:
        for sign, written in _DELIMITERS.items():
            if sign in header[0] and sign != by.delimiter:
                help = f"its cells seem to be divided otherwise: add `delimiter: {written}` to the map"
                return (_missing(found[0].where, header[0], file, "it has one column", help),)
    for name, where in by.columns.items():
        if header.count(name) > 1:
            at = [str(place) for place, each in enumerate(header, 1) if each == name]
            found.append(
                Diagnostic(
                    code="PI1012",
                    message=f"`{file}` has {len(at)} columns `{name}`",
                    where=where,
                    label=f"which one? they are number {' and '.join(at)}",
                    help="give them names of their own in the header of the history",
                )
            )
    return tuple(sorted(found, key=lambda each: each.where))


def check_names(by: Map, names: Collection[str], file: str) -> tuple[Diagnostic, ...]:
    """The columns of the map that no row has."""
    found = []
    for name, where in by.columns.items():
        if name not in names:
            near = closest(name, names)
            help = help_for(near, names) or f"its columns are {ticked(list(names)[:12], 'and')}"
            fix = Fix(where, near[0]) if near else None
            found.append(_missing(where, name, file, "unknown column", help, fix))
    return tuple(sorted(found, key=lambda each: each.where))


def _missing(where: Span, name: str, file: str, label: str, help: str, fix: Fix | None = None) -> Diagnostic:
    return Diagnostic(
        code="PI1011",
        message=f"`{file}` has no column `{name}`"
        if fix or label != "it has one column"
        else f"`{file}` can't be taken apart",
        where=where,
        label=label,
        help=help,
        fix=fix,
    )
