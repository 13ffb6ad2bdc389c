"""The proof as rules grow, beside three other ways to prove the same, in one run.

    python -m benchmarks.proof                 some ten minutes
    python -m benchmarks.proof --quick         some ten seconds: fewer questions and sizes, one round
    python -m benchmarks.proof --json          or --markdown
    python -m benchmarks.proof --section bounds    only this table; may be given again

The other ways: the same search with all guards kept (no localisation), z3's fixed-point engine (Spacer)
on the same relation, and the same search with every interviewer and application spelt out. Whoever has
no answer within the limit says so. All that answer must agree on the verdict; nothing is asserted of a time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from time import process_time  # noqa: TID251 a benchmark reads the clock
from typing import TypeAlias

from attrs import frozen

import postinterview as pi
from benchmarks.proving.answers import (
    Answer,
    Question,
    Stopwatch,
    agree,
    by_prover,
    by_search,
    questions,
    together,
)
from benchmarks.proving.bounds import by_bounder, find, sides, sides_by_spacer
from benchmarks.proving.command import time_command
from benchmarks.proving.explicit import by_instances
from benchmarks.proving.grown import packaged, with_constants, with_guards
from benchmarks.proving.many import check_places
from benchmarks.proving.report import (
    KEPT,
    PROVER,
    SPACER,
    SPACER_NEEDED,
    SPELT_OUT,
    TITLES,
    Measured,
    Report,
    Row,
    render,
)
from benchmarks.proving.spacer import by_spacer
from benchmarks.report import Held
from benchmarks.timing import Spread
from postinterview.core.rules.definitions import Definition
from postinterview.proof.bound import TABLE
from postinterview.proof.promises.promise import Promises
from postinterview.proof.prove import Prover
from postinterview.proof.search.refinement import Part

Task: TypeAlias = Callable[[], Answer]


@frozen
class Plan:
    """How much is measured. ``limit``: seconds for one question; what takes over a second is timed once.

    ``promises``: those asked about; none named: all.
    """

    rounds: int
    limit: float
    places: Sequence[tuple[int, int]]
    guards: Sequence[int]
    constants: Sequence[int]
    histories: int
    events: int
    commands: int
    promises: Sequence[str] = ()


QUICK = Plan(
    1,
    0.15,
    ((1, 1), (2, 2), (8, 3)),
    (0, 4),
    (1, 3),
    1,
    20,
    1,
    ("one_chase", "courtesy_once", "attempts_apart"),
)
WHOLE = Plan(
    3,
    5.0,
    ((1, 1), (2, 1), (1, 2), (1, 3), (2, 2), (3, 1), (8, 1), (8, 3)),
    (0, 2, 4, 8, 16, 32),
    (1, 2, 3, 4, 5),
    5,
    60,
    15,
)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.proof", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer questions and sizes, one round")
    parser.add_argument("--section", action="append", choices=TITLES, help="measure only this table")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--markdown", action="store_true", help="print the tables as markdown")
    options = parser.parse_args(arguments)
    report = measure(QUICK if options.quick else WHOLE, options.section or tuple(TITLES))
    if options.json:
        print(json.dumps(report.as_json(), indent=2))
    else:
        print(render(report, markdown=options.markdown))
    return 0


def measure(plan: Plan, wanted: Collection[str]) -> Report:
    """Measure the tables that are wanted, by the keys of `TITLES`."""
    definition, promises = packaged()
    asked = questions(definition, promises)
    decided = [
        (question, question.decide())
        for question in asked
        if not plan.promises or question.promise.id in plan.promises
    ]
    looked_at = check_places(decided, 3, 8, plan.histories, plan.events)
    tables: dict[str, Callable[[], list[Row]]] = {
        "promises": lambda: _by_promise(plan, decided),
        "bounds": lambda: _by_bound(plan, definition),
        "places": lambda: _by_places(plan, decided),
        "guards": lambda: _by_guards(plan),
        "constants": lambda: _by_constants(plan),
    }
    sections = {name: rows() for name, rows in tables.items() if name in wanted}
    bounds = [row.ways[PROVER].seconds for row in sections.get("bounds", ())]
    command, missing = time_command(plan.commands)
    proof = Spread.of([_whole_proof(definition, promises) for _ in range(max(3, plan.rounds))])
    return Report(
        about={
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "rounds": plan.rounds,
            "limit": plan.limit,
            "places": looked_at,
            "postinterview": pi.__version__,
        },
        sections=sections,
        command=command,
        held=[
            Held("the proof of the packaged rules", 0.8, "s", proof),
            Held("the same, 8 interviewers and 3 applications", 2, "s", proof),
            Held("one bound, the slowest", 3, "s", max(bounds[:-1], key=_median, default=None)),
            Held("the table of bounds", 15, "s", bounds[-1] if bounds else None),
            Held(
                "`postinterview prove`, over a bare Python",
                1,
                "s",
                command["whole"].over(1000) if command else None,
            ),
        ],
        notes=[missing] if missing else [],
    )


def _whole_proof(definition: Definition, promises: Promises) -> float:
    """Seconds of all promises, as `pi.prove` proves them: the relation of an act is made once."""
    stopwatch = Stopwatch()
    Prover(pi.Rulebook(definition), process_time).prove(promises)
    return stopwatch.seconds


def _row(plan: Plan, label: str, tasks: Mapping[str, Task]) -> Row:
    """Run the ways in interleaved rounds, and see that they agree. The first is the prover."""
    answers: dict[str, list[Answer]] = {name: [] for name in tasks}
    for number in range(plan.rounds):
        for name, task in tasks.items():
            if not number or answers[name][0].seconds <= 1:
                answers[name].append(task())
    agree(label, (each for found in answers.values() for each in found))
    base = [answer.seconds for answer in answers[next(iter(tasks))]]
    return Row(
        label,
        {
            name: Measured(
                found[0],
                Spread.of([answer.seconds for answer in found]),
                Spread.of([answer.seconds / one for answer, one in zip(found, base, strict=False)]),
            )
            for name, found in answers.items()
        },
    )


def _ways(plan: Plan, asked: Iterable[tuple[Question, Part]]) -> dict[str, Task]:
    """The ways to answer some questions together, that have nothing to do with places."""
    known = list(asked)
    limit = plan.limit
    return {
        PROVER: lambda: together(by_prover(question) for question, _ in known),
        KEPT: lambda: together(by_search(question, limit) for question, _ in known),
        SPACER: lambda: together(by_spacer(question, limit) for question, _ in known),
    }


def _by_promise(plan: Plan, decided: Sequence[tuple[Question, Part]]) -> list[Row]:
    rows = []
    for promise in dict.fromkeys(question.promise.id for question, _ in decided):
        asked = [each for each in decided if each[0].promise.id == promise]
        rows.append(_row(plan, promise, _with_needed(plan, asked)))
    return [*rows, _sum("all of these", rows)]


def _by_bound(plan: Plan, definition: Definition) -> list[Row]:
    """Each bound of the table that `bound` prints, found from nothing; z3 only checks it."""
    rows = []
    for question in TABLE:
        asked = list(sides(definition, find(definition, question)))
        ways = {
            PROVER: partial(by_bounder, definition, question),
            SPACER: partial(sides_by_spacer, asked, plan.limit, needed=False),
            SPACER_NEEDED: partial(sides_by_spacer, asked, plan.limit, needed=True),
        }
        rows.append(_row(plan, str(question), ways))
    return [*rows, _sum("all of these", rows)]


def _median(spread: Spread) -> float:
    return spread.median


def _with_needed(plan: Plan, asked: Sequence[tuple[Question, Part]]) -> dict[str, Task]:
    def needed() -> Answer:
        return together(by_spacer(question, plan.limit, part.rests_on) for question, part in asked)

    return {**_ways(plan, asked), SPACER_NEEDED: needed}


def _sum(label: str, rows: Sequence[Row]) -> Row:
    """All rows as one: sums of the medians."""
    base = sum(row.ways[PROVER].seconds.median for row in rows)
    ways = {}
    for name in rows[0].ways:
        found = together(row.ways[name].answer for row in rows)
        total = sum(row.ways[name].seconds.median for row in rows)
        ways[name] = Measured(found, Spread.of([total]), Spread.of([total / base]))
    return Row(label, ways)


def _by_places(plan: Plan, decided: Sequence[tuple[Question, Part]]) -> list[Row]:
    """One promise for each person and round, beside all of its places; then everything at the largest."""
    question, part = next(each for each in decided if each[0].act.name == "thank_you")
    rows = []
    for people, applications in plan.places:
        spelt_out = partial(by_instances, question, plan.limit, part.rests_on, applications, people)
        label = f"{people} x {applications}, a second thank-you"
        rows.append(_row(plan, label, {PROVER: partial(by_prover, question), SPELT_OUT: spelt_out}))
    people, applications = plan.places[-1]

    def everything() -> Answer:
        return together(
            by_instances(asked, plan.limit, known.rests_on, applications, people) for asked, known in decided
        )

    rows.append(
        _row(
            plan,
            f"{people} x {applications}, all promises",
            {PROVER: _ways(plan, decided)[PROVER], SPELT_OUT: everything},
        )
    )
    return rows


def _asked(grown: tuple[Definition, Promises], promise: str, act: str) -> tuple[Question, Part]:
    question = next(q for q in questions(*grown) if (q.promise.id, q.act.name) == (promise, act))
    return question, question.decide()


def _by_guards(plan: Plan) -> list[Row]:
    """The packaged rules with more guards on the follow-up: one promise about it."""
    return [
        _row(plan, f"{count} more", _ways(plan, [_asked(with_guards(count), "one_follow_up", "follow_up")]))
        for count in plan.guards
    ]


def _by_constants(plan: Plan) -> list[Row]:
    """So many clocks, all of them needed: whole days, odd minutes, and one of them too short."""
    rows = []
    for name, odd, short in (("whole days", False, False), ("odd", True, False), ("too short", True, True)):
        for count in plan.constants:
            asked = _asked(with_constants(count, odd=odd, short=short), "a_week", "call")
            rows.append(_row(plan, f"{count}, {name}", _ways(plan, [asked])))
    return rows


if __name__ == "__main__":
    sys.exit(main())
