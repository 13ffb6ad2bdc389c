"""Compare the columns that a map names with those that a history has."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from attrs import evolve

from postinterview.audit.history.map_model import FromColumn, Map
from postinterview.audit.short_text import short
from postinterview.core.values.suggest import closest, help_for, ticked
from postinterview.loading.diagnostics import Diagnostic, Fix

_DELIMITERS = {";": '";"', "\t": "tab", ",": '","', "|": '"|"'}


def check_columns(by: Map, header: tuple[str, ...], file: str) -> tuple[Diagnostic, ...]:
    """Return the columns of the map that are missing from a header, or in it twice."""
    found = list(_absent(by, by.columns, header, file))
    if len(found) == len(by.columns) and len(header) == 1:
        for sign, written in _DELIMITERS.items():
            if sign in header[0] and sign != by.settings.delimiter:
                message, label = f"`{file}` can't be split into cells", "it has one column"
                help = f"the cells are separated by another character: add `delimiter: {written}` to the map"
                return (evolve(found[0], message=message, label=label, help=help, fix=None),)
    for name, where in by.columns.items():
        if header.count(name) > 1:
            at = [str(place) for place, each in enumerate(header, 1) if each == name]
            message = f"`{file}` has {len(at)} columns `{short(name)}`"
            label = f"which one? they are number {' and '.join(at)}"
            help = "give each its own name in the header of the history"
            found.append(Diagnostic(code="PI1012", message=message, where=where, label=label, help=help))
    return tuple(sorted(found, key=lambda each: each.where))


def check_names(by: Map, names: Collection[str], file: str) -> tuple[Diagnostic, ...]:
    """Return the columns of the map that no row of JSON Lines has, but for optional fields of events."""
    return _absent(by, [name for name in by.columns if name in _wanted(by)], names, file)


def _wanted(by: Map) -> set[str | None]:
    """Return the columns that say the employer, the event, its date, or its person."""
    wanted: set[str | None] = {by.employer, by.application, by.timezone_column, by.year_column}
    for entry in by.entries:
        wanted |= {*entry.at, entry.count, *(column for column, _ in entry.when)}
        wanted |= {entry.to.column} if isinstance(entry.to, FromColumn) else set()
    return wanted


def _absent(by: Map, wanted: Iterable[str], names: Collection[str], file: str) -> tuple[Diagnostic, ...]:
    found = []
    for name in wanted:
        where = by.columns[name]
        if name not in names:
            near = closest(name, names)
            help = (
                help_for(tuple(map(short, near)), map(short, names))
                or f"its columns are {ticked(map(short, list(names)[:12]), 'and')}"
            )
            fix = Fix(where, near[0]) if near else None
            message, label = f"`{file}` has no column `{short(name)}`", "unknown column"
            found.append(
                Diagnostic(code="PI1011", message=message, where=where, label=label, help=help, fix=fix)
            )
    return tuple(sorted(found, key=lambda each: each.where))
