"""A story as bars over time: what happened, when each act was allowed, and how much of each limit was used.

The story is played again, and the engine is asked at each turn: after a step, and at each moment at which it
says that an act opens or closes. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from attrs import define, field, frozen

from postinterview.core.answers.verdict import Reason, Verdict, distinct
from postinterview.core.past.events import Event
from postinterview.core.past.placed import Placed
from postinterview.core.process import Process
from postinterview.core.rules.definitions import AtMost, Definition
from postinterview.core.rules.rule_text import title_of
from postinterview.core.values.formatting import say_list, say_words
from postinterview.describing.phrases import duration
from postinterview.loading.local_times import instant
from postinterview.scenario.model import EventStep, RetractStep, UnknownStep
from postinterview.scenario.phrases import event_text
from postinterview.scenario.playing import Played, PlayedStep, begin, perform

TAIL = timedelta(days=14)
"""The time that is shown after the last step."""
MOST_TURNS = 4_000
"""So many turns are asked for; after that the rest of the story has no bars."""

Lane = tuple[str | None, str | None, str]
"""An application, a person and an act."""


@frozen
class Stretch:
    """A time in which an act is allowed."""

    start: datetime
    end: datetime


@frozen
class Mark:
    """A moment on a row. ``kind``: ``done``, ``refused``, ``breach``, ``due`` or ``fact``."""

    at: datetime
    kind: str
    text: str
    about: str = ""


@frozen
class ActRow:
    """The row of one act: when it was allowed, and what was done."""

    application: str | None
    title: str
    event: str
    allowed: tuple[Stretch, ...]
    marks: tuple[Mark, ...]


@frozen
class Budget:
    """How many of ``limit`` were used at each time: from each moment on, so many."""

    title: str
    limit: int
    used: tuple[tuple[datetime, int], ...]


@frozen
class Story:
    """A story to be drawn. Every moment is in UTC; ``process`` is the one after the last step."""

    played: Played
    process: Process
    start: datetime
    end: datetime
    facts: tuple[Mark, ...]
    rows: tuple[ActRow, ...]
    budgets: tuple[Budget, ...]


def story(played: Played) -> Story | None:
    """Return the picture of a played story; None if it could not even start, or no step has a moment."""
    moments = [instant(step.at) for step in played.steps if step.at is not None]
    if played.process is None or not moments:
        return None
    zone = played.process.calendar.zone
    midnight = min(moments).astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    end = max(moments) + TAIL
    lanes = _Lanes(end)
    lanes.follow(played)
    budgets = tuple(_budgets(played.process, end))
    definition = played.rulebook.definition
    return Story(
        played=played,
        process=played.process,
        start=midnight.astimezone(UTC),
        end=end,
        facts=tuple(_facts(played)),
        rows=tuple(_rows(lanes, played, definition)),
        budgets=budgets,
    )


@define
class _Lanes:
    """Follows a story, and keeps when each act is allowed and due."""

    end: datetime
    allowed: dict[Lane, list[Stretch]] = field(factory=dict)
    due: dict[tuple[str, str | None], tuple[Lane, datetime]] = field(factory=dict)
    turns: int = 0

    def follow(self, played: Played) -> None:
        process = begin(played.scenario, played.rulebook)
        steps = [step.step for step in played.steps]
        for number, step in enumerate(steps):
            process = perform(process, step).process
            later = (each.at for each in steps[number + 1 :] if each.at is not None)
            at, following = step.at, next(later, None)
            if at is not None:
                self._between(process, instant(at), self.end if following is None else instant(following))

    def _between(self, process: Process, at: datetime, end: datetime) -> None:
        """Follow a process until the next step."""
        latest = process.timeline[-1].at if process.timeline else at
        at = max(at, latest)
        for item in process.agenda(at=at):
            if item.event is not None and item.due is not None:
                for name in item.applications or (item.application,):
                    self.due[item.id, name] = (name, item.to, item.event), instant(item.due)
        while at < end and self.turns < MOST_TURNS:
            self.turns += 1
            verdicts = process.verdicts(at=at)
            turn = min([end, *(each for each in map(_turn, verdicts) if each is not None and each > at)])
            for each in verdicts:
                if each.allowed:
                    self._keep((each.application, each.to, each.event), Stretch(at, turn))
                else:
                    self.allowed.setdefault((each.application, each.to, each.event), [])
            at = turn

    def _keep(self, lane: Lane, stretch: Stretch) -> None:
        found = self.allowed.setdefault(lane, [])
        if found and found[-1].end == stretch.start:
            stretch = Stretch(found.pop().start, stretch.end)
        found.append(stretch)


def _turn(verdict: Verdict) -> datetime | None:
    """Return the next moment at which the verdict changes by itself."""
    moment = verdict.closes_at if verdict.allowed else verdict.opens_at
    return None if moment is None else instant(moment)


def _rows(lanes: _Lanes, played: Played, definition: Definition) -> Iterator[ActRow]:
    """Yield the rows of the acts that were ever allowed, asked for or due, by application and in order."""
    marks: dict[Lane, list[Mark]] = {}
    for step in played.steps:
        if isinstance(step.step, EventStep) and definition.events[step.step.event].is_act:
            lane = (_application(step, played), step.step.to, step.step.event)
            marks.setdefault(lane, []).append(_act_mark(step))
    for lane, moment in lanes.due.values():
        if moment < lanes.end:
            marks.setdefault(lane, []).append(Mark(moment, "due", "", "due"))
    order = list(definition.events)
    places = list(dict.fromkeys([None, *(place for place, _, _ in (*lanes.allowed, *marks))]))
    for lane in sorted({*lanes.allowed, *marks}, key=lambda each: _place_of(each, places, order)):
        application, to, name = lane
        allowed, made = tuple(lanes.allowed.get(lane, ())), marks.get(lane, [])
        reaches = definition.events[name].contact != "none"
        if made or (allowed and reaches):
            title = title_of(definition.events[name], to, application, played.scenario.employer)
            yield ActRow(application, title, name, allowed, tuple(sorted(made, key=lambda each: each.at)))


def _place_of(lane: Lane, places: list[str | None], order: list[str]) -> tuple[int, int, str]:
    return places.index(lane[0]), order.index(lane[2]), lane[1] or ""


def _application(step: PlayedStep, played: Played) -> str | None:
    """Return the application that an act was about, named or not."""
    if step.verdict is not None:
        return step.verdict.application
    if step.entry is not None and played.process is not None:
        entry = played.process.history[step.entry - 1]
        if isinstance(entry, Event):
            return entry.application
    return step.step.application


def _act_mark(step: PlayedStep) -> Mark:
    """Return what came of an act: done, refused or a breach, with the guards that refused it."""
    at = instant(step.at) if step.at is not None else instant(datetime.max.replace(tzinfo=UTC))
    reasons = distinct(step.verdict.reasons) if step.verdict is not None else ()
    about = " ".join(f"{reason.id}: {reason.text}." for reason in reasons)
    said = ", ".join(_named(reason) for reason in reasons)
    if step.result == "refused":
        return Mark(at, "refused", f"refused: {said}", about)
    if step.result == "breach":
        return Mark(at, "breach", f"breach: {said}", about)
    return Mark(at, "done", "", "done")


def _named(reason: Reason) -> str:
    """Return the name of a guard in words; if no transition leaves the state, the state."""
    return say_words(reason.id) if reason.transition else reason.has


def _facts(played: Played) -> Iterator[Mark]:
    """Yield what the employer did or what happened, and the corrections."""
    events = played.rulebook.definition.events
    for step in played.steps:
        made = step.step
        if isinstance(made, UnknownStep):
            said = say_list(map(say_words, made.of), "and")
            yield Mark(instant(made.until), "fact", f"not known before: {said}", made.why)
        if step.at is None:
            continue
        at = instant(step.at)
        if isinstance(made, EventStep):
            if not events[made.event].is_act:
                late = ", recorded late" if made.late else ""
                said = say_words(event_text(made.event, made.to, made.application))
                yield Mark(at, "fact", f"{said}{late}", made.why)
        elif isinstance(made, RetractStep):
            yield Mark(at, "fact", f"entry {made.of} taken back", made.why)


def _budgets(process: Process, end: datetime) -> Iterator[Budget]:
    """Yield the limits in a rolling window that were used, for the employer or an application."""
    definition = process.rulebook.definition
    seen: set[tuple[object, ...]] = set()
    for machine in definition.machines.values():
        for rule in machine.transitions:
            for guard in rule.guards:
                if not isinstance(guard, AtMost) or guard.within is None:
                    continue
                scope = guard.scope or machine.scope
                what = (guard.of.members, guard.limit, guard.within, scope)
                if what in seen or scope.round or scope.interviewer:
                    continue
                seen.add(what)
                for name in process.applications if scope.application else (None,):
                    used = tuple(_used(process.timeline, guard, name, guard.within, end))
                    if used:
                        where = f" ({name})" if name and len(process.applications) > 1 else ""
                        span = f"{guard.limit} in any {duration(guard.within)}"
                        title = f"{say_words(guard.id)}{where}: {span}"
                        yield Budget(title, guard.limit, used)


def _used(
    timeline: Iterable[Placed], guard: AtMost, application: str | None, within: timedelta, end: datetime
) -> Iterator[tuple[datetime, int]]:
    """Yield each moment at which the number of events in the window changes, with the number."""
    turns: dict[datetime, int] = {}
    for placed in timeline:
        if placed.name in guard.of.members and application in (None, placed.application):
            turns[placed.at] = turns.get(placed.at, 0) + 1
            turns[placed.at + within] = turns.get(placed.at + within, 0) - 1
    count = 0
    for at, change in sorted(turns.items()):
        count += change
        if at < end:
            yield at, count
