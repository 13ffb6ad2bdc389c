"""What an audit costs: histories a second on both paths, beside reading the file alone, and its peak memory.

The exact path is `audit`, from the text on; it begins anew with each file, knowing no step. "A process of
each" is what it costs if somebody keeps the processes. Histories of ten rows are in order, so an audit finds
nothing. They are made by the engine. In one file each history is told by many employers at other moments; in
the other no two are alike. The fast path is timed on the first file of a process, and on a later one, which
has other histories. All in processor time of one process, and divided by the time in which Arrow and polars
read the file.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from pyarrow import csv as arrow_csv

import postinterview as pi
from benchmarks.timing import Spread, clock, run_rounds
from postinterview.audit import Map, audit, load_map
from postinterview.audit.bulk import audit_batch, batches, merge

ZONE = ZoneInfo("Europe/Zurich")
RULES = pi.load_rulebook()
COLUMNS = ("Company", "What", "At", "Who", "Day", "Channel", "Text")
PEOPLE = ("Ana Ruiz", "Bo Lind", "Cleo Marsh", "Dan Okafor")
FACTS = {
    "interview": 4,
    "message": 5,
    "question": 2,
    "scheduled": 2,
    "promise": 2,
    "offer": 1,
    "rejection": 1,
}
FINAL = {"withdraw", "assume_closed", "decline"}
GAPS = (timedelta(hours=3), timedelta(days=1), timedelta(days=2), timedelta(days=8))
ROWS = 10
BY_POLARS = "reading alone by polars"

Row = tuple[str, datetime, str, str, str, str]


def history(random: Random) -> list[Row]:
    """Ten events that the rules allow, one after the other."""
    process, found = RULES.start("Acme", ZONE.key), list[Row]()
    at = datetime(2025, 1, 6, 9, tzinfo=ZONE) + timedelta(days=random.randrange(5))
    people = random.sample(PEOPLE, random.choice((1, 1, 2)))
    name, to, fields = "interview", None, dict[str, Any](interviewers=people)
    while True:
        outcome = process.record(name, at=at, to=to, **fields)
        if not outcome.unexpected and (outcome.verdict is None or outcome.verdict.allowed):
            process = outcome.process
            who = to or "|".join(fields.get("interviewers", ()))
            text = fields.get("topic") or fields.get("personal_note", "")
            found.append((name, at, who, str(fields.get("date", "")), fields.get("channel", ""), text))
        if len(found) == ROWS:
            return found
        at += random.choice(GAPS) + timedelta(minutes=random.randrange(200))
        if not 8 <= at.hour < 19 or at.weekday() > 4:
            at = (at + timedelta(days=1)).replace(hour=9 + random.randrange(8))
        name, to, fields = _next(random, process, at, people)


def _next(
    random: Random, process: pi.Process, at: datetime, people: list[str]
) -> tuple[str, str | None, dict[str, Any]]:
    day = at.date() + timedelta(days=random.randrange(3, 10))
    open_ = [verdict for verdict in process.allowed(at=at) if verdict.event not in FINAL]
    if open_ and random.random() < 0.55:
        chosen = random.choice(open_)
        fields: dict[str, dict[str, Any]] = {
            "thank_you": {"thanks": True, "topic": "the talk", "looking_forward": True},
            "linkedin_invite": {"personal_note": "hello"},
            "follow_up": {"channel": "email"},
        }
        return chosen.event, chosen.to, fields.get(chosen.event, {})
    fact = random.choices(tuple(FACTS), tuple(FACTS.values()))[0]
    carried = {"interview": {"interviewers": people}, "scheduled": {"date": day}, "promise": {"date": day}}
    return fact, None, carried.get(fact, {})


def file_of(kinds: list[list[Row]], count: int, *, first: int = 0) -> bytes:
    """So many histories as CSV, each of an employer of its own and some weeks later than its kind."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for number in range(first, first + count):
        later = timedelta(weeks=number % 40)
        for name, at, who, day, channel, text in kinds[number % len(kinds)]:
            moved = day and (datetime.fromisoformat(day) + later).date().isoformat()
            written = f"{at + later:%Y-%m-%d %H:%M}"
            writer.writerow((f"Employer {number}", name, written, who, moved, channel, text))
    return out.getvalue().encode()


def _unlike(random: Random, count: int) -> bytes:
    return file_of([history(random) for _ in range(count)], count)


