"""Every store gives the answers that the process itself gives, whatever is asked of it, in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

import postinterview as pi
from postinterview.stores import ConflictError, Due, Keeper, StoredEntry
from tests.core.helpers import default
from tests.stores.kinds import STORES, opened
from tests.stores.telling import MONDAY, again, fields_of

pytestmark = pytest.mark.usefixtures("from_zero")
KEYS = ("acme", "O'Brien & S\u00f6hne", "z")
EVENTS = tuple(default().definition.events)
ACTS = tuple(kind.name for kind in default().acts)
Call = Callable[[Any], pi.Outcome]
"""On a keeper, or on the model."""


class Model:
    """What a keeper does, with no store: processes, and the outcomes of keyed calls, in two dictionaries."""

    def __init__(self) -> None:
        self.processes: dict[str, pi.Process] = {}
        self.outcomes: dict[tuple[str, str], pi.Outcome] = {}

    def __getattr__(self, verb: str) -> Any:
        def act(key: str, /, *said: Any, once: str | None = None, **more: Any) -> pi.Outcome:
            if once is not None and (key, once) in self.outcomes:
                return again(self.outcomes[key, once])
            outcome: pi.Outcome = getattr(self.processes[key], verb)(*said, **more)
            if once is not None and outcome.process is not self.processes[key]:
                self.outcomes[key, once] = outcome
            self.processes[key] = outcome.process
            return outcome

        return act


class Agreement(RuleBasedStateMachine):
    """The model and one store of each kind are told the same."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        stores = {kind: self.stack.enter_context(opened(kind)) for kind in STORES}
        self.keepers = {kind: Keeper(default(), store, leeway=timedelta()) for kind, store in stores.items()}
        self.model = Model()
        self.now = MONDAY
        self.calls: list[tuple[str, Call]] = []

    def teardown(self) -> None:
        self.stack.close()

    def key_of_call(self, keyed: bool) -> dict[str, str]:
        return {"once": f"call {len(self.calls)}"} if keyed else {}

    def all_agree(self, key: str, call: Call, *, keyed: bool = False) -> None:
        if keyed:
            self.calls.append((key, call))
        wanted = said(call, self.model)
        for kind, keeper in self.keepers.items():
            assert said(call, keeper) == wanted, kind
            assert keeper.load(key) == self.model.processes[key], kind

    @rule(key=st.sampled_from(KEYS), zone=st.sampled_from(["Europe/Zurich", "Pacific/Auckland"]))
    def start(self, key: str, zone: str) -> None:
        if key in self.model.processes:
            zone = self.model.processes[key].timezone
        fresh = default().start(employer=key, timezone=zone)
        wanted = self.model.processes.setdefault(key, fresh)
        for kind, keeper in self.keepers.items():
            assert keeper.start(key, timezone=zone) == wanted, kind

    @precondition(lambda self: self.model.processes)
    @rule(
        data=st.data(),
        verb=st.sampled_from(["do", "record", "late"]),
        hours=st.integers(0, 24 * 9),
        keyed=st.booleans(),
        application=st.sampled_from([None, None, None, "second"]),
        bare=st.booleans(),
    )
    def happen(
        self, data: st.DataObject, verb: str, hours: int, keyed: bool, application: str | None, bare: bool
    ) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.processes)))
        event = data.draw(st.sampled_from(ACTS if verb == "do" else EVENTS))
        more = {} if bare and event in ACTS else fields_of(event)
        more |= {"application": application, **self.key_of_call(keyed)}
        if verb == "late":
            at = self.now - timedelta(hours=hours)
            call: Call = lambda one: one.record(key, event, at=at, late=True, **more)  # noqa: E731 - kept
        else:
            self.now = at = self.now + timedelta(hours=hours)
            call = lambda one: getattr(one, verb)(key, event, at=at, **more)  # noqa: E731 - kept
        self.all_agree(key, call, keyed=keyed)

    @precondition(lambda self: self.model.processes)
    @rule(data=st.data(), not_sent=st.booleans(), keyed=st.booleans())
    def retract(self, data: st.DataObject, not_sent: bool, keyed: bool) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.processes)))
        number = data.draw(st.integers(1, len(self.model.processes[key].history) + 1))
        more: dict[str, Any] = {"at": self.now, "not_sent": not_sent, **self.key_of_call(keyed)}
        self.all_agree(key, lambda one: one.retract(key, number, **more), keyed=keyed)

    @precondition(lambda self: self.model.processes)
    @rule(
        data=st.data(),
        of=st.sampled_from(["chase", "message", "thank_you"]),
        days=st.integers(0, 9),
        keyed=st.booleans(),
    )
    def leave_open(self, data: st.DataObject, of: str, days: int, keyed: bool) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.processes)))
        more: dict[str, Any] = {"until": MONDAY + timedelta(days=days), **self.key_of_call(keyed)}
        self.all_agree(key, lambda one: one.unknown(key, of, **more), keyed=keyed)

    @precondition(lambda self: self.calls)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        key, call = data.draw(st.sampled_from(self.calls))
        self.all_agree(key, call)

    @precondition(lambda self: self.model.processes)
    @rule(data=st.data(), off=st.sampled_from([-1, 1]))
    def write_what_is_stale(self, data: st.DataObject, off: int) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.processes)))
        for keeper in self.keepers.values():
            kept = keeper.store.load(key)
            assert kept is not None
            with pytest.raises(ConflictError):
                keeper.store.create(key, kept.standing)
            with pytest.raises(ConflictError):
                keeper.store.rewrite(key, kept.version + off, (), kept.standing)
            line = StoredEntry(sequence=len(kept.entries) + 1, text="{}")
            with pytest.raises(ConflictError):
                keeper.store.append(key, kept.version + off, [line], kept.standing)
            assert keeper.store.load(key) == kept

    @rule(key=st.sampled_from(KEYS), sure=st.integers(0, 3))
    def forget(self, key: str, sure: int) -> None:
        if sure:
            return  # so seldom that histories grow meanwhile
        there = self.model.processes.pop(key, None) is not None
        self.model.outcomes = {known: each for known, each in self.model.outcomes.items() if known[0] != key}
        self.calls = [(known, call) for known, call in self.calls if known != key]
        for kind, keeper in self.keepers.items():
            assert keeper.forget(key) is there, kind
            assert keeper.store.load(key) is None, kind

    @rule(days=st.integers(-3, 40), page=st.integers(1, 3))
    def list_what_is_due(self, days: int, page: int) -> None:
        by = self.now + timedelta(days=days)
        dated: list[tuple[datetime, str]] = []
        for key, process in self.model.processes.items():
            due = process.next_due
            if due is not None and due <= by:
                dated.append((due, key))
        wanted = [Due(*each) for each in sorted(dated)]
        for kind, keeper in self.keepers.items():
            assert list(keeper.due(by=by, page=page)) == wanted, kind

    @rule(after=st.sampled_from([None, "", "a", "acme", "zz"]), page=st.integers(1, 3))
    def list_the_keys(self, after: str | None, page: int) -> None:
        wanted = tuple(key for key in sorted(self.model.processes) if after is None or key > after)
        for kind, keeper in self.keepers.items():
            assert keeper.store.keys(after=after, limit=page) == wanted[:page], kind
            assert tuple(keeper.keys(page=page)) == tuple(sorted(self.model.processes)), kind

    @rule(keys=st.lists(st.sampled_from([*KEYS, "nobody"])), days=st.integers(0, 40))
    def list_the_agendas_of_a_page(self, keys: list[str], days: int) -> None:
        at = self.now + timedelta(days=days)
        processes = {key: self.model.processes[key] for key in keys if key in self.model.processes}
        wanted = {key: process.agenda(at=at) for key, process in processes.items()}
        for kind, keeper in self.keepers.items():
            assert keeper.agendas(keys, at=at) == wanted, kind
            assert list(keeper.load_many(keys).items()) == list(processes.items()), kind

    @rule()
    def keep_the_same_texts(self) -> None:
        for key in self.model.processes:
            first, *others = [keeper.store.load(key) for keeper in self.keepers.values()]
            assert others == [first] * len(others)


def said(call: Call, one: Keeper | Model) -> object:
    """The outcome, or the misuse in words."""
    try:
        return call(one)
    except pi.MisuseError as error:
        return type(error), error.message  # the help differs: keepers know of clocks


TestAgreement = Agreement.TestCase
TestAgreement.settings = settings(
    max_examples=(settings.default.max_examples if settings.default else 80) // 8, stateful_step_count=20
)
