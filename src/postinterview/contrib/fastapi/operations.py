"""Define the operations of the router: plain functions of a desk and of the parameters of a request.

The first line of a docstring is the summary in OpenAPI. Nothing here waits or knows of a transaction.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Any

from pydantic import AwareDatetime

from postinterview.calls import Call, moment_of, status_fields
from postinterview.contrib.fastapi import models, requests
from postinterview.contrib.fastapi.desk import Desk
from postinterview.contrib.fastapi.keeping import readable
from postinterview.contrib.fastapi.parameters import After, Day, Key, Limit, Of, Once
from postinterview.contrib.fastapi.problems import accepted
from postinterview.contrib.fastapi.views import (
    line_view,
    place_view,
    recorded_view,
    verdict_view,
)
from postinterview.core.answers.outcome import Outcome
from postinterview.core.past.events import Event
from postinterview.core.process import Process
from postinterview.core.values.errors import SavedError

Written = tuple[int, models.Recorded]
"""The status, and what was recorded."""

# --- verdicts and events --------------------------------------------------------------------------------


def may(desk: Desk, key: Key, body: requests.Act, on: Day = None) -> models.Verdict:
    """Ask whether an act is allowed now, or on a day.

    Nothing is recorded.
    """
    process, moment = _now(desk, key)
    given = _given(desk, body)
    if on is not None:
        return verdict_view(process.may_on(on, body.event, **given))
    return verdict_view(process.may(body.event, at=moment, **given))


def do(desk: Desk, key: Key, body: requests.Act, once: Once = None) -> Written:
    """Do an act if it is allowed now.

    Send only what is answered with 201. A refusal is answered with 409, the reasons, and when it opens.
    """
    _, moment = _now(desk, key)
    outcome = desk.keeper.do(desk.key(key), body.event, at=moment, once=once, **_given(desk, body))
    return _written(desk, accepted(outcome))


def record(desk: Desk, key: Key, body: requests.Happened, once: Once = None) -> Written:
    """Record what happened.

    It is never refused. An act against the rules is recorded as a breach.
    """
    call = Call(**body.model_dump(exclude={"at"}), happened=body.at)
    return _written(desk, desk.keeper.perform(desk.key(key), call, at=desk.now, once=once))


def follow(desk: Desk, key: Key, body: requests.Moved, once: Once = None) -> Written:
    """Record what it means that a card of the board was moved.

    A status that the history has reached records nothing, and is answered with 200. So is one that comes too
    early, such as "Ghosted" after two days: the card may stay there, and `opens_at` says until when nothing
    is recorded. Follow it again then.
    """
    given = body.model_dump(exclude={"status"})
    given["at"] = body.at or _now(desk, key)[1]
    keeper = desk.keeper
    given |= status_fields(keeper.rulebook, keeper.statuses, body.status, given.pop("fields"))
    return _written(
        desk, accepted(keeper.follow(desk.key(key), body.status, now=desk.now, once=once, **given))
    )


def change(desk: Desk, key: Key, body: requests.Change, once: Once = None) -> Written:
    """Record that the employer has another name, time zone or country.

    What lies before is judged as it was.
    """
    given = {**body.model_dump(), "at": body.at or desk.now, "now": desk.now}
    return _written(desk, desk.keeper.change(desk.key(key), once=once, **given))


def retract(desk: Desk, key: Key, body: requests.Correction, once: Once = None) -> Written:
    """Take back an entry that was recorded by mistake."""
    _, moment = _now(desk, key)
    given: dict[str, Any] = {"at": moment, "not_sent": body.not_sent, "once": once}
    return _written(desk, desk.keeper.retract(desk.key(key), body.number, **given))


def dated(desk: Desk, key: Key, body: requests.Dating, once: Once = None) -> Written:
    """Record when an event was that was recorded without a date.

    It stays the same event.
    """
    return _written(desk, desk.keeper.dated(desk.key(key), body.number, at=body.at, now=desk.now, once=once))


def amended(desk: Desk, key: Key, body: requests.Amending, once: Once = None) -> Written:
    """Record more of an event, such as whom the user met.

    It stays at its moment, and fields that are not given stay as they are.
    """
    process, moment = _now(desk, key)
    entry = next((each for each in process.history if each.number == body.number), None)
    given: dict[str, Any] = {"at": moment, "once": once}
    if isinstance(entry, Event):  # even one that was retracted: the same call again
        given |= desk.keeper.rulebook.fields_from_json(entry.name, body.fields)
    return _written(desk, desk.keeper.amended(desk.key(key), body.number, **given))


def unknown(desk: Desk, key: Key, body: requests.Unknown, once: Once = None) -> Written:
    """Record that nobody knows which of some events happened."""
    given: dict[str, Any] = {"until": body.until, "application": body.application, "once": once}
    return _written(desk, desk.keeper.unknown(desk.key(key), *body.of, now=desk.now, **given))


def known(desk: Desk, key: Key, body: requests.Known, once: Once = None) -> Written:
    """Record that everything is recorded which happened of some events.

    It clears what was unknown of them.
    """
    given: dict[str, Any] = {"until": body.until, "application": body.application, "once": once}
    return _written(desk, desk.keeper.known(desk.key(key), *body.of, now=desk.now, **given))


def _written(desk: Desk, outcome: Outcome) -> Written:
    status = 200 if outcome.repeated or not outcome.added else 201
    return status, recorded_view(outcome, desk.zone(outcome.process))


def _given(desk: Desk, body: requests.Act) -> dict[str, Any]:
    fields = desk.keeper.rulebook.fields_from_json(body.event, body.fields)
    return {**fields, "to": body.to, "application": body.application}


# --- what to do -----------------------------------------------------------------------------------------


def agenda(desk: Desk, key: Key, of: Of = None) -> list[models.Line]:
    """Say what is due, open, coming up, blocked and done, and what the user is asked."""
    process, moment = _now(desk, key)
    return [line_view(item) for item in process.agenda(at=moment, of=of)]


def verdicts(desk: Desk, key: Key) -> list[models.Verdict]:
    """Say of every act whether it is allowed now, and if not, why, and when it will be."""
    process, moment = _now(desk, key)
    return [verdict_view(verdict) for verdict in process.verdicts(at=moment)]


def timeline(desk: Desk, key: Key) -> list[models.Place]:
    """List what happened, in the order in which it happened. Retracted events are left out."""
    process = desk.load(key)
    zone = desk.zone(process)
    return [place_view(placed, zone) for placed in process.timeline]


def due(
    desk: Desk, by: AwareDatetime | None = None, of: Of = None, after: After = None, limit: Limit = 100
) -> models.DueList:
    """List the caller's processes in which something is due, the longest due first, a page at a time."""
    until = desk.now if by is None else by
    last = None if after is None else desk.place(after)
    rest = desk.keeper.due(by=until, of=of, prefix=desk.prefix, after=last)
    page = list(islice(rest, limit + 1))
    found = models.DueList(processes=[], unreadable=[], next=None)
    if len(page) > limit:
        found.next = desk.cursor(page[limit - 1])
    unreadable = dict[str, SavedError]()
    listed = [each.key for each in page[:limit]]
    processes = desk.keeper.load_many(listed, unreadable=unreadable.__setitem__)
    for each in page[:limit]:
        key = each.key.removeprefix(desk.prefix)
        with readable(key, found.unreadable):
            if each.key in unreadable:
                raise unreadable[each.key]
            if each.key not in processes:
                continue  # it was erased meanwhile
            process = processes[each.key]
            moment = _moment(desk, process, max(until, desk.now))
            items = process.agenda(at=moment, of=of)
            lines = [line_view(item) for item in items if item.kind in ("overdue", "tell")]
            since = each.due.astimezone(moment.tzinfo)
            found.processes.append(
                models.DueProcess(key=key, employer=process.employer, due=since, lines=lines)
            )
    return found


def _now(desk: Desk, key: str) -> tuple[Process, datetime]:
    """Return a process, and the moment of its agenda in the zone that moments are said in."""
    process = desk.load(key)
    return process, _moment(desk, process, desk.now)


def _moment(desk: Desk, process: Process, at: datetime) -> datetime:
    moment = moment_of(process, at, leeway=desk.keeper.leeway)
    return moment.astimezone(desk.zone(process))
