"""What a history can't do to the audit: allow a second follow-up, bring up rows of its own, or stop it."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from postinterview.audit import MapError, audit
from postinterview.audit.history import dates, row_places
from postinterview.audit.history.audit_report import lines_of
from postinterview.audit.history.date_formats import read_format
from postinterview.audit.history.dates import read_date
from postinterview.audit.history.map_schema import TEXT_ENCODINGS
from postinterview.audit.history.row_reading import RowReader
from postinterview.audit.sources.rows import LONGEST, Row
from postinterview.core.values.errors import MisuseError
from postinterview.files import UnreadableError
from postinterview.layout import plain
from postinterview.loading.text_values import Fault
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
        "lines 3 to 2404: it is unclear where the next row begins, so nothing below is read: "
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
    assert rows_of_json(f'{{{names},"89999":2}}') == ["it has `89999` twice"]


def test_json_that_no_cell_can_hold_is_unread() -> None:
    row = '{{"Company": {}, "What": "wrote", "Date": "2026-03-02 10:00"}}'
    deep = "[" * 500 + "]" * 500
    assert (
        rows_of_json(row.format(deep), row.format("1e400"), row.format("[1e400]"))
        == ["`Company` holds something that can't be a cell"] * 3
    )


FORMATS_THAT_FAIL = {
    "%d.%m.%Y %H:%M %p": "`%p` is beside `%H`, which counts to 23",
    "%d.%m.%Y %I:%M": "`%I` has no `%p`",
    "%d.%m.%Y %p": "`%p` has no `%I`",
    "%d.%m.%Y :%M": "`%M` has no hour",
    "%d.%m.%Y %S %f": "`%S` has no hour",
    "%d.%m.%Y %H %I %p": "two codes mean the hour",
    "%d.%m.%b %Y": "two codes mean the month",
    "%d.%m.%y %Y": "two codes mean the year",
    "%d.%d.%m.%Y": "two codes mean the day",
    "%a %A %d.%m.%Y": "two codes mean the weekday",
}


@pytest.mark.parametrize("text", FORMATS_THAT_FAIL)
def test_a_format_that_says_a_part_twice_or_half_is_a_fault(text: str) -> None:
    found = read_format(text)
    assert isinstance(found, Fault)
    assert (found.code, found.message) == ("PI1004", f"{FORMATS_THAT_FAIL[text]} in `{text}`")


def read(text: str, form: str) -> str:
    """What a cell means by a format: its moment, or why it has none."""
    known = read_format(form)
    assert not isinstance(known, Fault)
    found = read_date(text, (known,), ZoneInfo("UTC"), time(12), 2026)
    return found if isinstance(found, str) else f"{found.at:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "form", "meant"),
    [
        ("1122025", "%d%m%Y", None),
        ("01122025", "%d%m%Y", "2025-12-01 12:00"),
        ("112", "%d%m", None),
        ("0112", "%d%m", "2026-12-01 12:00"),
        ("202631", "%Y%m%d", None),
        ("20260301 1:30 pm", "%Y%m%d %I:%M %p", "2026-03-01 13:30"),
        ("20260301T093000+0100", "%Y%m%dT%H%M%S%z", "2026-03-01 08:30"),
        ("20260301T093000Z", "%Y%m%dT%H%M%S%z", "2026-03-01 09:30"),
        ("20260301T93000", "%Y%m%dT%H%M%S", None),
        ("1Mar2026", "%d%b%Y", "2026-03-01 12:00"),
        ("1.3.2026 9:5", "%d.%m.%Y %H:%M", "2026-03-01 09:05"),
        ("100%1.3.2026", "100%%%d.%m.%Y", "2026-03-01 12:00"),
        ("Sun 1 Mar 2026", "%a %d %b %Y", "2026-03-01 12:00"),
        ("Mon 1 Mar 2026", "%a %d %b %Y", None),
        ("SUNDAY, 1.3.", "%A, %d.%m.", "2026-03-01 12:00"),
        ("Monday, 1.3.", "%A, %d.%m.", None),
    ],
)
def test_a_date_can_be_read_in_one_way_or_not_at_all(text: str, form: str, meant: str | None) -> None:
    assert read(text, form) == (meant or f"`{text}` is not a date in the formats of the map")


def test_what_is_too_long_for_a_date_is_neither_remembered_nor_told_in_full() -> None:
    dates._parsed.cache_clear()  # noqa: SLF001 - how much it remembers is what this is about
    for letter in "abc":
        assert len(read(letter * 100_000, "%d.%m.%Y")) < 110
    assert dates._parsed.cache_info().currsize == 0  # noqa: SLF001
    assert read("1.3.2026\n0 processes", "%d.%m.%Y") == (
        "`1.3.2026<U+000A>0 processes` is not a date in the formats of the map"
    )


def test_no_cell_is_too_long_to_be_no_time_zone_and_none_is_remembered() -> None:
    by = small_map(base=HEAD.replace("timezone: Europe/Zurich", "timezone_column: Zone"))
    row_places._zone.cache_clear()  # noqa: SLF001 - how much it remembers is what this is about
    reader = RowReader(by, date(2026, 4, 1))
    cells = {"Company": "Acme", "What": "wrote", "Date": "2026-03-02 10:00"}
    for letter in "abc":
        (found,) = reader.read(Row(2, {**cells, "Zone": letter * 100_000}))
        assert found.finding is not None
        assert found.finding.message == f"`{letter * 59}…` is not a time zone"
    assert row_places._zone.cache_info().currsize == 0  # noqa: SLF001


def test_a_cell_prints_no_lines_of_its_own() -> None:
    made = told('Acme,talk,"soon\n9 processes: no breach",ana\nAcme,"x\n9 processes: no breach",,')
    assert not [text for text in plain(lines_of(made, 100)).splitlines() if text.startswith("9 processes")]


@pytest.mark.parametrize("as_of", [date(2999, 12, 31), date(2999, 1, 1), date(1, 1, 1), date(9999, 12, 31)])
def test_a_day_of_the_export_at_the_ends_of_time_is_misuse(as_of: date) -> None:
    with pytest.raises(MisuseError, match="outside the years 1900 to 2998"):
        audit([], small_map(), as_of=as_of)
    made = audit(
        ["Company,What,Date,Who\n", "Acme,talk,2026-03-02 10:00,\n"], small_map(), as_of=date(2998, 12, 31)
    )
    assert made.counts.recorded == 1


@pytest.mark.parametrize(
    ("encoding", "help"),
    [
        ("utf-16", "it looks like UTF-16: add `encoding: utf-16` to the map"),
        ("utf-16-le", "it looks like UTF-16: add `encoding: utf-16` to the map"),
        (
            "windows-1252",
            "add `encoding: windows-1252` to the map, as for many older sheets, or `encoding: utf-16`",
        ),
    ],
)
def test_a_header_in_another_encoding_leads_to_what_to_write_in_the_map(encoding: str, help: str) -> None:
    source = io.BytesIO("Company,What,Date,Wer für\n".encode(encoding))
    with pytest.raises(UnreadableError, match="the header can't be read") as error:
        audit(source, small_map())
    assert error.value.help == help


@pytest.mark.parametrize(
    "name",
    [
        *("punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "rot13"),
        *("utf_7", "base64", "zlib", "hz", "iso2022_jp", "cp037", "charmap", "nowhere", "x" * 4_000),
    ],
)
def test_a_map_names_an_encoding_of_the_closed_set_and_no_other(name: str) -> None:
    with pytest.raises(MapError) as caught:
        small_map(f"encoding: {name}")
    (found,) = caught.value.diagnostics
    assert (found.code, found.where.line, found.label) == ("PI1003", 7, "unknown encoding")
    assert found.help == "write `utf-8`, `windows-1252`, `latin-1` or `utf-16`"
    assert len(found.message) < 120


@pytest.mark.parametrize(
    "name", [*sorted(TEXT_ENCODINGS), "u8", "windows-1252", "latin-1", "macintosh", "UTF_16"]
)
def test_a_history_is_read_in_every_encoding_that_a_map_may_name(name: str) -> None:
    text = "Company,What,Date,Who\r\nAcme,talk,2026-03-02 10:00,ana\r\n"
    made = audit(io.BytesIO(text.encode(name)), small_map(f"encoding: {name}"))
    assert [placed.people for placed in made.processes["Acme"].timeline] == [("ana",)]


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\u2066"])
def test_a_name_with_characters_that_nobody_sees_is_told_with_its_row(hidden: str) -> None:
    made = told(
        f"Ac{hidden}me,talk,2026-03-02 10:00,ana\n"
        f"Acme,talk,2026-03-02 10:00,a{hidden}na\n"
        f"Acme,thanks,2026-03-02 12:00,a{hidden}na"
    )
    seen = f"<U+{ord(hidden):04X}>"
    assert [(each.kind, each.line, each.message) for each in made][:3] == [
        ("unread", 2, f"`Ac{seen}me` can't name an employer"),
        ("unread", 3, f"`a{seen}na` can't be the `interviewers` of `interview`"),
        ("unknown", 4, "the row does not name the person"),
    ]
    assert list(made.processes) == ["Acme"]


def test_no_name_is_as_long_as_a_broken_row() -> None:
    long = "x" * 100_000
    made = told(f"{long},talk,2026-03-02 10:00,ana\nAcme,talk,2026-03-02 10:00,{long}\nAcme,{long},,")
    assert [each.line for each in made.findings["unread"]] == [2, 3, 4]
    assert len(plain(lines_of(made, 100))) < 2_000
