"""Write the agenda: what is due, in the order of what matters."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from types import MappingProxyType

from attrs import frozen

from postinterview.core.agenda_items import ORDER, Agenda, Item, ItemKind, Question
from postinterview.core.agenda_text import AgendaText, Wanted
from postinterview.core.alternatives import grouped
from postinterview.core.decide import verdict_of
from postinterview.core.definitions import EventKind
from postinterview.core.due import Duty, duty_of, is_nudge, is_over
from postinterview.core.engine import Engine
from postinterview.core.event_index import in_scope
from postinterview.core.events import Key, Placed, make_key
from postinterview.core.formatting import say_duration, say_list, say_soon
from postinterview.core.moments import BEGINNING, EARLIEST, FOREVER
from postinterview.core.naming import application_name
from postinterview.core.opening_times import chance, closing
from postinterview.core.situation import Situation, Snapshot
from postinterview.core.snoozes import Snooze
from postinterview.core.stacks import upwards
from postinterview.core.telling import Asked, Search
from postinterview.core.verdict import Verdict

A_MINUTE = timedelta(minutes=1)
AN_HOUR = timedelta(hours=1)
"""The time after which an act is no longer "just overdue"."""


def make_agenda(
    engine: Engine,
    employer: str,
    situations: Iterable[Situation],
    at: datetime,
    zone: tzinfo | None,
    snoozes: Mapping[str, Snooze] = MappingProxyType({}),
    acts: Collection[str] | None = None,
) -> Agenda:
    """Return the agenda at ``at`` (UTC), its moments in ``zone``.

    ``snoozes``: by the ids of the items. ``acts``: those that ``situations`` are of; None: all.
    """
    places = {name: number for number, name in enumerate(engine.definition.events)}
    writer = _Writer(engine, at, zone, AgendaText(engine, employer, at.astimezone(zone)), snoozes, places)
    lines: dict[object, _Line] = {}
    snapshot: Snapshot | None = None
    search = Search(engine, at, named=acts is not None)
    for situation in situations:
        snapshot = situation.snapshot
        duty = duty_of(engine, situation, at)
        search.look_at(situation, duty)
        if duty is not None and duty.subject not in lines and situation.is_heard_of:
            # One invitation a person, whichever application is asked.
            lines[duty.subject] = _Line(situation, duty, verdict_of(engine, situation, at, zone))
    wanted: dict[str, list[Situation]] = {}
    for line in lines.values():
        if line.duty.stands in ("open", "coming"):
            wanted.setdefault(line.situation.kind.name, []).append(line.situation)
    found = [writer.item(group, wanted) for group in grouped(engine, lines.values())]
    if snapshot is not None:
        broken = [placed for placed in upwards(snapshot.against_rules) if not placed.doubtful]
        found += [writer.broken(placed) for placed in broken if acts is None or placed.name in acts]
        found += [writer.tell(asked, snapshot) for asked in search.found]
    if snapshot is not None and not any(
        item.kind in ("overdue", "open", "tell", "snoozed") for item in found
    ):
        found.extend(writer.wait(found, snapshot))
    return Agenda(tuple(sorted(found, key=writer.order)))


@frozen
class _Line:
    """An act of which the agenda says something, and the verdict on it."""

    situation: Situation
    duty: Duty
    verdict: Verdict

    @property
    def opens_at(self) -> datetime | None:
        """When the act may be done, if it is known to be wanted."""
        return None if self.duty.due is None else self.verdict.opens_at


@frozen
class _Writer:
    engine: Engine
    now: datetime
    zone: tzinfo | None
    text: AgendaText
    snoozes: Mapping[str, Snooze]
    places: Mapping[str, int]

    def order(self, item: Item) -> tuple[object, ...]:
        """Return the key to sort by: overdue by weight, the others by a moment: done, opening, or due.

        Acts that reach people weigh most, in the order of the rulebook, so a thank-you comes first; then what
        the candidate does for himself or herself; then a chase, which nobody owes.
        """
        kind = None if item.event is None else self.engine.definition.events[item.event]
        weight = 0 if kind is None else 2 if is_nudge(kind) else 1 if kind.contact == "none" else 0
        place = 0 if kind is None else self.places[kind.name]
        if item.kind == "overdue":
            return (ORDER.index(item.kind), weight, place, item.due or self.now)
        if item.kind == "coming":  # by the moment that the line shows
            return (ORDER.index(item.kind), 0, item.opens_at or item.due or self.now, place)
        when = item.at if item.kind in ("broken", "done") else item.due or item.opens_at
        return (ORDER.index(item.kind), weight % 2, when or self.now, place)

    def item(self, lines: Sequence[_Line], wanted: Wanted) -> Item:
        """Return the item of a line, or of several about acts of which the rules allow one.

        ``wanted``: the acts that the agenda wants done, by their names.
        """
        line = min(lines, key=lambda line: (line.opens_at or self.now, line.duty.due or self.now))
        situation, duty, verdict = line.situation, line.duty, line.verdict
        kind, place, wish = situation.kind, situation.place, duty.wish
        others = [each.situation.place.application for each in lines if each is not line]
        applications = tuple(name for name in (place.application, *others) if name is not None)
        said, about = self.text.title(kind, place), ""
        title = said
        if len(lines) > 1:
            said, about = self.text.about(kind, place.person, applications)
            title, about = said + about, about and self._about(lines)
        id_ = "" if wish is None else name_of(self.engine, situation, wish.key)
        stands: ItemKind = duty.stands
        text, due = f"{said}{about}", duty.due
        at = None
        if duty.done is not None:
            at = duty.done.at.astimezone(self.zone)
            text += f": done {'by ' if duty.done.event.is_open else ''}{say_soon(at, self.text.now)}"
        elif duty.stands == "blocked":
            text += f": {self.text.because(situation, verdict, wanted)}"
        elif due is None:
            text += ": nobody knows whether it was done"
        else:
            put_off = self._put_off(id_, situation, duty.rule_due or due)
            due = max(due, put_off)
            if put_off > BEGINNING and self.now < due:
                stands, text = "snoozed", text + self._snoozed(id_, situation, due)
            elif duty.stands == "coming" and verdict.opens_at is not None:
                text = f"{said} from {say_soon(verdict.opens_at, self.text.now)}{about}"
            else:
                stands, text = "overdue" if self.now >= due else "open", text + self._open(kind, due)
        return Item(
            kind=stands,
            text=text,
            event=kind.name,
            application=place.application if len(lines) == 1 else None,
            applications=applications,
            to=place.person,
            at=at,
            due=None if due is None else due.astimezone(self.zone),
            opens_at=verdict.opens_at,
            closes_at=verdict.closes_at,
            reasons=verdict.reasons,
            why="" if wish is None else wish.rule.why,
            rule="" if wish is None else str(wish.rule.origin),
            id=id_,
            title=title,
            rule_due=None if duty.rule_due is None else duty.rule_due.astimezone(self.zone),
        )

    def _about(self, lines: Sequence[_Line]) -> str:
        """Return the applications, the first to open first: ``, about a, or from Tue 10 Mar about b``."""
        opening: dict[datetime | None, list[str]] = {}
        for line in sorted(lines, key=lambda line: line.opens_at or self.now):
            opening.setdefault(line.opens_at, []).append(
                application_name(line.situation.place.application or "")
            )
        (_, first), *rest = opening.items()
        said = f", about {say_list(first)}"
        for moment, names in rest:
            said += f", or from {say_soon(moment or self.now, self.text.now)} about {say_list(names)}"
        return said

    def broken(self, placed: Placed) -> Item:
        """Return the line about a breach."""
        kind = self.engine.definition.events[placed.name]
        at = placed.at.astimezone(self.zone)
        title = self.text.title(kind, make_key(placed.application, placed.round, placed.event.to))
        when = "by" if placed.event.is_open else "on"
        return Item(
            kind="broken",
            text=f"against the rules {when} {say_soon(at, self.text.now)}: {title}",
            event=kind.name,
            application=placed.application,
            applications=() if placed.application is None else (placed.application,),
            to=placed.event.to,
            at=at,
        )

    def tell(self, asked: Asked, snapshot: Snapshot) -> Item:
        """Return the line that asks about something unknown."""
        applications = tuple(name for name in asked.applications if name is not None)
        anywhere = None in asked.applications and not asked.undated
        where = None if anywhere else {None, *applications}
        within = [p for p in upwards(snapshot.past) if where is None or p.application in where]
        since = next((placed.at for placed in within if placed.at < asked.until), None)
        until = asked.until.astimezone(self.zone)
        question = Question(
            events=tuple(name for name in self.places if name in asked.of),
            since=None if since is None or asked.undated else since.astimezone(self.zone),
            until=until,
            application=applications[0] if len(applications) == 1 and not anywhere else None,
            blocks=tuple(dict.fromkeys(situation.kind.name for situation in asked.acts)),
            applications=applications,
            undated=tuple(sorted(event.number for event in asked.undated)),
            anywhere=anywhere,
        )
        text = self.text.question(question, elsewhere=bool(asked.known_in))
        id_ = _joined(
            ("tell", ",".join(question.events), ",".join(map(str, question.undated or applications)))
        )
        snooze = self.snoozes.get(id_)
        is_off = snooze is not None and snooze.puts_off(asked.due) and self.now < snooze.until
        rule_due = asked.due.astimezone(self.zone)
        due = rule_due if snooze is None or not is_off else snooze.until.astimezone(self.zone)
        return Item(
            kind="snoozed" if is_off else "tell",
            text=f"{text}: snoozed until {say_soon(due, self.text.now)}" if is_off else text,
            application=question.application,
            applications=applications,
            due=due,
            why=self.text.blocked([(each.kind, each.place) for each in asked.acts]),
            id=id_,
            title=text,
            rule_due=rule_due,
            question=question,
        )

    def wait(self, items: Iterable[Item], snapshot: Snapshot) -> Iterator[Item]:
        """Yield the line that waiting is the advice, if something is still to come."""
        coming = [item.opens_at for item in items if item.kind == "coming" and item.opens_at is not None]
        if coming:
            until = min(coming)
            text = f"nothing to do but wait until {say_soon(until, self.text.now)}: that is the advice"
            yield Item(kind="wait", text=text, opens_at=until)
        elif not all(is_over(self.engine, snapshot, name) for name in snapshot.applications):
            yield Item(kind="wait", text="nothing to do but wait for the employer: that is the advice")

    def _open(self, kind: EventKind, due: datetime) -> str:
        """Return how much time is left for an act that may be done now."""
        if is_nudge(kind):  # nobody owes a chase, so no clock ticks beside it
            return f": suggested by {say_soon(due.astimezone(self.zone), self.text.now)}"
        late = self.now - due
        if late >= timedelta(0):
            return ": just overdue" if late < AN_HOUR else f": {say_duration(late)} overdue"
        return ": due now" if -late < A_MINUTE else f": {say_duration(-late)} left"

    def _put_off(self, id_: str, situation: Situation, due: datetime) -> datetime:
        """Return when a snooze ends; the beginning of time if none counts: its date moved, or it closes."""
        snooze = self.snoozes.get(id_)
        if snooze is None or not snooze.puts_off(due):
            return BEGINNING
        past = situation.snapshot.past
        since = EARLIEST if past is None else past.top.at
        # What happens once it is over doesn't prolong it.
        wanted = chance(self.engine, situation, snooze.until, min(since, snooze.until))
        return BEGINNING if wanted is None or wanted <= due else wanted

    def _snoozed(self, id_: str, situation: Situation, wanted: datetime) -> str:
        """Return until when an act is put off, and why no longer."""
        text = f": snoozed until {say_soon(wanted.astimezone(self.zone), self.text.now)}"
        closes = closing(self.engine, situation, wanted)
        if wanted < self.snoozes[id_].until and closes != FOREVER:
            text += f", since it closes on {say_soon(closes.astimezone(self.zone), self.text.now)}"
        return text


def name_of(engine: Engine, situation: Situation, key: Key) -> str:
    """Return the id of what is due: ``thank_you/main/1/ana/0``, where 0 counts how often it was done.

    ``key`` is that of the rule's machine: a new round moves an invitation, and brings another thank-you.
    """
    name = situation.kind.name
    done = sum(1 for _ in in_scope(situation.snapshot.streams[engine.timed[name]], key))
    return _joined("" if part is None else str(part) for part in (name, *key, done))


def _joined(parts: Iterable[str]) -> str:
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)
