"""Follow a board of statuses: record in a history what it means that a card was moved.

A tracker with columns knows where a card is, and not what happened. A `StatusMap` names for each column, in
the order of the board, the event that a card in it stands for. After `follow`, the columns that the history
has reached are those up to the card's own:

- A column entered for the first time records its event; entered again, it records nothing. What others
  recorded counts for one column: if several stand for it, for the first of them that the card enters.
- A card that is dragged back undoes what `follow` recorded for the later columns: these facts are retracted.
  A message that may have reached the employer stays, and so does all that came before it, unless the host
  says that it was never sent. So dragging back and forth makes no room for a further message. What others
  recorded stays as well.
- A card that comes back within a day had slipped: its event is what it was. If it comes back later, what
  it stands for happens now: a talk was put off, or the employer is heard of again.
- An act that reaches nobody (to assume that it is over) and that the rules refuse is not recorded: the
  outcome is ``early`` and says when it will be allowed. A card that is followed every day is recorded then.
- A card that jumps leaves out what the rules need (an offer, before it is accepted). That surely happened,
  and nobody knows when, so it is recorded without a date. If the card was in the wrong column for a while
  (rejected, then accepted), that column is undone.

Nothing but the events is kept: each says which status it was recorded for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from postinterview.core.agenda.due import is_nudge
from postinterview.core.amending import amend
from postinterview.core.answers.outcome import Outcome, turned_breaches
from postinterview.core.past.event_order import is_of_board
from postinterview.core.past.events import Entry, Event, Retraction
from postinterview.core.past.placed import Placed
from postinterview.core.rules.definitions import EventKind, MachineKind, Spends, Transition
from postinterview.core.status_map import StatusMap, check_statuses
from postinterview.core.values.errors import FieldError
from postinterview.core.values.moments import ONE_DAY, in_utc
from postinterview.core.values.names import read_application

if TYPE_CHECKING:
    from postinterview.core.process import Process


@frozen
class _Board:
    """One application on the board. ``fields``: those of the event of the status that is followed.

    ``since``: the beginning of the day that ends at ``at``, if no more is known of the moment.
    """

    statuses: StatusMap
    application: str
    at: datetime
    undated: bool
    not_sent: bool
    fields: Mapping[str, Any]
    since: datetime | None = None

    def reached(self, process: Process) -> dict[str, list[Placed]]:
        """Return the statuses that the history has reached with their events, the latest status last.

        An event that was not recorded for one of them counts for each that stands for it.
        """
        found: dict[str, list[Placed]] = {}
        for placed in process.timeline:
            if placed.application in (None, self.application):
                possible = [status for status, name in self.statuses.events.items() if name == placed.name]
                own = placed.event.status
                for status in [own] if own in possible else possible:
                    found[status] = [*found.pop(status, ()), placed]
        return found

    def enter(self, process: Process, status: str, *, again: bool) -> Outcome:
        """Return the outcome of moving the card to a status."""
        order, reached = list(self.statuses.events), self.reached(process)
        place, event = order.index(status), self.statuses.events[status]
        kept = {name: events for name, events in reached.items() if order.index(name) <= place}
        later = [placed for name, events in reached.items() if name not in kept for placed in events]
        undone = self._undo(process, later)
        if event is None and self.fields:
            raise FieldError(f"`{status}` stands for no event, so it takes no fields", "leave them out")
        numbers = {placed.event.number for placed in undone.timeline}
        stays = [each for each in later if each.name == event and each.event.number in numbers]
        standing = reached.get(status, stays)
        if event is None or (standing and not again):
            told = self._told(standing, status) if standing else None
            claims = told is not None and self._claims(process, told)
            if told is not None and (self.fields or claims or self.dates(told)):
                said = self._amend(undone, told, status if claims else told.status)
                if not said.repeated:
                    return said
            return Outcome(undone, None, repeated=undone is process)
        entered = self if again else self._at_its_moment(process, status, event, later)
        plain = entered.record(undone, status, event)
        kind, verdict = _kind(process, event), plain.verdict
        if kind.contact == "none" and verdict is not None and not verdict.allowed:
            return Outcome(undone, None, verdict, early=verdict.opens_at is not None)
        if plain.breach and kind.is_act and any(each.event.number in numbers for each in later):
            # A card that is back before what happened: the act was long done, and nobody wrote it down.
            return Outcome(undone, None, repeated=undone is process)
        if _is_expected(plain):
            return plain
        facts: list[tuple[str, str]] = []
        if _needs_a_fact(process, event, [placed for events in kept.values() for placed in events]):
            skipped = {name: self.statuses.events[name] for name in order[:place] if name not in reached}
            facts = [
                (each, fact) for each, fact in skipped.items() if fact and not _kind(process, fact).is_act
            ]
        # The column in which the card was may have been the wrong one.
        starts = [undone, *(self._undo(undone, events) for events in list(kept.values())[-1:])]
        tried = (entered.record_after(start, facts, status, event) for start in starts)
        found = next((outcome for found in tried for outcome in found if _is_expected(outcome)), plain)
        if found is plain and plain.breach and not self._heard_of(undone):
            # A card that was withdrawn before the first talk: the rules begin with a word of the employer.
            return Outcome(undone, None, repeated=undone is process)
        return found

    def _told(self, standing: list[Placed], status: str) -> Event:
        """Return the event that a card in the status stands for, the latest of several."""
        name = standing[-1].name
        own = [each for each in standing if each.event.status == status] if self._is_shared(name) else []
        return (own or standing)[-1].event

    def _is_shared(self, event: str) -> bool:
        """Return whether several statuses stand for an event."""
        return list(self.statuses.events.values()).count(event) > 1

    def _claims(self, process: Process, told: Event) -> bool:
        """Return whether it has to be said for which of its statuses an event counts that others recorded."""
        said = told.status is not None or _kind(process, told.name).reaches_them
        return not said and self._is_shared(told.name)

    def _heard_of(self, process: Process) -> bool:
        return any(placed.application in (None, self.application) for placed in process.timeline)

    def record_after(
        self, process: Process, facts: list[tuple[str, str]], status: str, event: str
    ) -> Iterator[Outcome]:
        """Yield the outcomes of recording it after facts that were left out: none, each alone, then all."""
        for missing in [facts[:0], *([fact] for fact in reversed(facts)), facts]:
            try:
                base = process
                for left_out in missing:
                    base = evolve(self, fields={}, undated=True, since=None).record(base, *left_out).process
            except FieldError:  # a fact that can't be recorded without saying more
                continue
            yield self.record(base, status, event)

    def dates(self, event: Event) -> bool:
        """Return whether the moment of the card is news of an event that has no date.

        Of an event of a day it is none: it may be that of a nightly job. `dated` says the hour.
        """
        if self.since is not None:
            return event.is_open and self.since <= event.at
        return event.is_open and not self.undated and in_utc(self.at) < event.at

    def stays(self, process: Process, status: str) -> tuple[int, ...]:
        """Return the entries that stand for later statuses than this one, and for no earlier one."""
        order, reached = list(self.statuses.events), self.reached(process)
        place, event = order.index(status), self.statuses.events[status]
        ahead = {
            placed.event.number: order.index(name) > place and placed.name != event
            for name, events in sorted(reached.items(), key=lambda found: -order.index(found[0]))
            for placed in events
        }
        return tuple(sorted(number for number, is_ahead in ahead.items() if is_ahead))

    def record(
        self,
        process: Process,
        status: str | None,
        event: str,
        *,
        again: bool = True,
        dates: int | None = None,
    ) -> Outcome:
        return process._recorded(  # noqa: SLF001 - as record, with the status
            event,
            self.at,
            None,
            None if _kind(process, event).employer_wide else self.application,
            dict(self.fields),
            late=True,
            undated=self.undated or self.since is not None,
            since=self.since,
            again=again,
            status=status,
            dates=dates,
        )

    def _amend(self, process: Process, event: Event, status: str | None) -> Outcome:
        """Return the outcome of saying more of an event that is recorded already, by whomever."""
        if not self.dates(event):
            return amend(process, event, self.at, self.fields, status)
        known = evolve(self, fields={**event.fields, **self.fields})
        return known.record(process, status, event.name, again=False, dates=event.number)

    def _at_its_moment(self, process: Process, status: str, event: str, later: list[Placed]) -> _Board:
        """Return the board with the moment and the fields of the same event, if it was undone by a slip.

        It was undone within the last day, or is undone now: the card was in a later column that stands for
        the same event.
        """
        place, now = (event, status, self.application), in_utc(self.at)
        slips = (
            process.history[entry.of - 1]
            for entry in process.history
            if isinstance(entry, Retraction) and not entry.not_sent and now - ONE_DAY < entry.at <= now
        )
        undone = [each for each in slips if isinstance(each, Event)]
        slipped = [each for each in undone if (each.name, each.status, each.application) == place]
        if slipped:
            return self._again(max(slipped, key=lambda each: (each.at, each.number)))
        same = (placed.event for placed in later if placed.name == event and placed.event.earliest <= now)
        first = min(same, key=lambda each: each.at, default=None)
        return self if first is None else self._again(first)

    def _again(self, event: Event) -> _Board:
        """Return the board with the moment of an event, as far as it is known, and its fields."""
        at, fields = event.at.astimezone(self.at.tzinfo), {**event.fields, **self.fields}
        return evolve(self, at=at, undated=event.is_open, since=event.since, fields=fields)

    def _undo(self, process: Process, undone: list[Placed]) -> Process:
        """Return the process without those that were followed, back to the latest message that stays."""
        # What concerns the employer as a whole may be what another card recorded.
        mine = [placed.event for placed in undone if placed.application == self.application]
        numbers = {event.number for event in mine if is_of_board(process.history, event)}
        for placed in reversed(process.timeline):
            reaches = _kind(process, placed.name).reaches_them
            if placed.event.number in numbers and (self.not_sent or not reaches):
                said: Entry | None = placed.event
                while isinstance(said, Event):  # also the entries of the same event whose date it says
                    process = self._retract(process, said)
                    said = None if said.dates is None else process.history[said.dates - 1]
            elif reaches and placed.application in (None, self.application):
                break
        return process

    def _retract(self, process: Process, event: Event) -> Process:
        moment = in_utc(self.at)
        at = max(moment, process.latest_at or moment).astimezone(self.at.tzinfo)
        not_sent = _kind(process, event.name).reaches_them
        return process.retract(event.number, at=at, not_sent=not_sent).process


def _kind(process: Process, event: str) -> EventKind:
    return process.rulebook.definition.events[event]


def _is_expected(outcome: Outcome) -> bool:
    """Return whether the event came in a state that expects it, and with the credit that it spends."""
    if outcome.unexpected or outcome.outside or not outcome.breach or outcome.verdict is None:
        return not (outcome.unexpected or outcome.outside)
    rules = _rules_of(outcome.process, outcome.verdict.event)
    spending = {guard.id for _, rule in rules for guard in rule.guards if isinstance(guard, Spends)}
    return not any(reason.id == "state" or reason.id in spending for reason in outcome.verdict.reasons)


def _rules_of(process: Process, event: str) -> list[tuple[MachineKind, Transition]]:
    """Return the transitions of an event, each with its machine."""
    machines = process.rulebook.definition.machines.values()
    return [(kind, rule) for kind in machines for rule in kind.transitions if rule.event == event]


def _needs_a_fact(process: Process, event: str, before: list[Placed]) -> bool:
    """Return whether something surely came before it: before an acceptance an offer.

    A fact of the employer needs none after a message of the board, such as a no after a withdrawal.
    """
    kind = _kind(process, event)
    if not kind.is_act:
        return not any(_kind(process, placed.name).reaches_them for placed in before)
    begins = any(kind.start in rule.sources for kind, rule in _rules_of(process, event))
    return not begins and not is_nudge(kind)


def follow(
    process: Process,
    statuses: StatusMap,
    status: str,
    at: datetime,
    application: str | int | None,
    fields: Mapping[str, Any],
    *,
    again: bool,
    undated: bool,
    not_sent: bool,
    since: datetime | None = None,
) -> Outcome:
    """Return the outcome of moving a card to a status; see `Process.follow`."""
    check_statuses(statuses, process.rulebook.definition)
    place = read_application(process.applications, application)
    board = _Board(statuses, place, at, undated, not_sent, fields, since)
    status = statuses.status(status)
    made = board.enter(process, status, again=again)
    added = len(made.process.history) - len(process.history)
    stays = board.stays(made.process, status)
    return evolve(made, added=added, stays=stays, **turned_breaches(process, made.process))
