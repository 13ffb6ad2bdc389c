"""Moments and days that record what the engine asks of them.

The engine decides by comparing moments. A recorded moment is not a number but the place of one: the moment of
the third event, or that of the first event and seven days more. When the engine compares two of them, the
question is asked of the history at hand, and both the question and its answer are written down::

    e[1]+604800000000>e[3]      is the third event within a week after the first?      no
    c.is_business(c.day_of(e[3]))   does it lie on a business day?                     yes

Another history with the same events in the same order that gives all these questions the same answers leads
the engine along the same way, so its result is known without the engine. That is why there is no second
meaning of any guard here: only the engine decides, and what it asked is remembered.

An operation that is not recorded fails (`NotRecordedError`, or an attribute that is not there), and never
takes a made-up value. Then nothing is known of such histories, and the exact path judges them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NoReturn, Self, TypeAlias

from postinterview.core.values.moments import ONE_DAY, LocalCalendar

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
DAY_LENGTH = ONE_DAY // _TICK
"""A day in microseconds."""
_MOST = timedelta(days=365_000)
"""The longest duration that is recorded. A few of them after the year 3000 no moment is `FAR` yet."""

_CHANGES = 2 * DAY_LENGTH
"""Stands for the offset of a day on which clocks are changed."""
_FIRST = EPOCH.toordinal()

Ask: TypeAlias = Callable[[str], Any]
"""Asks a question, written in Python, of the history at hand: of its numbers `e`, and its `Days` `c`."""


class NotRecordedError(Exception):
    """The engine asked something that can't be recorded. Never leaves this package."""


