"""Read a single text where a number, a date, a duration, a moment or hours are wanted.

Each function returns the value, or a `Fault`: what is wrong with the text, and what to type.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from functools import partial

from attrs import frozen

from postinterview.core.rules.definitions import SCOPES, BusinessDays, Scope
from postinterview.core.values.formatting import say_count
from postinterview.core.values.suggest import closest, help_for
from postinterview.loading.country_names import code_of

MOST_DAYS = 36_500
"""The longest duration, a hundred years: beyond it the calendar ends."""


MOST_WINDOW_DAYS = 3_650
"""The longest rolling window, ten years: a count over more time is a count of all there ever were."""


@frozen
class Fault:
    """The reason why a text can't be read.

    ``instead``: what may be meant. ``start``: where in the text the fault begins.
    """

    code: str
    message: str
    label: str
    help: str = ""
    instead: str | None = None
    start: int = 0


@frozen
class WrittenMoment:
    """A moment as written, its name not looked up yet."""

    name: str
    plus: timedelta | BusinessDays | None


@frozen
class WrittenHours:
    """Opening hours as written: ``days`` is ``weekdays``, ``business days`` or ``every day``."""

    opens: time
    closes: time
    days: str


_no_number = partial(Fault, "PI110")
_no_date = partial(Fault, "PI111")
_no_duration = partial(Fault, "PI112")
_no_moment = partial(Fault, "PI113")
_no_hours = partial(Fault, "PI114")
_no_scope = partial(Fault, "PI120")

_ID = re.compile(r"[a-z][a-z0-9_]*\Z").match
_MOMENT = re.compile(r"([^+\s]+)\s*(?:(\+)\s*(.*))?\Z", re.DOTALL).match
_DURATION = re.compile(r"([0-9]+)\s+(business\s+)?([a-z]+)\Z").match
_SECOND_MOMENT = re.compile(r"[0-9]+ [a-z ]+?\s*([,;]?)\s+([a-z][a-z0-9_]*)\s*\+").match
_LOOSE_DURATION = re.compile(r"([0-9]+)\s*([a-z_ -]+?)\.?\Z", re.IGNORECASE).match
_HOURS = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})(?:\s*,\s*(.*))?\Z").match
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?\Z").match

_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60, "week": 7 * 24 * 60}
UNITS = {f"{unit}{plural}": minutes for unit, minutes in _MINUTES.items() for plural in ("", "s")}
_SHORT_UNITS = {"m": "minute", "min": "minute", "h": "hour", "hr": "hour", "d": "day", "w": "week"}
_ENDLESS = 10**9
"""More of any unit than a duration may have. Python refuses to read a number of 5,000 digits."""
DAYS = ("weekdays", "business days", "every day")
_FLAGS = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}


def is_id(text: str) -> bool:
    """Return whether the text can be an id: small letters, digits and ``_``, a letter first."""
    return _ID(text) is not None


def id_from(text: str) -> str | None:
    """Return the nearest id to ``text``; None if it has no letter to start with."""
    found = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()).strip("_")
    return found if is_id(found) else None


def flag(text: str) -> bool | Fault:
    """Read ``true`` or ``false``."""
    if text in ("true", "false"):
        return text == "true"
    instead = _FLAGS.get(text.lower())
    help = f"write `{instead}`" if instead else "write `true` or `false`"
    return Fault("PI109", f"`{text}` is neither `true` nor `false`", "not a yes or no", help, instead)


def number(text: str, least: int) -> int | Fault:
    """Read a whole number of at least ``least``, with at most nine digits."""
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,8})", text, re.ASCII) and text != "-0":
        value = int(text)
        if value >= least:
            return value
        label = f"at least {least} is wanted"
        return _no_number(f"`{text}` is too small", label, f"write {least} or more")
    plain = re.match(r"0*([1-9][0-9]{0,8})(?![0-9])", text.replace("_", "").replace("'", ""), re.ASCII)
    instead = plain[1] if plain and int(plain[1]) >= least else None
    help = f"write `{instead}`" if instead else "write digits only, such as `3`"
    return _no_number(f"`{text}` is not a whole number", "not a whole number", help, instead)


def day(text: str) -> date | Fault:
    """Read a date such as ``2026-12-25``, of the years 1900 to 2999."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        help = "write year, month and day, such as `2026-12-25`"
        return _no_date(f"`{text}` is not a date", "not a date", help)
    year, month, of_month = int(text[:4]), int(text[5:7]), int(text[8:])
    if not 1900 <= year <= 2999:
        message = f"the year of `{text}` lies outside 1900 to 2999"
        return _no_date(message, "another year is meant", "correct the year")
    try:
        return date(year, month, of_month)
    except ValueError:
        label = "there is no such month"
        if 1 <= month <= 12:
            from calendar import monthrange

            label = f"that month has {monthrange(year, month)[1]} days"
        return _no_date(f"there is no day `{text}`", label, "correct the day; the order is year-month-day")


