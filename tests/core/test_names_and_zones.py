"""Names in which something is hidden, zones that differ from machine to machine, and dates without end."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

import postinterview as pi
from postinterview.core.past.events import Event
from postinterview.core.process import process_of
from postinterview.core.values.moments import FAR, LATEST, later
from postinterview.core.values.names import is_name
from tests.core.helpers import at, default, start

HIDDEN = {
    "\u200b": "U+200B (zero width space)",
    "\u200d": "U+200D (zero width joiner)",
    "\u202e": "U+202E (right-to-left override)",
    "\u2066": "U+2066 (left-to-right isolate)",
    "\u00ad": "U+00AD (soft hyphen)",
    "\ufeff": "U+FEFF (zero width no-break space)",
    "\u3164": "U+3164 (hangul filler)",
    "\ufe0f": "U+FE0F (variation selector-16)",
    "\u034f": "U+034F (combining grapheme joiner)",
    "\u2028": "U+2028 (line separator)",
    "\U000e0041": "U+E0041 (tag latin capital letter a)",
    "\0": "U+0000 (a control character)",
    "\n": "U+000A (a control character)",
    "\x1b": "U+001B (a control character)",
    "\ud800": "U+D800 (half a character)",
}
NAMES = ("ana", "Ana María Šćepanović", "李雷", "أحمد", "O'Brien & Söhne", "नीरज", "user-3/company-7", "7")


@pytest.mark.parametrize("character", HIDDEN)
def test_a_name_with_a_hidden_character_is_refused_and_the_character_is_named(character: str) -> None:
    name, talk = f"an{character}a", at("2026-03-02 10:00")
    calls = (
        lambda: default().start(name, "Europe/Zurich"),
        lambda: start().record("message", at=talk, application=name),
        lambda: start().may("thank_you", at=talk, to=name),
        lambda: start().record("interview", at=talk, interviewers=[name]),
        lambda: start().unknown("message", until=talk, application=name),
        lambda: start().state("network", to=name),
    )
    for call in calls:
        with pytest.raises(pi.MisuseError) as caught:
            call()
        assert HIDDEN[character] in caught.value.help
        assert character.isprintable() or character not in str(caught.value)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_script_are_names(name: str) -> None:
    assert is_name(name)
    assert is_name(unicodedata.normalize("NFD", name))


@pytest.mark.parametrize(
    "zone", ["localtime", "posixrules", "Factory", "right/Europe/Zurich", "posix/UTC", "europe/zurich"]
)
def test_a_zone_that_is_another_one_elsewhere_is_refused(zone: str) -> None:
    with pytest.raises(pi.TimeError, match="write a name such as Europe/Zurich or UTC"):
        default().start("acme", zone)


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT+5", "GB-Eire", "Zulu", "America/Argentina/Ushuaia"])
def test_a_zone_of_an_iana_name_is_one(zone: str) -> None:
    assert default().start("acme", zone).timezone == zone


def test_no_moment_is_later_than_the_last_that_every_zone_can_show() -> None:
    assert later(LATEST, timedelta(days=1)) == LATEST + timedelta(days=1)
    assert later(LATEST, timedelta(days=84 * 36_500)) == later(LATEST, timedelta.max) == FAR
    assert later(FAR, timedelta.max) == FAR
    assert FAR.astimezone(ZoneInfo("Pacific/Kiritimati")).year == 9990


def test_business_days_never_lead_past_the_calendar() -> None:
    calendar = start().calendar
    assert calendar.business_day_after(date(2998, 12, 31), 1) > LATEST - timedelta(days=365)
    assert calendar.business_day_after(FAR.date() - timedelta(days=9), 9_999) == FAR
    assert calendar.business_day_after(calendar.day_of(FAR), 36_500) == FAR


def test_dates_chained_as_far_as_they_may_be_are_answered() -> None:
    dates = "".join(f"  d{n}: [d{n - 1} + 36500 days]\n" for n in range(1, 49))
    text = f"""
format: 1
title: Far
events:
  talk: {{by: employer, fields: {{by: {{type: date, sets: named}}}}}}
  ask: {{by: candidate, contact: none}}
dates:
  d0: [named]
{dates}machines:
  application:
    per: application
    start: here
    states: {{here: {{}}}}
    transitions:
      talked: {{event: talk, from: here}}
      asked: {{event: ask, from: here, guards: {{wait: {{not_before: d48}}}}, due: d48}}
"""
    process = pi.load_rulebook(text=text).start("acme", "Pacific/Kiritimati")
    process = process.record("talk", at=at("2998-12-30 10:00"), by=date(2998, 12, 31)).process
    moment = at("2999-01-02 10:00")
    opens = process.may("ask", at=moment).opens_at
    assert opens is not None
    assert opens.year > 7700
    assert process.next_due == opens
    assert [item.kind for item in process.agenda(at=moment)] == ["wait", "coming"]
    assert process.allowed(at=moment) == ()


def test_what_was_saved_with_a_hidden_character_is_restored() -> None:
    """Version 0.1.0 let it pass."""
    process = default().start("acme", "Europe/Zurich")
    talk = Event(1, "interview", at("2026-03-02 10:00").astimezone(UTC), "ba\u200bck", None)
    talk = evolve(talk, carried=(("interviewers", ("an\u200ba",)),))
    saved = process_of(process.rulebook, "ac\u200bme", process.calendar, (talk,)).to_json()
    again = process.rulebook.restore(saved)
    assert (again.employer, again.applications) == ("ac\u200bme", ("ba\u200bck",))
    assert again.timeline[0].people == ("an\u200ba",)
    assert again.to_json() == saved
