"""The parts of an audit, and how they become the audit of the whole history.

Employers are judged one by one, so a history may be split by employer, and each part audited by itself, on
one machine or on many. Two things depend on all parts, and `merge` has their place:

- A row that names no employer may be about any. So its events count as unknown in each process, also in those
  of the other parts, and an act that one of them could make right is undecided and no breach. Acts that are
  allowed stay allowed. So a part keeps the claims of those employers alone that it finds fault with, and
  `merge` judges them again if another part has such rows.
- Names that look alike may be one employer. A part keeps its names, and `merge` compares all of them.
"""

from __future__ import annotations

import pickle
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from heapq import merge as in_turn
from itertools import islice
from operator import attrgetter
from typing import Any

from attrs import define, evolve, field, fields, frozen

from postinterview.audit.history.act_judging import Judged
from postinterview.audit.history.alike_names import AlikeNames
from postinterview.audit.history.audit_findings import KINDS, Audit, Counts, Finding, FindingKind
from postinterview.audit.history.map_model import Map, RowClaim, UnknownClaim
from postinterview.audit.history.row_reading import RowReader
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import shorten
from postinterview.core.values.frozen_mapping import FrozenMapping
from postinterview.core.values.suggest import ticked
from postinterview.loading.diagnostics import Diagnostic

_OF_ROWS: tuple[FindingKind, ...] = ("unread", "unknown", "undated", "planned")
"""The kinds of findings about a row alone, in the order of rows; the others are in that of employers."""
_FIRM: tuple[FindingKind, ...] = ("breach", "contradiction", "outside")
"""The kinds of findings that one more unknown event may turn into undecided ones."""

Stray = tuple[bool, int, int, str]
"""An event that may have happened with any employer: whether only a broken row names its employer, the
line, its place among the others, and its name."""


@frozen(repr=False)
class Part:
    """The result of auditing a part of a history. It can be pickled, and `merge` takes it.

    Attributes:
        file: the name of the history.
        as_of: the day or the moment of the export.
        limit: how many findings of each kind are kept.
        counts: the numbers of `Counts`, by name.
        found: how many findings there are, by kind.
        findings: the findings that were kept, by kind.
        strays: the events of rows that may be about any employer.
        names: the employers, packed.
        suspects: how many findings of each kind are about the employers with which the part finds fault.
        claims: the claims about these employers, packed.
        diagnostics: the columns of the map that the part does not have; then no row was read.
    """

    file: str
    as_of: date | datetime
    limit: int
    counts: Mapping[str, int]
    found: Mapping[FindingKind, int]
    findings: Mapping[FindingKind, tuple[Finding, ...]]
    strays: tuple[Stray, ...]
    names: tuple[bytes, ...]
    suspects: Mapping[FindingKind, int]
    claims: tuple[bytes, ...]
    diagnostics: tuple[Diagnostic, ...] = ()

    def __repr__(self) -> str:
        return shorten(f"<Part of {self.file}: {self.counts.get('rows', 0)} rows>")


@define
class Packed:
    """Packs many values one after the other, so that they take little memory."""

    _CHUNK = 1_000
    packed: list[bytes] = field(factory=list)
    _waiting: list[object] = field(factory=list)

    def add(self, value: object) -> None:
        self._waiting.append(value)
        if len(self._waiting) >= self._CHUNK:
            self.flush()

    def flush(self) -> tuple[bytes, ...]:
        if self._waiting:
            self.packed.append(zlib.compress(pickle.dumps(self._waiting), 1))
            self._waiting.clear()
        return tuple(self.packed)


def _unpacked(packed: Iterable[bytes]) -> Iterator[Any]:
    for chunk in packed:
        yield from pickle.loads(zlib.decompress(chunk))  # noqa: S301 - a part is what `Packed` made


@define
class PartFindings:
    """Collects what a part comes to. All findings are counted, and the first ``limit`` of each kind kept.

    ``is_whole``: the part is the whole history, so that it is not judged again.
    """

    limit: int
    is_whole: bool
    found: Counter[FindingKind] = field(factory=Counter)
    kept: dict[FindingKind, list[Finding]] = field(factory=lambda: {kind: [] for kind in KINDS})
    counts: Counter[str] = field(factory=Counter)
    strays: list[Stray] = field(factory=list)
    names: Packed = field(factory=Packed)
    suspects: Counter[FindingKind] = field(factory=Counter)
    claims: Packed = field(factory=Packed)
    _strayed: set[str] = field(factory=set)

    def add(self, finding: Finding) -> None:
        self.found[finding.kind] += 1
        if len(self.kept[finding.kind]) < self.limit:
            self.kept[finding.kind].append(finding)

    def add_stray(self, claim: UnknownClaim, *, is_doubtful: bool) -> None:
        """Add the events of a row that may be about any employer; only the first of each event counts."""
        for event in claim.of:
            if event not in self._strayed:
                self._strayed.add(event)
                self.strays.append((is_doubtful, claim.line, len(self.strays), event))

    @property
    def anybodys(self) -> tuple[str, ...]:
        return events_of(self.strays)

    def add_judged(self, made: Judged, claims: Iterable[RowClaim]) -> None:
        """Add what was found of one employer."""
        for finding in made.findings:
            self.add(finding)
        self.counts["recorded"] += made.recorded
        self.counts["processes"] += made.process is not None
        if not self.is_whole and any(each.kind in _FIRM for each in made.findings):
            self.suspects.update(each.kind for each in made.findings)
            self.claims.add((made.employer, tuple(claims)))

    def add_clean(self, events: int) -> None:
        """Add an employer of whom nothing is found."""
        self.counts["recorded"] += events
        self.counts["processes"] += 1

    def part(self, file: str, as_of: date | datetime, diagnostics: tuple[Diagnostic, ...] = ()) -> Part:
        return Part(
            file,
            as_of,
            self.limit,
            FrozenMapping({each.name: self.counts[each.name] for each in fields(Counts)}),
            FrozenMapping({kind: self.found[kind] for kind in KINDS}),
            FrozenMapping({kind: tuple(self.kept[kind]) for kind in KINDS}),
            tuple(self.strays),
            self.names.flush(),
            FrozenMapping(dict(self.suspects)),
            self.claims.flush(),
            diagnostics,
        )