def map_of() -> Map:
    entries: dict[str, Any] = {}
    for name, kind in RULES.definition.events.items():
        entry: dict[str, Any] = {"event": name, "when": {"What": name}, "at": "At"}
        if kind.to_person:
            entry["to"] = {"column": "Who"}
        origins = {"people": {"column": "Who", "split": "|"}, "date": {"column": "Day"}, "bool": True}
        if kind.fields:
            entry["with"] = {
                field: {"column": "Channel"}
                if each.type == "choice"
                else origins.get(each.type, {"column": "Text"})
                for field, each in kind.fields.items()
            }
        entries[name] = entry
    head = {"format": 1, "timezone": ZONE.key, "dates": ["%Y-%m-%d %H:%M", "%Y-%m-%d"], "time": "12:00"}
    whole = {**head, "as_of": "2027-06-01", "employer": "Company", "read": entries}
    return load_map(text=json.dumps(whole), rulebook=RULES)


def read(data: bytes) -> pa.Table:
    texts = arrow_csv.ConvertOptions(column_types=dict.fromkeys(COLUMNS, pa.string()))
    return arrow_csv.read_csv(io.BytesIO(data), convert_options=texts)


def _polars() -> Any:
    """The library polars, or None if it is not installed."""
    try:
        return import_module("polars")
    except ModuleNotFoundError:
        print("without polars: pip install '.[bench]'", file=sys.stderr)
        return None


def timed(call: Callable[[], object], histories: int) -> Callable[[], float]:
    def batch() -> float:
        begin = clock()
        call()
        return (clock() - begin) / histories

    return batch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the histories, one round")
    options = parser.parse_args()
    count, rounds = (400, 1) if options.quick else (4_000, 3)
    random, by = Random(1), map_of()  # noqa: S311
    kinds = [history(random) for _ in range(200)]
    alike, unlike, learnt = file_of(kinds, count), _unlike(random, count), _unlike(random, 10 * count)
    lines, alike_lines = (each.decode().splitlines(keepends=True) for each in (unlike, alike))
    expected = audit(lines, by, keep=lambda _employer, _process: "")
    assert expected.counts.processes == count
    assert merge([audit_batch(read(unlike), by)], by).counts == expected.counts

    def fresh(data: bytes) -> Callable[[], object]:
        def call() -> object:
            batches._column_reader.cache_clear()  # noqa: SLF001 - as in a new process
            return audit_batch(read(data), by)

        return call

    first = {"reading alone": timed(lambda: read(unlike), count)}
    polars = _polars()
    if polars is not None:
        first[BY_POLARS] = timed(lambda: polars.read_csv(unlike, infer_schema=False), count)
    first |= {
        "exact, alike": timed(lambda: audit(alike_lines, by, processes=False), count),
        "exact, no two alike": timed(lambda: audit(lines, by, processes=False), count),
        "exact, a process of each": timed(
            lambda: audit(lines, by, keep=lambda _employer, _process: ""), count
        ),
        "fast, alike, the first file": timed(fresh(alike), count),
        "fast, no two alike, the first file": timed(fresh(unlike), count),
    }
    found = run_rounds(first, rounds, warm_up=False)
    fresh(learnt)()
    later = {
        "fast, alike, a later file": timed(lambda: audit_batch(read(alike), by), count),
        "fast, no two alike, a later file": timed(lambda: audit_batch(read(unlike), by), count),
    }
    for name, task in later.items():  # the first round learns the few steps that are left
        found |= {name: run_rounds({name: task}, rounds, warm_up=name.startswith("fast, alike"))[name]}
    floors = [name for name in ("reading alone", BY_POLARS) if name in found]
    titles = [f"{count} histories of {ROWS} rows", "histories a second", *(f"to {name}" for name in floors)]
    print(f"| {' | '.join(titles)} |")
    print(f"|---|{'--:|' * (len(titles) - 1)}")
    for name, samples in found.items():
        took = Spread.of(samples).median
        ratios = (f"{took / Spread.of(found[floor]).median:,.0f}" for floor in floors)
        print(f"| {name} | {1e9 / took:,.0f} | {' | '.join(ratios)} |")
    with TemporaryDirectory() as folder:
        path = Path(folder, "history.csv")
        path.write_bytes(unlike)
        Path(folder, "map.yaml").write_text(by.text)
        command = [
            sys.executable,
            "-m",
            "postinterview",
            "audit",
            str(path),
            "--map",
            str(Path(folder, "map.yaml")),
        ]
        done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL)  # noqa: S603
        assert done.returncode in (0, 1)  # a history moved over a change of clocks may have a breach
    print(
        f"peak memory of the command: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB"
    )


if __name__ == "__main__":
    main()
