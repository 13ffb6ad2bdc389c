"""The host on `sqlite3` keeps what it should, whatever it is told, as a host would test itself."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

import postinterview as pi
from postinterview import calls
from postinterview.calls import Answer, Call
from postinterview.testing import EtiquetteMachine, EventCall
from sqlite_host.tracker import RULES, join, opened, start, tell

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
        ((saved,),) = self.db.execute("SELECT saved FROM employers")
        return str(saved)

    def teardown(self) -> None:
        with closing(self.db):
            super().teardown()


def test_the_host_passes() -> None:
    run_state_machine_as_test(SqliteHost, settings=QUICK)


def test_a_fault_planted_in_the_host_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would record an act that is asked for, as if it had happened."""
    honest = calls.decide

    def planted(rulebook: pi.Rulebook, saved: str, call: Call, now: datetime) -> Answer:
        asked = Call(call.event, call.to, call.application, call.fields, happened=call.happened or now)
        return honest(rulebook, saved, asked, now)

    monkeypatch.setattr("sqlite_host.tracker.decide", planted)
    with pytest.raises(AssertionError, match="carried out an act that the rules refuse"):
        run_state_machine_as_test(SqliteHost, settings=QUICK)
