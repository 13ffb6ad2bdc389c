"""The results as one report: text, markdown or JSON. Ratios come first: they hold on any machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import asdict, field, frozen

from benchmarks.subjects import MEASURES
from benchmarks.timing import Spread

BYTES = {"fresh": "fresh", "after": "after 20 events"}


@frozen
class Held:
    """A number to hold: what it is, its limit, the unit, and what was measured (None: it could not be)."""

    name: str
    limit: float
    unit: str
    measured: Spread | None

    @property
    def holds(self) -> bool | None:
        return None if self.measured is None else self.measured.median <= self.limit


@frozen(kw_only=True)
class Report:
    """All that one run found.

    ``ratios``, ``bytes`` and ``covers`` are by subject, ``memory`` (in megabytes) by command; ``to_values``:
    the library's ratios to the hand-written values.
    """

    about: Mapping[str, Any]
    ratios: Mapping[str, Mapping[str, Spread]]
    to_values: Mapping[str, Spread]
    floor_ns: Mapping[str, Spread]
    bytes: Mapping[str, Mapping[str, float]]
    load: Mapping[str, Spread]
    processes: Mapping[str, Spread]
    memory: Mapping[str, float]
    held: Sequence[Held]
    covers: Mapping[str, str]
    notes: Sequence[str] = field(factory=tuple)

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = asdict(self)
        found["held"] = [asdict(held) | {"holds": held.holds} for held in self.held]
        return found


@frozen
class Table:
    """A title, a header and rows of text."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def text(self) -> str:
        widths = [max(len(row[i]) for row in (self.header, *self.rows)) for i in range(len(self.header))]
        lines = [
            "  ".join(
                cell.ljust(width) if i == 0 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in (self.header, ["-" * width for width in widths], *self.rows)
        ]
        return "\n".join((self.title, *lines))

    def markdown(self) -> str:
        line = "| {} |"
        rule = "|---" + "|--:" * (len(self.header) - 1) + "|"
        rows = [line.format(" | ".join(row)) for row in self.rows]
        return "\n".join((f"**{self.title}**", "", line.format(" | ".join(self.header)), rule, *rows))


def render(report: Report, *, markdown: bool = False) -> str:
    """The whole report as text."""
    about = report.about
    head = (
        f"Python {about['python']} on {about['machine']}, {about['rounds']} interleaved rounds; "
        f"medians (quartiles). Agreement was checked first: {about['agreed']} random steps."
    )
    tables = [
        _ratios(report),
        _to_values(report),
        _bytes(report),
        _waiting(report),
        _memory(report),
        _held(report),
    ]
    shown = [table.markdown() if markdown else table.text() for table in tables]
    bullet = "- " if markdown else "  "
    covers = [f"{bullet}{name}: {text}" for name, text in report.covers.items()]
    notes = [f"{bullet}{note}" for note in report.notes]
    covered = "\n".join(("What each covers:", *(("",) if markdown else ()), *covers, *notes))
    return "\n\n".join((head, *shown, covered))


def _ratios(report: Report) -> Table:
    rows = []
    for name, measured in report.ratios.items():
        cells = [_spread(measured[key]) if key in measured else "-" for key in MEASURES]
        rows.append([name, *cells])
    rows[0][1:] = [f"1 = {spread.median / 1000:.2f} µs" for spread in report.floor_ns.values()]
    return Table("Time, as ratios to the hand-written class", ["", *MEASURES.values()], rows)


def _to_values(report: Report) -> Table:
    row = ["postinterview", *(_spread(report.to_values[key]) for key in MEASURES)]
    return Table("Time, as ratios to the hand-written values", ["", *MEASURES.values()], [row])


def _bytes(report: Report) -> Table:
    rows = [
        [name, *(f"{kept[key]:,.0f}" if key in kept else "-" for key in BYTES)]
        for name, kept in report.bytes.items()
    ]
    return Table("Bytes a process, without what processes share", ["", *BYTES.values()], rows)


def _waiting(report: Report) -> Table:
    def times(found: Mapping[str, Spread], key: str) -> str:
        return f"{_spread(found[key])} times" if key in found else "-"

    load, processes = report.load, report.processes
    rows = [["load_rulebook(), the default rules", f"{_spread(load['load'])} ms"]]
    if "bare" in load:
        rows.append(["the same text, bare C parser (CSafeLoader)", f"{_spread(load['bare'])} ms"])
        rows.append(["load over the bare parser", f"{_spread(load['ratio'])} times"])
    for key, name in (
        ("bare", "a bare Python: start and end"),
        ("yardstick", "import click, over it (20 ms where the limits were set)"),
        ("libraries", "import attrs, yaml, transitions, over it"),
        ("import", "import postinterview, over it"),
        ("names", "from postinterview import load_rulebook and the classes, over it"),
        ("first use", "import postinterview, and load_rulebook(), over it"),
        ("version", "postinterview --version, over it"),
        ("check", "postinterview check, the default rules, over it"),
        ("parts", "its parts in one program: click, load_rulebook(), prove(), over it"),
    ):
        rows.append([name, f"{_spread(processes[key])} ms" if key in processes else "-"])
    for key, name in (
        ("import", "import postinterview"),
        ("names", "load_rulebook and the classes"),
        ("first use", "import postinterview, and load_rulebook()"),
    ):
        rows.append([f"{name}, to attrs, yaml, transitions", times(processes, f"{key} over libraries")])
    rows.append(["postinterview check, to its parts", times(processes, "check over parts")])
    return Table("Waiting", ["", "time"], rows)


def _memory(report: Report) -> Table:
    rows = [[f"postinterview {name}", f"{peak:,.0f} MB"] for name, peak in report.memory.items()]
    return Table("Peak memory, over a bare Python", ["", "most"], rows)


def _held(report: Report) -> Table:
    rows = []
    for held in report.held:
        measured = "-" if held.measured is None else _number(held.measured.median)
        verdict = {None: "not measured", True: "yes", False: "no"}[held.holds]
        rows.append([held.name, f"{measured} {held.unit}", f"<= {held.limit:g} {held.unit}", verdict])
    return Table("Numbers to hold", ["", "measured", "to hold", "held"], rows)


def _spread(spread: Spread) -> str:
    return f"{_number(spread.median)} ({_number(spread.lower)}-{_number(spread.upper)})"


def _number(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.1f}"
