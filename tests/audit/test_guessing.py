"""A map that was guessed judges nothing before a person has confirmed it, and it saves typing."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postinterview.audit import Audit, MapError, audit, load_map
from postinterview.audit.guessing import Guesses, guess_map
from postinterview.audit.guessing.words import event_of_column, event_of_word
from postinterview.files import UnreadableError
from tests.audit.exporting import database, workbook
from tests.cli.helpers import Caller

LOG = """Date,Company,Role,Event,Who,Notes
03/02/2026,Acme,Dev,Phone interview,"ana, bo",
03/03/2026,Acme,Dev,Thank-you note,ana,
03/25/2026,Acme,Dev,Followed up,,
03/26/2026,Acme,Dev,Rejected (form mail),,
01/15/2026,Acme,Dev,Applied,,
03/27/2026,Acme,Dev,Sulking,,
"""
KANBAN = json.dumps(
    {
        "exported": "2026-03-20T10:00:00Z",
        "jobs": [
            {"company": {"name": "Acme"}, "title": "Dev", "status": "Interview", "updated_at": 1772445600},
            {
                "company": {"name": "Beta"},
                "title": "Ops",
                "status": "Offer Accepted",
                "updated_at": 1772445600,
            },
            {"company": {"name": "Cyan"}, "title": "Dev", "status": "Ghosted", "updated_at": 1772445600},
        ],
    }
)
SHEET: list[list[object]] = [
    ["My search 2026"],
    ["Company", "Position", "Interview date", "Followed up 1", "Followed up 2", "Next follow-up", "Status"],
    [
        "Acme",
        "Dev",
        datetime.fromisoformat("2026-03-02T10:00"),
        date(2026, 3, 10),
        date(2026, 3, 17),
        date(2026, 4, 1),
        "waiting",
    ],
    ["Beta", "Dev", date(2026, 3, 3), None, None, None, "Interview"],
    ["Cyan", "Dev", None, None, None, None, "Interview"],
]
TABLE = database(
    [("Acme", "2026-03-02", 3, "2026-03-10"), ("Beta", "2026-03-03", 0, None)],
    ("company_name", "interviewed_at", "follow_ups_sent", "last_follow_up"),
)


def confirmed(made: Guesses, *more: str) -> str:
    """The map after a person has checked all of it: the guesses deleted, and added what no file says."""
    text = re.sub(r"unconfirmed:\n(  - .*\n)*", "", made.text)
    return "\n".join((text, "timezone: Europe/Zurich", "as_of: 2026-04-01", *more))


def judged(data: bytes, *more: str, name: str = "tracker") -> Audit:
    made = guess_map(io.BytesIO(data), name=name)
    with pytest.raises(MapError, match="PI1013"):
        load_map(text=made.text + "timezone: Europe/Zurich\nas_of: 2026-04-01\n")
    return audit(io.BytesIO(data), load_map(text=confirmed(made, *more)), name=name)


def told(made: Audit) -> dict[str, list[str]]:
    return {
        name: [
            f"{'by ' if each.event.is_open else ''}{each.at:%m-%d} {each.name}" for each in process.timeline
        ]
        for name, process in made.processes.items()
    }


# --- the shapes of trackers -----------------------------------------------------------------------


def test_a_log_with_a_row_for_each_event() -> None:
    made = judged(LOG.encode())
    assert told(made) == {
        "Acme": ["03-02 interview", "03-03 thank_you", "03-25 follow_up", "03-26 rejection"]
    }
    assert [each.message for each in made.findings["unread"]] == ["the map has no entry for `Sulking`"]
    assert made.processes["Acme"].timeline[0].people == ("ana", "bo")


def test_a_board_of_cards_with_a_status_each() -> None:
    made = judged(KANBAN.encode())
    assert made.counts.rows == 3
    assert [(each.event, each.message) for each in made.findings["undated"]] == [
        ("interview", "the history has no date for it"),
        ("accept", "the history has no date for it"),
    ]


def test_a_workbook_with_a_column_for_each_event() -> None:
    guessed = guess_map(io.BytesIO(workbook(SHEET)))
    assert "asked" not in guessed.text
    assert "follow_up: {event: follow_up, at: [Followed up 1, Followed up 2]" in guessed.text
    assert "Next follow-up" in guessed.text.split("columns that nothing reads")[1]  # a plan is no event
    made = judged(workbook(SHEET))
    assert told(made) == {
        "Acme": ["03-02 interview", "03-10 follow_up", "03-17 follow_up"],
        "Beta": ["03-03 interview"],
        "Cyan": ["by 03-31 interview"],
    }
    assert [(each.kind, each.line, each.event) for each in made if each.kind == "undated"] == [
        ("undated", 5, "interview")
    ]


def test_a_database_with_a_number_and_the_date_of_the_last() -> None:
    made = judged(TABLE)
    assert told(made) == {
        "Acme": ["03-02 interview", "by 03-10 follow_up", "by 03-10 follow_up", "03-10 follow_up"],
        "Beta": ["03-03 interview"],
    }
    assert [each.message for each in made.findings["undated"]] == ["2 before the last, without dates"]


def test_an_older_sheet_with_semicolons_and_a_title() -> None:
    data = (
        "Bewerbungen\nFirma;Stelle;Ereignis;Datum\nBär & Söhne;Koch;Vorstellungsgespräch;02.03.2026\n"
        "Bär & Söhne;Koch;Nachgefasst;12.03.26\nBär & Söhne;Koch;Absage;13.03.2026\n"
    ).encode("cp1252")
    made = judged(data)
    assert told(made) == {"Bär & Söhne": ["03-02 interview", "03-13 rejection"]}
    assert [each.message for each in made.findings["unknown"]] == [
        "`12.03.26` is not a date in the formats of the map"
    ]


def test_a_status_beside_a_log_dates_nothing_and_leaves_open_what_it_says() -> None:
    log = (
        b"Date,Company,Event,Status\n2026-03-02,Acme,Interview,Rejected\n"
        b"2026-03-10,Acme,Followed up,Rejected\n2026-03-03,Beta,Interview,Waiting\n"
        b"2026-03-09,Beta,Rejected,Rejected\n"
    )
    made = judged(log)
    assert told(made) == {
        "Acme": ["03-02 interview", "03-10 follow_up"],
        "Beta": ["03-03 interview", "03-09 rejection"],
    }
    assert [(each.kind, each.line) for each in made] == [("undecided", 3)]
    lines = made.processes["Acme"].agenda(at=datetime(2026, 4, 2, tzinfo=UTC)).of("tell")
    assert any(line.question and "rejection" in line.question.events for line in lines)


def test_a_column_of_kinds_that_are_no_events_takes_nothing_from_the_status() -> None:
    sheet = (
        b"Company,Status,Type,Date\nAcme,Rejected,Full-time,2026-03-09\nBeta,Interview,Part-time,2026-03-03\n"
    )
    assert told(judged(sheet)) == {"Acme": ["03-09 rejection"], "Beta": ["03-03 interview"]}


# --- what is not guessed --------------------------------------------------------------------------


def test_a_day_that_may_be_a_month_is_left_to_a_person() -> None:
    text = "Company,Event,Date\nAcme,Interview,03/04/2026\nAcme,Followed up,05/06/2026\n"
    made = guess_map(io.BytesIO(text.encode()))
    assert '# dates: ["%m/%d/%Y"]' in made.text
    assert '# dates: ["%d/%m/%Y"]' in made.text
    assert not any(each.path == "dates" for each in made.guesses)
    with pytest.raises(MapError, match="the file has no `dates`"):
        load_map(text=confirmed(made))


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        "Company,Event,Date\n",
        "Company\nAcme\n",
        '"Company: #x","Event\ty",Date\nA,Interview,2026-03-02\n',
        'Firm,Status,"on"\n"x # y","Rejected: no\nreason",2026-03-02\n"- a","[Interview]",2026-03-02\n',
        "Company,Interview date,Interview date\nAcme,2026-03-02,2026-03-03\n",
    ],
)
def test_the_map_is_always_one_that_can_be_read_once_its_gaps_are_filled(text: str) -> None:
    made = guess_map(io.BytesIO(text.encode()))
    filled = confirmed(made)
    for key, line in {
        "dates": "dates: [iso]",
        "employer": "employer: x",
        "read": "read: {r: {nothing: true}}",
    }.items():
        if not re.search(f"^{key}:", filled, re.MULTILINE):
            filled += f"\n{line}"
    assert load_map(text=filled).employer


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)


@settings(max_examples=15)
@given(
    st.lists(
        st.sampled_from(["Company", "Status", "Date", "Interview date", "Who", "follow ups", "x: y"]),
        unique=True,
    ),
    st.lists(
        st.lists(
            st.sampled_from(["Interview", "Rejected", "2026-03-02", "3", "1/2/2026"]) | cells, min_size=1
        )
    ),
)
def test_no_guess_ever_reaches_a_judgement(header: list[str], rows: list[list[str]]) -> None:
    def line(row: list[str]) -> str:
        return ",".join('"' + each.replace('"', '""') + '"' for each in row) + "\n"

    try:
        made = guess_map([line(header), *map(line, rows)])
    except UnreadableError:
        return
    more = "timezone: Europe/Zurich\nas_of: 2026-04-01\n"
    try:
        load_map(text=made.text + more)
    except MapError as error:
        codes = {each.code for each in error.diagnostics}
        assert codes & {"PI1013", "PI1001"} or not made.guesses
    else:
        pytest.fail("the map was taken as it was")
    told = re.findall(r"^  - (\S+) +# (.+)$", made.text, re.MULTILINE)
    assert [(each.path, each.why) for each in made.guesses] == told


def test_a_word_that_is_the_name_of_an_event_in_the_rules_means_that() -> None:
    rows = ("follow_up", "Hand in", "auto-reply", "handed over")
    text = "".join(("Date,Company,Event\n", *(f"2026-03-02 10:00,Acme,{word}\n" for word in rows)))
    made = guess_map(text.splitlines(keepends=True))
    entries = {each.path: each.why for each in made.guesses}
    for event in ("follow_up", "hand_in", "auto_reply"):
        assert "these rules call it so, and `" in entries[f"read.{event}"]
    assert "# add what these words of Event mean: handed over" in made.text


@pytest.mark.parametrize(
    ("word", "event"),
    [
        ("Declined", ""),  # by whom?
        ("Screening", ""),
        ("Interview scheduled", "nothing"),
        ("Interview: second round", "interview"),
        ("Interviewing tips", ""),
        ("OFFER DECLINED", "decline"),
        ("", ""),
    ],
)
def test_a_word_with_two_meanings_is_not_guessed(word: str, event: str) -> None:
    assert event_of_word(word) == event


@pytest.mark.parametrize(
    ("column", "event"),
    [
        ("Date of interview", "interview"),
        ("last_follow_up", "follow_up"),
        ("Next follow-up", ""),
        ("Follow-up due", ""),
        ("Offer date", "offer"),
        ("Salary", ""),
    ],
)
def test_a_column_of_plans_is_no_event(column: str, event: str) -> None:
    assert event_of_column(column) == event


# --- the command ----------------------------------------------------------------------------------


def test_the_command_prints_a_map_or_writes_it_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    call = Caller(capsys)
    Path("log.csv").write_text(LOG, encoding="utf-8")

    shown = call("audit", "log.csv")
    assert (shown.code, shown.err) == (4, "")
    written = call("audit", "log.csv", "--guess-map", "map.yaml")
    assert (written.code, written.out) == (0, "map.yaml: 8 guesses to confirm, each with its reason\n")
    assert Path("map.yaml").read_text(encoding="utf-8") == shown.out
    again = call("audit", "log.csv", "--guess-map", "map.yaml")
    assert (again.code, again.out) == (3, "")
    assert "`map.yaml` is there already" in again.err

    refused = call("audit", "log.csv", "--map", "map.yaml", "--as-of", "2026-04-01")
    assert refused.code == 1
    assert "PI1013" in refused.err
    document = json.loads(call("audit", "log.csv", "--format", "json").out)
    assert document["map"] == shown.out
    assert {"path": "dates", "why": '"%m/%d/%Y" reads 6 of 6 cells of `Date`'} in document["guesses"]
    for more in (["--save", "x.db"], ["--as-of", "2026-04-01"], ["--map", "map.yaml"]):
        assert call("audit", "log.csv", "--guess-map", "other.yaml", *more).code == 2
    assert not Path("other.yaml").exists()


def test_dates_that_are_written_in_several_ways_are_told_and_not_guessed() -> None:
    rows = ["3/14/2026", "13/4/2026", "2026-04-13T09:00:00Z", "3/4/2026", "yesterday"]
    data = "Company,Status,Date\n" + "".join(f"Acme {day},Interview,{day}\n" for day in rows)
    made = guess_map(io.BytesIO(data.encode()), name="tracker.csv")
    assert "at: Date" in made.text
    assert "no column has its date" not in made.text
    assert "columns that nothing reads" not in made.text
    assert '# dates: ["%m/%d/%Y", iso, "%d/%m/%Y"]' in made.text
    assert "\ndates:" not in made.text


def test_several_dates_in_a_cell_are_an_event_each() -> None:
    data = (
        b"Company,Role,Interviewed,Followed up\n"
        b'Acme,Backend,2026-03-02; 2026-03-09,"2026-03-17, 2026-03-31"\n'
        b",Data,2026-03-04,\nBeta,Ops,2026-03-05,2026-03-20\n"
    )
    guessed = guess_map(io.BytesIO(data))
    assert 'at: {column: Interviewed, split: ";"}' in guessed.text
    assert 'at: {column: Followed up, split: ","}' in guessed.text
    assert "fill_down               # `Company` is empty in 1 row, as if merged" in guessed.text
    assert told(judged(data)) == {
        "Acme": [
            "03-02 interview",
            "03-04 interview",
            "03-09 interview",
            "03-17 follow_up",
            "03-31 follow_up",
        ],
        "Beta": ["03-05 interview", "03-20 follow_up"],
    }


def test_a_list_of_dates_in_json_is_an_event_each() -> None:
    data = b'[{"company": "Acme", "interviews": ["2026-03-02", "2026-03-09"]}, {"company": "Beta"}]'
    assert told(judged(data))["Acme"] == ["03-02 interview", "03-09 interview"]
