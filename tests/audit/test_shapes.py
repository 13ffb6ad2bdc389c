"""Sheets that hold several things at once: counts, lists of dates, merged cells, long words."""

from __future__ import annotations

import io
from datetime import datetime

import pytest

from postinterview.audit import Audit, Map, audit
from tests.audit.exporting import workbook
from tests.audit.small import HEAD, said, small_map

NEVER = (
    "promise, answer, a_no, missed_call, reply, rejection_reply, counter_offer, accept, decline, withdraw, "
    "assume_closed, scheduled, cancelled, question, auto_reply, on_hold, assignment, hand_in, notice, "
    "message, thank_you"
)
DAYS = HEAD.replace('"%Y-%m-%d %H:%M"', "iso")
TALK = """
  talk: {event: interview, at: Interviewed, with: {interviewers: unknown}}"""


def sheet_map(entry: str, head: str = 'time: "12:00"') -> Map:
    return small_map(
        head, f"{TALK}\n  asked: {{event: follow_up, {entry}, with: {{channel: email}}}}", NEVER, DAYS
    )


def sheet(header: str, *rows: str, by: Map) -> Audit:
    return audit([f"{line}\n" for line in (header, *rows)], by)


def times(made: Audit, event: str = "follow_up", employer: str = "Acme") -> list[str]:
    found = [each for each in made.processes[employer].timeline if each.name == event]
    return [f"{'by ' if each.event.is_open else ''}{each.at:%Y-%m-%d}" for each in found]


# --- a number and the date of the last ------------------------------------------------------------

COUNTED = "count: follow_ups_sent, last: last_follow_up"
COLUMNS = "Company,Interviewed,follow_ups_sent,last_follow_up"


@pytest.mark.parametrize(
    ("count", "last", "dates", "findings"),
    [
        ("", "", [], []),
        ("0", "", [], []),
        ("1", "2026-03-10", ["2026-03-10"], []),
        ("1.0", "2026-03-10", ["2026-03-10"], []),
        (
            "2",
            "2026-03-10",
            ["by 2026-03-10", "2026-03-10"],
            [("undated", "1 before the last, without a date")],
        ),
        (
            "4",
            "2026-03-10",
            ["by 2026-03-10", "by 2026-03-10", "by 2026-03-10", "2026-03-10"],
            [("undated", "3 before the last, without dates")],
        ),
        ("9", "2026-03-10", ["2026-03-10"], [("unknown", "8 before the last, without dates")]),
        ("", "2026-03-10", ["2026-03-10"], [("unknown", "how many there were before the last is not said")]),
        ("some", "2026-03-10", ["2026-03-10"], [("unknown", "`some` is not a number")]),
        ("2", "", ["by 2026-03-31"] * 2, [("undated", "2 of them, without a date")]),
        ("some", "", [], [("unknown", "`some` is not a number")]),
        ("0", "2026-03-10", [], [("unknown", "0 of them, and the last on 2026-03-10")]),
        (
            "2",
            "soon",
            ["by 2026-03-31"],
            [
                ("unknown", "`soon` is not a date in the formats of the map"),
                ("undated", "1 before the last, without a date"),
            ],
        ),
    ],
)
def test_a_number_and_the_date_of_the_last_are_one_statement(
    count: str, last: str, dates: list[str], findings: list[tuple[str, str]]
) -> None:
    made = sheet(COLUMNS, f"Acme,2026-03-02,{count},{last}", by=sheet_map(COUNTED))
    assert times(made) == dates
    assert [(each.kind, each.message) for each in made if each.kind != "undecided"] == findings
    assert made.counts.readings == made.counts.events + made.counts.unknown + made.counts.nothing


def test_what_came_before_the_last_happened_before_it() -> None:
    made = sheet(COLUMNS, "Acme,2026-03-02,3,2026-03-10", by=sheet_map(COUNTED))
    *before, last = made.processes["Acme"].timeline[1:]
    assert [each.event.is_open for each in (*before, last)] == [True, True, False]
    assert all(each.at < last.at for each in before)

    # In a new round the follow-ups of the one before no longer count, however many there were.
    process = made.processes["Acme"]
    talk = process.record(
        "interview", at=datetime.fromisoformat("2026-03-16T10:00+01:00"), interviewers=["ana"]
    )
    later = datetime.fromisoformat("2026-05-12T10:00+02:00")
    counted = sheet(COLUMNS, "Acme,2026-03-02,3,", by=sheet_map(COUNTED)).processes["Acme"]
    after = counted.record(
        "interview", at=datetime.fromisoformat("2026-03-16T10:00+01:00"), late=True, interviewers=["ana"]
    )
    assert talk.process.may("follow_up", at=later, channel="email")
    assert not after.process.may("follow_up", at=later, channel="email")


def test_no_breach_is_made_of_a_number() -> None:
    made = sheet(COLUMNS, "Acme,2026-03-02,5,2026-03-12", by=sheet_map(COUNTED))
    assert [each.kind for each in made] == ["undecided", "undated"]
    early = sheet(COLUMNS, "Acme,2026-03-02,5,2026-03-04", by=sheet_map(COUNTED))
    assert [reason.id for reason in early.breaches[0].reasons] == ["wait_for_the_answer"]


# --- several dates --------------------------------------------------------------------------------


