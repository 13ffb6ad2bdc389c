"""The audit and the processes that it saves say the same of every act."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from operator import itemgetter
from random import Random

from hypothesis import event, given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.audit import Audit, audit
from tests.audit.exporting import RULES, file_of, processes, rows_of, whole_map
from tests.audit.test_certainty import START, WORDS, at_the_ends, judged, told
from tests.strategies.scale import tried

NAMES = sorted(RULES.definition.events)


def certain(made: Audit) -> set[tuple[str | None, date | datetime | None, str]]:
    """The acts that the audit calls against the rules for certain: at a moment, on a day, or at some time."""
    found = ("breach", "contradiction")
    return {
        (f.employer, f.at if f.clock or f.at is None else f.at.date(), f.event)
        for f in made
        if f.kind in found and f.reasons and f.event
    }


def held(made: Audit) -> set[tuple[str | None, date | datetime | None, str]]:
    """The acts that the saved processes hold against the candidate."""
    return {
        (name, told_when(placed, process), placed.name)
        for name, process in made.processes.items()
        for placed in process.breaches
        if not placed.doubtful
    }


def told_when(placed: pi.Placed, process: pi.Process) -> date | datetime | None:
    if placed.event.since is not None:
        return process.calendar.day_of(placed.at)
    return None if placed.event.undated else placed.at


@tried(60, 3000)
@given(
    processes(apart=True),
    st.lists(st.sampled_from(NAMES), max_size=3, unique=True),
    st.lists(st.integers(0, 8), max_size=3),
)
def test_nobody_is_accused_of_what_was_allowed(
    process: pi.Process, unknown: list[str], dateless: list[int]
) -> None:
    """Dates and events are taken out of what really happened."""
    rows = rows_of(process)
    for number in dateless:
        for row in rows[number : number + 1]:
            row["At"] = None
    rows = [row for row in rows if row["Event"] not in unknown]
    lines = file_of(rows, "jsonl").decode().splitlines(keepends=True)
    made = audit(lines, whole_map("jsonl", unknown=tuple(unknown)))
    refused = {("Acme", placed.at, placed.name) for placed in process.timeline if placed.refused}
    dated = {("Acme", placed.at, placed.name) for placed in process.timeline}
    accused = certain(made) & dated
    event(f"{len(accused)} accused, {len(dateless)} without a date")
    assert accused <= refused
    undated = sum(placed.event.is_open for each in made.processes.values() for placed in each.timeline)
    assert undated <= len(dateless)


@tried(60, 3000)
@given(
    processes(apart=True),
    st.lists(st.sampled_from(NAMES), max_size=6, unique=True),
    st.booleans(),
    st.lists(st.sampled_from(("", "", "no date", "no hour", "no field")), min_size=9, max_size=9),
)
def test_an_act_is_a_breach_in_the_process_exactly_if_the_audit_says_so(
    process: pi.Process, unknown: list[str], unnamed: bool, blurs: list[str]
) -> None:
    rows = rows_of(process)
    if unnamed:
        for row in rows:
            row.pop("interviewers", None)
    rows = [row for row in rows if row["Event"] not in unknown]
    for row, blur in zip(rows, blurs, strict=False):
        if blur == "no date":
            row["At"] = None
        elif blur == "no hour":
            row["At"] = str(row["At"])[:10]
        elif blur == "no field":
            for name in ("topic", "thanks", "channel", "personal_note"):
                row.pop(name, None)
    made = audit(
        file_of(rows, "jsonl").decode().splitlines(keepends=True), whole_map("jsonl", unknown=tuple(unknown))
    )
    event(f"{len(certain(made))} certain, {made.found['undecided']} undecided")
    assert held(made) == certain(made)


EXCUSES = ("talk", "wrote", "promised", "offer", "no", "asked")
later = st.lists(st.tuples(st.sampled_from(sorted(WORDS)), st.integers(1, 12)), max_size=2)


@tried(60, 3000)
@given(later, st.sampled_from(EXCUSES), st.tuples(*[st.integers(7, 14)] * 3), later, st.booleans())
def test_a_row_that_may_be_anybodys_excuses_in_both_and_accuses_nobody(
    before: list[tuple[str, int]],
    word: str,
    days: tuple[int, int, int],
    after: list[tuple[str, int]],
    has_hour: bool,
) -> None:
    """It was with this employer or another. The process takes it as unknown, so there it may excuse more."""
    told_of = [*before, ("asked", days[0]), (word, days[1]), ("asked", days[2]), *after]
    rows, day = ["talk,2026-03-02 10:00"], START
    for each, gap in told_of:
        day += timedelta(days=gap)
        rows.append(f"{each},{day:%Y-%m-%d}{' 11:00' if has_hour else ''}")
    anybodys = rows[len(before) + 2]

    def made(*ways: str) -> Audit:
        return told("\n".join(f"{way},,{row}" for way, row in zip(ways, rows, strict=True) if way != "-"))

    open_, here, elsewhere = (
        made(*(way if row is anybodys else "A" for row in rows)) for way in ("", "A", "-")
    )
    event(f"{len(certain(open_))} certain, {len(held(open_))} in the process")
    assert certain(open_) <= certain(here) & certain(elsewhere)
    assert held(open_) <= certain(open_)


crowds = st.lists(
    st.tuples(st.sampled_from(sorted(WORDS)), st.sampled_from((None, None, None, 9, 15))),
    min_size=6,
    max_size=9,
)


@tried(16, 600)
@given(crowds, st.lists(st.sampled_from(sorted(WORDS)), max_size=3), st.randoms(use_true_random=False))
def test_of_days_with_too_many_orders_both_say_the_same_and_accuse_nobody(
    crowd: list[tuple[str, int | None]], after: list[str], random: Random
) -> None:
    texts = ["A,,talk,2026-03-02 10:00"]
    texts += [f"A,,{word},2026-03-10{'' if hour is None else f' {hour:02}:00'}" for word, hour in crowd]
    texts += [f"A,,{word},2026-03-{12 + 7 * number} 10:00" for number, word in enumerate(after)]
    made = told("\n".join(texts))
    event(f"{made.found['breach']} breaches, {made.found['undecided']} undecided")
    assert held(made) == certain(made)
    called = Counter(each.event for each in made if each.reasons and each.kind in ("breach", "contradiction"))
    days: list[tuple[datetime, list[tuple[str, int | None]]]]
    days = [(START, [("talk", 10)]), (START + timedelta(days=8), crowd)]
    days += [(START + timedelta(days=10 + 7 * number), [(word, 10)]) for number, word in enumerate(after)]
    for _ in range(4):
        early: list[tuple[int, str, datetime]] = []
        late: list[tuple[int, str, datetime]] = []
        for day, rows in days:
            numbered = [(number, *row) for number, row in enumerate(rows)]
            random.shuffle(numbered)
            clocked = iter(sorted((row for row in numbered if row[2] is not None), key=itemgetter(2, 0)))
            turned = [row if row[2] is None else next(clocked) for row in numbered]
            soon, at_last = at_the_ends(turned, day)
            early += soon
            late += at_last
        for way in (early, late):
            truly, _ = judged([(number, word, at) for number, (_, word, at) in enumerate(way)])
            refused = Counter(WORDS[way[number][1]]["event"] for number in truly)
            assert called <= refused, way
