"""What a row says, and that whatever it does not say is not guessed."""

from __future__ import annotations

import gc
import io
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from postinterview.audit import Audit, Map, MapError, audit, load_map
from postinterview.core.values.errors import MisuseError
from postinterview.files import UnreadableError
from tests.audit.small import ENTRIES, HEAD, NEVER, said, small_map, told


def sums(made: Audit) -> bool:
    c = made.counts
    return c.readings == c.events + c.planned + c.unknown + c.nothing + c.unread >= c.rows


def test_a_history_becomes_processes_with_what_was_against_the_rules() -> None:
    made = told(
        """
Acme,talk,2026-03-02 10:00,"ana, bo"
Acme,nudge,2026-03-05 09:00,
Acme,wrote,2026-03-06 09:00,
Acme,nudge,2026-03-13 09:00,
Beta,talk,2026-03-02 10:00,cy
Beta,nudge,2026-03-09 10:00,
"""
    )
    acme = made.processes["Acme"]

    assert said(made) == [
        ("breach", 3, "wait_for_the_answer"),
        ("breach", 5, "one_follow_up"),
    ]
    assert [placed.name for placed in acme.timeline] == ["interview", "follow_up", "message", "follow_up"]
    assert [placed.position for placed in acme.breaches] == [1, 3]
    assert acme.timeline[0].people == ("ana", "bo")
    assert made.processes["Beta"].breaches == ()
    assert made.breaches[0].reasons[0].file.endswith("default.yaml")
    assert not made.is_clean
    assert sums(made)


def test_rows_in_any_order_are_judged_in_the_order_of_time() -> None:
    made = told("Acme,nudge,2026-03-09 10:00,\nAcme,talk,2026-03-02 10:00,ana")
    assert said(made) == []
    assert made.is_clean
    assert made.is_certain


@pytest.mark.parametrize("cell", ["8/82019", "2026-02-30 10:00", "soon", "2026-03-09"])
def test_an_event_whose_date_can_not_be_read_blocks_it_until_the_day_of_the_export(cell: str) -> None:
    made = told(f"Acme,talk,2026-03-02 10:00,ana\nAcme,nudge,{cell},")
    acme = made.processes["Acme"]
    verdict = acme.may("follow_up", at=datetime.fromisoformat("2026-05-01T09:00+02:00"))

    assert [(each.kind, each.line, each.event) for each in made] == [("unknown", 3, "follow_up")]
    assert not verdict
    assert {reason.has for reason in verdict.reasons} == {"unknown"}
    assert made.counts.unknown == 1


def test_a_local_time_that_comes_twice_or_never_is_no_moment() -> None:
    made = told("Acme,talk,2026-03-29 02:30,ana\nAcme,wrote,2025-10-26 02:30,")
    assert [each.message for each in made] == [
        "`2026-03-29 02:30` never comes in Europe/Zurich: the clocks go forward over it",
        "`2025-10-26 02:30` comes twice in Europe/Zurich: the clocks go back",
    ]


def test_a_date_that_two_formats_read_as_different_days_is_not_read() -> None:
    by = small_map('time: "12:00"', base=HEAD.replace('"%Y-%m-%d %H:%M"', '"%d/%m/%Y", "%m/%d/%Y"'))
    made = told("Acme,talk,03/02/2026,ana\nAcme,wrote,03/03/2026,\nAcme,wrote,25/03/2026,", by)
    assert [(each.kind, each.message) for each in made] == [
        ("unknown", "`03/02/2026` is 2026-02-03 by `%d/%m/%Y`, and 2026-03-02 by `%m/%d/%Y`")
    ]
    assert made.counts.events == 2


def test_a_date_without_a_year_is_in_the_year_that_the_map_or_a_column_says() -> None:
    base = HEAD.replace('"%Y-%m-%d %H:%M"', '"%d-%b"')
    by = small_map('time: "12:00"\nyear: 2024', base=base)
    made = told("Acme,talk,29-Feb,ana", by)
    assert [placed.at.date() for placed in made.processes["Acme"].timeline] == [date(2024, 2, 29)]

    by = small_map('time: "12:00"\nyear_column: Year', base=base)
    rows = ["Company,What,Date,Who,Year\n", "Acme,talk,1-Mar,ana,2025\n", "Acme,wrote,2-Mar,,25\n"]
    made = audit(rows, by)
    assert made.processes["Acme"].timeline[0].at.year == 2025
    assert [(each.kind, each.line) for each in made] == [("unknown", 3)]


