"""The ready state machine: it passes a sound host, and finds the fault of one that has a fault."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from hypothesis.stateful import run_state_machine_as_test

import postinterview as pi
from postinterview.testing import EtiquetteMachine, EventCall, events, histories

PUSHY = Path(__file__).parents[2] / "examples" / "pushy" / "cadence.yaml"
QUICK = settings(max_examples=30, stateful_step_count=10, phases=[Phase.generate])
"""A fault is found in it, and not made smaller."""
RULES = pi.load_rulebook()


class SoundHost(EtiquetteMachine):
    """A host that keeps the text of a process, and goes by the rules."""

    rulebook = RULES
    saved: str

    def start(self, timezone: str) -> None:
        self.saved = self.rulebook.start("acme", timezone).to_json()

    def do(self, call: EventCall) -> bool:
        outcome = self._process.do(call.event, **call.arguments)
        self.saved = outcome.process.to_json()
        return not outcome.refused

    def record(self, call: EventCall) -> None:
        self.saved = self._process.record(call.event, late=call.late, **call.arguments).process.to_json()

    def retract(self, number: int, at: datetime, *, not_sent: bool) -> None:
        self.saved = self._process.retract(number, at=at, not_sent=not_sent).process.to_json()

    def read(self) -> str:
        return self.saved

    @property
    def _process(self) -> pi.Process:
        return self.rulebook.restore(self.saved)


class SendsFirst(SoundHost):
    """Sends the mail, and then asks the rules whether it may be stored."""

    def do(self, call: EventCall) -> bool:
        super().do(call)
        return True


class RefusesPlans(SoundHost):
    """Knows no act that reaches nobody."""

    def do(self, call: EventCall) -> bool:
        return call.event not in {"complete_profile", "write_plan"} and super().do(call)


class ForgetsFields(SoundHost):
    """Keeps an event, and not the date that was named in it."""

    def record(self, call: EventCall) -> None:
        super().record(
            EventCall(
                event=call.event,
                at=call.at,
                to=call.to,
                late=call.late,
                fields={name: value for name, value in call.fields.items() if name != "decide_by"},
            )
        )


class ForgetsToCorrect(SoundHost):
    """Shows a correction to the user, and does not store it."""

    def retract(self, number: int, at: datetime, *, not_sent: bool) -> None:
        pass


class StoresTwice(SoundHost):
    """Writes again after a timeout that was none."""

    def record(self, call: EventCall) -> None:
        super().record(call)
        super().record(call)


class KeepsAnOldDate(SoundHost):
    """Has the next due moment in a column, which a correction does not renew."""

    due: datetime | None = None

    def start(self, timezone: str) -> None:
        super().start(timezone)
        self.due = None

    def record(self, call: EventCall) -> None:
        super().record(call)
        if not call.late:
            self.due = self._process.next_due

    def do(self, call: EventCall) -> bool:
        did = super().do(call)
        self.due = self._process.next_due
        return did

    def retract(self, number: int, at: datetime, *, not_sent: bool) -> None:
        super().retract(number, at, not_sent=not_sent)
        self.due = self._process.next_due

    def next_due(self) -> datetime | None:
        return self.due


class SaysNothing(SoundHost):
    def do(self, call: EventCall) -> bool:
        super().do(call)
        return None  # type: ignore[return-value]


def search(host: type[EtiquetteMachine]) -> None:
    run_state_machine_as_test(host, settings=QUICK)


def test_a_sound_host_passes() -> None:
    search(SoundHost)


@pytest.mark.parametrize(
    ("host", "said"),
    [
        (SendsFirst, "the host carried out an act that the rules refuse"),
        (RefusesPlans, "the host refused an act that the rules allow"),
        (ForgetsFields, "is not stored as it happened"),
        (ForgetsToCorrect, "is not stored as it happened"),
        (StoresTwice, "the host stores what never happened"),
        (KeepsAnOldDate, "the next due moment is"),
    ],
)
def test_a_fault_of_a_host_is_found(host: type[EtiquetteMachine], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        search(host)


def test_an_adapter_that_does_not_say_whether_it_did_is_misuse() -> None:
    with pytest.raises(pi.MisuseError, match="`do` returned None"):
        search(SaysNothing)


class PushyHost(SoundHost):
    """Goes by rules that break a promise."""

    rulebook: ClassVar[pi.Rulebook] = pi.load_rulebook(PUSHY)


def test_rules_that_break_a_promise_are_found() -> None:
    with pytest.raises(AssertionError, match="the rules break a promise"):
        search(PushyHost)


@given(histories(RULES, days=True))
def test_a_history_may_have_days_without_hours_and_then_be_saved_too(process: pi.Process) -> None:
    assert RULES.restore(process.to_json()) == process
    for placed in process.timeline:
        day = placed.event.day
        assert day is None or process.calendar.day_of(placed.at) == day


def test_a_history_has_days_without_hours_only_if_they_are_asked_for() -> None:
    def has_days(process: pi.Process) -> bool:
        return any(placed.event.day is not None for placed in process.timeline)

    assert has_days(find(histories(RULES, days=True), has_days))
    with pytest.raises(NoSuchExample):
        find(histories(RULES), has_days, settings=QUICK)


@given(st.data())
def test_every_event_is_valid_and_every_history_can_be_saved(data: st.DataObject) -> None:
    process = data.draw(histories(RULES))
    moments = [placed.at for placed in process.timeline]

    assert moments == sorted(moments)
    assert RULES.restore(process.to_json()) == process
    call = data.draw(events(RULES, applications=("main", "other")))
    outcome = RULES.start("acme", "UTC").record(call.event, **call.arguments)
    assert outcome.process.history[0].name == call.event  # type: ignore[union-attr]


def test_without_hypothesis_the_error_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['hypothesis'] = None; import postinterview.testing as t\n"
        "try: t.EtiquetteMachine\nexcept ModuleNotFoundError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == (
        "`postinterview.testing.EtiquetteMachine` needs Hypothesis: pip install 'postinterview[testing]'\n"
    )
