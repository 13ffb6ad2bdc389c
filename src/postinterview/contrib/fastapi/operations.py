"""Define the operations of the router: plain functions of a desk and of the parameters of a request.

The first line of a docstring is the summary in OpenAPI. Nothing here waits or knows of a transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any

from fastapi import Header, Path, Query
from pydantic import AwareDatetime

from postinterview.calls import moment_of, past, status_fields
from postinterview.contrib.fastapi import models, requests
from postinterview.contrib.fastapi.desk import Desk
from postinterview.contrib.fastapi.problems import accepted
from postinterview.contrib.fastapi.views import (
    line_view,
    place_view,
    process_view,
    recorded_view,
    verdict_view,
)
from postinterview.core.errors import ConflictError, SavedError, TakenKeyError, TimeError, UnknownKeyError
from postinterview.core.outcome import Outcome
from postinterview.core.process import Process

Key = Annotated[str, Path(description="The caller's key of the process.", examples=["company-7"])]
Once = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="A key of the client's for this call. The same call again records nothing.",
        examples=["button-7"],
    ),
]
Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many.")]
Day = Annotated[
    date | None, Query(description="A day of the employer's. By default now.", examples=["2026-03-10"])
]
Of = Annotated[list[str] | None, Query(description="Only these acts. By default all.")]
After = Annotated[str | None, Query(description="The `next` of the page before.")]
Written = tuple[int, models.Recorded]
"""The status, and what was recorded."""

# --- processes ------------------------------------------------------------------------------------------


def start(desk: Desk, key: Key, body: requests.Employer) -> tuple[int, models.Process]:
    """Start a process.

    The same request again changes nothing and is answered with 200.
    """
    keeper, whole = desk.keeper, desk.key(key)
    given: dict[str, Any] = {"timezone": body.timezone, "holidays": body.holidays, "country": body.country}
    name = body.employer or key
    process = keeper.rulebook.start(name, **given)
    status = 201
    try:
        keeper.add(whole, process)
    except ConflictError:
        try:
            status, process = 200, keeper.start(whole, employer=name, **given)
        except TakenKeyError as error:  # its message has the keeper's key, with the owner
            raise taken(key, error.help) from None
    return status, process_view(key, process, desk.zone(process))


def show(desk: Desk, key: Key) -> models.Process:
    """Show where a process stands."""
    process = desk.load(key)
    return process_view(key, process, desk.zone(process))


def forget(desk: Desk, key: Key) -> models.Forgotten:
    """Erase a process with its whole history.

    This can't be undone. A process that is started again under the key knows of no earlier contact.
    """
    if not desk.keeper.forget(desk.key(key)):
        desk.load(key)  # raises
    return models.Forgotten(keys=[key])


def move(desk: Desk, key: Key, body: requests.Move) -> tuple[int, models.Process]:
    """Give a process another key, with its whole history.

    The same request again changes nothing and is answered with 200.
    """
    return moved(desk, key, body.to, lambda: desk.keeper.move(desk.key(key), desk.key(body.to)))


def moved(desk: Desk, key: str, new: str, move: Callable[[], object]) -> tuple[int, models.Process]:
    """Return the answer to a request to move a process, after ``move`` did it."""
    status = 201 if key != new and desk.is_there(key) else 200
    try:
        move()
    except UnknownKeyError:
        if not desk.is_there(new):
            raise
    except ConflictError:
        if not desk.is_there(new):
            raise
        raise taken(new, "move it away first, or give another key") from None
    return status, show(desk, new)


def taken(key: str, help: str) -> TakenKeyError:
    """Return the error for a key that belongs to another process."""
    return TakenKeyError(f"there is another process {key!r}", help)


def list_keys(desk: Desk, after: str = "", limit: Limit = 100) -> models.Keys:
    """List the caller's processes by their keys, a page at a time."""
    return models.Keys(keys=desk.keys(after, limit))


def forget_all(desk: Desk) -> models.Forgotten:
    """Erase all processes of the caller."""
    keys = list(desk.all_keys())
    for key in keys:
        desk.keeper.forget(desk.key(key))
    return models.Forgotten(keys=keys)


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
    return _written(accepted(outcome))


def record(desk: Desk, key: Key, body: requests.Happened, once: Once = None) -> Written:
    """Record what happened.

    It is never refused. An act against the rules is recorded as a breach.
    """
    given = {
        **_given(desk, body),
        "at": _past(desk, body.at),
        "late": True,
        "undated": body.undated,
        "once": once,
    }
    return _written(desk.keeper.record(desk.key(key), body.event, **given))


