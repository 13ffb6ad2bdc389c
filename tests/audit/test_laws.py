"""What holds of every history: what was exported comes back, and whatever can't be read is said."""

from __future__ import annotations

import io
import random
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, get_args

from hypothesis import example, given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.audit import Audit, audit
from postinterview.audit.history.audit_findings import KINDS
from postinterview.audit.history.date_formats import read_format
from postinterview.audit.history.dates import DatedCell, read_date
from postinterview.core.rules.definitions import Carries
from postinterview.files import UnreadableError
from postinterview.loading.text_values import Fault
from tests.audit.exporting import EMPLOYERS, PEOPLE, RULES, ZONE, Form, file_of, processes, rows_of, whole_map
from tests.audit.small import NEVER, small_map, told

ASKING = {
    guard.id
    for machine in RULES.definition.machines.values()
    for each in machine.transitions
    for guard in each.guards
    if isinstance(guard, Carries)
}
forms = st.sampled_from(("csv", "jsonl"))
every_form = st.sampled_from(get_args(Form))


TALK = {"Company": "Acme", "Event": "interview", "At": "2026-03-02T10:00:00-05:00", "interviewers": ("ana",)}
SOUND = {form: file_of([TALK], form) for form in get_args(Form) if form not in ("csv", "jsonl")}


def read(data: bytes, form: Form) -> Audit:
    return audit(io.BytesIO(data), whole_map(form), name="history")


def events(process: pi.Process) -> list[tuple[Any, ...]]:
    """What happened, in plain terms: neither numbers nor what is unknown beside it."""
    return [(p.name, p.at, p.application, p.event.to, p.event.fields, p.round) for p in process.timeline]


