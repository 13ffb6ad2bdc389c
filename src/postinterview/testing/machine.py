"""A state machine that calls a host, and compares what it did and stored with the rules."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from postinterview.core.past.events import Event
from postinterview.core.process import Process, Rulebook
from postinterview.core.values.errors import MisuseError
from postinterview.judging import prove
from postinterview.testing.strategies import (
    EventCall,
    earlier_moment,
    events,
    is_contact,
    next_moment,
    openers,
    retractable,
)


class EtiquetteMachine(RuleBasedStateMachine):
    """Tells a host random events, and fails if it breaks the rules or stores something else.

    Subclass it with the adapter of your host: set ``rulebook``, and write ``start``, ``do``, ``record`` and
    ``read``. Then ``TestHost = HostMachine.TestCase`` is a test. It fails in three cases:

    - The host carries out an act that the rules refuse, or refuses one that they allow.
    - What it stores is not what happened: the history, the states that it folds to, or the next due moment.
    - The rules themselves break a packaged promise. This is proved once, for whatever may happen.

    Since every act that the rules allow keeps the promises, a host that passes keeps them, too.

    Attributes:
        rulebook: the rules that the host must go by.
        timezone: the employer's.
        people: those who can be named.
        applications: those that events can belong to; ``("main", "other")`` for a host that has several.
        model: the process as it should be.
    """

    rulebook: ClassVar[Rulebook]
    timezone: ClassVar[str] = "Europe/Zurich"
    people: ClassVar[tuple[str, ...]] = ("ana", "bo", "cy")
    applications: ClassVar[tuple[str | None, ...]] = (None,)
    model: Process

    # --- what a host writes ---------------------------------------------------------------------

    def start(self, timezone: str) -> None:
        """Make a new employer, in which nothing has happened yet."""
        raise NotImplementedError

    def do(self, call: EventCall) -> bool:
        """Ask the host for an act. Return whether it carried the act out."""
        raise NotImplementedError

    def record(self, call: EventCall) -> None:
        """Tell the host what happened. If ``call.late`` is set, it was before the latest event."""
        raise NotImplementedError

    def read(self) -> Process | str:
        """Return what the host stores now: the process, or its text."""
        raise NotImplementedError

    def retract(self, number: int, at: datetime, *, not_sent: bool) -> None:
        """Take an entry back. Override it if your host can; else nothing is retracted."""
        raise NotImplementedError

    def next_due(self) -> datetime | None:
        """Return the next due moment that the host stores. Override it if it stores one."""
        return self._read().next_due

    # --- what is tried --------------------------------------------------------------------------

    @initialize(data=st.data())
    def _begin(self, data: st.DataObject) -> None:
        broken = _broken_promises(self.rulebook)
        assert not broken, f"the rules break a promise:\n{broken}"  # noqa: S101 - this is a test
        self.model = self.rulebook.start("acme", self.timezone)
        self.start(self.timezone)
        self._tell(self._draw(data, openers(self.rulebook)))

    @rule(data=st.data())
    def _ask_for_anything(self, data: st.DataObject) -> None:
        call = self._draw(data, [kind.name for kind in self.rulebook.acts])
        opens_at = self.model.may(call.event, **call.arguments).opens_at
        if opens_at is not None and data.draw(st.booleans(), label="wait until it opens"):
            call = evolve(call, at=opens_at)
        self._ask(call)

    @rule(data=st.data())
    def _ask_for_what_is_allowed(self, data: st.DataObject) -> None:
        at = next_moment(data.draw, self.model)
        if allowed := self.model.allowed(at=at):
            verdict = data.draw(st.sampled_from(allowed), label="allowed")
            strategy = events(
                self.rulebook, names=[verdict.event], at=st.just(at), people=self.people, complete=True
            )
            call = data.draw(strategy, label="event")
            self._ask(evolve(call, to=verdict.to, application=verdict.application))

    def _ask(self, call: EventCall) -> None:
        outcome = self.model.do(call.event, **call.arguments)
        did = self.do(call)
        if not isinstance(did, bool):
            raise MisuseError(f"`do` returned {did!r}", "return True if the act was carried out, else False")
        verdict = outcome.verdict
        why = "" if verdict is None else f"\n{verdict.text}"
        if did and outcome.refused:
            raise AssertionError(f"the host carried out an act that the rules refuse: {call}{why}")
        if not did and not outcome.refused:
            raise AssertionError(f"the host refused an act that the rules allow: {call}{why}")
        self.model = outcome.process

    @rule(data=st.data())
    def _hear(self, data: st.DataObject) -> None:
        facts = [kind.name for kind in self.rulebook.definition.events.values() if not kind.is_act]
        self._tell(self._draw(data, facts))

    @rule(data=st.data())
    def _did_without_asking(self, data: st.DataObject) -> None:
        self._tell(self._draw(data, [kind.name for kind in self.rulebook.acts]))

    @rule(data=st.data())
    def _hear_late(self, data: st.DataObject) -> None:
        if self.model.timeline:
            self._tell(self._draw(data, None, late=True))

    @precondition(
        lambda self: type(self).retract is not EtiquetteMachine.retract and bool(retractable(self.model))
    )
    @rule(data=st.data())
    def _take_back(self, data: st.DataObject) -> None:
        entry: Event = data.draw(st.sampled_from(retractable(self.model)), label="retract")
        at, not_sent = next_moment(data.draw, self.model), is_contact(self.model, entry)
        self.model = self.model.retract(entry.number, at=at, not_sent=not_sent).process
        self.retract(entry.number, at, not_sent=not_sent)

    @invariant()
    def _stores_what_happened(self) -> None:
        if not hasattr(self, "model"):  # before the first step
            return
        stored = self._read()
        for number, entry in enumerate(self.model.history):
            found = stored.history[number] if number < len(stored.history) else "nothing"
            if found != entry:
                raise AssertionError(
                    f"entry {number + 1} is not stored as it happened\nhappened: {_said(entry)}\n"
                    f"stored:   {_said(found)}"
                )
        if more := stored.history[len(self.model.history) :]:
            raise AssertionError(f"the host stores what never happened: {_said(more[0])}")
        if stored.states != self.model.states:
            raise AssertionError(
                f"the stored history folds to other states\nexpected: {dict(self.model.states)}\n"
                f"stored:   {dict(stored.states)}"
            )
        due = self.next_due()
        if due != self.model.next_due:
            raise AssertionError(f"the next due moment is {self.model.next_due}, and {due} is stored")

    def _can_retract(self) -> bool:
        return type(self).retract is not EtiquetteMachine.retract and bool(retractable(self.model))

    def _tell(self, call: EventCall) -> None:
        self.model = self.model.record(call.event, late=call.late, **call.arguments).process
        self.record(call)

    def _draw(self, data: st.DataObject, names: Collection[str] | None, *, late: bool = False) -> EventCall:
        at = (earlier_moment if late else next_moment)(data.draw, self.model)
        strategy = events(
            self.rulebook, names=names, at=st.just(at), people=self.people, applications=self.applications
        ).map(lambda call: evolve(call, late=late))
        call: EventCall = data.draw(strategy, label="late" if late else "event")
        return call

    def _read(self) -> Process:
        stored: Any = self.read()
        return stored if isinstance(stored, Process) else self.rulebook.restore(stored)


def _said(entry: object) -> str:
    if not isinstance(entry, Event):
        return str(entry)
    late = ", late" if entry.late else ""
    where = "" if entry.application is None else f", {entry.application}"
    return f"{entry!r}{where}{late} {entry.fields}"


@cache
def _broken_promises(rulebook: Rulebook) -> str:
    """Return what the proof says, if the rules break a promise that they do not loosen."""
    proof = prove(rulebook)
    return proof.text if proof.verdict == "violated" else ""
