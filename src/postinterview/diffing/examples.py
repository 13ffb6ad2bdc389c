"""Compute a moved moment in both rulebooks, for one common story: an interview, then what it hangs on.

Each engine resolves the moment itself, as when an act is due: the moments are put into a machine of their
own, which moves on nothing that the story tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any

from attrs import evolve, frozen

from postinterview.core.process import Process, Rulebook
from postinterview.core.rules import definitions as d
from postinterview.core.rules.definitions import Definition, EventKind, FieldKind, Moment, Origin
from postinterview.core.rules.rule_text import noun
from postinterview.core.steps.placing import situate
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import say_day, say_list, say_moment
from postinterview.core.values.names import MAIN
from postinterview.diffing.change import Change, Example, MovedMoment
from postinterview.proof.search.path import THEM

_BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday morning."""
_THEN = _BEGIN + timedelta(days=2, hours=1)
_NAMED = date(2026, 3, 6)
_HERE = Origin("", 0, 0)


def with_examples(changes: Iterable[Change], old: Rulebook, new: Rulebook) -> tuple[Change, ...]:
    """Return the changes, with an example for each moment that moved and for a calendar."""
    found = list(changes)
    moved = [change.moment for change in found if change.moment is not None]
    if moved:
        teller = _Teller.of(old, new, moved)
        numbers = iter(range(len(moved)))
        found = [
            each if each.moment is None else evolve(each, example=teller.example(next(numbers), each.moment))
            for each in found
        ]
    return tuple(_of_calendar(each, old, new) if each.part == "calendar" else each for each in found)


def _of_calendar(change: Change, old: Rulebook, new: Rulebook) -> Change:
    """Return the change with the business days of a year that it adds and takes."""
    calendars = [rulebook.calendar_of("UTC") for rulebook in (old, new)]
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    was, now = ({day for day in year if calendar.is_business_day(day)} for calendar in calendars)
    moves = []
    for days, said in ((was - now, "no business day any more"), (now - was, "now a business day")):
        if days:
            named = [say_day(day) for day in sorted(days)]
            more = [f"{len(named) - 3} more in 2026"] if len(named) > 3 else []
            moves.append(f"{say_list((*named[:3], *more), 'and')}: {said}")
    return evolve(change, moves=tuple(moves))


@frozen
class _Teller:
    """Tells stories to two rulebooks, in which the machine `probe` has each moment as a due moment."""

    old: Rulebook
    new: Rulebook

    @classmethod
    def of(cls, old: Rulebook, new: Rulebook, moved: list[MovedMoment]) -> _Teller:
        before, after = ([getattr(each, side) for each in moved] for side in ("before", "after"))
        return cls(_probing(old, moved, before), _probing(new, moved, after))

    def example(self, number: int, moved: MovedMoment) -> Example | None:
        """Return the first story in which the moment is known to both, and another."""
        for told in self._stories(moved):
            before, after = (_resolved(rulebook, number, told) for rulebook in (self.old, self.new))
            if before is not None and after is not None and before != after:
                return Example(_said(told, self.new.definition), before, after)
        return None

    def _stories(self, moved: MovedMoment) -> Iterator[tuple[_Told, ...]]:
        """Yield the shortest stories that may make the moment known."""
        both = [
            kind for name, kind in self.new.definition.events.items() if name in self.old.definition.events
        ]
        openers = [
            _Told(kind, _BEGIN, _fields(kind)) for kind in both if kind.opens_round and not kind.is_act
        ]
        for opener in openers[:1]:
            yield (opener,)
            for leaf in chain(_leaves(moved.before), _leaves(moved.after)):
                for kind in both:
                    told = _telling(kind, leaf)
                    if told is not None:
                        yield (opener, told)


@frozen
class _Told:
    """An event of an example. ``dated``: the date that it names, which makes the moment known."""

    kind: EventKind
    at: datetime
    fields: dict[str, Any]
    dated: date | None = None