def test_the_word_of_a_cell_that_nobody_listed_is_unread_and_leaves_any_contact_unknown() -> None:
    made = told("Acme,talk,2026-03-02 10:00,ana\nAcme,nudgd,2026-03-05 09:00,")
    later = datetime.fromisoformat("2026-03-20T09:00+01:00")

    (found,) = made
    assert (found.kind, found.column, found.message) == ("unread", "What", "the map has no entry for `nudgd`")
    assert found.help.endswith("; or did you mean `nudge`?")
    assert not made.processes["Acme"].may("follow_up", at=later)
    assert not made.is_certain


def test_a_row_that_no_entry_reads_is_unread() -> None:
    made = told("Acme,,2026-03-05 09:00,ana\nAcme,TALK,2026-03-05 09:00,ana")
    assert said(made) == [("unread", 2, "no entry reads it (`What: `)")]


def test_what_is_dated_after_the_export_is_planned_and_no_event() -> None:
    made = told(
        "Acme,talk,2026-03-31 23:59,ana\nAcme,talk,2026-04-01 23:59,ana\nAcme,talk,2026-04-02 00:00,ana"
    )
    assert said(made) == [("planned", 4, "Thu 2 Apr 2026 is after the day of the export")]
    assert len(made.processes["Acme"].timeline) == 2


def test_a_row_of_no_employer_counts_as_unknown_with_all_of_them() -> None:
    made = told("Acme,talk,2026-03-02 10:00,ana\n,nudge,2026-03-05 09:00,")
    assert [(each.kind, each.line) for each in made] == [("unread", 3), ("hint", 0)]
    assert not made.processes["Acme"].may("follow_up", at=datetime.fromisoformat("2026-03-20T09:00+01:00"))


def test_a_row_of_no_employer_that_says_nothing_leaves_nothing_open() -> None:
    made = told("Acme,talk,2026-03-02 10:00,ana\n,applied,,\n,,,\n")
    assert said(made) == []
    assert (made.counts.nothing, made.counts.blank) == (1, 1)


def test_a_broken_row_is_of_the_employer_that_stands_in_it_if_another_row_names_that_one() -> None:
    made = told("Acme,talk,2026-03-02 10:00,ana\nBeta,talk,2026-03-02 10:00,cy\nAcme,nudge")
    later = datetime.fromisoformat("2026-03-20T09:00+01:00")

    assert said(made) == [("unread", 4, "it has 2 cells, and the header 4")]
    assert not made.processes["Acme"].may("follow_up", at=later)
    assert made.processes["Beta"].may("follow_up", at=later)


def test_a_quotation_mark_that_never_ends_takes_no_row_with_it_silently() -> None:
    rows = ["Acme,talk,2026-03-02 10:00,ana", 'Acme,nudge,"2026-03-05 09:00,', "Beta,nudge,2026-03-05 09:00,"]
    made = told(rows)
    assert said(made)[0] == ("unread", 3, "lines 3 to 4: a quotation mark opens a text that the file ends in")
    assert made.counts.rows == 2
    assert not made.processes["Acme"].may("follow_up", at=datetime.fromisoformat("2026-03-20T09:00+01:00"))


def test_a_cell_may_hold_lines_and_an_empty_cell_too_many_is_no_fault() -> None:
    made = told(['Acme,talk,2026-03-02 10:00,"ana,', 'bo",,', "Acme,nudge,2026-03-09 10:00,"])
    assert said(made) == []
    assert made.processes["Acme"].timeline[0].people == ("ana", "bo")


def test_a_tick_without_a_date_or_a_number_of_them_is_unknown() -> None:
    entries = """
  talk: {event: interview, at: Date, with: {interviewers: unknown}}
  asked: {event: follow_up, count: Asked}
  thanked:
    event: thank_you
    when: {Thanked: [x, "TRUE"]}
    to: {column: Who}
    with: {thanks: true, topic: true, looking_forward: true}
  not_thanked: {nothing: true, when: {Thanked: ["FALSE"]}}
"""
    by = small_map(entries=entries, never=f"message, {NEVER}")
    header = "Company,Date,Asked,Thanked,Who\n"
    rows = ["A,2026-03-02 10:00,2,x,ana\n", "B,2026-03-02 10:00,0,FALSE,\n", "C,,some,,\n", "D,,,true,\n"]
    made = audit([header, *rows], by)
    assert [(each.kind, each.employer, each.event, each.message) for each in made] == [
        ("unknown", "C", "follow_up", "`some` is not a number"),
        ("unknown", "D", "thank_you", "the row does not name the person"),
        ("undated", "A", "follow_up", "2 of them, without a date"),
        ("undated", "A", "thank_you", "the history has no date for it"),
    ]
    assert sums(made)
    later = datetime.fromisoformat("2026-04-02T09:00+02:00")
    assert not made.processes["A"].may("follow_up", at=later)
    assert made.processes["B"].may("follow_up", at=later)


