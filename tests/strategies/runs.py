"""Random stories for a rulebook: what is tried, recorded, told late, taken back, unknown and known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.oracle import reading
from tests.oracle.days import DAY, TICK, first_instant, local_day
from tests.oracle.reading import Rules
from tests.strategies.hand import Draw, Hand
from tests.strategies.rulebooks import plain_rulebooks
from tests.strategies.writing import written

ZONES = (
    "UTC",
    "Europe/Zurich",
    "America/New_York",
    "Pacific/Auckland",
    "America/Havana",  # its clocks change at midnight
    "America/Nuuk",  # and here just before it
    "Australia/Lord_Howe",  # by half an hour
)
STARTS = tuple(  # shortly before clocks change somewhere, and not
    datetime(2026, month, day, hour, tzinfo=UTC)
    for month, day, hour in (
        (3, 5, 9),
        (3, 27, 15),
        (4, 2, 23),
        (6, 10, 8),
        (9, 24, 12),
        (10, 23, 6),
        (10, 30, 4),
    )
)
HOLIDAYS = (date(2026, 3, 9), date(2026, 3, 30), date(2026, 4, 6), date(2026, 10, 26))
PEOPLE = ("ana", "bo", "cy")
TWEAKS = (timedelta(0), -TICK, TICK, timedelta(minutes=-1), timedelta(minutes=1))
GAPS = tuple(timedelta(minutes=minutes) for minutes in (0, 1, 30, 5 * 60, 24 * 60, 3 * 24 * 60, 10 * 24 * 60))

Op: TypeAlias = Literal["do", "record", "late", "retract", "unknown", "known"]


@dataclass(frozen=True)
class Step:
    """One thing that a host does. ``pick`` chooses what to retract among what there is by then."""

    op: Op
    at: datetime
    event: str = ""
    to: str | None = None
    application: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    pick: int = 0
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """A story: where, with which free days, its steps, and acts to ask about after them.

    ``applications``: None stands for unnamed. ``later``: how the story goes on after the questions.
    """

    zone: str
    holidays: tuple[date, ...]
    applications: tuple[str | None, ...]
    steps: tuple[Step, ...]
    questions: tuple[Step, ...] = ()
    later: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Case:
    """A rulebook, as text and as plain data, and a story that it has to judge."""

    text: str
    rules: Rules
    run: Run

    def __repr__(self) -> str:
        told = (*self.run.steps, "asked:", *self.run.questions, "then:", *self.run.later)
        steps = "\n".join(f"  {step}" for step in told)
        return f"{self.text}\n# {self.run.zone}, holidays {self.run.holidays}\n{steps}\n"


@st.composite
def cases(
    draw: Draw,
    *,
    corrections: bool = True,
    most: int = 16,
    questions: int = 0,
    later: int = 0,
    custom: bool = False,
    rulebooks: st.SearchStrategy[Rules] | None = None,
) -> Case:
    """A random rulebook, or one of ``rulebooks``, and a random story for it.

    ``custom``: some guards are the tests' own.
    """
    rules = draw(plain_rulebooks(custom=custom) if rulebooks is None else rulebooks)
    run = runs(rules, corrections=corrections, most=most, questions=questions, later=later)
    return Case(written(rules), rules, draw(run))


@st.composite
def runs(
    draw: Draw, rules: Rules, *, corrections: bool = True, most: int = 16, questions: int = 0, later: int = 0
) -> Run:
    """A random story. ``corrections``: with late and retracted events, and an unknown past."""
    return drawn_run(Hand(draw), rules, corrections=corrections, most=most, questions=questions, later=later)


def drawn_run(
    hand: Hand, rules: Rules, *, corrections: bool = True, most: int = 16, questions: int = 0, later: int = 0
) -> Run:
    zone = hand.one(ZONES)
    holidays = tuple(hand.some(HOLIDAYS, 1)) if hand.chance(25) else ()
    applications = ("main", "other") if hand.chance(35) else (None,)
    teller = Teller(hand, rules, zone, applications)
    steps = [teller.step(corrections=corrections) for _ in range(min(most, 1 + hand.number(0, 2 * most)))]
    asked = [teller.question() for _ in range(questions)]
    rest = [teller.step(corrections=False) for _ in range(later)]
    return Run(zone, holidays, applications, tuple(steps), tuple(asked), tuple(rest))


class Teller:
    """Draws one step after the other, at times where something may change."""

    def __init__(self, hand: Hand, rules: Rules, zone: str, applications: tuple[str | None, ...]) -> None:
        self.hand = hand
        self.rules = rules
        self.zone = zone
        self.applications = applications
        self.constants = constants(rules)
        self.clocks = clocks(rules)
        self.times = [hand.one(STARTS)]
        self.left_open: list[Step] = []
        self.outside = "'outside'" in str(rules["machines"])  # before the first round, mostly
        self.openers = [event for event in rules["events"] if reading.opens_round(rules, event)]

    def step(self, *, corrections: bool) -> Step:
        hand = self.hand
        if len(self.times) == 1 and self.openers and hand.chance(40 if self.outside else 80):
            return self.event("record", self.openers[0], self._next())
        kind = hand.number(0, 99) if corrections else 0
        if kind >= 96:
            names = [*self.rules["events"], *(self.rules.get("classes") or {})]
            of = tuple(hand.some(names, 1, 2))
            application = hand.one((None, *self.applications))
            until = hand.one(self.times) if hand.chance(40) else self._around()
            if self.left_open and hand.chance(30):
                return replace(hand.one(self.left_open), op="known", application=application)
            step = Step(hand.one(("unknown", "unknown", "known")), until, of=of, application=application)
            self.left_open.append(step)
            return step
        if kind >= 92 and len(self.times) > 2:
            return Step("retract", self._next(), pick=hand.number(0, 9))
        event = hand.one(list(self.rules["events"]))
        if kind >= 80 and len(self.times) > 2:
            return self.event("late", event, min(self._around(), self.times[-1] - TICK))
        op: Op = "do" if reading.is_act(self.rules, event) and hand.chance(50) else "record"
        return self.event(op, event, self._next())

    def moment(self) -> datetime:
        """The next moment at which something may turn."""
        return self._next()

    def question(self) -> Step:
        """An act to ask about, at a moment after all that was told."""
        acts = [event for event in self.rules["events"] if reading.is_act(self.rules, event)]
        return self.event("do", self.hand.one(acts), self._next())

    def event(self, op: Op, event: str, at: datetime) -> Step:
        """The event, to whom and with which fields it may be."""
        to = self.hand.one(PEOPLE) if reading.names_person(self.rules, event) else None
        application = None
        if not reading.concerns_employer(self.rules, event):
            application = self.hand.one(self.applications)
        return Step(op, at, event, to, application, self.fields(event, at))

    def fields(self, event: str, at: datetime) -> dict[str, Any]:
        """Values for an event's fields; an act may leave any out, a fact those that are optional."""
        act = reading.is_act(self.rules, event)
        return {
            name: None if optional and self.hand.chance(15) else self._value(declared, at, act=act)
            for name, declared in reading.fields(self.rules, event).items()
            if not ((optional := declared.get("optional") == "true") or act) or self.hand.chance(70)
        }

    def _value(self, declared: dict[str, Any], at: datetime, *, act: bool) -> Any:
        match declared["type"]:
            case "bool":
                return self.hand.chance(70)
            case "text":
                return self.hand.one(("about it", ""))
            case "number":
                return self.hand.number(1, 3)
            case "date":
                return local_day(at, self.zone) + self.hand.number(-2 if act else -1, 8) * DAY
            case "people":
                return tuple(self.hand.some(PEOPLE, 0 if self.hand.chance(20) else 1))
            case _:
                return self.hand.one(declared["choices"])

    def _next(self) -> datetime:
        """A moment from the latest on, often one at which a rule turns."""
        if self.hand.chance(12):
            at = self.times[-1]
        else:
            at = self._around() if self.hand.chance(75) else self.times[-1] + self.hand.one(GAPS)
        at = max(self.times[-1], at)
        self.times.append(at)
        return at

    def _around(self) -> datetime:
        """A moment at, just before or just after one that a rule may speak of."""
        start = self.hand.one(self.times[-4:])
        where = self.hand.number(0, 99)
        if where >= 60:
            day = local_day(start, self.zone) + self.hand.number(0 if self.clocks else 1, 8) * DAY
            turn = first_instant(day, self.zone)
            if self.clocks and where >= 75:
                clock = self.hand.one(self.clocks).replace(fold=self.hand.number(0, 1))
                turn = reading_of(day, clock, self.zone)
        else:
            turn = start + self.hand.one(self.constants)
            if self.hand.chance(15):
                turn += self.hand.one(self.constants)
        return turn + self.hand.one(TWEAKS)


def all_given(rules: Rules, event: str, at: datetime) -> reading.Given:
    """Every field of an event, neither empty nor false."""
    values = {"bool": True, "text": "about it", "number": 1, "people": PEOPLE[:1], "date": at.date()}
    return reading.Given(
        (name, declared["choices"][0] if declared["type"] == "choice" else values[declared["type"]])
        for name, declared in reading.fields(rules, event).items()
    )


def clocks(rules: Rules) -> list[time]:
    """The times of day that a rulebook's guards speak of."""
    return sorted({time.fromisoformat(text) for text in re.findall(r"\d\d:\d\d", str(rules))})


def reading_of(day: date, clock: time, zone: str) -> datetime:
    """When the clock of a place shows this: the second time with ``fold``; before it, where it never does."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def constants(rules: Rules) -> list[timedelta]:
    """The durations that a rulebook's guards speak of."""
    found = re.findall(r"\d+ (?:minute|hour|day|week)s?\b", str(rules))
    lengths = {length for text in found if isinstance(length := reading.duration(text), timedelta)}
    return sorted(lengths) or [DAY]