def events_of(strays: Iterable[Stray]) -> tuple[str, ...]:
    """Return the events that may have happened with any employer, in the order in which they are told."""
    return tuple(dict.fromkeys(event for *_, event in sorted(strays)))


def merge(parts: Iterable[Part], by: Map) -> Audit:
    """Return the audit of a history that was audited in parts, each with all rows of its employers.

    The parts may come in any order. The answer is that of `audit` on the whole history, but for the
    processes, which no part keeps.

    Args:
        parts: what `audit_batch` returned for each part.
        by: the map, the same as for the parts.

    Raises:
        MisuseError: there are no parts, or they don't belong together.
    """
    merged = Merge(by)
    for part in parts:
        merged.add(part)
    return merged.audit()


@define
class Merge:
    """Merges parts one by one, in the order in which they are done."""

    by: Map
    parts: list[Part] = field(factory=list)
    names: AlikeNames = field(factory=AlikeNames)

    def add(self, part: Part) -> None:
        """Add a part.

        Raises:
            MisuseError: it is of another history, or was audited in another way.
        """
        if not isinstance(part, Part):
            raise MisuseError(f"{part!r} is no part of an audit", "give what audit_batch returns")
        first = self.parts[0] if self.parts else part
        if (part.file, part.as_of, part.limit) != (first.file, first.as_of, first.limit):
            message = "the parts are not of one history: `name`, `as_of` or `limit` differ"
            raise MisuseError(message, "give each of them the same")
        self.names.add(_unpacked(part.names))
        self.parts.append(evolve(part, names=()))

    def audit(self) -> Audit:
        """Return the audit of all parts."""
        if not self.parts:
            raise MisuseError("there are no parts to merge", "audit at least one, even if it has no rows")
        first = self.parts[0]
        anybodys = events_of(stray for part in self.parts for stray in part.strays)
        judged = [_judged_with(part, anybodys, self.by) for part in self.parts]
        total = PartFindings(first.limit, is_whole=True)
        for part in judged:
            total.counts.update(part.counts)
            total.found.update(part.found)
        wrong = next((part.diagnostics for part in judged if part.diagnostics), ())
        for kind in KINDS:
            lists = [part.findings[kind] for part in judged]
            in_order = attrgetter("line" if kind in _OF_ROWS else "employer")
            total.kept[kind] = list(islice(in_turn(*lists, key=in_order), first.limit))
        if not wrong:
            _add_hints(total, anybodys, self.names.alike())
        return Audit(
            file=first.file,
            counts=Counts(**{each.name: total.counts[each.name] for each in fields(Counts)}),
            found=FrozenMapping({kind: total.found[kind] for kind in KINDS}),
            findings=FrozenMapping({kind: tuple(total.kept[kind]) for kind in KINDS}),
            processes=FrozenMapping({}),
            diagnostics=wrong,
        )


def _judged_with(part: Part, anybodys: tuple[str, ...], by: Map) -> Part:
    """Return the part as it is if these events may have happened with any employer."""
    if set(anybodys) == set(events_of(part.strays)) or not part.claims:
        return part
    reader = RowReader(by, part.as_of, with_hints=False)
    again = PartFindings(part.limit, is_whole=True)
    suspects = set()
    for employer, claims in _unpacked(part.claims):
        suspects.add(employer)
        made = Judged(reader, employer, anybodys)
        made.judge(iter(claims))
        for finding in made.findings:
            again.add(finding)
    found = Counter(part.found)
    found.subtract(part.suspects)
    found.update(again.found)
    findings = dict(part.findings)
    for kind in KINDS:
        if kind not in _OF_ROWS:
            others = [each for each in part.findings[kind] if each.employer not in suspects]
            findings[kind] = tuple(sorted((*others, *again.kept[kind]), key=lambda each: each.employer))
    return evolve(part, found=FrozenMapping(dict(found)), findings=FrozenMapping(findings))


def _add_hints(total: PartFindings, anybodys: tuple[str, ...], alike: Iterable[tuple[str, ...]]) -> None:
    """Add the hints that are about the whole history: before and after those about one employer."""
    hints = total.kept["hint"]
    if anybodys:
        more = f" and {len(anybodys) - 3} more" if len(anybodys) > 3 else ""
        events = ticked(anybodys[:3], "and") + more
        message = f"rows without an employer may be about any, so in each process {events} count as unknown"
        help = "correct those rows, or read them as nothing; acts that they could make right are undecided"
        hints.insert(0, Finding(kind="hint", message=message, help=help))
        total.found["hint"] += 1
        del hints[total.limit :]
    for names in alike:
        message = f"{ticked(names, 'and')} may be one employer; the audit takes them for {len(names)}"
        help = "contacts are counted per employer: write the name in one way"
        total.add(Finding(kind="hint", employer=names[0], message=message, help=help))
