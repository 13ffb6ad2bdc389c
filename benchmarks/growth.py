"""How costs grow with what a process holds: a table for each way in which a history gets long.

    python -m benchmarks.growth                          two minutes
    python -m benchmarks.growth --quick                  some seconds, small sizes
    python -m benchmarks.growth --only events --json     one table; or --markdown

Each operation is timed at ten times as much each time. The exponent says how its cost grew on the last of
these ways: 0 is "not at all", 1 "in proportion", 2 "with the square". An operation whose next size would take
longer than the limit is left out there, so nothing runs for minutes. Times are of the processor.
"""

from __future__ import annotations

import argparse
import json
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from math import log
from typing import Any

from attrs import evolve, frozen

import postinterview as pi
from benchmarks.report import Table
from benchmarks.timing import clock
from postinterview.core.steps.fold import fold

SIZES, QUICK_SIZES = (10, 100, 1000, 10000), (10, 40)
LIMIT, QUICK_LIMIT = 8.0, 0.5
"""The seconds that one operation may take; a longer one is not tried."""

START = datetime(2010, 1, 4, 9, tzinfo=UTC)
PAGE_AT = START + timedelta(days=12)
AN_HOUR = timedelta(hours=1)
A_SILENCE = timedelta(days=60)
"""After it as many acts are allowed in each application; before it, fewer in the last ones."""
NOTE: Mapping[str, object] = {"thanks": True, "topic": "your roadmap", "looking_forward": True}

Happening = tuple[str, dict[str, Any]]
"""An event's name, and the arguments of `Process.record` but for the moment."""


def events(count: int) -> Iterator[Happening]:
    """One interview, then messages and replies in turn."""
    yield "interview", {"interviewers": ["ana"]}
    for number in range(1, count):
        yield ("message" if number % 2 else "reply"), {}


def applications(count: int) -> Iterator[Happening]:
    """As many applications, each with an interview, a message, a reply and a thank-you."""
    for number in range(count):
        name, person = f"a{number}", f"p{number}"
        yield "interview", {"application": name, "interviewers": [person]}
        yield "message", {"application": name}
        yield "reply", {"application": name}
        yield "thank_you", {"application": name, "to": person, **NOTE}


def rounds(count: int) -> Iterator[Happening]:
    """As many rounds of one application, each with another interviewer, who is thanked."""
    for number in range(count):
        yield "interview", {"interviewers": [f"p{number}"]}
        yield "thank_you", {"to": f"p{number}", **NOTE}


def people(count: int) -> Iterator[Happening]:
    """One interview with as many people."""
    yield "interview", {"interviewers": [f"p{number}" for number in range(count)]}


def breaches(count: int) -> Iterator[Happening]:
    """As many follow-ups, of which all but one are against the rules."""
    yield "interview", {"interviewers": ["ana"]}
    for _ in range(1, count):
        yield "follow_up", {}


SHAPES: Mapping[str, Callable[[int], Iterator[Happening]]] = {
    each.__name__: each for each in (events, applications, rounds, people, breaches)
}


def build(rulebook: pi.Rulebook, happenings: Iterator[Happening]) -> pi.Process:
    """The process to which all of it happened, an hour apart."""
    process = rulebook.start("acme", "Europe/Zurich")
    for number, (name, arguments) in enumerate(happenings, 1):
        process = process.record(name, at=START + number * AN_HOUR, **arguments).process
    return process


def operations(process: pi.Process) -> dict[str, Callable[[], object]]:
    """Return what is timed. A process keeps what it was asked, so such questions are asked of a fresh one."""
    last = process.timeline[-1].at
    at = last + AN_HOUR
    where: dict[str, Any] = {"application": process.applications[-1]}
    rulebook = process.rulebook
    text = process.to_json()
    return {
        "record": lambda: process.record("message", at=at, **where),
        "do": lambda: process.do("reply", at=at, **where),
        "may": lambda: process.may("follow_up", at=at, **where),
        "do, refused": lambda: process.do("follow_up", at=at, **where),
        "allowed": lambda: evolve(process).allowed(at=last + A_SILENCE),
        "agenda": lambda: evolve(process).agenda(at=at),
        "next due": lambda: evolve(process).next_due,
        "to JSON": process.to_json,
        "restore": lambda: rulebook.restore(text),
        "fold": lambda: fold(rulebook.engine, process.calendar, process.history),
        "late": lambda: process.record("message", at=last - AN_HOUR / 2, late=True, **where),
    }


@frozen
class Grown:
    """How an operation's cost grew: the seconds at each size, None where they would have been too many."""

    name: str
    seconds: Sequence[float | None]

    def exponent(self, sizes: Sequence[int]) -> float | None:
        """The exponent from the last but one to the last size that was measured."""
        known = [(size, each) for size, each in zip(sizes, self.seconds, strict=True) if each]
        if len(known) < 2:
            return None
        (size, took), (larger, longer) = known[-2:]
        return log(longer / took) / log(larger / size)


def measure(
    rulebook: pi.Rulebook, shape: str, sizes: Sequence[int], limit: float, budget: float
) -> list[Grown]:
    """Time each operation at each size, and the building of it all."""
    found: dict[str, list[float | None]] = {}
    for size in sizes:
        if not _is_affordable(found.get("build", []), sizes, limit):
            for taken in found.values():
                taken.append(None)
            continue
        process = _built(rulebook, SHAPES[shape], size)
        again = partial(_built, rulebook, SHAPES[shape], size)
        found.setdefault("build", []).append(_best(again, budget))
        for name, operation in operations(process).items():
            taken = found.setdefault(name, [])
            taken.append(_best(operation, budget) if _is_affordable(taken, sizes, limit) else None)
    return [Grown(name, taken) for name, taken in found.items()]


