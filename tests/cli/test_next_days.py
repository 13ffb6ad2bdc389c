"""`next --at DATE`: what may be done on a day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.helpers import ROOT, Caller

DAYS = ROOT / "examples" / "days-without-hours.yaml"


def test_next_asks_for_a_day(call: Caller) -> None:
    answer = call("next", DAYS, "--at", "2026-03-10")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0] == "Acme (Europe/Zurich), Tue 10 Mar 2026"
    assert "Agenda at 00:00" in lines
    assert "What you may do on this day, if all fields are given" in lines
    assert "  no   follow_up, allowed from Wed 11 Mar 2026 08:00" in lines
    assert "  yes  complete_profile, from 00:00" in lines


def test_what_is_said_of_the_day_has_happened_on_it(call: Caller) -> None:
    before, on = (
        json.loads(call("next", DAYS, "--at", day, "--format", "json").out)
        for day in ("2026-03-10", "2026-03-11")
    )
    assert (before["at"], on["at"]) == ("2026-03-10", "2026-03-11")
    assert len(before["left_out"]) == len(on["left_out"]) + 1
    done = [item for item in on["agenda"] if item["event"] == "follow_up"]
    assert [(item["kind"], item["at"]) for item in done] == [("done", "2026-03-11")]
    may = {verdict["event"]: (verdict["allowed"], verdict["at"]) for verdict in before["verdicts"]}
    assert may["write_plan"] == (True, "2026-03-10T00:00:00+01:00")
    assert may["follow_up"] == (False, "2026-03-10T08:00:00+01:00")


@pytest.mark.parametrize(
    ("at", "said"),
    [("2026-02-30", "there is no day `2026-02-30`"), ("2026-3-5", "`2026-3-5` is not a moment")],
)
def test_a_day_that_there_is_not_is_an_error_of_usage(call: Caller, at: str, said: str) -> None:
    answer = call("next", DAYS, "--at", at)
    assert (answer.code, said in answer.err) == (2, True)


def test_each_line_of_many_cases_is_asked_for_the_day_of_its_own_employer(
    call: Caller, tmp_path: Path
) -> None:
    step = {"at": "2026-03-10", "event": "interview", "with": {"interviewers": ["ana"]}}
    cases = [
        {"name": zone, "timezone": zone, "steps": [step]} for zone in ("Pacific/Apia", "Pacific/Pago_Pago")
    ]
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    for answer in map(json.loads, call("next", "--all", file, "--at", "2026-03-10").out.splitlines()):
        thanks = next(verdict for verdict in answer["verdicts"] if verdict["event"] == "thank_you")
        assert (answer["errors"], thanks["allowed"]) == ([], True)
        assert thanks["at"].startswith("2026-03-10T00:00:00")


def test_a_calendar_of_a_day_begins_with_the_day(call: Caller) -> None:
    answer = call("next", DAYS, "--at", "2026-03-03", "--format", "ics")
    assert (answer.code, answer.out.startswith("BEGIN:VCALENDAR")) == (0, True)


def test_next_says_what_is_not_known(call: Caller, tmp_path: Path) -> None:
    story = tmp_path / "story.yaml"
    text = DAYS.read_text(encoding="utf-8")
    story.write_text(text + "      - {unknown: message, until: 2026-03-18}\n", encoding="utf-8")
    answer = call("next", story, "--at", "2026-03-20")
    assert answer.code == 0
    assert "  tell     say whether there was a message from Acme since Mon 2 Mar" in answer.out.splitlines()


def test_a_whole_day_of_a_calendar_has_no_hour(call: Caller, tmp_path: Path) -> None:
    entry = ("BEGIN:VEVENT", "UID:1", "DTSTAMP:20260301T100000Z", "DTSTART;VALUE=DATE:20260303")
    who = ("SUMMARY:Interview", "ORGANIZER:mailto:bo@kestrel.example", "ATTENDEE;CN=Bo:mailto:bo@x.example")
    lines = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *entry, *who, "END:VEVENT", "END:VCALENDAR", "")
    file = tmp_path / "invitations.ics"
    file.write_text("\r\n".join(lines), encoding="utf-8")
    answer = call(
        "calendar", file, "--map", ROOT / "examples" / "calendar" / "map.yaml", "--at", "2026-03-04"
    )
    assert answer.out.startswith("Tue  3 Mar 2026  Did the interview with Kestrel Labs on Tue 3 Mar 2026")
