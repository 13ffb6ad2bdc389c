"""What a history can't do to the audit: allow a second follow-up, bring up rows of its own, or stop it."""

from __future__ import annotations

from datetime import datetime

import pytest

from postinterview.audit import audit
from postinterview.audit.history.rows import LONGEST
from tests.audit.small import HEAD, small_map, told

LATER = datetime.fromisoformat("2026-03-31T09:00+02:00")
DAYS = HEAD.replace('"%Y-%m-%d %H:%M"', '"%Y-%m-%d %H:%M", "%Y-%m-%d"')


@pytest.mark.parametrize("as_of", ["2026-03-20T11:00+01:00", "2026-03-20T12:00+01:00"])
def test_a_row_of_the_day_of_the_export_without_an_hour_is_not_taken_for_a_plan(as_of: str) -> None:
    by = small_map('time: "12:00"', base=DAYS)
    rows = ["Acme,talk,2026-03-02 10:00,ana\n", "Acme,nudge,2026-03-20,\n"]
    made = audit(["Company,What,Date,Who\n", *rows], by, as_of=datetime.fromisoformat(as_of))

    assert [(each.kind, each.line, each.message) for each in made] == [
        ("unknown", 3, "Fri 20 Mar 2026 is the day of the export, and the row has no hour")
    ]
    assert not made.processes["Acme"].may("follow_up", at=LATER)


def test_what_is_later_than_the_hour_of_the_export_is_planned() -> None:
    by = small_map('time: "12:00"', base=DAYS)
    rows = ["Acme,wrote,2026-03-20 11:30,\n", "Acme,wrote,2026-03-21,\n", "Acme,wrote,2026-03-20 10:30,\n"]
    at = datetime.fromisoformat("2026-03-20T11:00+01:00")
    made = audit(["Company,What,Date,Who\n", *rows], by, as_of=at)

    assert [(each.kind, each.message) for each in made] == [
        ("planned", "Fri 20 Mar 2026 11:30 is after the hour of the export"),
        ("planned", "Sat 21 Mar 2026 is after the day of the export"),
    ]
    at = datetime.fromisoformat("2026-03-21T00:00+01:00")
    assert audit(["Company,What,Date,Who\n", *rows], by, as_of=at).counts.planned == 1


@pytest.mark.parametrize(
    "swallowing",
    [
        'Beta,nudge,"2026-03-05 09:00,\nAcme,nudge,2026-03-09 10:00,\nBeta,wrote,"2026-03-06 09:00",',
        'Beta,"nudge,2026-03-05 09:00,\nAcme,nudge,2026-03-09 10:00,\nBeta",2026-03-06 09:00,',
        'Beta,nudge,"2026-03-05 09:00,\nAcme,nudge,2026-03-09 10:00,\nBeta",',
    ],
)
def test_a_row_that_may_have_swallowed_one_of_another_employer_is_of_nobody_known(swallowing: str) -> None:
    made = told(f"Acme,talk,2026-03-02 10:00,ana\nBeta,talk,2026-03-02 10:00,cy\n{swallowing}")
    assert not made.processes["Acme"].may("follow_up", at=LATER)
    assert not made.processes["Beta"].may("follow_up", at=LATER)


def test_no_row_is_made_of_what_lies_within_a_long_cell() -> None:
    inside = "x" * 1_000 + "\nAcme,nudge,2026-03-09 10:00,\n"
    talk = "Acme,talk,2026-03-02 10:00,ana\n"
    after = "Acme,talk,2026-03-02 11:00,bo"
    whole, cut = (told(f'{talk}Beta,wrote,2026-03-02 10:00,"{inside * n}"\n{after}') for n in (200, 1_200))

    assert [placed.name for placed in whole.processes["Acme"].timeline] == ["interview"] * 2
    assert [placed.name for placed in cut.processes["Acme"].timeline] == ["interview"]
    assert whole.processes["Acme"].may("follow_up", at=LATER)
    assert not cut.processes["Acme"].may("follow_up", at=LATER)
    assert cut.findings["unread"][0].message == (
        "lines 3 to 2404: nobody can tell where the next row begins, so nothing below is read: "
        "a cell is too long; does a quotation mark open a text that never ends?"
    )


def test_no_row_is_made_of_what_lies_behind_a_line_that_was_cut() -> None:
    long = f'Beta,wrote,2026-03-02 10:00,"{"x" * LONGEST}\n'
    rest = 'Beta,wrote,2026-03-03 10:00,"""so it was"\nAcme,nudge,2026-03-09 10:00,\n"\n'
    made = told(f"Acme,talk,2026-03-02 10:00,ana\n{long}{rest}")
    assert len(made.processes["Acme"].timeline) == 1
    assert not made.processes["Acme"].may("follow_up", at=LATER)


def test_a_line_that_is_too_long_without_a_quotation_mark_takes_no_other_with_it() -> None:
    long = f"Beta,wrote,2026-03-02 10:00,{'x' * LONGEST}"
    made = told(f"{long}\nAcme,talk,2026-03-02 10:00,ana")
    assert [each.line for each in made.findings["unread"]] == [2]
    assert len(made.processes["Acme"].timeline) == 1


def rows_of_json(*texts: str) -> list[str]:
    by = small_map("kind: jsonl")
    talk = '{"Company": "Acme", "What": "talk", "Date": "2026-03-02 10:00", "Who": "ana"}'
    made = audit([f"{text}\n" for text in (talk, *texts)], by)
    assert list(made.processes) == ["Acme"]
    return [each.message for each in made.findings["unread"]]


def test_an_object_of_very_many_names_is_read_as_fast_as_it_is_long() -> None:
    names = ",".join(f'"{number}":1' for number in range(90_000))
    assert rows_of_json(f'{{{names},"89999":2}}') == ["it says `89999` twice"]


def test_json_that_no_cell_can_hold_is_unread() -> None:
    row = '{{"Company": {}, "What": "wrote", "Date": "2026-03-02 10:00"}}'
    deep = "[" * 500 + "]" * 500
    assert (
        rows_of_json(row.format(deep), row.format("1e400"), row.format("[1e400]"))
        == ["`Company` holds something that is no cell"] * 3
    )
