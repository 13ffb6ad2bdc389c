"""Random processes under the packaged rules, and what a tracker would export of them."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

import postinterview as pi
from postinterview.audit import Map, load_map
from tests.strategies.hand import Draw, Hand

RULES = pi.load_rulebook()
ZONE = ZoneInfo("America/New_York")
PEOPLE = ("ana", "bo; the boss", 'C "C" C', "dé,e")
EMPLOYERS = ("Acme", "Bär & Söhne", "=cmd()", "'); drop table claims; --")
GAPS = tuple(timedelta(minutes=minutes) for minutes in (0, 1, 90, 26 * 60, 8 * 24 * 60, 40 * 24 * 60))
COLUMNS = ("Company", "Role", "Event", "At", "To", *dict.fromkeys(
    name for kind in RULES.definition.events.values() for name in kind.fields
))  # fmt: skip
Form: TypeAlias = Literal["csv", "jsonl", "json", "xlsx", "sqlite"]


@st.composite
def processes(draw: Draw, *, employer: str = "Acme", apart: bool = False) -> pi.Process:
    """What happened with one employer: facts and acts, allowed or not. ``apart``: no two at one moment."""
    hand = Hand(draw)
    process = RULES.start(employer, ZONE.key)
    at = datetime(2026, 1, 5, 14, 30, tzinfo=UTC)
    roles = hand.one((("main",), ("backend", "data")))
    for _ in range(draw(st.integers(0, 9))):
        at += hand.one(GAPS[1:] if apart else GAPS)
        kind = RULES.definition.events[hand.one(tuple(RULES.definition.events))]
        fields: dict[str, Any] = {
            name: _value(hand, field.type, field.choices, at)
            for name, field in kind.fields.items()
            if field.type in ("bool", "text")  # what an act lacks, its row leaves open
            or not (field.optional or kind.is_act)
            or hand.one((True, True, False))
        }
        to = hand.one(PEOPLE) if kind.to_person else None
        role = None if kind.employer_wide or roles == ("main",) else hand.one(roles)
        process = process.record(kind.name, at=at, to=to, application=role, **fields).process
    return process


def _value(hand: Hand, kind: str, choices: tuple[str, ...], at: datetime) -> Any:
    match kind:
        case "people":
            return [person for person in PEOPLE if hand.one((True, False))] or ["ana"]
        case "date":
            return at.date() + timedelta(days=hand.one((-1, 0, 3, 9)))
        case "bool":
            return hand.one((True, False))
        case "choice":
            return hand.one(choices)
        case _:
            return hand.one(("a\ntext", "with, commas", "ünï", " padded"))


def rows_of(process: pi.Process) -> list[dict[str, Any]]:
    """A row for each event."""
    return [
        {
            "Company": process.employer,
            "Role": placed.event.application,
            "Event": placed.name,
            "At": placed.at.astimezone(ZONE).isoformat(),
            "To": placed.event.to,
            **placed.event.fields,
        }
        for placed in process.timeline
    ]


def file_of(rows: list[dict[str, Any]], form: Form) -> bytes:
    """The rows as a tracker would write them."""
    if form == "jsonl":
        return "".join(f"{json.dumps(row, default=_plain)}\n" for row in rows).encode()
    if form == "json":
        return json.dumps({"made": "2029-01-01", "rows": rows, "none": []}, default=_plain, indent=1).encode()
    if form == "xlsx":
        return workbook([COLUMNS, *([_cell(row.get(name)) for name in COLUMNS] for row in rows)])
    if form == "sqlite":
        return database([[_plain_cell(row.get(name)) for name in COLUMNS] for row in rows])
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue().encode()


def workbook(rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook with one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        cells = [WriteOnlyCell(sheet, value) for value in row]
        for cell in cells:
            cell.data_type = (
                "s" if isinstance(cell.value, str) else cell.data_type
            )  # a text may begin with `=`
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def database(rows: Iterable[Sequence[object]], columns: Sequence[str] = COLUMNS) -> bytes:
    """A database with one table."""
    with closing(sqlite3.connect(":memory:")) as made:
        names = ", ".join(f'"{name}"' for name in columns)
        made.execute(f"create table jobs ({names})")
        made.executemany(f"insert into jobs values ({', '.join('?' * len(columns))})", rows)  # noqa: S608
        made.commit()
        return made.serialize()


def _plain_cell(value: object) -> object:
    cell = _cell(value)
    return cell.isoformat() if isinstance(cell, date) else cell


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else list(value)  # type: ignore[call-overload]


def _cell(value: object) -> object:
    if isinstance(value, tuple):
        return "|".join(value)
    return {True: "TRUE", False: "FALSE"}.get(value, value) if isinstance(value, bool) else value


@cache
def whole_map(form: Form, *, unknown: tuple[str, ...] = ()) -> Map:
    """A map of all that `file_of` writes. ``unknown``: events that the history does not keep."""
    entries = {}
    for name, kind in RULES.definition.events.items():
        if name in unknown:
            continue
        entry: dict[str, Any] = {"event": name, "when": {"Event": name}, "at": "At"}
        if kind.to_person:
            entry["to"] = {"column": "To"}
        if kind.fields:
            entry["with"] = {
                field: {"column": field, **({"split": "|"} if each.type == "people" else {})}
                for field, each in kind.fields.items()
            }
        entries[name] = entry
    head = {
        "format": "1",
        "kind": form,
        "timezone": ZONE.key,
        "dates": ["iso"],
        "time": "12:00",
        "as_of": "2029-01-01",
        "employer": "Company",
        "application": "Role",
    }
    left_open = {"unknown": list(unknown)} if unknown else {}
    return load_map(text=json.dumps({**head, "read": entries, **left_open}), rulebook=RULES)
