"""The formats by which a map says that its dates are written, and the times of day in it."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from attrs import frozen

from postinterview.audit.history.zone_words import zone_in_format
from postinterview.core.values.moments import LATEST
from postinterview.core.values.suggest import ticked
from postinterview.loading.local_times import read_when
from postinterview.loading.text_values import Fault, day

ISO, UNIX, UNIX_MS, EXCEL, EXCEL_1904 = "iso", "unix", "unix ms", "excel", "excel 1904"
WORDS = (ISO, UNIX, UNIX_MS, EXCEL, EXCEL_1904)
"""Formats by name: ISO 8601; seconds or milliseconds since 1970 in UTC; Excel's serial dates."""

_CODES = {
    "d": "the day",
    **dict.fromkeys("mbB", "the month"),
    **dict.fromkeys("yY", "the year"),
    **dict.fromkeys("HI", "the hour"),
    "M": "the minute",
    "S": "the second",
    "f": "parts of a second",
    "p": "am or pm",
    "z": "the offset",
    "Z": "the zone",
    **dict.fromkeys("aA", "the weekday"),
    "%": "a percent sign",
}
_CODE = re.compile(r"%(.?)", re.DOTALL)
_NUMBERS = frozenset("dmyYHMSf")
_CLOCKS = frozenset("HMSf")
ODD_SPACE = re.compile(r"[^\S ]").search
_PIECE = re.compile(r"(%.|\s+|[^%\s])", re.DOTALL)
_DIGITS = {**dict.fromkeys("dmyHIMS", r"\d\d"), "Y": r"\d{4}", "f": r"\d{6}", "z": r"(?:Z|[+-]\d\d:?\d\d)"}
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\Z", re.ASCII).match


@frozen
class Format:
    """One way to write a date.

    ``weekday``: its code for the weekday, if it has one. ``whole``: if numbers touch, the pattern that gives
    each number all its digits. ``zoned``: the pattern that finds the name of the zone, if it has one.
    ``day_and_clock``: its two parts, if a space divides them, the day on the left and the clock on the right.
    ``is_one_word``: no text with a space in it is written so.
    """

    text: str
    has_year: bool = True
    has_clock: bool = True
    weekday: str = ""
    whole: re.Pattern[str] | None = None
    zoned: re.Pattern[str] | None = None
    day_and_clock: tuple[Format, str] | None = None
    is_one_word: bool = False


def read_format(text: str) -> Format | Fault:
    """Return the format, or what is wrong with it."""
    if text in WORDS:
        return Format(text, has_clock=text in (UNIX, UNIX_MS))
    codes = _CODE.findall(text)
    bad = next((code for code in codes if code not in _CODES), None)
    if bad is not None:
        message = f"`%{bad}` is not a code for a part of a date"
        help = f"write {ticked(f'%{code}' for code in _CODES)}"
        return Fault("PI1004", message, "unknown code", help, start=text.index(f"%{bad}"))
    parts = [_CODES[code] for code in codes if code != "%"]
    wrong = _wrong(codes, parts)
    if wrong is not None:
        return Fault("PI1004", f"{wrong[0]} in `{text}`", "no date is written like this", wrong[1])
    for part, code in (("the day", "%d"), ("the month", "%m")):
        if part not in parts:
            help = f"write `{code}` where {part} stands, or `iso` for dates such as 2026-03-02"
            return Fault("PI1004", f"`{text}` leaves out {part}", f"{part} is missing", help)
    literal = "".join("\0" if each[0] == "%" else each for each in _pieces(text))
    if "the hour" in parts and not {"z", "Z"} & set(codes) and (word := zone_in_format(literal)):
        help = (
            "write `%z`, which reads Z and offsets" if word == "Z" else "write `%Z`, which reads such words"
        )
        message = f"`{word}` in a format is plain text: its times would be taken for local ones"
        return Fault("PI1004", message, "this zone would be ignored", help, start=text.index(word))
    weekday = next((f"%{code}" for code in codes if code in "aA"), "")
    zoned = _zoned(text) if "Z" in codes else None
    return Format(
        text,
        "the year" in parts,
        "the hour" in parts,
        weekday,
        whole_pattern(text),
        zoned,
        _day_and_clock(text),
        is_one_word=set(codes) <= _NUMBERS and not any(map(str.isspace, text)),
    )


