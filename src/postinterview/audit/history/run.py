"""An audit: the rows of a history by a map, put in order, recorded, and judged."""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from typing import IO, TypeAlias, cast

from attrs import define, field

from postinterview.audit.history.claim_order import Spool
from postinterview.audit.history.claims import Reader
from postinterview.audit.history.columns import check_columns, check_names
from postinterview.audit.history.findings import KINDS, LIMIT, Audit, Collector, Counts, Finding, Kind
from postinterview.audit.history.judging import judge
from postinterview.audit.history.model import BadRow, Claim, Map, ReadingOf, Row, Sort
from postinterview.audit.history.rows import LONGEST, Objects, Table
from postinterview.core.errors import MisuseError
from postinterview.core.moments import FIRST, LAST, in_utc
from postinterview.core.process import Process
from postinterview.core.suggest import ticked
from postinterview.files import UnreadableError
from postinterview.loading.diagnostics import Diagnostic

Source: TypeAlias = str | os.PathLike[str] | IO[bytes]
Kept: TypeAlias = Callable[[str, Process], str]
"""Takes a process under its employer's name; answers why it can't be kept, or nothing."""

_JSON = (".jsonl", ".ndjson")


def audit(
    source: Source | Iterable[str],
    by: Map,
    *,
    as_of: date | datetime | None = None,
    name: str = "",
    limit: int = LIMIT,
    keep: Kept | None = None,
    step: Callable[[], None] = lambda: None,
) -> Audit:
    """Judge a history by a map.

    ``source``: the path of a CSV or JSON Lines file, a file open for reading bytes, or its lines. ``as_of``:
    the day it was exported, else the map's. ``limit``: how many findings of each kind are kept; all are
    counted. ``keep`` is given each process as it is made, which the answer then does not hold. ``step`` is
    called at each row.

    Raises:
        MisuseError: nobody says until when the history reaches, or the source can't be one.
        UnreadableError: the file can't be read.
    """
    until = by.as_of if as_of is None and isinstance(by, Map) else as_of
    if until is None and isinstance(by, Map):
        raise MisuseError(
            "nobody says until when the history reaches", "add `as_of:` to the map with the day of the export"
        )
    _check(by, until, limit)
    with _opened(source, by) as (lines, shown):
        return _Run(by, until, name or shown, limit, keep, step).audit(lines, shown)


def _check(by: object, until: object, limit: object) -> None:
    """Refuse what can't mean anything."""
    if not isinstance(by, Map):
        raise MisuseError(f"`{by!r}` is no map", "give what load_map answers with")
    if isinstance(until, datetime):
        in_utc(until)
    elif not isinstance(until, date):
        raise MisuseError(f"`as_of` can't be {until!r}", "give the day of the export, as a date")
    elif not FIRST.year <= until.year < LAST.year:
        years = f"{FIRST.year} to {LAST.year - 1}"
        raise MisuseError(f"`as_of` can't be {until}, outside the years {years}", "check the year")
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
        raise MisuseError(f"`limit` can't be {limit!r}", "give a whole number, from 0 on")


@contextmanager
def _opened(source: object, by: Map) -> Iterator[tuple[Iterable[str], str]]:
    """The lines of the source, each cut where it is no line any more."""
    if isinstance(source, str | os.PathLike):
        shown = os.fspath(source)
        try:
            opened = open(shown, "rb")  # noqa: PTH123, SIM115 - as `files` does; closed below
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UnreadableError(shown, f"`{shown}` can't be read", reason) from None
        with opened, closing(_lines(opened, by, shown)) as lines:
            yield lines, shown
    elif hasattr(source, "read"):
        file = cast("IO[bytes]", source)
        shown = str(getattr(file, "name", "")) or "<file>"
        with closing(_lines(file, by, shown)) as lines:
            yield lines, shown
    elif isinstance(source, bytes) or not isinstance(source, Iterable):
        raise MisuseError(f"`{source!r}` is no history", "give a path, a file that is open, or its lines")
    else:
        yield cast("Iterable[str]", source), "<rows>"


def _lines(file: IO[bytes], by: Map, shown: str) -> Generator[str, None, None]:
    """The lines with their ends. One that is too long is cut, and what comes behind the cut left out."""
    errors = "surrogateescape" if by.encoding == "utf-8-sig" else "replace"
    try:
        if not isinstance(file.read(0), bytes):
            raise MisuseError(f"`{shown}` is open as text", 'open it as bytes, with "rb"')
        text = io.TextIOWrapper(
            cast("io.BufferedReader", file), encoding=by.encoding, errors=errors, newline=""
        )
    except OSError as error:
        raise _unreadable(shown, error) from None
    try:
        while line := text.readline(LONGEST):
            yield line
            while len(line) >= LONGEST and not line.endswith(("\n", "\r")):
                line = text.readline(LONGEST)
    except UnicodeError as error:
        raise UnreadableError(shown, f"`{shown}` is not written in {by.encoding}", str(error)) from None
    except OSError as error:
        raise _unreadable(shown, error) from None
    finally:
        text.detach()