def test_a_byte_that_is_no_character_is_named_and_the_other_rows_are_read(tmp_path: Path) -> None:
    text = "Company,What,Date,Who\nAcme,talk,2026-03-02 10:00,ana\nCaf\xe9,talk,2026-03-02 10:00,ana\n"
    path = tmp_path / "history.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode("latin-1"))
    made = audit(path, small_map())
    assert said(made)[0] == ("unread", 3, "the byte 0xE9 is not a character in the map's `encoding`")
    assert list(made.processes) == ["Acme"]

    path.write_bytes(text.replace("\n", "\r\n").encode("latin-1"))
    made = audit(path, small_map("encoding: latin-1"))
    assert said(made) == []
    assert list(made.processes) == ["Acme", "Caf\xe9"]


def test_json_lines_hold_values_of_any_kind_and_names_that_lie_deeper() -> None:
    by = small_map("kind: jsonl", base=HEAD.replace("employer: Company", "employer: company.name"))
    rows = [
        {"company": {"name": "Acme"}, "What": "talk", "Date": "2026-03-02 10:00", "Who": ["ana", "bo"]},
        {"company": {"name": "Acme"}, "What": "nudge", "Date": "2026-03-09 10:00", "Who": None},
        {"company": {"name": 7}, "What": "talk", "Date": "2026-03-02 10:00", "Who": []},
        {"company": {"name": {}}, "What": "talk", "Date": "2026-03-02 10:00", "Who": "ana"},
    ]
    texts = [json.dumps(row) for row in rows]
    broken = ["{}", "[1]", "null", '{"What": "talk", "What": "nudge"}', '{"a": NaN}', "[" * 100_000, "{"]
    made = audit([f"{text}\n" for text in (*texts, "", *broken)], by)

    assert made.processes["Acme"].timeline[0].people == ("ana", "bo")
    assert made.processes["7"].timeline[0].people == ()
    assert [(each.line, each.message) for each in made.findings["unread"]] == [
        (4, "`company.name` holds something that can't be a cell"),
        (6, "no entry reads it (`What: `); `company.name` is empty"),
        (7, "it is not a JSON object"),
        (8, "it is not a JSON object"),
        (9, "it has `What` twice"),
        (10, "`NaN` is not a number"),
        (11, "it is nested too deep"),
        (12, "from its character 2 on it is not JSON"),
    ]
    assert made.counts.blank == 1


def test_columns_of_the_map_that_json_lines_never_have_are_said() -> None:
    by = small_map("kind: jsonl")
    made = audit(['{"company": "Acme", "What": "talk", "Date": "2026-03-02 10:00", "Who": "ana"}\n'], by)
    assert [(each.code, each.help) for each in made.diagnostics] == [("PI1011", "did you mean `company`?")]
    assert not made.is_clean


def test_the_words_of_a_column_lead_to_what_a_field_holds_and_others_are_unread() -> None:
    entries = ENTRIES.replace(
        "{channel: email}", "{channel: {column: Who, values: {Phone: call, Mail: email}}}"
    )
    by = small_map(entries=entries)
    made = told(
        "Acme,talk,2026-03-02 10:00,ana\nAcme,nudge,2026-03-09 10:00,mail\nAcme,nudge,2026-03-20 10:00,fon",
        by,
    )
    assert [placed.event.fields for placed in made.processes["Acme"].timeline[1:]] == [
        {"channel": "email"},
        {},
    ]
    assert said(made)[1] == ("unread", 4, "`fon` can't be the `channel` of `follow_up`")
    assert sums(made)


def test_a_date_that_was_over_before_the_event_is_told_and_no_date() -> None:
    entries = ENTRIES.replace("interviewers: {", "decide_by: {column: By}, interviewers: {", 1)
    made = told(
        "Acme,talk,2026-03-02 10:00,ana,2025-03-10 00:00\nAcme,talk,2026-03-04 10:00,bo,2026-03-10 00:00",
        small_map(entries=entries),
        header="Company,What,Date,Who,By",
    )
    assert [placed.event.fields.get("decide_by") for placed in made.processes["Acme"].timeline] == [
        None,
        date(2026, 3, 10),
    ]
    assert said(made)[0] == ("unread", 2, "`2025-03-10 00:00` can't be the `decide_by` of `interview`")


