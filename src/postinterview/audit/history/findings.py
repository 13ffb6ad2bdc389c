"""What an audit found, and how much: every count exact, and of each kind no more kept than is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

from attrs import asdict, define, field, frozen

from postinterview.core.process import Process
from postinterview.core.verdict import Reason
from postinterview.loading.diagnostics import Diagnostic

Kind: TypeAlias = Literal[
    "breach",
    "contradiction",
    "unexpected",
    "undecided",
    "unread",
    "unknown",
    "planned",
    "not_saved",
    "hint",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

LIMIT = 1_000
"""So many findings of one kind are kept where nobody says otherwise; all are counted."""


@frozen(kw_only=True)
class Finding:
    """One thing to look at.

    ``line`` is the row's in the history, 0 where it is of no one row. ``clock``: the row itself says the
    hour of ``at``.

    breach: an act that the rules refused, for certain, with the ``reasons``. contradiction: rows that
    can't be true together. unexpected: a fact that no machine waited for. undecided: an act of which the
    history does not tell whether it was refused. unread, unknown, planned: what is no event, and why.
    hint: employers that may be one, rows of nobody known, a decision shortly before the first interview.
    not_saved: a process that its store did not take.
    """

    kind: Kind
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
        return {
            "kind": self.kind,
            "line": self.line or None,
            "employer": self.employer or None,
            "application": self.application,
            "event": self.event or None,
            "to": self.to,
            "at": None if self.at is None else self.at.isoformat(),
            "clock": self.clock,
            "column": self.column or None,
            "message": self.message,
            "help": self.help,
            "reasons": [
                {"id": r.id, "file": r.file, "line": r.line, "has": r.has, "needs": r.needs}
                for r in self.reasons
            ],
        }


@frozen
class Counts:
    """How much there was.

    Every row but blank ones is held against every entry, and what comes of it is one reading each; so
    ``readings`` is always ``events + planned + unknown + nothing + unread``, and no row is without one.
    ``recorded``: the events that are in a process; the others are contradictions.
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


@frozen(eq=False)
class Audit:
    """What came of a history.

    ``findings``: by kind, as many as were asked for; ``found``: how many there are of each. ``processes``
    by employer, unless they were only passed on. ``diagnostics``: what is wrong with the map for this very
    history; then nothing else was done.
    """

    file: str
    counts: Counts
    found: Mapping[Kind, int]
    findings: Mapping[Kind, tuple[Finding, ...]]
    processes: Mapping[str, Process]
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def breaches(self) -> tuple[Finding, ...]:
        return self.findings["breach"]

    @property
    def is_clean(self) -> bool:
        """Whether something was read, and nothing in it is against the rules or itself."""
        wrong: tuple[Kind, ...] = ("breach", "contradiction", "not_saved")
        return bool(self.counts.recorded) and not self.diagnostics and not any(self.found[k] for k in wrong)

    @property
    def is_certain(self) -> bool:
        """Whether no row and no act had to be left open."""
        return not (self.found["unread"] or self.found["undecided"])

    def __iter__(self) -> Iterator[Finding]:
        return (each for kind in KINDS for each in self.findings[kind])


@define
class Collector:
    """Counts findings, and keeps the first of each kind."""

    limit: int = LIMIT
    found: Counter[Kind] = field(factory=Counter)
    kept: dict[Kind, list[Finding]] = field(factory=lambda: {kind: [] for kind in KINDS})

    def has_room(self, kind: Kind) -> bool:
        return len(self.kept[kind]) < self.limit

    def add(self, finding: Finding) -> None:
        self.found[finding.kind] += 1
        kept = self.kept[finding.kind]
        if len(kept) < self.limit:
            kept.append(finding)
