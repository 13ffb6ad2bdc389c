"""Random files of several employers with every kind of dirt, as lines and as record batches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

import postinterview as pi
from postinterview.audit import Audit, Map, audit
from postinterview.audit.bulk import Part, audit_batch, employers
from postinterview.audit.bulk.batches import LINE, batch_of
from postinterview.audit.history.audit_findings import KINDS
from postinterview.audit.sources.opening import open_rows
from tests.audit.exporting import RULES, ZONE, file_of, processes, rows_of
from tests.strategies.hand import Draw, Hand

EMPLOYERS = ("Acme", "ACME, Inc.", "Bär & Söhne", "=cmd()")
DIRT = (
    *("sound",) * 12,
    *("no employer", "hidden", "no date", "no hour", "no such word", "bare", "planned", "torn", "swallowed"),
)


MOSTLY_CLEAN = ("sound",) * 60 + DIRT


@st.composite
def dirty_files(draw: Draw, *, dirt: Sequence[str] = DIRT, in_order: int = 0) -> list[str]:
    """The lines of a CSV file with the header first. ``in_order``: how many of a hundred histories are."""
    hand = Hand(draw)
    rows = []
    for name in EMPLOYERS[: hand.number(1, len(EMPLOYERS))]:
        process = draw(processes(apart=True))
        if hand.chance(in_order):
            process = _in_order(process)
        rows += [{**row, "Company": name} for row in rows_of(process)]
    Random(hand.number(0, 99)).shuffle(rows)  # noqa: S311 - no secret
    spoilt = [hand.one(dirt) for _ in rows]
    for row, what in zip(rows, spoilt, strict=True):
        _spoil(row, what)
    header, *lines = file_of(rows, "csv").decode().split("\r\n")[:-1] if _is_flat(rows) else _lines(rows)
    return [f"{header}\r\n", *(_torn(line, what) for line, what in zip(lines, spoilt, strict=True))]


def _in_order(process: pi.Process) -> pi.Process:
    """The events of a process but for the acts that the rules refuse and the facts that nothing expects."""
    made = RULES.start(process.employer, ZONE.key)
    for placed in process.timeline:
        event = placed.event
        place = None if RULES.definition.events[event.name].employer_wide else event.application
        fields: dict[str, Any] = event.fields
        outcome = made.record(event.name, at=event.at, to=event.to, application=place, **fields)
        if outcome.unexpected or (outcome.verdict is not None and not outcome.verdict.allowed):
            continue
        made = outcome.process
    return made


def _is_flat(rows: list[dict[str, Any]]) -> bool:
    return not any("\n" in str(value) for row in rows for value in row.values())


def _lines(rows: list[dict[str, Any]]) -> list[str]:
    flat = [
        {name: value.replace("\n", " ") if isinstance(value, str) else value for name, value in row.items()}
        for row in rows
    ]
    return file_of(flat, "csv").decode().split("\r\n")[:-1]


def _spoil(row: dict[str, Any], what: str) -> None:
    match what:
        case "no employer":
            row["Company"] = ""
        case "hidden":
            row["Company"] = "Ac\u200bme"
        case "no date":
            row["At"] = ""
        case "no hour":
            row["At"] = row["At"][:10]
        case "no such word":
            row["Event"] = "perhaps"
        case "bare":
            for name in ("interviewers", "topic", "thanks", "channel", "personal_note", "date"):
                row.pop(name, None)
        case "planned":
            row["At"] = "2030-01-01T10:00:00Z"
        case "swallowed":
            row["At"] = "soon"
        case _:
            pass


def _torn(line: str, what: str) -> str:
    return f"{line},one,more\r\n" if what == "torn" else f"{line}\r\n"


def whole(lines: Iterable[str], by: Map, limit: int = 1_000) -> Audit:
    """The audit of the whole file by the exact path, without the processes."""
    return audit(lines, by, name="history", limit=limit, keep=lambda _employer, _process: "")


def batches(lines: Iterable[str], by: Map, parts: int) -> list[pa.RecordBatch]:
    """The rows in so many batches by employer; those of no employer anywhere."""
    with open_rows(lines, by.settings, "history", tuple(by.columns)) as (rows, _):
        batch = batch_of(rows.rows(), by)
    keys = employers(batch, by).to_pylist()
    groups = [
        pa.array([sum(map(ord, key)) % parts == number if key else row % parts == number
                  for row, key in enumerate(keys)], pa.bool_())
        for number in range(parts)
    ]  # fmt: skip
    return [batch.filter(group) for group in groups]


def audited(batch: pa.RecordBatch, by: Map, limit: int = 1_000) -> Part:
    return audit_batch(batch, by, line=LINE, name="history", limit=limit)


def told(made: Audit) -> dict[str, Any]:
    """All that an audit says, but for the processes, and for blank rows, of which a batch has none."""
    counts = made.counts.as_json() | {"blank": 0}
    findings = [made.findings[kind] for kind in KINDS]
    return {"file": made.file, "counts": counts, "found": dict(made.found), "findings": findings}