def _day_and_clock(text: str) -> tuple[Format, str] | None:
    """Return the two parts of a format of numbers with one space in it, such as `%d.%m.%Y %H:%M`.

    A file has few days and few times of day, but many moments. So the parts are read, and remembered, one by
    one: reading a text by a format takes longer than everything else that is done with a row.
    """
    parts = text.split(" ")
    codes = [set(_CODE.findall(part)) for part in parts]
    if len(parts) != 2 or not codes[0] <= _NUMBERS - _CLOCKS or not codes[1] <= _CLOCKS or ODD_SPACE(text):
        return None
    day, clock = parts
    return Format(day, "%y" in day.lower(), has_clock=False, whole=whole_pattern(day)), clock


def _wrong(codes: list[str], parts: list[str]) -> tuple[str, str] | None:
    """Return which codes contradict each other and what to write, if any do."""
    twice = next((part for part in parts if parts.count(part) > 1), None)
    if twice is not None:
        return f"two codes mean {twice}", "write each part once"
    small = next((code for code in codes if code in "MSfZ" and "the hour" not in parts), None)
    if small is not None:
        return f"`%{small}` has no hour", "write `%H` where the hour stands"
    if "p" in codes and "H" in codes:
        return "`%p` is beside `%H`, which counts to 23", "write `%I` with `%p`, or `%H` alone"
    if ("p" in codes) is not ("I" in codes):
        said = "`%p` has no `%I`" if "p" in codes else "`%I` has no `%p`"
        return said, "write `%I` and `%p` for an hour up to 12 with AM or PM, `%H` for one up to 23"
    return None


def _pieces(text: str) -> list[str]:
    return [each for each in _PIECE.split(text) if each]


def _zoned(text: str) -> re.Pattern[str]:
    """Return a pattern that finds the name of the zone in a date of this format."""
    found = {"%%": "%", "%Z": r"(?P<zone>[A-Za-z][A-Za-z0-9_/+ -]*?)"}
    parts = (found.get(each, ".+?") if each[0] == "%" else _literal(each) for each in _pieces(text))
    return re.compile("".join(parts), re.ASCII | re.IGNORECASE | re.DOTALL)


def _literal(piece: str) -> str:
    return r"\s+" if piece.isspace() else re.escape(piece)


def whole_pattern(text: str) -> re.Pattern[str] | None:
    """Return a pattern for a format in which numbers touch: only full digits tell where each ends."""
    pieces = _pieces(text)
    counted = [each[1:] in _DIGITS if each[0] == "%" else None for each in pieces]
    found, touches = "", False
    for number, piece in enumerate(pieces):
        near = counted[max(number - 1, 0) : number] + counted[number + 1 : number + 2]
        if counted[number] and True in near:
            touches = True
            found += _DIGITS[piece[1:]]
        elif piece[0] == "%":
            found += "%" if piece == "%%" else ".+?"
        else:
            found += _literal(piece)
    return re.compile(found, re.ASCII | re.IGNORECASE | re.DOTALL) if touches else None


def read_clock(text: str) -> time | Fault:
    """Read a time of day such as ``12:00``."""
    match = _CLOCK(text)
    if match is None:
        help = 'write hours and minutes, such as "12:00"'
        return Fault("PI1005", f"`{text}` is not a time of day", "not a time", help)
    return time(int(match[1]), int(match[2]))


def read_as_of(text: str, zone: ZoneInfo | None) -> date | datetime | Fault:
    """Read the day or the moment of the export."""
    found = day(text)
    if isinstance(found, Fault):
        return read_when(text, zone) if ":" in text else found
    if found.year == LATEST.year:
        message = f"`{text}` is outside the years 1900 to {LATEST.year - 1}"
        return Fault("PI111", message, "another year is meant", "correct the year")
    return found
