"""Find the time zone that a word behind a time means: `UTC`, `(EST)`, `CEST`, `America/New_York`.

Most abbreviations mean several zones (IST is used in India, in Israel and in Ireland), and people write EST
in summer, too. A word is read if it is one of the employer's own zone at that time. Words for UTC and those
that the standard of mail defines (RFC 5322: EST, EDT, CST, CDT, MST, MDT, PST, PDT) are read everywhere,
but not on a day on which no clock there goes by them. Everything else is refused: an hour that is guessed
may make a breach of an act that was none.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from postinterview.audit.short_text import short
from postinterview.core.values.errors import TimeError
from postinterview.core.values.moments import check_zone

_UTC = ("UTC", "UT", "GMT", "Z")
_PLACES = {"E": "America/New_York", "C": "America/Chicago", "M": "America/Denver", "P": "America/Los_Angeles"}
_OTHERS = (
    "CET CEST MET MEST WET WEST EET EEST BST IST MSK JST KST SGT HKT AEST AEDT ACST AWST NZST NZDT AKST HST"
)
_AMERICAN = re.compile("[ECMP][SD]T").fullmatch
_in_format = re.compile(rf"\b({'|'.join(_UTC)}|[ECMP][SD]T|{_OTHERS.replace(' ', '|')})\b").search
_behind = re.compile(r"\d.*[\d\s(](?P<word>[A-Z]{2,5}|Z)\)?\Z").match


def zone_in_format(literal: str) -> str:
    """Return the word for a zone that stands in a format as plain text, or an empty text."""
    found = _in_format(literal)
    return found[1] if found else ""


def zone_behind(text: str) -> str:
    """Return what looks like a zone behind a time, or an empty text."""
    found = _behind(text)
    return found["word"] if found else ""


def at_zone(wall: datetime, word: str, zone: ZoneInfo) -> datetime | str:
    """Return the moment at which clocks that go by the word show ``wall``, or why it can't be told.

    ``zone``: the employer's.
    """
    if word.upper() in _UTC:
        return wall.replace(tzinfo=UTC)
    own = _named(wall, word, zone)
    if own is not None:
        return own
    if "/" in word:
        try:
            return wall.replace(tzinfo=check_zone(word))
        except TimeError:
            return f"`{short(word)}` is not a time zone"
    if _AMERICAN(word.upper()):
        place = ZoneInfo(_PLACES[word[0].upper()])
        there = _named(wall, word, place)
        return (
            there
            or f"on {wall.date()} no clock in {place.key} goes by {word.upper()}; write the offset instead"
        )
    return f"`{short(word)}` can mean several time zones; write the offset instead, such as +01:00"


def _named(wall: datetime, word: str, zone: tzinfo) -> datetime | None:
    """Return the moment in a zone if clocks there go by the word at that time."""
    both = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return next((each for each in both if (each.tzname() or "").upper() == word.upper()), None)