def test_who_says_no_day_of_the_export_is_asked_for_it() -> None:
    by = small_map(base=HEAD.replace("as_of: 2026-04-01\n", ""))
    with pytest.raises(MisuseError, match="the day of the export is not known"):
        told("Acme,talk,2026-03-02 10:00,ana", by)
    made = audit(["Company,What,Date,Who\n", "Acme,talk,2026-03-02 10:00,ana\n"], by, as_of=date(2026, 3, 1))
    assert made.counts.planned == 1


def test_a_history_without_a_header_can_not_be_read() -> None:
    with pytest.raises(UnreadableError, match="it is empty"):
        audit([], small_map())


def test_a_map_with_faults_tells_them_all() -> None:
    with pytest.raises(MapError) as error:
        load_map(text="format: 1\ntimezone: Bern\ndates: []\nemployer: Company\nread: {}\n")
    assert [each.code for each in error.value.diagnostics] == ["PI707", "PI107", "PI107"]


def test_a_map_is_read_from_one_place() -> None:
    with pytest.raises(MisuseError):
        load_map()
    with pytest.raises(MisuseError):
        load_map("a.yaml", text="format: 1")


def test_an_act_on_a_day_without_an_hour_is_a_breach_only_if_it_is_one_at_every_hour() -> None:
    by = small_map('time: "12:00"', base=HEAD.replace('"%Y-%m-%d %H:%M"', '"%Y-%m-%d %H:%M", "%Y-%m-%d"'))
    made = told(
        """
Soon,talk,2026-03-02 18:00,ana
Soon,nudge,2026-03-09,
Early,talk,2026-03-02 18:00,ana
Early,nudge,2026-03-08,
Either,talk,2026-03-02,ana
Either,nudge,2026-03-09 10:00,
Asked,talk,2026-03-02 10:00,ana
Asked,nudge,2026-03-10 10:00,
Asked,wrote,2026-03-20,
Asked,nudge,2026-03-20 10:00,
Asked,nudge,2026-03-20 15:00,
""",
        by,
    )
    assert said(made) == [
        ("breach", 11, "one_follow_up"),  # but not that it was the second since they wrote
        ("breach", 12, "one_follow_up, a_week_apart"),
        ("breach", 5, "wait_for_the_answer"),
        ("undecided", 7, "wait_for_the_answer"),
        ("undecided", 3, "wait_for_the_answer"),
    ]


def test_what_an_unknown_event_may_have_led_to_is_no_breach() -> None:
    entries = ENTRIES + "  offered: {event: offer, when: {What: offer}, at: Date}\n"
    entries += "  accepted: {event: accept, when: {What: accept}, at: Date}\n"
    never = NEVER.replace("answer, ", "offer_revised, ").replace("accept, ", "")
    made = told("Acme,talk,2026-03-02 10:00,ana\nAcme,offer,,\nAcme,accept,2026-03-05 10:00,", small_map(
        entries=entries, never=never
    ))  # fmt: skip
    assert said(made) == [("undecided", 4, "state"), ("undated", 3, "the date is empty")]


def test_an_interview_whose_people_nobody_wrote_down_may_have_been_with_anybody() -> None:
    known = told("Acme,talk,2026-03-02 10:00,bo\nAcme,thanks,2026-03-02 18:00,ana")
    assert said(known) == [("contradiction", 3, "state")]
    open_ = told("Acme,talk,2026-03-02 10:00,\nAcme,thanks,2026-03-02 18:00,ana")
    assert said(open_) == [("undecided", 3, "state")]


def test_an_employer_in_two_time_zones_is_not_judged() -> None:
    by = small_map(base=HEAD.replace("timezone: Europe/Zurich", "timezone_column: Zone"))
    rows = [
        "Company,What,Date,Who,Zone\n",
        "Acme,talk,2026-03-02 10:00,ana,Europe/Zurich\n",
        "Acme,wrote,2026-03-03 10:00,,America/New_York\n",
        "Beta,talk,2026-03-02 10:00,ana,America/New_York\n",
        "Beta,wrote,2026-03-03 10:00,,New York\n",
    ]
    made = audit(rows, by)
    assert [(each.kind, each.message) for each in made] == [
        (
            "contradiction",
            "one employer is in several time zones: Europe/Zurich (line 2), America/New_York (line 3)",
        ),
        ("unread", "`New York` is not a time zone"),
    ]
    assert made.processes["Beta"].timezone == "America/New_York"
    assert "Acme" not in made.processes


