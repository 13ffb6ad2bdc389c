"""Stores as they grow, and what keeping by them costs beside the same SQL without the library, in one run.

    python -m benchmarks.stores              two minutes or so: up to 100,000 processes
    python -m benchmarks.stores --full       half an hour, some 10 GB: a million processes, ten million events
    python -m benchmarks.stores --quick      some ten seconds; --markdown, --json
    python -m benchmarks.stores --folder F   keeps what it fills there, and goes on from it the next time

Each database gets one store a size, all of them asked in the same rounds. In each of these stores as many
processes are due: what it costs to list those must not grow with the ones that are not. Times are those of
the clock on the wall, since a database waits for its disk; nothing is asserted of a time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter  # noqa: TID251 a benchmark reads the clock

from attrs import asdict, evolve, field, frozen

import postinterview as pi
from benchmarks.keeping.databases import KINDS, Database
from benchmarks.keeping.templates import BY, Templates, key_of, make
from benchmarks.report import Table
from benchmarks.story import PLAN
from postinterview.stores import Keeper, StoredProcess
from postinterview.stores.sql import SqlStore
from postinterview.stores.texts import loaded, stored_parts

CHUNK = 5_000
LATER = BY + timedelta(days=2 * 365)
PAGE = 100
WRITES = ("bare read and write", "Keeper.do", "bare write", "Store.append")
READS = ("bare read", "Keeper.load")
DUE = ("a page of what is due", "all that is due", "the agendas of 100")


@frozen
class Plan:
    """``sizes``: processes in a store; ``due`` of them are due. ``rounds``: measurements of each kind."""

    sizes: Sequence[int]
    due: int
    templates: int
    sample: int
    rounds: int


QUICK = Plan(sizes=(200, 1_000), due=100, templates=40, sample=20, rounds=5)
USUAL = Plan(sizes=(1_000, 10_000, 100_000), due=1_000, templates=390, sample=500, rounds=150)
FULL = Plan(sizes=(10_000, 100_000, 1_000_000), due=1_000, templates=390, sample=2_000, rounds=500)


@frozen
class Times:
    """Milliseconds."""

    p50: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        cuts = quantiles(seconds, n=100, method="inclusive")
        return cls(cuts[49] * 1000, cuts[98] * 1000)


@frozen(kw_only=True)
class Found:
    """What one store was found to do; ``times`` by what was done."""

    database: str
    processes: int
    entries: int
    gigabytes: float
    times: Mapping[str, Times] = field(factory=dict)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


# --- filling --------------------------------------------------------------------------------------


def fill(database: Database, prefix: str, size: int, templates: Templates, every: int) -> None:
    """Lay down what is missing."""
    last = database.last_key(prefix)
    first = 0 if last is None else int(last.split()[-1]) + 1
    started = perf_counter()
    for number in range(first, size, CHUNK):
        until = min(number + CHUNK, size)
        database.lay_down(prefix, templates.under_keys(number, until, every))
        if until == size or until % 100_000 == 0:
            say(f"{database.name}: {until:,} of {size:,} processes, {perf_counter() - started:,.0f} s")


def check(keeper: Keeper, templates: Templates, numbers: Sequence[int], every: int) -> None:
    """What was laid down is what the engine made: each seal and the fold are gone through again."""
    for number in numbers:
        wanted = templates.of(number, every).process
        history = keeper.load(key_of(number)).history
        if history[: len(wanted.history)] != wanted.history:
            raise AssertionError(f"{key_of(number)} is not what was laid down")


# --- measuring ------------------------------------------------------------------------------------


@frozen
class Subject:
    """One store, and how each thing is done to one of its processes; answers in seconds."""

    database: Database
    prefix: str
    size: int
    store: SqlStore
    keeper: Keeper

    def time(self, what: str, key: str) -> float:
        kept = self.store.load(key)
        assert kept is not None
        act = self._act(what, key, kept)
        started = perf_counter()
        act()
        return perf_counter() - started

    def _act(self, what: str, key: str, kept: StoredProcess) -> Callable[[], object]:
        database, prefix = self.database, self.prefix
        if what == "Keeper.load":
            return lambda: self.keeper.load(key)
        if what == "bare read":
            return lambda: database.read(prefix, key)
        if what == "Keeper.do":
            return lambda: _done(self.keeper, key)
        before = loaded(self.keeper.rulebook, key, kept)
        process = before.process.do("write_plan", at=LATER, **PLAN).process
        after = len(kept.entries)
        (line,), standing = stored_parts(process, None, after=after, last=before.last)
        if what == "Store.append":
            return lambda: self.store.append(key, kept.version, [line], standing)

        def bare() -> None:
            if what == "bare read and write":
                database.read(prefix, key)
            database.write(prefix, key, kept.version, line, standing)

        return bare

    def time_due(self, what: str, keys: Sequence[str]) -> float:
        started = perf_counter()
        if what == DUE[0]:
            self.store.due(BY, limit=PAGE)
        elif what == DUE[2]:
            self.keeper.agendas(keys, at=LATER)
        else:
            for _ in self.keeper.due(by=BY, page=PAGE):
                pass
        return perf_counter() - started


def _done(keeper: Keeper, key: str) -> None:
    assert not keeper.do(key, "write_plan", at=LATER, **PLAN).refused


def measure(subjects: Sequence[Subject], plan: Plan) -> list[dict[str, list[float]]]:
    """Seconds of each thing, for each store: everything once a round, in a fresh order each."""
    random = Random(5)  # noqa: S311
    whats = (*WRITES, *READS, *DUE)
    found = [{what: list[float]() for what in whats} for _ in subjects]
    for number in range(-1, plan.rounds):
        tasks = [(index, what) for index in range(len(subjects)) for what in whats]
        random.shuffle(tasks)
        for index, what in tasks:
            subject = subjects[index]
            keys = [key_of(random.randrange(subject.size)) for _ in range(PAGE)]
            taken = subject.time_due(what, keys) if what in DUE else subject.time(what, keys[0])
            if number >= 0:
                found[index][what].append(taken)
    return found


def run(name: str, plan: Plan, folder: Path, rulebook: pi.Rulebook, templates: Templates) -> list[Found]:
    """Fill one database, check a sample of it, and measure."""
    random = Random(11)  # noqa: S311
    with KINDS[name](folder) as database:
        subjects = []
        for count in plan.sizes:
            prefix, every = f"of_{count}_", count // plan.due
            store = database.store(prefix)
            fill(database, prefix, count, templates, every)
            keeper = Keeper(rulebook, store)
            check(keeper, templates, random.sample(range(count), min(plan.sample, count)), every)
            assert sum(1 for _ in keeper.due(by=BY)) == plan.due
            subjects.append(Subject(database, prefix, count, store, keeper))
        database.settle()
        size = database.bytes() / 1e9
        say(f"{database.name}: {size:.2f} GB, a sample is sound; measuring")
        times = measure(subjects, plan)
        found = [
            Found(
                database=database.name,
                processes=subject.size,
                entries=database.count(f"{subject.prefix}entries"),
                gigabytes=size,
                times={what: Times.of(taken) for what, taken in each.items()},
            )
            for subject, each in zip(subjects, times, strict=True)
        ]
        for subject in subjects:
            subject.store.close()
    return found


# --- telling --------------------------------------------------------------------------------------


def tables(found: Sequence[Found]) -> list[Table]:
    """Times, and ratios inside the run."""
    names = [f"{each.database}, {each.processes:,} processes, {each.entries:,} entries" for each in found]
    timed = [*WRITES, *READS]
    shown = [
        [name, *(f"{each.times[what].p50:.2f} / {each.times[what].p99:.1f}" for what in timed)]
        for name, each in zip(names, found, strict=True)
    ]
    pairs = (("Keeper.do", WRITES[0]), ("Store.append", WRITES[2]), ("Keeper.load", READS[0]))
    ratios = [
        [name, *(f"{each.times[one].p50 / each.times[other].p50:.2f}" for one, other in pairs)]
        for name, each in zip(names, found, strict=True)
    ]
    smallest = {each.database: each for each in reversed(found)}
    due = [
        [
            name,
            *(f"{each.times[what].p50:.2f} / {each.times[what].p99:.1f}" for what in DUE),
            *(f"{each.times[what].p50 / smallest[each.database].times[what].p50:.2f}" for what in DUE),
        ]
        for name, each in zip(names, found, strict=True)
    ]
    return [
        Table("Milliseconds, p50 / p99", ["", *timed], shown),
        Table(
            "The library, as a ratio to the same SQL without it (p50)",
            ["", *(f"{one} to {other}" for one, other in pairs)],
            ratios,
        ),
        Table(
            "As many due in every store: milliseconds, p50 / p99, and the ratio to the smallest store (p50)",
            ["", *DUE, *(f"{what}, ratio" for what in DUE)],
            due,
        ),
    ]


@contextmanager
def place(folder: Path | None) -> Iterator[Path]:
    """The folder, or one that is gone afterwards."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.resolve()
    else:
        with TemporaryDirectory(prefix="stores") as made:
            yield Path(made)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--full", action="store_true")
    size.add_argument("--quick", action="store_true")
    parser.add_argument("--sizes", type=int, nargs="+", help="processes a store, each a multiple of --due")
    parser.add_argument("--due", type=int)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--only", choices=sorted(KINDS))
    parser.add_argument("--folder", type=Path)
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--markdown", action="store_true")
    shown.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    plan: Plan = QUICK if given.quick else FULL if given.full else USUAL
    asked = {"sizes": given.sizes, "due": given.due, "rounds": given.rounds}
    plan = evolve(plan, **{name: value for name, value in asked.items() if value is not None})
    rulebook = pi.load_rulebook()
    templates = make(rulebook, plan.templates)
    found: list[Found] = []
    for name in [given.only] if given.only else list(KINDS):
        with place(given.folder) as folder:
            found += run(name, plan, folder, rulebook, templates)
    if given.json:
        print(json.dumps([asdict(each) for each in found], indent=2))
        return 0
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    about = [f"Python {platform.python_version()}", f"{os.cpu_count()} cores", f"load {load}"]
    about += {each.database: f"{each.database} {each.gigabytes:.2f} GB" for each in found}.values()
    print(f"{', '.join(about)}; {plan.rounds} rounds\n")
    print("\n\n".join(each.markdown() if given.markdown else each.text() for each in tables(found)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
