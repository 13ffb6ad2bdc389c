"""The host on `sqlite3` keeps what it should, whatever it is told, as a host would test itself."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

import postinterview as pi
from postinterview.calls import Call
from postinterview.testing import EtiquetteMachine, EventCall
from sqlite_host.tracker import RULES, join, keeper_in, opened, start, tell

QUICK = settings(max_examples=20, stateful_step_count=8, phases=[Phase.generate])


class SqliteHost(EtiquetteMachine):
    rulebook = RULES

    def start(self, timezone: str) -> None:
        self.db = opened(":memory:")
        join(self.db, "ana", "secret")
        start(self.db, 1, "acme", timezone)

    def do(self, call: EventCall) -> bool:
        asked = Call(call.event, call.to, call.application, call.fields)
        return tell(self.db, 1, "acme", asked, call.at).status == 201

    def record(self, call: EventCall) -> None:
        happened = Call(call.event, call.to, call.application, call.fields, happened=call.at)
        tell(self.db, 1, "acme", happened, call.at)

    def read(self) -> str:
        return keeper_in(self.db).load("1/acme").to_json()

    def teardown(self) -> None:
        with closing(self.db):
            super().teardown()


def test_the_host_passes() -> None:
    run_state_machine_as_test(SqliteHost, settings=QUICK)


def test_a_fault_planted_in_the_host_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would record an act that is asked for, as if it had happened."""
    honest = pi.Keeper.perform

    def planted(keeper: pi.Keeper, key: str, call: Call, *, at: datetime, once: str | None) -> pi.Outcome:
        asked = Call(call.event, call.to, call.application, call.fields, happened=call.happened or at)
        return honest(keeper, key, asked, at=at, once=once)

    monkeypatch.setattr(pi.Keeper, "perform", planted)
    with pytest.raises(AssertionError, match="carried out an act that the rules refuse"):
        run_state_machine_as_test(SqliteHost, settings=QUICK)
