"""What a keeper costs by the length of a history, and for a page of processes, in a SQLite file.

    python -m benchmarks.histories            a minute; --quick takes some seconds; --markdown

A process is read whole by a keeper without a memory; by one that remembers it and finds it as it was; and by
one that remembers it while another program adds an entry each time. Times are of the processor, so the wait
for the disk is left out; each is the least of several.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import postinterview as pi
from benchmarks.growth import AN_HOUR, PAGE_AT, SHAPES, Grown, build, ordinary, table
from benchmarks.timing import clock
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore

SIZES, QUICK_SIZES = (10, 100, 1000, 10000), (10, 100)
PAGES, QUICK_PAGES = (5, 50, 500), (5, 50)
REMEMBERED = 1000
TIMES = 7


def by_length(rulebook: pi.Rulebook, store: SqlStore, sizes: Sequence[int]) -> list[Grown]:
    """Time what is asked of one process, by the number of its entries."""
    found: dict[str, list[float | None]] = {}
    for size in sizes:
        key = str(size)
        plain = Keeper(rulebook, store)
        process = build(rulebook, SHAPES["events"](size))
        plain.add(key, process)
        keeper, other = (Keeper(rulebook, store, remember=REMEMBERED) for _ in range(2))
        for each in (keeper, other):
            each.load(key)
        moments = (process.timeline[-1].at + number * AN_HOUR for number in count(1))

        def write(one: Keeper, key: str = key, moments: Any = moments) -> None:
            one.record(key, "message", at=next(moments))

        asked: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
            "load, whole": (_nothing, partial(plain.load, key)),
            "load, remembered": (_nothing, partial(keeper.load, key)),
            "load, remembered, one entry new": (partial(write, other), partial(keeper.load, key)),
            "record": (_nothing, partial(write, plain)),
            "record, remembered": (partial(keeper.load, key), partial(write, keeper)),
        }
        for name, (before, act) in asked.items():
            found.setdefault(name, []).append(_least(before, act))
    return [Grown(name, taken) for name, taken in found.items()]


def by_page(rulebook: pi.Rulebook, store: SqlStore, sizes: Sequence[int]) -> list[Grown]:
    """Time the agendas of a page of ordinary processes."""
    found: dict[str, list[float | None]] = {}
    plain = Keeper(rulebook, store)
    remembering = Keeper(rulebook, store, remember=REMEMBERED)
    for number in range(max(sizes)):
        plain.add(f"page {number}", ordinary(rulebook, number))
    for size in sizes:
        keys = [f"page {number}" for number in range(size)]
        remembering.load_many(keys)
        asked: dict[str, Callable[[], object]] = {
            "agenda, one by one": lambda keys=keys: [plain.agenda(key, at=PAGE_AT) for key in keys],
            "agendas": lambda keys=keys: plain.agendas(keys, at=PAGE_AT),
            "agendas, remembered": lambda keys=keys: remembering.agendas(keys, at=PAGE_AT),
            "load_many": lambda keys=keys: plain.load_many(keys),
            "load_many, remembered": lambda keys=keys: remembering.load_many(keys),
            "due": lambda: list(plain.due(by=PAGE_AT + timedelta(days=60), page=500)),
        }
        for name, act in asked.items():
            found.setdefault(name, []).append(_least(_nothing, act))
    return [Grown(name, taken) for name, taken in found.items()]


def _nothing() -> None:
    pass


def _least(before: Callable[[], object], act: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        before()
        started = clock()
        act()
        taken.append(clock() - started)
    return min(taken) / 1e9


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args(arguments)
    rulebook = pi.load_rulebook()
    sizes, pages = (QUICK_SIZES, QUICK_PAGES) if options.quick else (SIZES, PAGES)
    with TemporaryDirectory() as folder:
        store = SqlStore(f"sqlite:///{Path(folder) / 'histories.db'}")
        shown = [
            table("By the entries of one process", sizes, by_length(rulebook, store, sizes)),
            table("By the processes of a page", pages, by_page(rulebook, store, pages)),
        ]
        store.close()
    print("\n\n".join(each.markdown() if options.markdown else each.text() for each in shown))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