def follow(desk: Desk, key: Key, body: requests.Moved, once: Once = None) -> Written:
    """Record what it means that a card of the board was moved.

    A status that the history has reached records nothing, and is answered with 200.
    """
    _, now = _now(desk, key)
    given = body.model_dump(exclude={"status"})
    given["at"] = body.at or now
    _past(desk, given["at"])
    keeper = desk.keeper
    given |= status_fields(keeper.rulebook, keeper.statuses, body.status, given.pop("fields"))
    return _written(accepted(keeper.follow(desk.key(key), body.status, once=once, **given)))


def change(desk: Desk, key: Key, body: requests.Change, once: Once = None) -> Written:
    """Record that the employer has another name, time zone or country.

    What lies before is judged as it was.
    """
    given = body.model_dump()
    given["at"] = body.at or desk.now
    _past(desk, given["at"])
    return _written(desk.keeper.change(desk.key(key), once=once, **given))


def retract(desk: Desk, key: Key, body: requests.Correction, once: Once = None) -> Written:
    """Take back an entry that was recorded by mistake."""
    _, moment = _now(desk, key)
    given: dict[str, Any] = {"at": moment, "not_sent": body.not_sent, "once": once}
    return _written(desk.keeper.retract(desk.key(key), body.number, **given))


def dated(desk: Desk, key: Key, body: requests.Dating, once: Once = None) -> Written:
    """Record when an event was that was recorded without a date.

    It stays the same event.
    """
    at = _past(desk, body.at)
    return _written(desk.keeper.dated(desk.key(key), body.number, at=at, once=once))


def unknown(desk: Desk, key: Key, body: requests.Unknown, once: Once = None) -> Written:
    """Record that nobody knows which of some events happened."""
    _past(desk, body.until)
    given: dict[str, Any] = {"until": body.until, "application": body.application, "once": once}
    return _written(desk.keeper.unknown(desk.key(key), *body.of, **given))


def known(desk: Desk, key: Key, body: requests.Known, once: Once = None) -> Written:
    """Record that everything is recorded which happened of some events.

    It clears what was unknown of them.
    """
    if body.until is not None:
        _past(desk, body.until)
    given: dict[str, Any] = {"until": body.until, "application": body.application, "once": once}
    return _written(desk.keeper.known(desk.key(key), *body.of, **given))


def _written(outcome: Outcome) -> Written:
    return 200 if outcome.repeated else 201, recorded_view(outcome)


def _given(desk: Desk, body: requests.Act) -> dict[str, Any]:
    fields = desk.keeper.rulebook.fields_from_json(body.event, body.fields)
    return {**fields, "to": body.to, "application": body.application}


def _past(desk: Desk, at: datetime) -> datetime:
    return past(at, desk.now, leeway=desk.keeper.leeway)


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
    for each in page[:limit]:
        key = each.key.removeprefix(desk.prefix)
        with _readable(key, found.unreadable):
            process, moment = _now(desk, key, max(until, desk.now))
            items = process.agenda(at=moment, of=of)
            lines = [line_view(item) for item in items if item.kind in ("overdue", "tell")]
            since = each.due.astimezone(moment.tzinfo)
            found.processes.append(
                models.DueProcess(key=key, employer=process.employer, due=since, lines=lines)
            )
    return found


def _now(desk: Desk, key: str, at: datetime | None = None) -> tuple[Process, datetime]:
    """Return a process, and the moment of its agenda in the zone that moments are said in."""
    process = desk.load(key)
    moment = moment_of(process, at or desk.now, leeway=desk.keeper.leeway)
    return process, moment.astimezone(desk.zone(process))


# --- all of it ------------------------------------------------------------------------------------------


def export(desk: Desk, key: Key) -> dict[str, Any]:
    """Return a process as it is kept, to be restored elsewhere."""
    return _saved(desk, key)


def export_all(desk: Desk) -> models.Export:
    """Return all processes of the caller as they are kept."""
    found = models.Export(processes={}, unreadable=[])
    for key in desk.all_keys():
        with _readable(key, found.unreadable):
            found.processes[key] = _saved(desk, key)
    return found


def _saved(desk: Desk, key: str) -> dict[str, Any]:
    saved: dict[str, Any] = json.loads(desk.load(key).to_json())
    return saved


@contextmanager
def _readable(key: str, unreadable: list[models.Unreadable]) -> Iterator[None]:
    """Note a process that can't be read, and go on with the others."""
    try:
        yield
    except UnknownKeyError:
        pass  # it was erased meanwhile
    except (SavedError, TimeError) as error:
        unreadable.append(models.Unreadable(key=key, detail=str(error)))
