"""Follow a board of statuses: record in a history what it means that a card was moved.

A tracker with columns knows where a card is, and not what happened. A `StatusMap` names for each column, in
the order of the board, the event that a card in it stands for. After `follow`, the columns that the history
has reached are those up to the card's own:

- A column entered for the first time records its event; entered again, it records nothing.
- A card that is dragged back undoes what the later columns stand for: their events are retracted. A message
  that may have reached the employer stays recorded, so dragging never makes room for a further one; but a
  decision that ended the application (accepted, declined) is undone.
- An act that reaches nobody (to assume that it is over) and that the rules refuse is not recorded: the
  outcome says when it will be allowed.
- A card that jumps leaves out what the rules need (an offer, before it is accepted). That surely happened,
  and nobody knows when, so it is recorded without a date. If the card was in the wrong column for a while
  (rejected, then accepted), that column is undone.

Nothing but the events is kept: each says which status it was recorded for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from postinterview.core.definitions import Definition, EventKind
from postinterview.core.errors import FieldError, MisuseError
from postinterview.core.event_input import event_called
from postinterview.core.events import Event, Placed
from postinterview.core.frozen_mapping import FrozenMapping
from postinterview.core.moments import in_utc
from postinterview.core.names import is_name, read_application, unknown_name
from postinterview.core.outcome import Outcome

if TYPE_CHECKING:
    from postinterview.core.process import Process


def _frozen_events(events: object) -> Mapping[str, str | None]:
    if not isinstance(events, Mapping) or not events:
        raise MisuseError(
            f"{events!r} is no map of statuses",
            'give each status its event, such as {"Interview": "interview", "Archived": None}',
        )
    seen: dict[str, str] = {}
    for status, event in events.items():
        if not is_name(status):
            raise MisuseError(f"{status!r} is no status", "give the text that the board shows")
        if not (event is None or isinstance(event, str)):
            raise MisuseError(f"{event!r} is no event, for {status!r}", "give the name of an event, or None")
        other = seen.setdefault(_folded(status), status)
        if other != status:
            raise MisuseError(f"`{other}` and `{status}` are one status", "write it in one way")
    return FrozenMapping(events)


def _folded(status: str) -> str:
    return " ".join(status.split()).casefold()


@frozen
class StatusMap:
    """What the statuses of a board stand for.

    Attributes:
        events: each status, in the order of the board, and the event that a card there stands for; None if
            none does. Several statuses may stand for one event: each is entered once.

    Raises:
        MisuseError: ``events`` is no mapping of texts, or two of its statuses differ only in letter case or
            spaces.
    """

    events: Mapping[str, str | None] = field(converter=_frozen_events)

    def status(self, name: object) -> str:
        """Return the status as the map writes it; letter case and spaces don't matter.

        Raises:
            UnknownNameError: there is none.
        """
        wanted = _folded(name) if isinstance(name, str) else name
        for status in self.events:
            if _folded(status) == wanted:
                return status
        raise unknown_name("status", name, self.events)


def check_statuses(statuses: object, definition: Definition) -> None:
    """Check that the rules know the events of a map of statuses.

    Raises:
        MisuseError: it is none.
        UnknownNameError: they don't.
    """
    if not isinstance(statuses, StatusMap):
        raise MisuseError(f"{statuses!r} is no map of statuses", 'give StatusMap({"Interview": "interview"})')
    for event in filter(None, statuses.events.values()):
        event_called(definition, event)


@frozen
class _Board:
    """One application on the board. ``fields``: those of the event of the status that is followed."""

    statuses: StatusMap
    application: str
    at: datetime
    undated: bool
    fields: Mapping[str, Any]

    def reached(self, process: Process) -> dict[str, list[Placed]]:
        """Return the statuses that the history has reached with their events, the latest status last."""
        found: dict[str, list[Placed]] = {}
        for placed in process.timeline:
            if placed.application in (None, self.application):
                status = self._status_of(placed.event, found)
                if status is not None:
                    found[status] = [*found.pop(status, ()), placed]
        return found

    def _status_of(self, event: Event, found: Mapping[str, object]) -> str | None:
        """Return the status of an event: its own, or the first one that stands for it and is free."""
        possible = [status for status, name in self.statuses.events.items() if name == event.name]
        if event.status in possible:
            return event.status
        free = [status for status in possible if status not in found]
        return next(iter([*free, *possible]), None)

    def enter(self, process: Process, status: str, *, again: bool) -> Outcome:
        """Return the outcome of moving the card to a status."""
        order, reached = list(self.statuses.events), self.reached(process)
        place, event = order.index(status), self.statuses.events[status]
        kept = {name: events for name, events in reached.items() if order.index(name) <= place}
        undone = self._undo(process, *(events for name, events in reached.items() if name not in kept))
        if event is None or (status in reached and not again):
            return Outcome(undone, None, repeated=undone is process)
        plain = self._record(undone, status, event)
        if plain.breach and self._kind(process, event).contact == "none":
            return evolve(plain, process=undone, event=None, moves=(), breach=False)
        if _is_expected(plain):
            return plain
        skipped = {name: self.statuses.events[name] for name in order[:place] if name not in reached}
        facts = [
            (name, fact) for name, fact in skipped.items() if fact and not self._kind(process, fact).is_act
        ]
        # The column in which the card was may have been the wrong one.
        starts = [undone, *(self._undo(undone, events) for events in list(kept.values())[-1:])]
        tried = (self._record_after(start, facts, status, event) for start in starts)
        return next((outcome for found in tried for outcome in found if _is_expected(outcome)), plain)

    def _record_after(
        self, process: Process, facts: list[tuple[str, str]], status: str, event: str
    ) -> Iterator[Outcome]:
        """Yield the outcomes of recording it after facts that were left out: none, each alone, then all."""
        for missing in [facts[:0], *([fact] for fact in reversed(facts)), facts]:
            try:
                base = process
                for left_out in missing:
                    base = self._record(base, *left_out, missing=True).process
            except FieldError:  # a fact that can't be recorded without saying more
                continue
            yield self._record(base, status, event)

    def _kind(self, process: Process, event: str) -> EventKind:
        return process.rulebook.definition.events[event]

    def _record(self, process: Process, status: str, event: str, *, missing: bool = False) -> Outcome:
        return process._recorded(  # noqa: SLF001 - as record, with the status
            event,
            self.at,
            None,
            None if self._kind(process, event).employer_wide else self.application,
            {} if missing else dict(self.fields),
            late=True,
            undated=missing or self.undated,
            status=status,
        )

    def _undo(self, process: Process, *undone: list[Placed]) -> Process:
        """Return the process without these events, but for those that may have reached the employer."""
        machines = process.rulebook.engine.endings.values()
        ends = {event for states in machines for events in states.values() for event in events}
        for placed in reversed(list(chain.from_iterable(undone))):
            kind = self._kind(process, placed.name)
            sent = kind.is_act and kind.contact != "none"
            if not sent or placed.name in ends:
                at = max(in_utc(self.at), process.timeline[-1].at).astimezone(self.at.tzinfo)
                process = process.retract(placed.event.number, at=at, not_sent=sent).process
        return process


def _is_expected(outcome: Outcome) -> bool:
    """Return whether the event came in a state that expects it."""
    refused = outcome.breach and outcome.verdict is not None and outcome.verdict.reasons
    return not (outcome.unexpected or any(reason.id == "state" for reason in refused or ()))


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
) -> Outcome:
    """Return the outcome of moving a card to a status; see `Process.follow`."""
    check_statuses(statuses, process.rulebook.definition)
    place = read_application(process.applications, application)
    board = _Board(statuses, place, at, undated, fields)
    made = board.enter(process, statuses.status(status), again=again)
    before, after, still = (
        {placed.event.number for placed in events}
        for events in (process.breaches, made.process.breaches, made.process.timeline)
    )
    new = {entry.number for entry in made.process.history[len(process.history) :]}
    return evolve(
        made,
        now_breaches=tuple(sorted(after - before - new)),
        no_longer_breaches=tuple(sorted((before - after) & still)),
    )