def page(rulebook: pi.Rulebook, sizes: Sequence[int], budget: float) -> list[Grown]:
    """Time what a page of as many ordinary processes asks."""
    found: dict[str, list[float | None]] = {"agenda": [], "next due": [], "due, agenda and text": []}
    for size in sizes:
        processes = [ordinary(rulebook, number) for number in range(size)]
        asked: dict[str, Callable[[pi.Process], object]] = {
            "agenda": lambda each: each.agenda(at=PAGE_AT),
            "next due": lambda each: each.next_due,
            "due, agenda and text": _shown,
        }
        for name, ask in asked.items():
            found[name].append(_best(partial(_of_each, ask, processes), budget))
    return [Grown(name, taken) for name, taken in found.items()]


def _of_each(ask: Callable[[pi.Process], object], processes: Sequence[pi.Process]) -> None:
    for process in processes:
        ask(evolve(process))


def _shown(process: pi.Process) -> tuple[object, ...]:
    """Return what a line of a page shows."""
    return process.next_due, process.agenda(at=PAGE_AT).text, process.text


def ordinary(rulebook: pi.Rulebook, number: int) -> pi.Process:
    """A process as people have them: two rounds, some messages, a few days between."""
    process = rulebook.start(f"company {number}", "Europe/Zurich")
    told: list[Happening] = [
        ("interview", {"interviewers": ["ana", "bob"]}),
        ("thank_you", {"to": "ana", **NOTE}),
        ("thank_you", {"to": "bob", **NOTE}),
        ("message", {}),
        ("reply", {}),
        ("interview", {"interviewers": ["eve"]}),
    ]
    for day, (name, arguments) in enumerate(told[: 1 + number % len(told)]):
        process = process.record(name, at=START + timedelta(days=day), **arguments).process
    return process


def _built(rulebook: pi.Rulebook, shape: Callable[[int], Iterator[Happening]], size: int) -> pi.Process:
    return build(rulebook, shape(size))


def peak_bytes(make: Callable[[], object]) -> int:
    """The most bytes that Python held at once while it made something."""
    tracemalloc.start()
    try:
        make()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _is_affordable(taken: Sequence[float | None], sizes: Sequence[int], limit: float) -> bool:
    """Whether the next size takes less than the limit, if it grows as it did (at first: with the square)."""
    if not taken:
        return True
    if taken[-1] is None:
        return False
    exponent = Grown("", taken).exponent(sizes[: len(taken)])
    expected: float = taken[-1] * (sizes[len(taken)] / sizes[len(taken) - 1]) ** (exponent or 2.0)
    return expected < limit


def _best(operation: Callable[[], object], budget: float, most: int = 30) -> float:
    """The least seconds of several times."""
    begin, taken = clock(), list[int]()
    while len(taken) < most and (not taken or clock() - begin < budget * 1e9):
        started = clock()
        operation()
        taken.append(clock() - started)
    return min(taken) / 1e9


def table(title: str, sizes: Sequence[int], grown: Sequence[Grown]) -> Table:
    rows = []
    for each in grown:
        exponent = each.exponent(sizes)
        cells = ["-" if taken is None else _time(taken) for taken in each.seconds]
        rows.append([each.name, *cells, "-" if exponent is None else f"{exponent:.2f}"])
    return Table(title, ["", *(f"{size:,}" for size in sizes), "exponent"], rows)


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.2f} ms"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sizes: some seconds instead of minutes")
    parser.add_argument(
        "--only", choices=[*SHAPES, "page", "memory"], action="append", help="only this table"
    )
    parser.add_argument("--sizes", type=int, nargs="+", help="as much of each (default: 10 100 1000 10000)")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--markdown", action="store_true", help="print the tables as markdown")
    parser.add_argument("--budget", type=float, default=0.2, help="seconds of repeating one operation")
    options = parser.parse_args(arguments)
    sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    limit = QUICK_LIMIT if options.quick else LIMIT
    rulebook = pi.load_rulebook()
    found: dict[str, tuple[Sequence[int], list[Grown]]] = {}
    for name in options.only or [*SHAPES, "page", "memory"]:
        if name in SHAPES:
            found[name] = sizes, measure(rulebook, name, sizes, limit, options.budget)
        elif name == "page":
            pages = [size for size in sizes if size <= 1000]
            found[name] = pages, page(rulebook, pages, options.budget)
        if not options.json and name in found:
            shown = table(TITLES[name], *found[name])
            print(shown.markdown() if options.markdown else shown.text(), end="\n\n", flush=True)
    memory: dict[str, list[int]] = {}
    if not options.only or "memory" in options.only:
        for shape in ("events", "applications"):
            told = SHAPES[shape]
            memory[shape] = [peak_bytes(partial(_built, rulebook, told, size)) for size in sizes]
    if options.json:
        seconds = {
            name: {each.name: list(each.seconds) for each in grown} for name, (_, grown) in found.items()
        }
        print(json.dumps({"sizes": list(sizes), "seconds": seconds, "peak_bytes": memory}, indent=2))
    elif memory:
        rows = [[shape, *(f"{size / 1e6:.2f} MB" for size in taken)] for shape, taken in memory.items()]
        shown = Table("Peak memory while one is built", ["", *(f"{size:,}" for size in sizes)], rows)
        print(shown.markdown() if options.markdown else shown.text())
    return 0


TITLES = {
    "events": "One application, by its events",
    "applications": "By applications",
    "rounds": "By rounds, each with another interviewer",
    "people": "By people in one interview",
    "breaches": "By breaches",
    "page": "By ordinary processes on a page",
}

if __name__ == "__main__":
    sys.exit(main())