def duration(text: str) -> timedelta | Fault:
    """Read a duration of elapsed time, such as ``7 days``; business days have no fixed length."""
    found = _any_duration(text, "`7 days` or `36 hours`")
    if isinstance(found, BusinessDays):
        help = f"write `{say_count(found.count, 'day')}`, or `not_before` with `+ {text}`"
        return _no_duration(
            f"`{text}` has no fixed length", "business days can only be added to a moment", help
        )
    return found


def window(text: str) -> timedelta | Fault:
    """Read the length of a rolling window."""
    found = duration(text)
    if isinstance(found, timedelta) and found > timedelta(days=MOST_WINDOW_DAYS):
        return _no_duration(
            f"`{text}` is too long for a window",
            f"longer than {MOST_WINDOW_DAYS} days",
            "write a shorter time, or delete `within` to count all that ever happened",
        )
    return found


def _any_duration(
    text: str, such_as: str = "`7 days` or `2 business days`"
) -> timedelta | BusinessDays | Fault:
    match = _DURATION(text)
    unit = UNITS.get(match[3]) if match else None
    if match is None or unit is None:
        instead = _meant_duration(text)
        second = _SECOND_MOMENT(text)
        if second is not None and second[2] not in UNITS:
            help = f"put a comma before `{second[2]}`"
            if second[1] == ",":
                help = "put the moments in brackets, such as `[offer + 1 business day, interview + 7 days]`"
            elif second[1]:
                help = f"write a comma instead of the `{second[1]}`"
            return _no_duration(f"`{text}` is not a duration", "two moments in one", help)
        help = f"write a whole number and a unit, such as {such_as}"
        if instead:
            help = f"did you mean `{instead}`?"
        return _no_duration(f"`{text}` is not a duration", "not a duration", help, instead)
    count = _count(match[1])
    if count < 1:
        return _no_duration(f"`{text}` is no time at all", "at least 1 is wanted", "write 1 or more")
    if match[2] and unit != UNITS["day"]:
        label = "only days can be business days"
        return _no_duration(f"there are no `business {match[3]}`", label, "write `business days`")
    if count * unit > MOST_DAYS * UNITS["day"]:
        return _no_duration(f"`{text}` is too long", f"longer than {MOST_DAYS} days", "write a shorter time")
    return BusinessDays(count) if match[2] else timedelta(minutes=count * unit)


def _count(digits: str) -> int:
    return int(digits) if len(digits) < 10 else _ENDLESS


def _meant_duration(text: str) -> str | None:
    if text.isascii() and text.isdigit() and 0 < _count(text) < _ENDLESS:
        return f"{text} days"
    loose = _LOOSE_DURATION(text)
    if loose is None or not 0 < _count(loose[1]) < _ENDLESS:
        return None
    count, written = loose[1], loose[2].lower().strip()
    business = ""
    if written.startswith(("b", "w")) and " " in written:  # business, working
        business, written = "business ", written.split()[-1]
    written = written.removesuffix("s")
    unit = _SHORT_UNITS.get(written) or next(iter(closest(written, _MINUTES)), None)
    if unit is None or (business and unit != "day"):
        return None
    return f"{count} {business}{unit}{'' if count == '1' else 's'}"


