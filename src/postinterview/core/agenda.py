"""What is due: the lines that a tracker shows, in the order of what matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any, Literal, TypeAlias

from attrs import evolve, frozen

from postinterview.core.anchors import Anchor, UnknownPastError
from postinterview.core.decide import judge
from postinterview.core.definitions import EventKind, Spends, Transition
from postinterview.core.engine import Engine
from postinterview.core.events import Key, Placed, lies_in
from postinterview.core.situation import Situation, Snapshot
from postinterview.core.verdict import Reason, Verdict, _iso
from postinterview.core.words import say_duration, say_list, say_moment

ItemKind: TypeAlias = Literal["overdue", "open", "wait", "coming", "blocked", "broken", "done"]
ORDER: tuple[ItemKind, ...] = ("overdue", "open", "wait", "coming", "blocked", "broken", "done")


@frozen(kw_only=True)
class Item:
    """One line of the agenda.

    ``kind``: overdue, open (allowed now), wait (nothing else to do), coming (allowed from
    ``opens_at`` on), blocked (by ``reasons``), broken (a breach, at ``at``), done (at ``at``).
    ``text`` is the line as a person reads it; ``why`` the rule's reason; ``rule`` its file and line.
    Moments are in the zone of the ``at`` that the agenda was asked with.
    """

    kind: ItemKind
    text: str
    event: str | None = None
    application: str | None = None
    to: str | None = None
    at: datetime | None = None
    due: datetime | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    reasons: tuple[Reason, ...] = ()
    why: str = ""
    rule: str = ""

    def as_json(self) -> dict[str, Any]:
        """The item in plain types, moments as ISO 8601 text with their offset."""
        return {
            "kind": self.kind,
            "text": self.text,
            "event": self.event,
            "application": self.application,
            "to": self.to,
            "at": _iso(self.at),
            "due": _iso(self.due),
            "opens_at": _iso(self.opens_at),
            "closes_at": _iso(self.closes_at),
            "reasons": [reason.id for reason in self.reasons],
            "why": self.why,
            "rule": self.rule,
        }


@frozen
class Agenda(Sequence[Item]):
    """The items, the most pressing first. ``text`` is the whole of it, a line each."""

    items: tuple[Item, ...]

    def __getitem__(self, index: Any) -> Any:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def of(self, kind: ItemKind) -> tuple[Item, ...]:
        """The items of one kind."""
        return tuple(item for item in self.items if item.kind == kind)

    @property
    def text(self) -> str:
        return "\n".join(f"{item.kind:8}{item.text}" for item in self.items)


def make_agenda(
    engine: Engine, employer: str, situations: Iterable[Situation], at: datetime, zone: tzinfo | None
) -> Agenda:
    """The agenda at ``at`` (UTC), its moments in ``zone``."""
    writer = _Writer(engine, employer, at, zone)
    items: list[Item] = []
    snapshot: Snapshot | None = None
    for situation in situations:
        snapshot = situation.snapshot
        items.extend(writer.items(situation))
    if snapshot is not None:
        items.extend(writer.broken(placed) for placed in snapshot.breaches)
    if not any(item.kind in ("overdue", "open") for item in items):
        items.extend(writer.wait(items))
    places = list(engine.definition.events)
    items.sort(
        key=lambda item: (
            ORDER.index(item.kind),
            _reaches_nobody(engine, item),
            item.due or item.opens_at or item.at or at,
            places.index(item.event) if item.event else 0,
        )
    )
    return Agenda(tuple(items))


def _reaches_nobody(engine: Engine, item: Item) -> bool:
    """Notes to people come before what one does for oneself: leaving a thank-you out can cost the job."""
    return item.event is not None and engine.definition.events[item.event].contact == "none"


@frozen
class _Writer:
    engine: Engine
    employer: str
    now: datetime
    zone: tzinfo | None

    def items(self, situation: Situation) -> Iterator[Item]:
        """The line about one act in one place, if it has one."""
        kind = situation.kind
        rules = self._due_rules(situation)
        due = _resolve(situation, rules)
        verdict, _ = judge(self.engine, situation, self.now, self.zone)
        done = _latest(situation)
        item = Item(
            kind="open",
            text=self._title(kind, situation.place),
            event=kind.name,
            application=situation.place[0],
            to=situation.place[2],
            due=None if due is None else due.astimezone(self.zone),
            opens_at=verdict.opens_at,
            closes_at=verdict.closes_at,
            reasons=verdict.reasons,
            why=rules[0][0].why if rules else "",
            rule=str(rules[0][0].origin) if rules else "",
        )
        if rules and due is not None and verdict.allowed:
            yield self._open(item, due)
        elif rules and due is not None and verdict.opens_at is not None:
            yield evolve(item, kind="coming", text=f"{item.text} from {say_moment(verdict.opens_at)}")
        elif done is not None and self._has_due(kind):
            at = done.at.astimezone(self.zone)
            yield evolve(item, kind="done", at=at, text=f"{item.text}: done {say_moment(at)}")
        elif rules and due is not None and not self._moot(verdict):
            yield evolve(item, kind="blocked", text=f"{item.text}: {_because(verdict)}")

    def broken(self, placed: Placed) -> Item:
        """The line about a breach."""
        kind = self.engine.definition.events[placed.name]
        place = (placed.application, placed.round, placed.event.to)
        at = placed.at.astimezone(self.zone)
        return Item(
            kind="broken",
            text=f"{self._title(kind, place)}: done {say_moment(at)} against the rules",
            event=kind.name,
            application=placed.application,
            to=placed.event.to,
            at=at,
        )

    def wait(self, items: Iterable[Item]) -> Iterator[Item]:
        """That waiting is the advice, where something is still to come."""
        coming = [item.opens_at for item in items if item.kind == "coming" and item.opens_at is not None]
        if coming:
            until = min(coming)
            yield Item(
                kind="wait",
                text=f"nothing to do but wait until {say_moment(until)}: that is the advice",
                opens_at=until,
            )
        elif any(item.kind == "blocked" for item in items):
            yield Item(kind="wait", text="nothing to do but wait for the employer: that is the advice")

    def _open(self, item: Item, due: datetime) -> Item:
        if self.now >= due:
            late = say_duration(self.now - due)
            return evolve(item, kind="overdue", text=f"{item.text}: {late} overdue")
        return evolve(item, text=f"{item.text}: {say_duration(due - self.now)} left")

    def _title(self, kind: EventKind, place: Key) -> str:
        application, _, to = place
        title = kind.title or kind.name.replace("_", " ") + (" to {to}" if kind.to_person else "")
        for name, value in (("to", to), ("employer", self.employer), ("application", application)):
            title = title.replace("{" + name + "}", value or name)
        return title if application in (None, "main") else f"{title} ({application})"

    def _due_rules(self, situation: Situation) -> list[tuple[Transition, Anchor, Key]]:
        """The rules with a due moment among the transitions that leave the present states."""
        found = []
        for listener in self.engine.listeners[situation.kind.name]:
            key = listener.key(situation.place)
            state = situation.snapshot.states.get((listener.name, key), listener.start)
            for transition in listener.moves.get(state, ()):
                if transition.due is not None:
                    found.append((transition.rule, transition.due, key))
        return found

    def _has_due(self, kind: EventKind) -> bool:
        return any(
            rule.due is not None and rule.event == kind.name
            for machine in self.engine.definition.machines.values()
            for rule in machine.transitions
        )

    def _moot(self, verdict: Verdict) -> bool:
        """Whether there is nothing to wish for: a state without the act, or nothing to answer."""
        credit_guards = {
            guard.id
            for machine in self.engine.definition.machines.values()
            for rule in machine.transitions
            if rule.event == verdict.event
            for guard in rule.guards
            if isinstance(guard, Spends)
        }
        return any(reason.id == "state" or reason.id in credit_guards for reason in verdict.reasons)


def _resolve(situation: Situation, rules: list[tuple[Transition, Anchor, Key]]) -> datetime | None:
    for _, anchor, key in rules:
        try:
            found = anchor.resolve(situation, key)
        except UnknownPastError:
            continue
        if found is not None:
            return found.at
    return None


def _latest(situation: Situation) -> Placed | None:
    """The latest time that the act was done in its place."""
    for placed in reversed(situation.snapshot.timeline):
        if placed.name == situation.kind.name and lies_in(placed, situation.place):
            return placed
    return None


def _because(verdict: Verdict) -> str:
    blocking = [reason for reason in verdict.reasons if reason.opens_at is None]
    said = "; ".join(f"{reason.has}, needs {reason.needs}" for reason in blocking)
    after = f" (opens after {say_list(verdict.opens_after)})" if verdict.opens_after else ""
    return f"{said}{after}"
