"""What others report to a keeper can't lie in the future, and costs one load."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import postinterview as pi
from postinterview.stores import Keeper, MemoryStore, StoredProcess
from tests.core.helpers import packaged
from tests.stores.telling import interviewed

NOW = datetime(2026, 3, 16, 0, 30, tzinfo=ZoneInfo("Europe/Zurich"))
"""Half an hour of the employer's day; further west it is the day before."""

REPORTS: dict[str, Callable[[Keeper, Any], pi.Outcome]] = {
    "record": lambda keeper, at: keeper.record("acme", "message", at=at, late=True, now=NOW),
    "follow": lambda keeper, at: keeper.follow("acme", "Rejected", at=at, now=NOW),
    "unknown": lambda keeper, at: keeper.unknown("acme", "promise", until=at, now=NOW),
    "known": lambda keeper, at: keeper.known("acme", "reply", until=at, now=NOW),
    "change": lambda keeper, at: keeper.change("acme", at=at, employer="Acme & Sons", now=NOW),
    "dated": lambda keeper, at: keeper.dated("acme", 2, at=at, now=NOW),
}


class Counting(MemoryStore):
    loads = 0

    def load(self, key: str, since: int = 0) -> StoredProcess | None:
        self.loads += 1
        return super().load(key, since)


@pytest.fixture
def keeper() -> Keeper:
    keeper = Keeper(packaged(), Counting(), statuses=pi.StatusMap({"Rejected": "rejection"}))
    interviewed(keeper)
    keeper.record("acme", "on_hold", at=NOW - timedelta(hours=1), undated=True)
    keeper.unknown("acme", "reply", until=NOW - timedelta(hours=3))
    return keeper


@pytest.mark.parametrize("report", REPORTS)
def test_a_day_or_a_moment_that_has_not_come_is_refused_and_nothing_is_written(
    keeper: Keeper, report: str
) -> None:
    before = keeper.load("acme")
    for at, said in [
        (NOW + timedelta(seconds=61), "is in the future"),
        (date(2026, 3, 17), "has not begun where the employer is"),
        (datetime(2026, 3, 15, 12), "has no zone"),  # noqa: DTZ001 - that is the fault
    ]:
        with pytest.raises(pi.TimeError, match=said):
            REPORTS[report](keeper, at)
    assert keeper.load("acme") == before


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("at", [NOW - timedelta(hours=2), date(2026, 3, 15)], ids=["moment", "day"])
def test_what_has_come_is_recorded_with_one_load(keeper: Keeper, report: str, at: date) -> None:
    store: Any = keeper.store
    before = store.loads
    assert REPORTS[report](keeper, at).added == 1
    assert store.loads == before + 1


@pytest.mark.parametrize("at", [NOW + timedelta(seconds=59), date(2026, 3, 16)])
def test_a_clock_that_is_a_little_fast_and_the_employers_own_day_are_no_future(
    keeper: Keeper, at: date
) -> None:
    assert REPORTS["record"](keeper, at).added == 1
