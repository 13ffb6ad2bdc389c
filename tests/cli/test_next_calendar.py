"""``next --format ics``: what is due in a case, for a calendar."""

from __future__ import annotations

import os
import sys

import pytest
import vobject

from tests.cli.helpers import ROOT, Caller, start

GOLDEN = ROOT / "tests" / "golden" / "next-calendar.ics"
CALL = ("next", "too-soon.yaml", "--at", "2026-03-05T09:00", "--format", "ics")


def test_a_calendar_is_printed_exactly_so_byte_for_byte() -> None:
    answer = start(*CALL)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.write_bytes(answer.out.encode())
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.encode() == GOLDEN.read_bytes()


def test_an_offset_makes_its_times_utc(call: Caller) -> None:
    answer = call("next", "too-soon.yaml", "--at", "2026-03-05T08:00:00Z", "--format", "ics")
    entries = vobject.readOne(answer.out).vevent_list
    assert len(entries) == len(vobject.readOne(call(*CALL).out).vevent_list)
    assert "TZID" not in answer.out


def test_a_case_that_has_errors_has_no_calendar(call: Caller) -> None:
    answer = call("next", "nothing.yaml", "--at", "2026-03-05T09:00Z", "--format", "ics")
    assert (answer.code, answer.out) == (3, "")
    assert "nothing.yaml" in answer.err


def test_without_the_extra_the_error_says_what_to_install(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    answer = call(*CALL)
    assert (answer.code, answer.out) == (3, "")
    assert answer.err == (
        "error: calendars are written by `icalendar`, which is not installed\n"
        "  = help: pip install 'postinterview[calendar]'\n"
    )