def _unreadable(shown: str, error: OSError) -> UnreadableError:
    return UnreadableError(shown, f"`{shown}` can't be read", error.strerror or str(error))


@define
class _Run:
    by: Map
    as_of: date | datetime
    name: str
    limit: int
    keep: Kept | None
    step: Callable[[], None]
    collector: Collector = field(init=False)
    sorts: Counter[Sort] = field(factory=Counter)
    rows: int = 0
    blank: int = 0
    readings: int = 0
    recorded: int = 0
    judged: int = 0
    processes: dict[str, Process] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.collector = Collector(self.limit)

    def audit(self, lines: Iterable[str], shown: str) -> Audit:
        """Read everything, put it in order, and judge it."""
        reader = Reader(self.by, self.as_of)
        json = self.by.kind == "jsonl" or (self.by.kind is None and shown.lower().endswith(_JSON))
        with Spool() as spool:
            if json:
                objects = Objects(lines, tuple(self.by.columns))
                nobody = self.spool(objects.rows(), reader, spool)
                wrong = check_names(self.by, objects.names, self.name) if objects.names else ()
                self.blank = objects.blank
            else:
                table = Table(lines, self.by.delimiter, self.by.skip_lines)
                why = table.read_header()
                if why:
                    raise UnreadableError(shown, f"`{self.name}`: {why}", table.help)
                wrong = check_columns(self.by, table.header, self.name)
                nobody = {} if wrong else self.spool(table.rows(), reader, spool)
                self.blank = table.blank
            if not wrong:
                self.judge_all(reader, spool, nobody)
        return self.answer(wrong)

    def judge_all(self, reader: Reader, spool: Spool, nobody: dict[str, None]) -> None:
        everywhere = self.doubtful(spool, nobody)
        for employer, claims in spool.by_employer():
            self.judge(reader, employer, claims, everywhere)
        for names in spool.alike():
            message = f"{ticked(names, 'and')} may be one employer; here they are {len(names)}"
            help = "contacts are counted per employer: write each one's name one way"
            self.collector.add(Finding(kind="hint", employer=names[0], message=message, help=help))

    def spool(self, rows: Iterable[Row | BadRow], reader: Reader, spool: Spool) -> dict[str, None]:
        """Read every row, and put what it claims into the spool; answers what may be anybody's."""
        nobody: dict[str, None] = {}
        for row in rows:
            self.rows += 1
            found = reader.read(row)
            self.readings += len(found)
            for each in found:
                self.sorts[each.sort] += 1
                if each.sort in ("unread", "unknown", "planned"):
                    self.note(each)
                if each.claim is None:
                    continue
                if each.claim.employer is None:
                    nobody |= dict.fromkeys(each.claim.of)
                else:
                    spool.add(each.claim)
            reader.helpful = self.collector.has_room("unread")
            self.step()
        return nobody

    def note(self, each: ReadingOf) -> None:
        self.collector.add(
            Finding(
                kind=cast("Kind", each.sort),
                line=each.line,
                employer=each.employer,
                event=each.event,
                column=each.column,
                message=each.why,
                help=each.help,
            )
        )

    def doubtful(self, spool: Spool, nobody: dict[str, None]) -> tuple[str, ...]:
        """What broken rows leave unknown in every process, since nobody knows whose they are."""
        for claim in spool.doubtful():
            nobody |= dict.fromkeys(claim.of)
        if nobody:
            events = ticked(list(nobody)[:3], "and") + (
                f" and {len(nobody) - 3} more" if len(nobody) > 3 else ""
            )
            message = f"rows of no known employer may be about any: in each process {events} count as unknown"
            help = "mend those rows, or read them as nothing; what they may undo is undecided above"
            self.collector.add(Finding(kind="hint", message=message, help=help))
        return tuple(nobody)

    def judge(
        self, reader: Reader, employer: str, claims: Iterable[Claim], everywhere: tuple[str, ...]
    ) -> None:
        made = judge(reader, employer, claims, everywhere)
        for finding in made.findings:
            self.collector.add(finding)
        self.recorded += made.recorded
        if made.process is None:
            return
        self.judged += 1
        if self.keep is None:
            self.processes[employer] = made.process
            return
        why = self.keep(employer, made.process)
        if why:
            self.collector.add(Finding(kind="not_saved", employer=employer, message=why))

    def answer(self, diagnostics: tuple[Diagnostic, ...]) -> Audit:
        sorts = self.sorts
        counts = Counts(
            rows=self.rows,
            blank=self.blank,
            readings=self.readings,
            events=sorts["event"],
            planned=sorts["planned"],
            unknown=sorts["unknown"],
            nothing=sorts["nothing"],
            unread=sorts["unread"],
            recorded=self.recorded,
            processes=self.judged,
        )
        return Audit(
            file=self.name,
            counts=counts,
            found={kind: self.collector.found[kind] for kind in KINDS},
            findings={kind: tuple(self.collector.kept[kind]) for kind in KINDS},
            processes=self.processes,
            diagnostics=diagnostics,
        )
