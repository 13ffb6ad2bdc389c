"""The findings of an audit. All are counted, and of each kind a limited number is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

from attrs import asdict, frozen

from postinterview.core.answers.verdict import Reason
from postinterview.core.process import Process
from postinterview.core.values.formatting import shorten
from postinterview.loading.diagnostics import Diagnostic

FindingKind: TypeAlias = Literal[
    "breach",
    "contradiction",
    "unexpected",
    "undecided",
    "outside",
    "unread",
    "unknown",
    "undated",
    "planned",
    "not_saved",
    "hint",
]
KINDS: tuple[FindingKind, ...] = get_args(FindingKind)

LIMIT = 1_000
"""The most findings of each kind that are kept by default."""


@frozen(kw_only=True, repr=False)
class Finding:
    """One thing to look at.

    Attributes:
        kind: breach: an act that the rules refused for certain. contradiction: rows that can't be true
            together. unexpected: a fact that no machine was waiting for. undecided: an act that may have been
            refused. outside: an act where the rules do not judge. unread, unknown, planned: a row that is no
            event. undated: an event that happened, and nobody knows when. not_saved: a process that the store
            did not take. hint: something that looks mistyped.
        line: the first line of the row in the history; 0 if the finding is not about one row.
        at: the moment of the act, in the employer's time zone; None if it has no date. ``clock``: the row
            itself says the hour.
        column: the column with the bad cell, or an empty text.
        message: what is wrong. ``help``: what to write.
        reasons: why the rules refused the act; of an undecided one, why they may have.
    """

    kind: FindingKind
    line: int = 0
    employer: str = ""
    application: str | None = None
    event: str = ""
    to: str | None = None
    at: datetime | None = None
    clock: bool = True
    column: str = ""
    message: str = ""
    help: str = ""
    reasons: tuple[Reason, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the finding in plain types, with None for what it does not say."""
        said = asdict(self, recurse=False)
        said |= {name: said[name] or None for name in ("line", "employer", "event", "column")}
        said["at"] = None if self.at is None else self.at.isoformat()
        said["reasons"] = [
            {name: getattr(each, name) for name in ("id", "file", "line", "has", "needs")}
            for each in self.reasons
        ]
        return said

    def __repr__(self) -> str:
        line = f" in line {self.line}" if self.line else ""
        about = " of ".join(filter(None, (self.event, self.employer)))
        said = self.message or ", ".join(reason.id for reason in self.reasons)
        return shorten(f"<Finding {self.kind}{line}: {' - '.join(filter(None, (about, said)))}>")


@frozen
class Counts:
    """The number of rows, and of those among them that were read, left out or wrong.

    Each entry of the map that applies to a row makes one reading of it, and no row is without one; so
    ``readings`` is always ``events + planned + unknown + nothing + unread``. ``recorded``: the events that
    are in a process; the others are contradictions.
    """

    rows: int
    blank: int
    readings: int
    events: int
    planned: int
    unknown: int
    nothing: int
    unread: int
    recorded: int
    processes: int

    def as_json(self) -> dict[str, int]:
        return asdict(self)


@frozen(repr=False)
class Audit:
    """The result of an audit.

    Attributes:
        file: the name of the history.
        counts: how many rows there were, and what became of them.
        found: how many findings there are, by kind.
        findings: the findings that were kept, by kind.
        processes: the processes by employer; empty if they were passed to ``keep``.
        diagnostics: the columns of the map that the history does not have; then no row was read.
    """

    file: str
    counts: Counts
    found: Mapping[FindingKind, int]
    findings: Mapping[FindingKind, tuple[Finding, ...]]
    processes: Mapping[str, Process]
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def breaches(self) -> tuple[Finding, ...]:
        return self.findings["breach"]

    @property
    def is_clean(self) -> bool:
        """True if an event was read, and there is no breach, no contradiction and no unsaved process."""
        wrong: tuple[FindingKind, ...] = ("breach", "contradiction", "not_saved")
        return bool(self.counts.recorded) and not self.diagnostics and not any(self.found[k] for k in wrong)

    @property
    def is_certain(self) -> bool:
        """True if every row could be read and every act decided."""
        return not (self.found["unread"] or self.found["undecided"])

    def __iter__(self) -> Iterator[Finding]:
        return (each for kind in KINDS for each in self.findings[kind])

    def __repr__(self) -> str:
        found = ", ".join(f"{count} {kind}" for kind, count in self.found.items() if count)
        return shorten(f"<Audit of {self.file}: {self.counts.rows} rows, {found or 'nothing found'}>")