def test_several_dates_in_a_cell_are_an_event_each() -> None:
    by = sheet_map('at: {column: Asked, split: ";"}')
    made = sheet("Company,Interviewed,Asked", "Acme,2026-03-02,2026-03-10; 2026-03-12;", by=by)
    assert times(made) == ["2026-03-10", "2026-03-12"]
    assert ("breach", 2) in [(each.kind, each.line) for each in made]

    torn = sheet("Company,Interviewed,Asked", "Acme,2026-03-02,2026-03-10; then again", by=by)
    assert times(torn) == ["2026-03-10"]
    assert said(torn)[-1:] == [("unknown", 2, "`then again` is not a date in the formats of the map")]
    assert sheet("Company,Interviewed,Asked", "Acme,2026-03-02,", by=by).counts.nothing == 1


def test_each_of_several_columns_may_hold_a_date() -> None:
    made = sheet(
        "Company,Interviewed,First,Second",
        "Acme,2026-03-02,2026-03-10,2026-03-12",
        "Beta,2026-03-02,,2026-03-10",
        "Cyan,2026-03-02,,",
        by=sheet_map("at: [First, Second]"),
    )
    assert times(made) == ["2026-03-10", "2026-03-12"]
    assert times(made, employer="Beta") == ["2026-03-10"]
    assert times(made, employer="Cyan") == []
    assert [each.kind for each in made] == ["breach"]


def test_a_list_in_json_holds_several_dates_too() -> None:
    head = 'time: "12:00"\nkind: jsonl'
    row = '{"Company": "Acme", "Interviewed": "2026-03-02", "Asked": ["2026-03-10", "2026-03-19"]}'
    assert times(audit([row], sheet_map("at: Asked", head))) == ["2026-03-10", "2026-03-19"]


# --- words by their beginning ---------------------------------------------------------------------


def words_map(*words: str) -> Map:
    entries = "".join(
        f"\n  e{number}: {{event: {event}, when: {{Status: {word}}}, at: On}}"
        for number, (event, word) in enumerate(
            zip(("rejection", "offer", "offer_withdrawn"), words, strict=False)
        )
    )
    fields = entries.replace("event: offer,", "event: offer, with: {answer_by: {column: By}},")
    never = (
        NEVER.replace("a_no, ", "").replace("answer, ", "")
        + ", offer_revised"
        + ("" if len(words) > 2 else ", offer_withdrawn")
        + ("" if len(words) > 1 else ", offer")
    )
    return small_map(
        'time: "12:00"',
        f"{TALK}{fields}\n  none: {{nothing: true, when: {{Status: open}}}}",
        never + ", follow_up",
        DAYS,
    )


@pytest.mark.parametrize(
    ("cell", "event"),
    [
        ("Rejected", "rejection"),
        ("rejected (form mail, 3 Mar)", "rejection"),
        ("Rejected by accident", "offer"),
        ("Rejected by accident, and sorry", "offer"),
        ("REJECTED BY ME", "offer_withdrawn"),
        ("Rejected by me too", "rejection"),
    ],
)
def test_a_cell_is_the_same_word_or_else_has_the_longest_beginning(cell: str, event: str) -> None:
    by = words_map('"Rejected*"', '"Rejected by acc*"', '"Rejected by me"')
    made = audit(["Company,Interviewed,Status,On,By\n", f'Acme,2026-03-02,"{cell}",2026-03-10,\n'], by)
    assert [each.name for each in made.processes["Acme"].timeline] == ["interview", event]


@pytest.mark.parametrize("cell", ["Reject", "not Rejected", ""])
def test_a_cell_that_begins_otherwise_is_not_the_word(cell: str) -> None:
    made = audit(
        ["Company,Interviewed,Status,On,By\n", f"Acme,2026-03-02,{cell},2026-03-10,\n"],
        words_map('"Rejected*"'),
    )
    assert [each.name for each in made.processes["Acme"].timeline] == ["interview"]
    assert made.found["unread"] == bool(cell)


# --- merged cells ---------------------------------------------------------------------------------


def test_merged_cells_are_filled_down_where_the_map_says_so() -> None:
    rows = [
        ("Company", "What", "Date", "Who"),
        ("Acme", "talk", "2026-03-02 10:00", "ana"),
        (None, "nudge", "2026-03-05 09:00", ""),
        (),
        (None, "wrote", "2026-03-06 09:00", ""),
        ("Beta", "talk", "2026-03-02 10:00", "bo"),
    ]
    made = audit(io.BytesIO(workbook(rows)), small_map("fill_down: [Company]"), name="sheet")
    assert said(made) == [
        ("breach", 3, "wait_for_the_answer"),
        ("unread", 5, "`Company` is empty"),
        ("hint", 0, made.findings["hint"][0].message),
    ]
    plain = audit(io.BytesIO(workbook(rows)), small_map(), name="sheet")
    assert [each.line for each in plain.findings["unread"]] == [3, 5]
    assert plain.findings["unread"][0].help == (
        "if the cell is merged with the one above, add `fill_down: [Company]` to the map"
    )


def test_a_new_value_ends_the_columns_behind_it_and_a_bad_row_ends_all() -> None:
    by = small_map("application: Role\nfill_down: [Company, Role]")
    rows = [
        "Acme,Dev,talk,2026-03-02 10:00,ana",
        ",,nudge,2026-03-10 10:00,",
        "Beta,,talk,2026-03-02 10:00,bo",
        ",,wrote,2026-03-03 10:00",
        ",,wrote,2026-03-04 10:00,",
    ]
    made = audit([f"{row}\n" for row in ("Company,Role,What,Date,Who", *rows)], by)
    assert [each.application for each in made.processes["Acme"].timeline] == ["Dev", "Dev"]
    assert [each.application for each in made.processes["Beta"].timeline] == ["main"]
    assert [each.line for each in made.findings["unread"]] == [5, 6]