def trimmed(found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [
        (*head, {name: v.strip() if isinstance(v, str) else v for name, v in fields.items()}, round_)
        for *head, fields, round_ in found
    ]


def holds_together(made: Audit) -> None:
    """Every row has its readings, every reading is of one sort, and every count is that of the findings."""
    c = made.counts
    assert c.readings == c.events + c.planned + c.unknown + c.nothing + c.unread
    assert c.readings >= c.rows
    assert c.recorded <= c.events
    assert sum(len(p.timeline) for p in made.processes.values()) == c.recorded
    assert {kind: len(made.findings[kind]) for kind in KINDS} == dict(made.found)
    assert made.found["unread"] == c.unread
    assert made.found["unknown"] == c.unknown
    assert made.found["planned"] == c.planned


@given(process=processes(), form=every_form)
def test_what_was_exported_comes_back_as_the_same_process(process: pi.Process, form: Form) -> None:
    made = read(file_of(rows_of(process), form), form)
    holds_together(made)
    if not process.timeline:
        assert made.processes == {}
        return
    again = made.processes["Acme"]

    assert trimmed(events(again)) == trimmed(events(process))
    assert [p.position for p in again.breaches] == [p.position for p in process.breaches]
    assert again.states == process.states
    named = Counter(f.line for f in made if f.kind in ("breach", "contradiction", "undecided"))
    assert len(named) == len(process.breaches)
    assert set(named.values()) <= {1}
    assert made.found["outside"] == sum(placed.outside for placed in process.timeline)
    assert made.found["unread"] == made.found["unknown"] == 0


@given(parts=st.lists(processes(apart=True), min_size=2, max_size=2), form=forms, seed=st.integers())
def test_rows_of_several_employers_in_any_order_are_the_same_processes(
    parts: list[pi.Process], form: Form, seed: int
) -> None:
    rows = [
        {**row, "Company": name}
        for process, name in zip(parts, EMPLOYERS, strict=False)
        for row in rows_of(process)
    ]
    turned = list(rows)
    random.Random(seed).shuffle(turned)  # noqa: S311 - no secret
    first, second = read(file_of(rows, form), form), read(file_of(turned, form), form)

    assert second.processes == first.processes
    assert second.found == first.found
    assert second.counts == first.counts
    assert set(first.processes) == {row["Company"] for row in rows}


@given(process=processes(), data=st.data())
def test_a_row_that_is_torn_leaves_what_it_may_have_told_unknown(
    process: pi.Process, data: st.DataObject
) -> None:
    rows = rows_of(process)
    if len(rows) < 2:
        return
    torn = data.draw(st.integers(0, len(rows) - 1))
    lines = file_of(rows, "jsonl").splitlines(keepends=True)
    lines[torn] = lines[torn][: len(lines[torn]) // 2] + b"\n"
    made = read(b"".join(lines), "jsonl")
    holds_together(made)
    left = made.processes["Acme"]
    verdicts = [v for v in left.verdicts(at=datetime(2028, 1, 1, tzinfo=UTC)) if v.event == "follow_up"]

    assert made.counts.unread == 1
    assert not any(verdicts)


@given(process=processes(), data=st.data())
def test_what_is_called_a_breach_is_one_however_the_unknown_turns_out(
    process: pi.Process, data: st.DataObject
) -> None:
    rows = rows_of(process)
    for row in rows:
        blur = data.draw(st.sampled_from(("", "", "", "no date", "no hour", "no field")))
        if blur == "no date":
            row["At"] = None
        elif blur == "no hour":
            row["At"] = row["At"][:10]
        elif blur == "no field":
            for name in ("interviewers", "topic", "thanks", "channel", "personal_note"):
                row.pop(name, None)
    made = read(file_of(rows, "jsonl"), "jsonl")
    holds_together(made)
    truly = {placed.position + 1 for placed in process.breaches}
    outside = {placed.position + 1 for placed in process.timeline if placed.outside}

    unjudged = ("undecided", "outside")
    assert {each.line for each in made if each.reasons and each.kind not in unjudged} <= truly
    assert {each.line for each in made if each.kind == "outside"} <= outside


@given(process=processes(), data=st.data())
def test_a_kept_process_accuses_nobody_of_what_an_act_may_have_carried(
    process: pi.Process, data: st.DataObject
) -> None:
    rows = rows_of(process)
    roles = dict.fromkeys(row["Role"] for row in rows)
    met = {"Company": "Acme", "Event": "interview", "At": "2026-01-02T09:00:00-05:00", "interviewers": PEOPLE}
    for row in rows:
        for name in ("topic", "thanks", "looking_forward", "personal_note"):
            if data.draw(st.booleans()):
                row.pop(name, None)
    rows = [*({**met, "Role": role} for role in roles if role), *rows] if any(roles) else [met, *rows]
    made = read(file_of(rows, "jsonl"), "jsonl")
    holds_together(made)
    for kept in made.processes.values():
        besides = {
            each.line
            for each in made
            if (each.reasons and each.kind != "undecided")
            or any(reason.id not in ASKING for reason in each.reasons)
        }
        assert {placed.position + 1 for placed in kept.breaches} == besides


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A workbook, a database or JSON that was cut off, or in which some bytes are others."""
    data = bytearray(SOUND[draw(st.sampled_from(sorted(SOUND)))])
    for place, put in draw(st.lists(st.tuples(st.integers(0, len(data)), st.binary(max_size=4)), max_size=3)):
        data[place : place + len(put)] = put
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


@given(data=st.binary(max_size=400) | spoilt(), form=every_form)
@example(data=b'"', form="csv")
@example(data=b"Company,What,Date,Who\n\xff\xfe\x00", form="csv")
@example(data=b"[" * 5000, form="jsonl")
@example(data=b'{"Company": ' + b"9" * 5000 + b"}", form="jsonl")
def test_bytes_of_any_kind_are_answered_in_words(data: bytes, form: Form) -> None:
    for by in (whole_map(form), small_map()):
        try:
            made = audit(io.BytesIO(data), by, name="history")
        except UnreadableError:
            continue
        holds_together(made)
        assert made.diagnostics or made.counts.recorded or not made.is_clean


@given(
    process=processes(),
    form=forms,
    cuts=st.lists(st.tuples(st.integers(0, 9999), st.binary(max_size=3)), max_size=4),
)
def test_a_spoilt_file_never_hides_a_line(
    process: pi.Process, form: Form, cuts: list[tuple[int, bytes]]
) -> None:
    data = bytearray(file_of(rows_of(process), form).replace(b'"', b"'" if form == "csv" else b'"'))
    for place, put in cuts:
        at = place % (len(data) + 1)
        data[at : at + len(put)] = put.replace(b'"', b"x") if form == "csv" else put
    try:
        made = audit(io.BytesIO(bytes(data)), whole_map(form), name="history")
    except UnreadableError:
        return
    holds_together(made)
    if made.diagnostics:
        return
    lines = re.split(rb"\r\n|\r|\n", bytes(data))
    while lines and lines[-1] == b"":
        lines.pop()
    if form == "jsonl":
        assert made.counts.rows + made.counts.blank == len(lines)
    else:  # without quotation marks a line is a row; blank ones above the header are nobody's
        headed = next(n for n, text in enumerate(lines) if text.strip(b", \t\x0b\x0c\x1c\x1d\x1e\x1f"))
        assert (
            made.counts.rows
            <= len(lines) - 1 - headed
            <= made.counts.rows + made.counts.blank + cut_off(lines)
        )


def cut_off(lines: list[bytes]) -> int:
    """Lines that a CSV reader skips without a word: those with nothing in them."""
    return sum(not line for line in lines)


LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def days_of(first: int, second: int, year: int) -> set[tuple[int, int, int]]:
    """The days that two numbers and a year may mean, day first or month first; by hand."""
    found = set()
    for day, month in ((first, second), (second, first)):
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        if 1 <= month <= 12 and 1 <= day <= LENGTHS[month - 1] + (month == 2 and leap):
            found.add((year, month, day))
    return found


def formats(*texts: str) -> tuple[Any, ...]:
    read = tuple(map(read_format, texts))
    assert not any(isinstance(each, Fault) for each in read)
    return read


@given(first=st.integers(0, 40), second=st.integers(0, 40), year=st.integers(1900, 2100))
@example(first=29, second=2, year=2100)
@example(first=29, second=2, year=2096)
def test_two_numbers_are_a_day_only_if_they_can_be_one_day_alone(first: int, second: int, year: int) -> None:
    text = f"{first}/{second}/{year}"
    clock = datetime(2000, 1, 1, 12, 34).time()  # noqa: DTZ001 - a clock
    made = read_date(text, formats("%d/%m/%Y", "%m/%d/%Y"), ZONE, clock, None)
    meant = days_of(first, second, year)

    if len(meant) != 1:
        assert isinstance(made, str)
        return
    assert isinstance(made, DatedCell)
    local = made.at.astimezone(ZONE)
    assert {(local.year, local.month, local.day)} == meant
    assert (local.hour, local.minute) == (12, 34)
    assert not made.clock


@given(micro=st.integers(-2_000_000_000_000_000, 30_000_000_000_000_000))
def test_one_moment_written_in_every_way_is_one_moment(micro: int) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micro)
    local = at.astimezone(ZONE)
    ways = [(local.isoformat(), "iso"), (at.isoformat().replace("+00:00", "Z"), "iso")]
    ways.append(
        (
            local.strftime("%d.%m.") + f"{local.year:04}" + local.strftime(" %H:%M:%S.%f%z"),
            "%d.%m.%Y %H:%M:%S.%f%z",
        )
    )
    if micro >= 0:
        ways.append((f"{micro // 1_000_000}.{micro % 1_000_000:06}", "unix"))
        if micro % 1000 == 0:
            ways.append((str(micro // 1000), "unix ms"))
    made = [read_date(text, formats(form), ZONE, None, None) for text, form in ways]

    assert all(isinstance(each, DatedCell) and each.at == at for each in made), made
    assert all(one == other for one, other in pairwise(made))


WORDS = ("x", "TRUE", "FALSE", "", "perhaps")


@given(
    table=st.lists(
        st.tuples(
            st.sampled_from(("2026-03-02 10:00", "2027-01-01 10:00", "soon", "")),
            st.sampled_from(("", "0", "3", "some")),
            st.sampled_from(WORDS),
            st.sampled_from(("ana", "ana|bo", "")),
        ),
        max_size=6,
    )
)
def test_every_row_is_accounted_for_against_every_entry(table: list[tuple[str, str, str, str]]) -> None:
    entries = """
  talk: {event: interview, at: Date, with: {interviewers: unknown}}
  asked: {event: follow_up, count: Asked}
  thanked:
    event: thank_you
    when: {Thanked: [x, "true"]}
    at: Date
    to: {column: Who, split: "|"}
    with: {thanks: true, topic: true, looking_forward: true}
  not_thanked: {nothing: true, when: {Thanked: "false"}}
"""
    by = small_map(entries=entries, never=f"message, {NEVER}")
    made = audit(["Company,Date,Asked,Thanked,Who\n", *(f"Acme,{','.join(row)}\n" for row in table)], by)
    counted: Counter[str] = Counter()
    for day, asked, thanked, who in table:
        dated = {
            "2026-03-02 10:00": "events",
            "2027-01-01 10:00": "planned",
            "soon": "unknown",
            "": "nothing",
        }
        counted[dated[day]] += 1
        if asked.isdigit() and asked != "0":
            counted["events"] += int(asked)
        else:
            counted["nothing" if asked in ("", "0") else "unknown"] += 1
        if thanked == "FALSE":
            counted["nothing"] += 1
        elif thanked == "perhaps":
            counted["unread"] += 1
        elif thanked and day in ("2026-03-02 10:00", "") and who:
            counted["events"] += 2 if "|" in who else 1
        elif thanked:
            counted["planned" if day == "2027-01-01 10:00" else "unknown"] += 1
    holds_together(made)

    assert {name: n for name, n in vars_of(made).items() if n} == dict(counted)
    assert made.counts.rows == len(table)


def vars_of(made: Audit) -> dict[str, int]:
    c = made.counts
    return {
        "events": c.events,
        "planned": c.planned,
        "unknown": c.unknown,
        "nothing": c.nothing,
        "unread": c.unread,
    }


def test_maps_and_audits_made_twice_of_the_same_texts_are_equal() -> None:
    again = small_map.__wrapped__()
    assert again is not small_map()
    assert (again, hash(again)) == (small_map(), hash(small_map()))
    rows = "Acme,talk,2026-03-02 10:00,ana"
    assert told(rows, again) == told(rows)
    assert told(rows) != told(rows.replace("ana", "bo"))