def _telling(kind: EventKind, leaf: frozenset[str] | str) -> _Told | None:
    """Return the event as it makes a moment known: one of a set, or one that sets a date."""
    if isinstance(leaf, frozenset):
        return _Told(kind, _THEN, _fields(kind)) if kind.name in leaf else None
    setters = [each.name for each in kind.fields.values() if each.sets == leaf]
    return _Told(kind, _THEN, _fields(kind) | {setters[0]: _NAMED}, _NAMED) if setters else None


def _fields(kind: EventKind) -> dict[str, Any]:
    """Return the fields that an event can't do without, and who interviewed."""
    return {
        each.name: _value(each) for each in kind.fields.values() if not each.optional or each.type == "people"
    }


def _value(field: FieldKind) -> Any:
    values: dict[str, Any] = {"bool": True, "text": "it", "number": 1, "people": (THEM,), "date": _NAMED}
    return field.choices[0] if field.type == "choice" else values[field.type]


def _leaves(moment: Moment) -> Iterator[frozenset[str] | str]:
    """Yield the sets of events and the dates that a moment hangs on."""
    match moment.anchor:
        case d.OfEvents(events):
            yield events.members
        case d.OfDate(name):
            yield name
        case d.FirstKnown(options) | d.LatestKnown(options):
            for option in options:
                yield from _leaves(option)


def _probing(rulebook: Rulebook, moved: list[MovedMoment], moments: list[Moment]) -> Rulebook:
    """Return the rulebook with a machine whose transitions are due at the moments."""
    definition = rulebook.definition
    acts = [kind for kind in definition.events.values() if kind.is_act]
    machines = dict(definition.machines)
    for number, (each, moment) in enumerate(zip(moved, moments, strict=True)):
        act = each.act if each.act in definition.events else next(iter(acts)).name
        rule = d.Transition(
            id="due", machine=_name(number), event=act, sources=("here",), due=moment, origin=_HERE
        )
        here = {"here": d.State(name="here", origin=_HERE)}
        machines[_name(number)] = d.MachineKind(
            name=_name(number), scope=each.scope, start="here", states=here, transitions=(rule,), origin=_HERE
        )
    made = evolve(definition, machines=machines)
    return rulebook.answering(rulebook.engine.custom, made)


def _name(number: int) -> str:
    return f"probe {number}"


def _resolved(rulebook: Rulebook, number: int, told: tuple[_Told, ...]) -> datetime | None:
    process = rulebook.start("the employer", "UTC")
    try:
        for each in told:
            process = _recorded(process, each)
    except MisuseError:
        return None
    engine = rulebook.engine
    rule = rulebook.definition.machines[_name(number)].transitions[0]
    kind = rulebook.definition.events[rule.event]
    to = THEM if kind.to_person else None
    application = None if kind.employer_wide else MAIN
    snapshot = process._snapshot  # noqa: SLF001 - no host asks for a moment
    situation = situate(engine, process.calendar, snapshot, kind, application, to, {})
    listener = next(each for each in engine.listeners[kind.name] if each.name == _name(number))
    anchor = listener.transitions[0].due
    found = None if anchor is None else anchor.resolve(situation, listener.key(situation.place))
    return None if found is None else found[0]


def _recorded(process: Process, told: _Told) -> Process:
    known = process.rulebook.definition.events[told.kind.name]
    fields = {name: value for name, value in told.fields.items() if name in known.fields}
    to = THEM if known.to_person else None
    return process.record(known.name, at=told.at, to=to, **fields).process


def _said(told: tuple[_Told, ...], definition: Definition) -> str:
    """Return the story as ``interview on Mon 2 Mar 2026 09:00, promise of Fri 6 Mar 2026``."""
    names = (noun(definition.events[each.kind.name]) for each in told)
    said = []
    for name, each in zip(names, told, strict=True):
        named = "" if each.dated is None else f", naming {say_day(each.dated)}"
        said.append(f"{name} on {say_moment(each.at)}{named}")
    return say_list(said, "and")
