"""What to write in a map for words that it does not know."""

from __future__ import annotations

import pytest

from postinterview.audit import MapError, load_map
from postinterview.audit.history.audit_report import lines_of
from postinterview.layout import plain
from tests.audit.small import ENTRIES, HEAD, NEVER, said, small_map, told


def test_the_help_for_an_unlisted_word_can_be_pasted_into_the_map() -> None:
    for word in ("nein", "no: never", "-", "Größe"):
        (found,) = told(f"Acme,{word},,").findings["unread"]
        entry = found.help.split("add an entry such as `")[1].split("`")[0]
        made = told(f"Acme,{word},,", small_map(entries=f"{ENTRIES}  pasted: {entry}\n"))
        assert (made.counts.nothing, made.counts.unread) == (1, 0)
    (found,) = told(f"Acme,{'long ' * 20},,").findings["unread"]
    assert found.help == "list it in the map, under the `when` of its entry"


def test_the_same_unlisted_word_is_told_once_with_how_often_and_counted_each_time() -> None:
    made = told("\n".join(["Acme,nein,,", "Acme,ja,,"] * 21))
    text = plain(lines_of(made, 100))
    assert text.count("the map has no entry for `nein` <rows>:2 and in 20 more rows") == 1
    assert text.count("the map has no entry for") == 2
    assert len(made.findings["unread"]) == made.counts.unread == 42


def test_a_row_that_can_not_be_taken_apart_is_said_to_be_anybodys() -> None:
    made = told('Acme,talk,2026-03-02 10:00,ana\nGamma,nudge\nAcme,nudge,"2026-03-05')
    assert [each.help for each in made.findings["unread"]] == [
        "correct it; unless another row names `Gamma`, it may be about any employer",
        "correct it; it may be about any employer",
    ]


def test_words_that_mean_nothing_are_read_as_empty_everywhere() -> None:
    entries = ENTRIES + "  no: {event: rejection, at: No}\n  asked: {event: reply, count: Asked}\n"
    by = small_map(
        'empty: ["-", n/a, "K.A."]',
        entries=entries,
        never=NEVER.replace("a_no", "offer, offer_revised, offer_withdrawn").replace(" reply, ", " "),
    )
    header = "Company,What,Date,Who,No,Asked"
    rows = [
        "Acme,talk,2026-03-02 10:00,-,k.a.,N/A",
        "-,applied,-,-,-,-",
        "Acme,-,2026-03-02 10:00,,,",
        "Acme,nudge, - ,,?,",
    ]
    made = told(rows, by, header=header)
    assert said(made) == [
        ("unknown", 5, "`?` is not a date in the formats of the map"),
        ("undated", 5, "the date is empty"),
    ]
    assert made.processes["Acme"].timeline[0].people == ()
    torn = told("-,talk", by, header=header)
    assert torn.findings["unread"][0].employer == ""


def test_a_list_of_json_loses_the_words_that_mean_nothing() -> None:
    by = small_map('kind: jsonl\nempty: "-"')
    row = '{"Company": "Acme", "What": "talk", "Date": "2026-03-02 10:00", "Who": ["-", "ana"]}'
    made = told([row], by, header=None)
    assert made.processes["Acme"].timeline[0].people == ("ana",)


def test_no_entry_can_look_for_a_word_that_is_read_as_empty() -> None:
    entries = ENTRIES + "  none: {nothing: true, when: {What: [applied, N/A]}}\n"
    with pytest.raises(MapError) as error:
        load_map(text=f"{HEAD}empty: [n/a]\nread:{entries}\nunknown: [complete_profile]\n")
    found = [each for each in error.value.diagnostics if each.code == "PI1007"]
    assert [each.message for each in found] == ["`N/A` is listed under `empty`, so no cell has it"]
