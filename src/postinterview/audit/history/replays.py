"""Replay the events of one day in every order that they can have had.

Events with an hour come in the order of their hours. Events without one can lie anywhere among them. Events
that are alike in everything but their row are interchangeable, so they keep the order of their rows. A day is
therefore a set of chains, and its possible orders are the interleavings of the chains: three equal follow-ups
and one message have 4 orders, not 24, and 3,000 equal follow-ups have one.

Each order is replayed twice, because guards depend on when events happened and not on their order alone. In
the early replay every event without an hour comes as early as its order allows, in the late replay as late as
it allows. The act in question does the opposite: in the early replay it comes as late as it can, in the late
replay as early as it can. These are the longest and the shortest times between the act and what came before
it. A guard that refuses at both refuses at every time between, so what refuses the act in both is certain.

Prefixes that orders share are replayed once. Of equal events in a row only as many are replayed as guards can
count (`UndoRules.most_counted`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from math import comb
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from postinterview.audit.history.map_model import EventClaim
from postinterview.core.errors import MisuseError
from postinterview.core.event_input import event_called
from postinterview.core.events import Event
from postinterview.core.outcome import Outcome
from postinterview.core.process import Process

Chain: TypeAlias = tuple[EventClaim, ...]
"""Events of one day whose order is known, or does not matter."""


def record(process: Process, claim: EventClaim, at: datetime | None = None) -> Outcome:
    """Record what a row claims, at its own moment or at ``at``."""
    moment = (claim.at if at is None else at).astimezone(ZoneInfo(claim.zone))
    fields: dict[str, Any] = dict(claim.fields)
    place: dict[str, Any] = {"to": claim.to, "application": claim.application, "undated": claim.undated}
    return process.record(claim.event, at=moment, **place, **fields)


def undated_event(process: Process, claim: EventClaim, number: int) -> Event:
    """Return the event of a row without a date, to be recorded after those of the process.

    Raises:
        MisuseError: the process can't take it.
    """
    moment = claim.at.astimezone(ZoneInfo(claim.zone))
    kind = event_called(process.rulebook.definition, claim.event)
    fields: dict[str, object] = dict(claim.fields)
    event = process._ask(kind, moment, claim.to, claim.application, fields, True, True)  # noqa: SLF001 - as `record` does
    return evolve(event, number=number)


def content(claim: EventClaim) -> tuple[object, ...]:
    """Return everything that a claim says, except its row and its moment."""
    return claim.event, claim.to, claim.application, tuple(sorted(claim.fields.items())), claim.unsaid


def chains_of(claims: Iterable[EventClaim]) -> tuple[Chain, ...]:
    """Split a day's events into chains; those with an hour are one."""
    found: dict[tuple[object, ...], list[EventClaim]] = {}
    for claim in claims:
        found.setdefault(() if claim.clock else content(claim), []).append(claim)
    return tuple(map(tuple, found.values()))


def count_orders(chains: Iterable[Chain]) -> int:
    """Return how many orders keep the order of each chain."""
    total, orders = 0, 1
    for chain in chains:
        total += len(chain)
        orders *= comb(total, len(chain))
    return orders


_Taken: TypeAlias = tuple[Process, bool, frozenset[Any]]


@frozen(eq=False)
class OrderReplay:
    """One order of the events so far, with unknown hours as early and as late as they can be."""

    early: Process
    late: Process


@frozen(eq=False)
class _Node:
    """A prefix of an order.

    ``places``: how many events of each chain have come. ``at``: the last known hour. ``late``: the late
    replay up to ``at``. ``held``: the events since, whose hours in the late replay depend on what follows.
    ``soonest``: the late replay with these at ``at``. ``idle``: how many equal events in a row have moved no
    machine. ``refusals``: what refused the last of them.
    """

    places: tuple[int, ...]
    at: datetime
    early: Process
    late: Process
    soonest: Process
    held: Chain = ()
    last: EventClaim | None = None
    idle: int = 0
    refusals: frozenset[Any] = frozenset()