def ticks(moment: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    return (moment - EPOCH) // _TICK


class Days:
    """The days of a calendar, in whole numbers: moments in microseconds, days by their ordinals."""

    def __init__(self, calendar: LocalCalendar) -> None:
        self.calendar = calendar
        self._offsets: dict[int, int] = {}
        self._starts: dict[int, int] = {}
        self._business: dict[int, bool] = {}
        self._after: dict[tuple[int, int], int] = {}
        self._hours: dict[tuple[int, int, int], tuple[int, ...]] = {}

    def day_of(self, moment: int) -> int:
        """Return the day; a day of UTC in which clocks stay as they are is looked up once."""
        number = moment // DAY_LENGTH
        offset = self._offsets.get(number)
        if offset is None:
            offset = self._offsets[number] = self._offset(number * DAY_LENGTH)
        if offset == _CHANGES:
            return self.calendar.day_of(EPOCH + moment * _TICK).toordinal()
        return (moment + offset) // DAY_LENGTH + _FIRST

    def _offset(self, begins: int) -> int:
        """Return the offset of the clocks in a day of UTC that begins at a moment, or `_CHANGES`.

        No zone ever changed its clocks twice in three days, so the two ends of a day tell it.
        """
        zone, ends = self.calendar.zone, (begins, begins + DAY_LENGTH)
        first, last = ((EPOCH + each * _TICK).astimezone(zone).utcoffset() for each in ends)
        return _CHANGES if first is None or first != last else first // _TICK

    def start_of(self, day: int) -> int:
        found = self._starts.get(day)
        if found is None:
            found = self._starts[day] = ticks(self.calendar.start_of(date.fromordinal(day)))
        return found

    def is_business(self, day: int) -> bool:
        found = self._business.get(day)
        if found is None:
            found = self._business[day] = self.calendar.is_business_day(date.fromordinal(day))
        return found

    def business_day_after(self, day: int, count: int) -> int:
        found = self._after.get((day, count))
        if found is None:
            after = self.calendar.business_day_after(date.fromordinal(day), count)
            found = self._after[day, count] = ticks(after)
        return found

    def hours(self, day: int, opens: int, closes: int) -> tuple[int, ...]:
        """Return the beginning and the end of each stretch; ``opens`` and ``closes`` in microseconds."""
        found = self._hours.get((day, opens, closes))
        if found is None:
            stretches = self.calendar.hours_of(date.fromordinal(day), _clock(opens), _clock(closes))
            found = tuple(ticks(moment) for stretch in stretches for moment in stretch)
            self._hours[day, opens, closes] = found
        return found


def _clock(micro: int) -> time:
    return (EPOCH + timedelta(microseconds=micro)).time()


class _Recorded:  # noqa: PLW1641 - the two below differ in this
    """A value that is written as a base and a whole number more."""

    ask: Ask
    base: str
    plus: int

    @property
    def code(self) -> str:
        return f"({self.base}+{self.plus})" if self.plus else self.base

    def compare(self, other: object, sign: str, holds: Callable[[int, int], bool]) -> bool:
        if type(other) is type(self):
            if other.base == self.base:
                return holds(self.plus, other.plus)
            apart = self.plus - other.plus
            return bool(self.ask(f"{self.base}{apart:+}{sign}{other.base}"))
        return bool(self.ask(f"{self.code}{sign}{self.number(other)}"))

    def number(self, other: object) -> int:
        """Return a plain value as a number."""
        raise NotRecordedError

    def __lt__(self, other: object) -> bool:
        return self.compare(other, "<", operator.lt)

    def __le__(self, other: object) -> bool:
        return self.compare(other, "<=", operator.le)

    def __gt__(self, other: object) -> bool:
        return self.compare(other, ">", operator.gt)

    def __ge__(self, other: object) -> bool:
        return self.compare(other, ">=", operator.ge)

    def __eq__(self, other: object) -> bool:
        return self is other or (other is not None and self.compare(other, "==", operator.eq))

    def __ne__(self, other: object) -> bool:
        return not self == other


class RecordedMoment(_Recorded):
    """A moment of the history at hand."""

    __slots__ = ("ask", "base", "plus")

    def __init__(self, ask: Ask, base: str, plus: int = 0) -> None:
        self.ask, self.base, self.plus = ask, base, plus

    def compare(self, other: object, sign: str, holds: Callable[[int, int], bool]) -> bool:
        if isinstance(other, datetime) and not 1000 < other.year < 9000:  # the ends of all time
            return holds(0, 1 if other.year > 1000 else -1)
        return super().compare(other, sign, holds)

    def number(self, other: object) -> int:
        if not isinstance(other, datetime):
            raise NotRecordedError
        return ticks(other)

    def __add__(self, other: object) -> RecordedMoment:
        if not isinstance(other, timedelta) or abs(other) > _MOST:
            raise NotRecordedError
        return RecordedMoment(self.ask, self.base, self.plus + other // _TICK)

    def __sub__(self, other: object) -> Any:
        if isinstance(other, RecordedMoment):
            return RecordedSpan(self.ask, f"({self.base}-{other.base})", self.plus - other.plus)
        if not isinstance(other, timedelta):
            raise NotRecordedError
        return self + -other

    def __rsub__(self, other: object) -> _Room:
        return _Room()

    __hash__ = object.__hash__  # two that are equal may be two keys of a cache, which costs a question more


class RecordedSpan(_Recorded):
    """The time between two moments of the history at hand."""

    __slots__ = ("ask", "base", "plus")

    def __init__(self, ask: Ask, base: str, plus: int = 0) -> None:
        self.ask, self.base, self.plus = ask, base, plus

    def number(self, other: object) -> int:
        if not isinstance(other, timedelta):
            raise NotRecordedError
        return other // _TICK

    __hash__ = None  # type: ignore[assignment]


class RecordedNumber(_Recorded):
    """A whole number of the history at hand, such as the place of an event among the others."""

    __slots__ = ("ask", "base", "plus")

    def __init__(self, ask: Ask, base: str, plus: int = 0) -> None:
        self.ask, self.base, self.plus = ask, base, plus

    def number(self, other: object) -> int:
        if type(other) is not int:
            raise NotRecordedError
        return other

    __hash__ = None  # type: ignore[assignment]


class _Room:
    """The time from a moment to the end of the calendar: more than any duration that is recorded."""

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, timedelta) or abs(other) > _MOST:
            raise NotRecordedError
        return False


class RecordedDay(_Recorded, date):
    """A day of the history at hand. The engine knows days by their class: it is a `date`, of no date."""

    def __new__(cls, ask: Ask, base: str, plus: int = 0) -> Self:
        made = date.__new__(cls, 1, 1, 1)
        made.ask, made.base, made.plus = ask, base, plus
        return made

    def number(self, other: object) -> int:
        if type(other) is not date:
            raise NotRecordedError
        return other.toordinal()

    def weekday(self) -> int:
        found: int = self.ask(f"({self.base}+{self.plus + 6})%7")
        return found

    def __add__(self, other: object) -> RecordedDay:
        if not isinstance(other, timedelta) or other % ONE_DAY:
            raise NotRecordedError
        return RecordedDay(self.ask, self.base, self.plus + other // ONE_DAY)

    __radd__ = __add__

    def __sub__(self, other: object) -> RecordedDay:  # type: ignore[override]
        if not isinstance(other, timedelta):
            raise NotRecordedError
        return self + -other

    __hash__ = None  # type: ignore[assignment]

    def _not_recorded(self, *_: object) -> NoReturn:
        raise NotRecordedError


for _name in ("year", "month", "day"):
    setattr(RecordedDay, _name, property(RecordedDay._not_recorded))  # noqa: SLF001 - the class above
for _name in (
    *("__format__", "__reduce__", "__reduce_ex__", "__repr__", "__rsub__", "__str__", "ctime", "isocalendar"),
    *("isoformat", "isoweekday", "replace", "strftime", "timetuple", "toordinal"),
):
    setattr(RecordedDay, _name, RecordedDay._not_recorded)  # noqa: SLF001 - the class above


class RecordedCalendar:
    """The calendar of the history at hand: what the engine asks of a `LocalCalendar`."""

    before = None

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def at(self, _moment: RecordedMoment) -> RecordedCalendar:
        return self

    def day_of(self, moment: RecordedMoment) -> RecordedDay:
        return RecordedDay(self._ask, f"c.day_of({moment.code})")

    def start_of(self, day: RecordedDay) -> RecordedMoment:
        return RecordedMoment(self._ask, f"c.start_of({day.code})")

    def end_of(self, day: RecordedDay) -> RecordedMoment:
        return self.start_of(day + ONE_DAY)

    def is_business_day(self, day: RecordedDay) -> bool:
        return bool(self._ask(f"c.is_business({day.code})"))

    def business_day_after(self, day: RecordedDay, count: int) -> RecordedMoment:
        return RecordedMoment(self._ask, f"c.business_day_after({day.code},{count})")

    def hours_of(
        self, day: RecordedDay, opens: time, closes: time
    ) -> tuple[tuple[RecordedMoment, RecordedMoment], ...]:
        clocks = [ticks(datetime.combine(EPOCH, each, UTC)) for each in (opens, closes)]
        found = f"c.hours({day.code},{clocks[0]},{clocks[1]})"
        moments = [
            RecordedMoment(self._ask, f"{found}[{number}]") for number in range(self._ask(f"len({found})"))
        ]
        return tuple(zip(moments[::2], moments[1::2], strict=True))
