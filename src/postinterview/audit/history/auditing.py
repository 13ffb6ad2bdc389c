"""Audit a history: read its rows by a map, sort what they claim, and judge the events of each employer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import TypeAlias

from attrs import define, evolve, field

from postinterview.audit.history.act_judging import MOST, Judged
from postinterview.audit.history.audit_findings import LIMIT, Audit, Finding
from postinterview.audit.history.claim_order import ClaimOrder
from postinterview.audit.history.clean_claims import CleanClaims
from postinterview.audit.history.columns import check_columns, check_names
from postinterview.audit.history.lazy_processes import LazyProcesses
from postinterview.audit.history.map_model import Map, Reading, RowClaim, UnknownClaim
from postinterview.audit.history.parts import Part, PartFindings, merge
from postinterview.audit.history.row_reading import RowReader
from postinterview.audit.history.shaped_rows import ShapedRows
from postinterview.audit.short_text import short
from postinterview.audit.sources.opening import HistorySource, open_rows
from postinterview.audit.sources.rows import Row, RowSource, filled_down
from postinterview.core.process import Process
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.moments import EARLIEST, LATEST, in_utc
from postinterview.loading.diagnostics import Diagnostic

ENOUGH = 200
"""The least employers of which it is worth while to learn the steps of clean histories."""

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
    processes: bool = True,
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
        processes: False: the answer holds no processes, which takes less memory.
        step: called at each row.

    Raises:
        MisuseError: there is no `as_of`, or an argument can't be used.
        UnreadableError: the file can't be read.
    """
    until = checked_as_of(by, as_of, limit)
    with open_rows(source, by.settings, name, tuple(by.columns)) as (rows, shown):
        run = PartRun(by, until, shown, PartFindings(limit, is_whole=True), keep, step)
        run.keeps_processes = processes
        whole = merge([run.part(rows)], by)
        return evolve(whole, processes=LazyProcesses(run.processes, run.process_of))


def checked_as_of(by: object, as_of: object, limit: object) -> date | datetime:
    """Return the day or the moment of the export; ``as_of``: what the caller says of it.

    Raises:
        MisuseError: it is not known, or an argument can't be used.
    """
    if not isinstance(by, Map):
        raise MisuseError(f"`{short(repr(by))}` is not a map", "give what load_map returns")
    until = by.as_of if as_of is None else as_of
    if until is None:
        help = "add `as_of: 2026-03-01` to the map, or give as_of="
        raise MisuseError("the day of the export is not known", help)
    if isinstance(until, datetime):
        in_utc(until)
    elif not isinstance(until, date):
        raise MisuseError(f"`as_of` can't be {until!r}", "give the day of the export, as a date")
    elif not EARLIEST.year <= until.year < LATEST.year:
        years = f"{EARLIEST.year} to {LATEST.year - 1}"
        raise MisuseError(f"`as_of` can't be {until}, outside the years {years}", "check the year")
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
        raise MisuseError(f"`limit` can't be {limit!r}", "give a whole number, from 0 on")
    return until


@define
class PartRun:
    """The audit of one part of a history as it goes, or of the whole.

    ``judges_all``: no history is known to be clean without its process. ``keeps_processes``: they are wanted;
    of a clean history, the claims that they can be made of.
    """

    by: Map
    as_of: date | datetime
    name: str
    found: PartFindings
    keep: KeepProcess | None = None
    step: Callable[[], None] = lambda: None
    keeps_processes: bool = False
    judges_all: bool = False
    processes: dict[str, Process | Sequence[RowClaim]] = field(factory=dict)
    _reader: RowReader = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._reader = RowReader(self.by, self.as_of)

    def part(self, source: RowSource) -> Part:
        """Read and sort everything, then judge it employer by employer."""
        wrong: tuple[Diagnostic, ...] = ()
        with ClaimOrder() as order:
            if source.header is not None:
                wrong = check_columns(self.by, source.header, self.name)
            if not wrong:
                self.add_rows(source.rows(), order)
            if source.header is None and source.names:
                wrong = check_names(self.by, source.names, self.name)
            if not wrong:
                self.judge_all(order)
        return self.found.part(self.name, self.as_of, wrong)

    def add_rows(self, rows: Iterable[Row], order: ClaimOrder) -> None:
        """Read every row and add its claims."""
        counts, shaped = self.found.counts, ShapedRows.of(self.by, self.as_of)
        for row in filled_down(rows, self.by.fill_down):
            if row.is_blank:
                counts["blank"] += 1
                continue
            counts["rows"] += 1
            said = None if shaped is None else shaped.read(row)
            if said is None:
                self.add_readings(self._reader.read(row), order)
            else:
                events = len(said.claims)
                counts["readings"] += events + said.nothing
                counts["events"] += events
                counts["nothing"] += said.nothing
                for claim in said.claims:
                    order.add(claim)
            self.step()

    def add_readings(self, found: Sequence[Reading], order: ClaimOrder) -> None:
        """Add all that a row says."""
        counts = self.found.counts
        counts["readings"] += len(found)
        for each in found:
            counts["events" if each.sort == "event" else each.sort] += 1
            if each.finding is not None:
                self.found.add(each.finding)
            if isinstance(each.claim, UnknownClaim) and each.claim.employer is None:
                self.found.add_stray(each.claim, is_doubtful=False)
            elif each.claim is not None:
                order.add(each.claim)
        self._reader.with_hints = len(self.found.kept["unread"]) < self.found.limit

    def judge_all(self, order: ClaimOrder) -> None:
        for claim in order.take_doubtful():
            self.found.add_stray(claim, is_doubtful=True)
        count = 0
        for name in order.names():
            self.found.names.add(name)
            count += 1
        clean = None
        if self.keep is None and count >= ENOUGH and not self.judges_all:
            clean = CleanClaims.of(self._reader)
        for employer, these in order.by_employer():
            if clean is None:
                self.judge(employer, these)
                continue
            some = list(islice(these, MOST + 1))
            if len(some) <= MOST and clean.are_clean(some):
                self.found.add_clean(len(some))
                if self.keeps_processes:
                    self.processes[employer] = some
                continue
            self.judge(employer, chain(some, these))

    def judge(self, employer: str, these: Iterable[RowClaim]) -> None:
        """Judge the claims of one employer by its process."""
        claims = these if self.found.is_whole else list(these)
        made = self._judged(employer, claims)
        self.found.add_judged(made, claims)
        if made.process is None:
            return
        if self.keep is not None:
            if why := self.keep(employer, made.process):
                self.found.add(Finding(kind="not_saved", employer=employer, message=why))
        elif self.keeps_processes:
            self.processes[employer] = made.process

    def process_of(self, employer: str, claims: Iterable[RowClaim]) -> Process:
        """Return the process of a clean history."""
        made = self._judged(employer, claims).process
        assert made is not None  # noqa: S101 - it is clean
        return made

    def _judged(self, employer: str, claims: Iterable[RowClaim]) -> Judged:
        made = Judged(self._reader, employer, self.found.anybodys)
        made.judge(iter(claims))
        return made
