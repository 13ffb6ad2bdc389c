"""Moments as whole numbers, which every database orders exactly: microseconds since 1970, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from postinterview.core.values.moments import MICROSECOND

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ticks(at: datetime) -> int:
    """Return the microseconds from 1970 to a moment."""
    return (at - EPOCH) // MICROSECOND


def moment(ticks: object) -> datetime | None:
    """Return the moment in UTC, or None for a value that is none: the next write corrects it."""
    try:
        return EPOCH + ticks * MICROSECOND if isinstance(ticks, int) else None
    except OverflowError:
        return None


FIRST_TICK = ticks(datetime.min.replace(tzinfo=UTC))
"""The earliest moment. A column can hold smaller numbers, which are none."""
