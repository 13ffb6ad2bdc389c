"""Write the agenda: what is due, in the order of what matters."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from types import MappingProxyType

from attrs import frozen

from postinterview.core.agenda.agenda_lines import BreachWords, Line, LineWords
from postinterview.core.agenda.agenda_text import AgendaText, Wanted
from postinterview.core.agenda.alternatives import grouped
from postinterview.core.agenda.due import duty_of, is_over
from postinterview.core.agenda.telling import Asked, Search
from postinterview.core.answers.agenda_items import RANKS, Agenda, Item, ItemKind, Question, id_of, new_item
from postinterview.core.answers.snoozes import Snooze
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.opening_times import chance
from postinterview.core.past.placed import Placed
from postinterview.core.past.situation import Situation, Snapshot
from postinterview.core.values.formatting import say_soon
from postinterview.core.values.lazy import settled
from postinterview.core.values.moments import BEGINNING, EARLIEST
from postinterview.core.values.stacks import upwards


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
    places = engine.ranks
    writer = _Writer(engine, at, zone, AgendaText(engine, employer, at.astimezone(zone)), snoozes, places)
    lines: dict[object, Line] = {}
    wanted: dict[str, list[Situation]] = {}
    snapshot: Snapshot | None = None
    search = Search(engine, at, named=acts is not None)
    for situation in situations:
        snapshot = situation.snapshot
        duty = duty_of(engine, situation, at, zone)
        if snapshot.unknowns or snapshot.others:
            search.look_at(situation, duty)
        if duty is None or duty.subject in lines or (snapshot.unknowns and not situation.is_heard_of):
            continue  # one invitation a person, whichever application is asked
        lines[duty.subject] = Line(engine, situation, duty, at, zone)
        if duty.stands in ("open", "coming"):
            wanted.setdefault(situation.kind.name, []).append(situation)
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


_WEIGHTS: Mapping[str | None, int] = {"none": 1, "chase": 2, "attempt": 2}
"""How little an act matters among those that are overdue, by its contact; 0: those that reach people."""


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
        weight, place = 0, 0
        if item.event is not None:
            place = self.places[item.event]
            weight = _WEIGHTS.get(self.engine.definition.events[item.event].contact, 0)
        rank = RANKS[item.kind]
        if item.kind == "overdue":
            return (rank, weight, place, item.due or self.now)
        if item.kind == "coming":  # by the moment that the line shows
            return (rank, 0, item.opens_at or item.due or self.now, place)
        when = item.at if item.kind in ("broken", "done") else item.due or item.opens_at
        return (rank, weight % 2, when or self.now, place)

    def item(self, lines: Sequence[Line], wanted: Wanted) -> Item:
        """Return the item of a line, or of several about acts of which the rules allow one.

        ``wanted``: the acts that the agenda wants done, by their names.
        """
        line, others = lines[0], list[Line]()
        if len(lines) > 1:
            line = min(lines, key=lambda line: (line.opens_at or self.now, line.duty.due or self.now))
            others = [each for each in lines if each is not line]
        duty, name, (application, _, person) = line.duty, line.situation.kind.name, line.situation.place
        applications: tuple[str, ...] = () if application is None else (application,)
        if others:
            named = (each.situation.place.application for each in others)
            applications += tuple(each for each in named if each is not None)
        stands: ItemKind = duty.stands
        due, done, snooze = duty.due, duty.done, None
        if due is not None:
            if self.snoozes and (snooze := self.snoozes.get(line.id)) is not None:
                put_off = self._put_off(snooze, line.situation, duty.rule_due or due)
                due = max(due, put_off)
                snooze = snooze if put_off > BEGINNING and self.now < due else None
            if snooze is not None:
                stands = "snoozed"
            elif stands == "open" and self.now >= due:
                stands = "overdue"
        zone = self.zone
        item = new_item(
            kind=stands,
            event=name,
            application=None if others else application,
            applications=applications,
            to=person,
            at=None if done is None else done.at.astimezone(zone),
            day=None if done is None else done.event.day,
            due=None if due is None else due.astimezone(zone),
            why="" if duty.wish is None else duty.wish.rule.why,
            rule_due=None if duty.rule_due is None else duty.rule_due.astimezone(zone),
            later=LineWords(self.text, line, lines, applications, stands, due, snooze, wanted),
        )
        # A custom guard may answer differently next time.
        return settled(item) if name in self.engine.asks_custom else item

    def broken(self, placed: Placed) -> Item:
        """Return the line about a breach."""
        return new_item(
            kind="broken",
            event=placed.name,
            application=placed.application,
            applications=() if placed.application is None else (placed.application,),
            to=placed.event.to,
            at=placed.at.astimezone(self.zone),
            day=placed.event.day,
            later=BreachWords(self.text, placed),
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
            since=asked.day if asked.undated or since is None else since.astimezone(self.zone),
            until=until,
            application=applications[0] if len(applications) == 1 and not anywhere else None,
            blocks=tuple(dict.fromkeys(situation.kind.name for situation in asked.acts)),
            applications=applications,
            undated=tuple(sorted(event.number for event in asked.undated)),
            anywhere=anywhere,
        )
        text = self.text.question(question, elsewhere=bool(asked.known_in))
        id_ = id_of(("tell", ",".join(question.events), ",".join(map(str, question.undated or applications))))
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

    def _put_off(self, snooze: Snooze, situation: Situation, due: datetime) -> datetime:
        """Return when a snooze ends; the beginning of time if its date moved, or the act closes."""
        if not snooze.puts_off(due):
            return BEGINNING
        past = situation.snapshot.past
        since = EARLIEST if past is None else past.top.at
        # What happens once it is over doesn't prolong it.
        wanted = chance(self.engine, situation, snooze.until, min(since, snooze.until))
        return BEGINNING if wanted is None or wanted <= due else wanted