@frozen
class DayReplayer:
    """Replays the events of one day, which lasts from ``starts`` to ``ends``.

    ``most_counted``: more equal events in a row than this change nothing for a guard; None: they may.
    ``refusals_of``: the identities of the reasons that count, of an act's outcome. ``note`` is given each
    event with the reasons that refused it, once for every order of the events before it.
    """

    starts: datetime
    ends: datetime
    most_counted: int | None
    refusals_of: Callable[[EventClaim, Outcome], frozenset[Any]]
    note: Callable[[EventClaim, frozenset[Any]], None]

    def replay(self, chains: tuple[Chain, ...], begin: OrderReplay) -> list[OrderReplay]:
        """Return what each order of the chains leads to from the end of the day before."""
        done: list[OrderReplay] = []
        stack = [_Node((0,) * len(chains), self.starts, begin.early, begin.late, begin.late)]
        while stack:  # INVARIANT: no recursion, because a chain can be as long as the history
            node = stack.pop()
            next_of = [chain[at : at + 1] for chain, at in zip(chains, node.places, strict=True)]
            if not any(next_of):
                late = self._repeat(node.late, node.held, self.ends) if node.held else node.late
                done.append(OrderReplay(node.early, late))
            hours = (claim.at for following in next_of for claim in following if claim.clock)
            latest = next(hours, self.ends)
            for number, following in enumerate(next_of):
                for claim in following:
                    after = self._after(node, claim, latest)
                    self.note(claim, after.refusals)
                    places = (*node.places[:number], node.places[number] + 1, *node.places[number + 1 :])
                    stack.append(evolve(after, places=places, last=claim))
        return done

    def _after(self, node: _Node, claim: EventClaim, latest: datetime) -> _Node:
        """Return the node after one more event; an event without an hour is at ``latest`` at the latest."""
        again = node.last is not None and _is_same(node.last, claim)
        held = () if claim.clock else (*node.held, claim)
        if again and self._is_saturated(node.idle):
            return evolve(node, held=held)
        at, soonest = node.at, node.soonest
        if claim.clock:
            at = claim.at
            soonest = self._repeat(node.late, node.held, at) if node.held else node.late
        after, moved, refusals = self._take(soonest, claim, at)
        early, moved_early, refusals_early = after, moved, refusals
        if node.early is not soonest:
            early, moved_early, refusals_early = self._take(node.early, claim, at)
        if not claim.clock and refusals:
            refusals_early = self._take(node.early, claim, latest)[2]
        late = after if claim.clock else node.late
        idle = 0 if moved or moved_early else node.idle + 1 if again else 1
        return _Node(node.places, at, early, late, after, held, claim, idle, refusals & refusals_early)

    def _take(self, process: Process, claim: EventClaim, at: datetime) -> _Taken:
        """Return the process after the event, whether a machine moved, and what refused it."""
        try:
            outcome = record(process, claim, at)
        except MisuseError:  # in this order the process can't take the event
            return process, False, frozenset()
        return outcome.process, bool(outcome.moves), self.refusals_of(claim, outcome)

    def _repeat(self, process: Process, claims: Chain, at: datetime) -> Process:
        """Return the process after all these events at one moment."""
        for _, equal in groupby(claims, content):
            idle = 0
            for claim in equal:
                process, moved, _ = self._take(process, claim, at)
                idle = 0 if moved else idle + 1
                if self._is_saturated(idle):
                    break
        return process

    def _is_saturated(self, idle: int) -> bool:
        """Return whether more equal events change nothing after so many that moved no machine."""
        return self.most_counted is not None and idle > self.most_counted


def _is_same(one: EventClaim, other: EventClaim) -> bool:
    same_hour = one.clock is other.clock and (not one.clock or one.at == other.at)
    return same_hour and content(one) == content(other)
