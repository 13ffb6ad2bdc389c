"""What is due: the lines that a tracker shows, in the order of what matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from types import MappingProxyType

from attrs import evolve, frozen

from postinterview.core.agenda_items import ORDER, Agenda, Item, ItemKind
from postinterview.core.agenda_text import Saying
from postinterview.core.decide import judge
from postinterview.core.definitions import EventKind
from postinterview.core.due import (
    due_moment,
    due_rules,
    has_due,
    is_moot,
    is_over,
    is_perhaps_done,
    latest_done,
    nothing_left,
    resolve,
)
from postinterview.core.engine import Engine
from postinterview.core.events import Key, Placed, lies_in, make_key
from postinterview.core.formatting import say_duration, say_soon
from postinterview.core.moments import BEGINNING, FIRST, FOREVER
from postinterview.core.opening_times import chance, closing
from postinterview.core.situation import Situation, Snapshot
from postinterview.core.snoozes import Snooze

A_MINUTE = timedelta(minutes=1)
AN_HOUR = timedelta(hours=1)
"""Nobody counts the minutes by which a note is late."""


def make_agenda(
    engine: Engine,
    employer: str,
    situations: Iterable[Situation],
    at: datetime,
    zone: tzinfo | None,
    snoozes: Mapping[str, Snooze] = MappingProxyType({}),
) -> Agenda:
    """The agenda at ``at`` (UTC), its moments in ``zone``; ``snoozes`` by the ids of the items."""
    writer = _Writer(engine, at, zone, Saying(engine, employer, at.astimezone(zone)), snoozes)
    items: dict[object, Item] = {}
    snapshot: Snapshot | None = None
    for situation in situations:
        snapshot = situation.snapshot
        for subject, item in writer.items(situation):
            items.setdefault(subject, item)  # one invitation a person, whichever application is asked
    if snapshot is not None:
        for placed in snapshot.breaches:
            if not placed.doubtful:
                items[placed.event.number] = writer.broken(placed)
    found = list(items.values())
    if snapshot is not None and not any(item.kind in ("overdue", "open", "snoozed") for item in found):
        found.extend(writer.wait(found, snapshot))
    return Agenda(tuple(sorted(found, key=writer.order)))


@frozen
class _Writer:
    engine: Engine
    now: datetime
    zone: tzinfo | None
    saying: Saying
    snoozes: Mapping[str, Snooze]

    def order(self, item: Item) -> tuple[object, ...]:
        """By weight where it is overdue, by its moment where it is done or broken, else by when it is due.

        The acts that reach people weigh most, in the order of the rulebook, so a thank-you is the
        loudest; then what one does for oneself; then a chase, which nobody owes.
        """
        kind = None if item.event is None else self.engine.definition.events[item.event]
        contact = None if kind is None else kind.contact
        weight = 2 if contact == "chase" else 1 if contact == "none" else 0
        place = 0 if kind is None else list(self.engine.definition.events).index(kind.name)
        if item.kind == "overdue":
            return (ORDER.index(item.kind), weight, place, item.due or self.now)
        when = item.at if item.kind in ("broken", "done") else item.due or item.opens_at
        return (ORDER.index(item.kind), weight % 2, when or self.now, place)

    def items(self, situation: Situation) -> Iterator[tuple[object, Item]]:
        """The line about one act in one place, if it has one, and what it is about."""
        kind, place = situation.kind, situation.place
        rules = due_rules(self.engine, situation)
        due = resolve(situation, rules)
        verdict, choices = judge(self.engine, situation, self.now, self.zone)
        title = self.saying.title(kind, place)
        item = Item(
            kind="open",
            text=title,
            title=title,
            id=name_of(situation, rules[0][2]) if rules else "",
            rule_due=None if due is None else due.astimezone(self.zone),
            event=kind.name,
            application=place.application,
            to=place.person,
            opens_at=verdict.opens_at,
            closes_at=verdict.closes_at,
            reasons=verdict.reasons,
            why=rules[0][0].why if rules else "",
            rule=str(rules[0][0].origin) if rules else "",
        )
        subject = (kind.name, rules[0][2] if rules else place)
        done = latest_done(situation)
        over = nothing_left(self.engine, situation)
        if due is not None and not over and verdict.opens_at is not None:
            wanted = self._wanted(item, situation, due)
            if is_perhaps_done(situation, rules):
                standing: ItemKind = "coming" if choices is None else "open"
                yield subject, evolve(item, kind=standing, text=f"{title}: nobody knows whether it was done")
                return
            due = due_moment(due, choices, self.now if choices is not None else verdict.opens_at, situation)
            if wanted > self.now:
                yield subject, self._snoozed(item, situation, wanted)
            elif choices is not None:
                yield subject, self._open(item, kind, max(due, wanted))
            else:
                item = evolve(item, due=due.astimezone(self.zone))
                soon = say_soon(verdict.opens_at, self.saying.now)
                yield subject, evolve(item, kind="coming", text=f"{item.text} from {soon}")
            return
        if done is not None:
            if has_due(self.engine, kind) and (done.doubtful or not done.breach):
                at = done.at.astimezone(self.zone)
                text = f"{item.text}: done {say_soon(at, self.saying.now)}"
                yield (kind.name, done.event.number), evolve(item, kind="done", at=at, text=text)
        elif due is not None and not over and not is_moot(self.engine, verdict):
            yield (
                subject,
                evolve(item, kind="blocked", text=f"{item.text}: {self.saying.because(situation, verdict)}"),
            )

    def broken(self, placed: Placed) -> Item:
        """The line about a breach."""
        kind = self.engine.definition.events[placed.name]
        at = placed.at.astimezone(self.zone)
        title = self.saying.title(kind, make_key(placed.application, placed.round, placed.event.to))
        return Item(
            kind="broken",
            text=f"against the rules on {say_soon(at, self.saying.now)}: {title}",
            event=kind.name,
            application=placed.application,
            to=placed.event.to,
            at=at,
        )

    def wait(self, items: Iterable[Item], snapshot: Snapshot) -> Iterator[Item]:
        """That waiting is the advice, where something is still to come."""
        coming = [item.opens_at for item in items if item.kind == "coming" and item.opens_at is not None]
        if coming:
            until = min(coming)
            text = f"nothing to do but wait until {say_soon(until, self.saying.now)}: that is the advice"
            yield Item(kind="wait", text=text, opens_at=until)
        elif not all(is_over(self.engine, snapshot, name) for name in snapshot.applications):
            yield Item(kind="wait", text="nothing to do but wait for the employer: that is the advice")

    def _open(self, item: Item, kind: EventKind, due: datetime) -> Item:
        item = evolve(item, due=due.astimezone(self.zone))
        overdue = self.now >= due
        if kind.contact == "chase":  # nobody owes a chase, so no clock ticks beside it
            suggested = f"suggested by {say_soon(due.astimezone(self.zone), self.saying.now)}"
            return evolve(item, kind="overdue" if overdue else "open", text=f"{item.text}: {suggested}")
        if overdue:
            late = self.now - due
            by = "due now" if late < AN_HOUR else f"{say_duration(late)} overdue"
            return evolve(item, kind="overdue", text=f"{item.text}: {by}")
        left = due - self.now
        by = "due now" if left < A_MINUTE else f"{say_duration(left)} left"
        return evolve(item, text=f"{item.text}: {by}")

    def _wanted(self, item: Item, situation: Situation, due: datetime) -> datetime:
        """When a snooze ends; the beginning of time where there is none: its date moved, or it closes."""
        snooze = self.snoozes.get(item.id)
        if snooze is None or not snooze.puts_off(due):
            return BEGINNING
        timeline = situation.snapshot.timeline
        since = timeline[-1].at if timeline else FIRST
        # What happens once it is over doesn't prolong it.
        wanted = chance(self.engine, situation, snooze.until, min(since, snooze.until))
        return BEGINNING if wanted is None or wanted <= due else wanted

    def _snoozed(self, item: Item, situation: Situation, wanted: datetime) -> Item:
        text = f"{item.text}: snoozed until {say_soon(wanted.astimezone(self.zone), self.saying.now)}"
        closes = closing(self.engine, situation, wanted)
        if wanted < self.snoozes[item.id].until and closes != FOREVER:
            text += f", since it closes on {say_soon(closes.astimezone(self.zone), self.saying.now)}"
        return evolve(item, kind="snoozed", due=wanted.astimezone(self.zone), text=text)


def name_of(situation: Situation, key: Key) -> str:
    """The id of what is due: ``thank_you/main/1/ana/0``, the 0 counting how often it was done.

    By what its rule's machine is kept by: a new round moves an invitation, and brings another thank-you.
    """
    name = situation.kind.name
    done = sum(placed.name == name and lies_in(placed, key) for placed in situation.snapshot.timeline)
    parts = ("" if part is None else str(part) for part in (name, *key, done))
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)
