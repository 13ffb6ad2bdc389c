"""The same call once more: what the entry that it wrote came to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from postinterview.core.errors import MisuseError
from postinterview.core.moments import in_utc
from postinterview.core.process import Outcome, Process
from postinterview.core.step import fold


def did(process: Process, event: str, at: datetime, said: dict[str, Any]) -> Outcome:
    """What an act that was done came to; rules that changed since may call it a breach."""
    outcome = process.do(event, at=at, **said)
    return process.record(event, at=at, **said) if outcome.refused else outcome


def repeated(
    process: Process,
    number: int,
    once: str | None,
    again: Callable[[Process, datetime], Outcome],
    at: datetime,
) -> Outcome:
    """The outcome that entry ``number`` had when it was written, asked for by the same call once more."""
    in_utc(at)
    entry = process.history[number - 1]
    history = process.history[: number - 1]
    snapshot = fold(process.rulebook.engine, process.calendar, history)
    before = Process(process.rulebook, process.employer, process.calendar, history, snapshot)
    then = getattr(entry, "at", at).astimezone(at.tzinfo)
    try:
        outcome = again(before, then)
    except MisuseError:
        outcome = None
    if outcome is None or outcome.process.history[number - 1 :] != (entry,):
        message = f"the idempotency key `{once}` was given to another call: it wrote entry {number}"
        raise MisuseError(message, "give each call a key of its own, and repeat a call as it was")
    return outcome
