"""``postinterview audit --rules NEW --against OLD``: the decisions of a history that would go otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from attrs import define, field

from postinterview.audit.history.audit_findings import Audit
from postinterview.audit.history.audit_report import summary
from postinterview.core.answers.verdict import distinct
from postinterview.core.process import Process, Rulebook
from postinterview.core.shadow import Flip
from postinterview.core.values.formatting import say_count
from postinterview.layout import BLANK, Line, Piece, hang, line
from postinterview.scenario.phrases import aligned_text, event_text, reason_line


@define
class ShadowRun:
    """Takes each process of an audit, and keeps what other rules judge differently.

    ``limit``: how many decisions are kept; all are counted. ``turned``: how many are allowed, and how many
    refused, by the new rules. ``doubtful``: how many acts neither rules allow and the old ones may have
    refused, or not: what is unknown of the past decides.
    """

    old: Rulebook
    new: Rulebook
    limit: int
    found: list[tuple[str, Flip]] = field(factory=list)
    turned: dict[bool, int] = field(factory=lambda: {True: 0, False: 0})
    acts: int = 0
    doubtful: int = 0

    def __call__(self, employer: str, process: Process) -> str:
        self.acts += sum(process.rulebook.definition.events[each.name].is_act for each in process.timeline)
        flips = process.shadow(self.new)
        turned = {each.number for each in flips}
        self.doubtful += sum(each.doubtful for each in process.breaches if each.event.number not in turned)
        for each in flips:
            self.turned[each.allowed] += 1
            if len(self.found) < self.limit:
                self.found.append((employer, each))
        return ""

    @property
    def count(self) -> int:
        """The number of decisions that go otherwise."""
        return sum(self.turned.values())

    def lines(self, made: Audit, width: int) -> Iterator[Line]:
        """Yield the counts, and each decision with its day, reasons and lines of the rules."""
        old, new = f"`{self.old.name}`", f"`{self.new.name}`"
        head = f"{self.count} of {say_count(self.acts, 'act')} would have gone otherwise under {new}"
        yield from hang((), line(Piece(f"{head}, against {old}", "title")), width)
        if self.doubtful:
            said = f"{say_count(self.doubtful, 'act')} {'is' if self.doubtful == 1 else 'are'} in doubt"
            told = f"{said} under {old}, and not allowed by {new}: it hangs on what the map calls unknown"
            yield from hang((), line(Piece(told, "warned")), width)
        for allowed, mark, title in (
            (False, "-", f"refused by {new}, and allowed by {old}"),
            (True, "+", f"allowed by {new}, and refused by {old}"),
        ):
            yield BLANK
            style = Piece(f"{title}: {self.turned[allowed]}", "ok" if allowed else "refused")
            yield line(style)
            for employer, flip in self.found:
                if flip.allowed is allowed:
                    yield from _flip(mark, employer, flip, new, width)
        if (left := self.count - len(self.found)) > 0:
            yield line(Piece(f"  and {left} more; raise `--limit` to see them", "dim"))
        yield BLANK
        yield from islice(summary(made, width), 1)

    def data(self) -> dict[str, Any]:
        """Return the decisions in plain types."""
        return {
            "old": [source.name for source in self.old.definition.sources],
            "new": [source.name for source in self.new.definition.sources],
            "acts": self.acts,
            "refused": self.turned[False],
            "allowed": self.turned[True],
            "doubtful": self.doubtful,
            "decisions": [{"employer": employer, **flip.as_json()} for employer, flip in self.found],
        }


def _flip(mark: str, employer: str, flip: Flip, new: str, width: int) -> Iterator[Line]:
    what = event_text(flip.event, flip.to, flip.application)
    doubt = "" if flip.is_certain else "  (not certain: the past is not known)"
    day = aligned_text(flip.at).removesuffix(" 23:59:59.999999")  # what has no hour is kept there
    lead = line(f"  {mark} {day}  ")
    yield from hang(lead, line(Piece(employer, "employer"), "  ", Piece(what, "you"), doubt), width)
    if flip.refusal is None:
        yield line(f"      {new} has no such act")
        return
    for reason in distinct(flip.refusal.reasons):
        body = line(Piece(f"{reason.id}:", "refused"), " ", *reason_line(reason))
        yield from hang(line("      "), body, width)