def test_a_row_of_no_application_among_others_is_a_contradiction_and_its_event_unknown() -> None:
    by = small_map("application: Job")
    rows = [
        "Company,What,Date,Who,Job\n",
        "Acme,talk,2026-03-02 10:00,ana,backend\n",
        "Acme,nudge,2026-03-05 10:00,,\n",
        "Acme,nudge,2026-03-12 10:00,,backend\n",
    ]
    made = audit(rows, by)
    assert [(each.kind, each.line, each.message) for each in made] == [
        ("contradiction", 3, "which application is meant? there is backend"),
        ("undecided", 4, ""),
    ]


def test_a_column_that_is_no_column_of_employers_is_said_and_does_not_stop_the_rest() -> None:
    rows = [f"Acme,wrote,2026-03-02 10:{minute % 60:02},\n" for minute in range(5_001)]
    made = audit(["Company,What,Date,Who\n", *rows, "Beta,talk,2026-03-02 10:00,ana\n"], small_map())
    assert [(each.kind, each.message) for each in made] == [
        ("contradiction", "5,001 events with one employer are more than 5,000, and are not judged")
    ]
    assert list(made.processes) == ["Beta"]


def test_an_unknown_event_may_have_led_to_where_a_known_one_led_on() -> None:
    entries = ENTRIES + "  offered: {event: offer, when: {What: offer}, at: Date}\n"
    entries += "  accepted: {event: accept, when: {What: accept}, at: Date}\n"
    entries += "  taken_back: {event: offer_withdrawn, when: {What: taken back}, at: Date}\n"
    never = NEVER.replace("answer, a_no, ", "offer_revised, rejection, ").replace("accept, ", "")
    rows = "Acme,accept,2026-03-02 10:00,\nAcme,taken back,,\nAcme,offer,2026-03-03 10:00,\n"
    made = told(f"{rows}Acme,accept,2026-03-04 10:00,", small_map(entries=entries, never=never))
    assert said(made)[:2] == [("undecided", 2, "state, state"), ("undecided", 5, "state")]


def test_a_broken_row_of_somebody_whom_no_other_row_names_may_be_about_anybody() -> None:
    made = told("Acme,talk,2026-03-02 10:00,ana\nGamma,nudge")
    assert [(each.kind, each.employer) for each in made] == [("unread", "Gamma"), ("hint", "")]
    assert list(made.processes) == ["Acme"]
    assert not made.processes["Acme"].may("follow_up", at=datetime.fromisoformat("2026-03-20T09:00+01:00"))


def test_a_line_that_is_too_long_is_cut_and_the_next_one_is_read(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    row = "Acme,talk,2026-03-02 10:00,ana"
    path.write_text(f"Company,What,Date,Who\n{row},{'x' * 3_000_000}\n{row}\n", encoding="utf-8")
    made = audit(path, small_map())
    assert said(made)[0] == ("unread", 2, "the line is longer than 1000000 characters")
    assert (made.counts.rows, made.counts.events) == (2, 1)


@pytest.mark.parametrize("source", [5, None, b"a,b", io.StringIO("Company\n")])
def test_what_can_be_no_history_is_misuse(source: Any) -> None:
    with pytest.raises(MisuseError):
        audit(source, small_map())


@pytest.mark.parametrize("given", [{"as_of": "2026"}, {"limit": -1}, {"limit": "x"}, {"as_of": 2026}])
def test_what_can_be_no_argument_is_misuse(given: dict[str, Any]) -> None:
    with pytest.raises(MisuseError):
        audit([], small_map(), **given)
    with pytest.raises(MisuseError):
        audit([], cast("Map", "map.yaml"))


def test_a_file_that_can_not_be_read_leaves_nothing_open(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_bytes(b"\xa5\x00\xff,\n")
    with pytest.raises(UnreadableError, match="0xA5"):
        audit(path, small_map())
    gc.collect()  # what is not closed then complains
    for missing in (tmp_path, tmp_path / "none.csv", "a\0b"):
        with pytest.raises(UnreadableError):
            audit(missing, small_map())
