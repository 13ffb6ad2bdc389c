"""Repeat a call that has an idempotency key: return the outcome that its entry had when it was written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from postinterview.core.answers.outcome import Outcome
from postinterview.core.past.events import Entry
from postinterview.core.process import Process
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.moments import in_utc, is_day


def did(process: Process, event: str, at: datetime, given: dict[str, Any]) -> Outcome:
    """Return the outcome of an act that was done, even if the rules changed and refuse it now."""
    outcome = process.do(event, at=at, **given)
    return process.record(event, at=at, **given) if outcome.refused else outcome


def repeated(
    process: Process,
    number: int,
    once: str | None,
    again: Sequence[Callable[[Process, Any], Outcome]],
    at: date,
) -> Outcome:
    """Return the outcome that entry ``number`` had, by doing ``again`` what wrote it, in one of these ways.

    Raises:
        MisuseError: each writes another entry, so ``once`` was given to another call.
    """
    entry = process.history[number - 1]
    history = process.history[: number - 1]
    before = process.with_history(history)
    then = at if is_day(at) else _first_moment(entry, at)
    for way in again:
        try:
            outcome = way(before, then)
        except MisuseError:
            continue
        written = outcome.process.history[number - 1 :]
        if written and written == process.history[number - 1 :][: len(written)]:
            return outcome
    message = f"the idempotency key `{once}` belongs to another call, which wrote entry {number}"
    raise MisuseError(message, "give each call a key of its own, and repeat a call unchanged")


def _first_moment(entry: Entry, at: Any) -> datetime:
    """Return the moment of an entry in the zone of ``at``; of an entry without one it is ``at``."""
    in_utc(at)
    moment: datetime = getattr(entry, "at", at)
    return moment.astimezone(at.tzinfo)
