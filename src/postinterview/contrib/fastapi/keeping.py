"""Define the operations that start, list, move, export and erase processes, as in `operations`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from postinterview.contrib.fastapi import models, requests
from postinterview.contrib.fastapi.desk import Desk
from postinterview.contrib.fastapi.parameters import Key, Limit, NewKey
from postinterview.contrib.fastapi.views import process_view
from postinterview.core.values.errors import (
    ConflictError,
    MisuseError,
    SavedError,
    TakenKeyError,
    TimeError,
    UnknownKeyError,
)


def start(desk: Desk, key: NewKey, body: requests.Employer) -> tuple[int, models.Process]:
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


def join(desk: Desk, key: Key, body: requests.Join) -> tuple[int, models.Process]:
    """Make one process of two that turn out to be one employer.

    What happened in the other one is recorded in this one, and the other one is erased. An act that was
    allowed in each may be a breach in both.
    """
    return joined(desk, key, body.other, lambda: desk.keeper.join(desk.key(key), desk.key(body.other)))


def joined(desk: Desk, key: str, other: str, join: Callable[[], object]) -> tuple[int, models.Process]:
    """Return the answer to a request to join two processes, after ``join`` did it."""
    desk.load(key)
    if other == key:
        raise MisuseError(f"`{key}` can't be joined with itself", "give the key of another process")
    try:
        join()
    except UnknownKeyError:  # its message has the keeper's key, with the owner
        help = "give the key of one of the processes; it is gone if they were joined before"
        raise MisuseError(f"there is no process {other!r}", help) from None
    return 201, show(desk, key)


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


def export(desk: Desk, key: Key) -> dict[str, Any]:
    """Return a process as it is kept, to be restored elsewhere."""
    return _saved(desk, key)


def export_all(desk: Desk) -> models.Export:
    """Return all processes of the caller as they are kept."""
    found = models.Export(processes={}, unreadable=[])
    for key in desk.all_keys():
        with readable(key, found.unreadable):
            found.processes[key] = _saved(desk, key)
    return found


def _saved(desk: Desk, key: str) -> dict[str, Any]:
    saved: dict[str, Any] = json.loads(desk.load(key).to_json())
    return saved


@contextmanager
def readable(key: str, unreadable: list[models.Unreadable]) -> Iterator[None]:
    """Note a process that can't be read, and go on with the others."""
    try:
        yield
    except UnknownKeyError:
        pass  # it was erased meanwhile
    except (SavedError, TimeError) as error:
        unreadable.append(models.Unreadable(key=key, detail=str(error)))
