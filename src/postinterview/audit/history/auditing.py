"""Audit a history: read its rows by a map, sort what they claim, and judge the events of each employer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TypeAlias

from attrs import define, field, fields

from postinterview.audit.history.act_judging import Judged
from postinterview.audit.history.audit_findings import KINDS, LIMIT, Audit, Counts, Finding, FindingKind
from postinterview.audit.history.claim_order import ClaimOrder
from postinterview.audit.history.columns import check_columns, check_names
from postinterview.audit.history.map_model import Map, UnknownClaim
from postinterview.audit.history.row_reading import RowReader
from postinterview.audit.short_text import short
from postinterview.audit.sources.opening import HistorySource, open_rows
from postinterview.audit.sources.rows import Row, RowSource, filled_down
from postinterview.core.errors import MisuseError
from postinterview.core.frozen_mapping import FrozenMapping
from postinterview.core.moments import EARLIEST, LATEST, in_utc
from postinterview.core.process import Process
from postinterview.core.suggest import ticked
from postinterview.loading.diagnostics import Diagnostic

KeepProcess: TypeAlias = Callable[[str, Process], str]
"""Keeps a process under its employer's name; returns why it can't, or an empty text."""


def audit(
    source: HistorySource | Iterable[str],
    by: Map,
    *,
    as_of: date | datetime | None = None,
    name: str = "",
    limit: int = LIMIT,
    keep: KeepProcess | None = None,
    step: Callable[[], None] = lambda: None,
) -> Audit:
    """Judge a history by a map.

    Args:
        source: the path of a file (CSV, JSON, JSON Lines, XLSX, SQLite), a file open for reading bytes, or
            lines of text.
        by: the map.
        as_of: the day or the moment of the export; by default the map's `as_of`. A day ends at midnight in
            each employer's time zone; a moment has a zone.
        name: the name of the history in findings; by default the path.
        limit: how many findings of each kind are kept. All are counted.
        keep: takes each process as it is made; the answer then holds none of them.
        step: called at each row.

    Raises:
        MisuseError: there is no `as_of`, or an argument can't be used.
        UnreadableError: the file can't be read.
    """
    until = by.as_of if as_of is None and isinstance(by, Map) else as_of
    if until is None and isinstance(by, Map):
        help = "add `as_of: 2026-03-01` to the map, or give as_of="
        raise MisuseError("the day of the export is not known", help)
    _check(by, until, limit)
    with open_rows(source, by.settings, name, tuple(by.columns)) as (rows, shown):
        return _Run(by, until, shown, limit, keep, step).audit(rows)


def _check(by: object, until: object, limit: object) -> None:
    """Raise a MisuseError for an argument that can't be used."""
    if not isinstance(by, Map):
        raise MisuseError(f"`{short(repr(by))}` is not a map", "give what load_map returns")
    if isinstance(until, datetime):
        in_utc(until)
    elif not isinstance(until, date):
        raise MisuseError(f"`as_of` can't be {until!r}", "give the day of the export, as a date")
    elif not EARLIEST.year <= until.year < LATEST.year:
        years = f"{EARLIEST.year} to {LATEST.year - 1}"
        raise MisuseError(f"`as_of` can't be {until}, outside the years {years}", "check the year")
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
        raise MisuseError(f"`limit` can't be {limit!r}", "give a whole number, from 0 on")


@define
class _Run:
    """An audit as it goes: what it was asked, and what it has found. All findings are counted."""

    by: Map
    as_of: date | datetime
    name: str
    limit: int
    keep: KeepProcess | None
    step: Callable[[], None]
    found: Counter[FindingKind] = field(factory=Counter)
    kept: dict[FindingKind, list[Finding]] = field(factory=lambda: {kind: [] for kind in KINDS})
    counts: Counter[str] = field(factory=Counter)
    processes: dict[str, Process] = field(factory=dict)

    def add(self, finding: Finding) -> None:
        """Count a finding, and keep it if it is among the first ``limit`` of its kind."""
        self.found[finding.kind] += 1
        if len(self.kept[finding.kind]) < self.limit:
            self.kept[finding.kind].append(finding)

    def audit(self, source: RowSource) -> Audit:
        """Read and sort everything, then judge it employer by employer."""
        reader = RowReader(self.by, self.as_of)
        wrong: tuple[Diagnostic, ...] = ()
        with ClaimOrder() as order:
            if source.header is not None:
                wrong = check_columns(self.by, source.header, self.name)
            anybodys = {} if wrong else self.add_rows(source.rows(), reader, order)
            if source.header is None and source.names:
                wrong = check_names(self.by, source.names, self.name)
            if not wrong:
                self.judge_all(reader, order, anybodys)
        return Audit(
            file=self.name,
            counts=Counts(**{each.name: self.counts[each.name] for each in fields(Counts)}),
            found=FrozenMapping({kind: self.found[kind] for kind in KINDS}),
            findings=FrozenMapping({kind: tuple(self.kept[kind]) for kind in KINDS}),
            processes=FrozenMapping(self.processes),
            diagnostics=wrong,
        )

    def add_rows(self, rows: Iterable[Row], reader: RowReader, order: ClaimOrder) -> dict[str, None]:
        """Read every row and add its claims; return the events that may have happened with any employer."""
        anybodys: dict[str, None] = {}
        for row in filled_down(rows, self.by.fill_down):
            if row.is_blank:
                self.counts["blank"] += 1
                continue
            found = reader.read(row)
            self.counts["rows"] += 1
            self.counts["readings"] += len(found)
            for each in found:
                self.counts["events" if each.sort == "event" else each.sort] += 1
                if each.finding is not None:
                    self.add(each.finding)
                if isinstance(each.claim, UnknownClaim) and each.claim.employer is None:
                    anybodys |= dict.fromkeys(each.claim.of)
                elif each.claim is not None:
                    order.add(each.claim)
            reader.with_hints = len(self.kept["unread"]) < self.limit
            self.step()
        return anybodys

    def judge_all(self, reader: RowReader, order: ClaimOrder, anybodys: dict[str, None]) -> None:
        for claim in order.take_doubtful():
            anybodys |= dict.fromkeys(claim.of)
        if anybodys:
            more = f" and {len(anybodys) - 3} more" if len(anybodys) > 3 else ""
            events = ticked(list(anybodys)[:3], "and") + more
            message = (
                f"rows without an employer may be about any, so in each process {events} count as unknown"
            )
            help = (
                "correct those rows, or read them as nothing; acts that they could make right are undecided"
            )
            self.add(Finding(kind="hint", message=message, help=help))
        for employer, claims in order.by_employer():
            made = Judged(reader, employer, tuple(anybodys))
            made.judge(claims)
            for finding in made.findings:
                self.add(finding)
            self.counts["recorded"] += made.recorded
            if made.process is None:
                continue
            self.counts["processes"] += 1
            if self.keep is None:
                self.processes[employer] = made.process
            elif why := self.keep(employer, made.process):
                self.add(Finding(kind="not_saved", employer=employer, message=why))
        for names in order.alike():
            message = f"{ticked(names, 'and')} may be one employer; the audit takes them for {len(names)}"
            help = "contacts are counted per employer: write the name in one way"
            self.add(Finding(kind="hint", employer=names[0], message=message, help=help))
