"""The results of one run of the proof's benchmark, as ratios to the prover's time in the same round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import asdict, frozen

from benchmarks.proving.answers import Answer
from benchmarks.report import Held, Table
from benchmarks.timing import Spread

PROVER, KEPT, SPACER, SPACER_NEEDED, SPELT_OUT = (
    "postinterview",
    "all guards kept",
    "Spacer, all guards",
    "Spacer, needed guards",
    "places spelt out",
)


@frozen
class Measured:
    """The times of one way, in seconds and as ratios to the prover in the same round."""

    answer: Answer
    seconds: Spread
    ratio: Spread


@frozen
class Row:
    label: str
    ways: Mapping[str, Measured]


@frozen
class Report:
    about: Mapping[str, Any]
    sections: Mapping[str, Sequence[Row]]
    command: Mapping[str, Spread]
    held: Sequence[Held]
    notes: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = asdict(self)
        found["held"] = [asdict(held) | {"holds": held.holds} for held in self.held]
        return found


TITLES = {
    "promises": "The packaged rules, promise by promise",
    "bounds": "Bounds of the packaged rules, both sides (Spacer is told the number, and checks it)",
    "places": "Interviewers x applications (the proof is one for any number of both)",
    "guards": "More guards: a second follow-up in the packaged rules, with other guards beside",
    "constants": "More constants: a promise about as many clocks, each of which the proof needs",
}
PARTS = {
    "bare": "a bare Python: start and end",
    "import": "import postinterview",
    "load": "load the rules",
    "proof": "prove: the proof's own modules, the promises, the proof",
    "rest": "the command line around it",
    "whole": "`postinterview prove`, over the bare Python",
}


def render(report: Report, *, markdown: bool = False) -> str:
    about = report.about
    head = (
        f"Python {about['python']} on {about['machine']}; {about['rounds']} interleaved rounds, processor "
        f"time, medians; each question has {about['limit']:g} s. All ways that answered agreed on every "
        f"verdict, and {about['places']:,} places of random histories with 8 interviewers and 3 applications "
        "lay inside the certificates."
    )
    tables = [_table(TITLES[name], rows) for name, rows in report.sections.items()]
    waiting = [[PARTS[name], f"{spread.median:,.0f} ms"] for name, spread in report.command.items()]
    tables.append(Table("The whole command", ["", "time"], waiting))
    held = [
        [
            each.name,
            "-" if each.measured is None else f"{each.measured.median:.2f} {each.unit}",
            f"<= {each.limit:g} {each.unit}",
            {None: "not measured", True: "yes", False: "no"}[each.holds],
        ]
        for each in report.held
    ]
    tables.append(Table("Numbers to hold", ["", "measured", "to hold", "held"], held))
    shown = [table.markdown() if markdown else table.text() for table in tables]
    return "\n\n".join((head, *shown, *report.notes))


def _table(title: str, rows: Sequence[Row]) -> Table:
    ways = list(rows[0].ways)
    others = [way for way in ways if way != PROVER]
    cells = []
    for row in rows:
        prover = row.ways[PROVER]
        own = [
            f"{prover.answer.verdict}, {prover.answer.states:,} states",
            _milliseconds(prover.seconds.median),
        ]
        cells.append([row.label, *own, *(_shown(row.ways[way]) for way in others)])
    return Table(title, ["", PROVER, "time", *others], cells)


def _shown(measured: Measured) -> str:
    """Return a ratio, with the states if they are known; a time-out is called one."""
    states = "" if measured.answer.states is None else f"; {measured.answer.states:,} states"
    ratio = measured.ratio.median
    shown = f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"
    if measured.answer.verdict == "unknown":
        return f"no answer in time (> {shown}{states})"
    return f"{shown}{states}"


def _milliseconds(seconds: float) -> str:
    taken = seconds * 1000
    return f"{taken:,.0f} ms" if taken >= 10 else f"{taken:.1f} ms"