def moment(text: str) -> WrittenMoment | Fault:
    """Read a name, perhaps followed by ``+`` and a duration or business days."""
    match = _MOMENT(text)
    if match is None or not is_id(match[1]):
        help = "write an event or a date, and perhaps a duration after it, such as `interview + 7 days`"
        return _no_moment(f"`{text}` is not a moment", "not a moment", help)
    if match[2] is None:
        return WrittenMoment(match[1], None)
    plus = _any_duration(match[3].rstrip())
    if not isinstance(plus, Fault):
        return WrittenMoment(match[1], plus)
    if not match[3].strip():
        help = "add a duration, such as `+ 7 days`"
        return _no_moment(f"`{text}` breaks off", "nothing follows the `+`", help)
    instead = None if plus.instead is None else f"{match[1]} + {plus.instead}"
    return Fault(plus.code, plus.message, plus.label, plus.help, instead, match.start(3))


def hours(text: str) -> WrittenHours | Fault:
    """Read two times of day, perhaps followed by the days on which they count."""
    match = _HOURS(text)
    if match is None:
        help = "write it as `09:00-17:00`, `09:00-17:00, weekdays`"
        return _no_hours(f"`{text}` is not a range of hours", "not hours", help)
    opens, closes = _clock(match[1], match[2]), _clock(match[3], match[4])
    if opens is None or closes is None:
        wrong = f"{match[1]}:{match[2]}" if opens is None else f"{match[3]}:{match[4]}"
        return _no_hours(
            f"there is no time `{wrong}` on a clock", "not a time of day", "write 00:00 to 23:59"
        )
    days = match[5]
    if days is not None and days not in DAYS:
        help = help_for(closest(days, DAYS), DAYS)
        return _no_hours(f"`{days}` does not say which days", "unknown days", help, None, match.start(5))
    if len(match[1]) == 1 or len(match[3]) == 1:
        instead = f"{opens:%H:%M}-{closes:%H:%M}{'' if days is None else f', {days}'}"
        label = "an hour has two digits"
        return _no_hours(f"`{text}` leaves out a digit", label, f"write `{instead}`", instead)
    if opens >= closes:
        help = "write the earlier time first"
        return _no_hours(f"`{text}` closes before it opens", "no time lies between", help)
    return WrittenHours(opens, closes, days or "every day")


def _clock(hour: str, minute: str) -> time | None:
    return time(int(hour), int(minute)) if int(hour) < 24 and int(minute) < 60 else None


def country(text: str) -> str | Fault:
    """Read the code of a country or region by its form alone, such as ``CH`` or ``CH-ZH``."""
    if _COUNTRY(text):
        return text
    whole, dash, region = text.partition("-")
    whole = code_of(whole) or whole.upper()
    said = f"{whole}{dash}{region.upper()}"
    instead = said if _COUNTRY(said) else None
    help = f"write `{instead}`" if instead else "write two capital letters, such as `CH`"
    if instead is None and _COUNTRY(whole):
        help = f"write one to three capital letters or digits after `{whole}-`, or `{whole}` for all of it"
    return Fault("PI123", f"`{text}` is not a country's code", "not a code", help, instead)


def scope(words: tuple[str, ...]) -> Scope | Fault:
    """Return the scope that one or two words name."""
    if len(words) == 1:
        return SCOPES[words[0]]
    if len(words) > 2:
        help = "write `[round, interviewer]`, or one of them"
        return _no_scope("more than two keys are named", "two at most", help)
    if "employer" in words:
        other = next((word for word in words if word != "employer"), "employer")
        message = f"`employer` and `{other}` exclude each other"
        return _no_scope(message, "the employer is everything together", f"write `{other}` or `employer`")
    if "interviewer" not in words:
        message = "a round belongs to one application already"
        return _no_scope(message, "one of them is enough", "write `round`")
    first, second = SCOPES[words[0]], SCOPES[words[1]]
    return Scope(True, first.round or second.round, True)
