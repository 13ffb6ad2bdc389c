"""What short histories are made of: events and acts with their fields, and days to begin on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, islice, product
from typing import TypeAlias

from postinterview.core.past.events import Value
from postinterview.core.rules.definitions import AtMost, Definition, EventKind
from postinterview.core.values.moments import ONE_DAY, LocalCalendar
from postinterview.proof.model.business_days import differing
from postinterview.proof.model.conditions import HasCome
from postinterview.proof.model.joint import OLD
from postinterview.proof.model.machine_states import Variable
from postinterview.proof.model.relation import Condition, Relation
from postinterview.proof.search.difference import Difference
from postinterview.proof.search.path import ELSEWHERE, HERE, STORY_START, THEM, Happening, sample_fields

NAMED_LATER = (0, 4, 40)
"""A date that an event names: so many days after it."""

MOST_FREE_DAYS, FREE_WITHIN = 12, 1100
"""The most free days that are tried, and among how many days after the usual begin of a story."""


def free_days(one: LocalCalendar, other: LocalCalendar) -> tuple[date, ...]:
    """Return days that are free in one of the calendars alone, one for each look of the week around it."""
    if one == other:
        return ()
    near = (STORY_START.date() + number * ONE_DAY for number in range(FREE_WITHIN))
    found = [day for day in near if one.is_business_day(day) != other.is_business_day(day)]
    looks: dict[object, date] = {}
    for day in found or chain(differing(one, other), differing(other, one)):
        week = [day + number * ONE_DAY for number in range(-3, 5)]
        look = day.weekday(), *((one.is_business_day(each), other.is_business_day(each)) for each in week)
        looks.setdefault(look, day)
        if len(looks) == MOST_FREE_DAYS:
            break
    return tuple(looks.values())


def happenings(definition: Definition, elsewhere: Collection[str]) -> Iterator[Happening]:
    """Yield what can happen, with one person, in one application; and ``elsewhere`` in another one, too."""
    for kind in definition.events.values():
        to = THEM if kind.to_person else None
        places = (HERE, ELSEWHERE) if kind.name in elsewhere else (HERE if elsewhere else None,)
        for carried, place in product(_carried(definition, kind), places):
            application = None if kind.employer_wide else place
            yield Happening(kind.name.removesuffix(OLD), STORY_START, application, to, carried)


def heard_elsewhere(questions: Sequence[Difference]) -> Iterator[str]:
    """Yield the events that make a difference in another application.

    They decide whether a guard of every application holds, or move what one of the rulebooks alone counts for
    the employer as a whole.
    """
    for question in questions:
        wide = [each for each in question.apart if not each.scope.application]
        yield from moving(question.relation, wide)
        if any(map(is_of_every, question.refusal.apart)):
            for each in filter(is_of_every, (*failing(question), *question.relation.conditions.values())):
                yield from moving(question.relation, _variables(each))


def waits_elsewhere(questions: Sequence[Difference]) -> set[timedelta]:
    """Return after how long a guard of every application may fail for what happened in another one."""
    conditions = chain.from_iterable(map(failing, questions))
    options = chain.from_iterable(each.asks for each in conditions if is_of_every(each))
    spans = (getattr(atom, "micros", 0) for atom in chain.from_iterable(options))
    return {timedelta(microseconds=each) + ONE_DAY for each in spans if each > 0}


def is_of_every(condition: Condition) -> bool:
    """Return whether the condition is a guard that every application is asked."""
    return condition.guard is not None and condition.guard.in_every_application


def moving(relation: Relation, variables: Collection[Variable]) -> Iterator[str]:
    """Yield the events that move one of the variables."""
    for variable in variables:
        ops = zip(relation.labels[""], relation.ops(variable, ""), strict=True)
        yield from {label.event.removesuffix(OLD) for label, op in ops if op is not None}


Taken: TypeAlias = tuple[str, bool]
"""An event, and whether it is in another application."""


def taken_apart(question: Difference) -> Iterator[Taken]:
    """Yield the events that the condition which fails and the one in its place now take differently."""
    labels = question.relation.labels[""]
    for each in failing(question):
        instead = question.relation.conditions.get(each.key)
        old, new = (set() if one is None else _variables(one) for one in (each, instead))
        for variable in old - new:
            ops = question.relation.ops(variable, "")
            others = (question.relation.ops(it, "") for it in new - old if type(it) is type(variable))
            differing = (
                {
                    (label.event.removesuffix(OLD), label.where == "elsewhere")
                    for label, *two in zip(labels, ops, its, strict=True)
                    if two[0] != two[1]
                }
                for its in others
            )
            yield from min(differing, key=_few_and_elsewhere, default=set[Taken]())


def _few_and_elsewhere(taken: set[Taken]) -> tuple[int, int, list[Taken]]:
    """Return a key that puts the fewest events first, and of as many those in another application."""
    return len(taken), sum(not elsewhere for _, elsewhere in taken), sorted(taken)


def deciding(question: Difference) -> Iterator[str]:
    """Yield the events that decide whether the old rulebook refuses the act in this way."""
    for each in failing(question):
        yield from moving(question.relation, _variables(each))


def failing(question: Difference) -> tuple[Condition, ...]:
    """Return the conditions of the old rulebook of which each has to fail."""
    return (*question.refusal.apart, *dict(question.refusal.failing))


def _variables(condition: Condition) -> set[Variable]:
    return {atom.variable for atom in chain(*condition.asks) if atom.variable is not None}


def counted_from(questions: Sequence[Difference]) -> Iterator[tuple[str, str]]:
    """Yield what business days are counted from: a date, or none, and an event that sets it."""
    for question in questions:
        asked = chain.from_iterable(each.asks for each in question.relation.conditions.values())
        for atom in chain.from_iterable((*asked, *question.goals)):
            if isinstance(atom, HasCome) and atom.instant:
                yield from ((atom.variable.date, event.removesuffix(OLD)) for event in atom.variable.set_by)


def _carried(definition: Definition, kind: EventKind) -> Iterator[tuple[tuple[str, Value], ...]]:
    """Yield fields of an event: with one person, and each date soon, later, and left out if it may be."""
    fixed = sample_fields(definition, kind)
    people = [each.name for each in kind.fields.values() if each.type == "people"]
    fixed |= dict.fromkeys(people[:1], (THEM,))
    dates = [each for each in kind.fields.values() if each.type == "date"]
    days: list[list[date | None]] = []
    for each in dates:
        named = (STORY_START.date() + late * ONE_DAY for late in NAMED_LATER)
        days.append([*([None] if each.optional else []), *named])
    for chosen in islice(product(*days), 16):
        found = fixed | {f.name: day for f, day in zip(dates, chosen, strict=True) if day is not None}
        yield tuple(found.items())


def counted_up_to(questions: Sequence[Difference]) -> Iterator[tuple[str, int]]:
    """Yield the events of windows that no search follows, with the number of them that closes the window."""
    for question in questions:
        for each in question.refusal.apart:
            if isinstance(each.guard, AtMost):
                yield from ((event.removesuffix(OLD), each.guard.limit) for event in each.guard.of.members)


def acts(
    definition: Definition, kind: EventKind, questions: Sequence[Difference], place: str | None
) -> Iterator[Happening]:
    """Yield the act with its fields, without some, and with what excepts it from guards."""
    fields = dict(next(_carried(definition, kind)))
    today = {each.name: STORY_START.date() for each in kind.fields.values() if each.type == "date"}
    fields |= today
    found = [fields]
    for question in questions:
        found += [{n: v for n, v in fields.items() if n not in question.refusal.omits}]
    old = {pair for question in questions for each in question.refusal.apart for pair in each.unless}
    new = {
        pair
        for question in questions
        for each in question.relation.conditions.values()
        for pair in each.unless
    }
    several = Counter(name for name, _ in new)
    excuses = old | {pair for pair in new if several[pair[0]] > 1 or pair[0] in dict(old)}
    for name, values in sorted(excuses, key=str):
        found += [{**fields, name: value} for value in values]
        found += [{n: v for n, v in fields.items() if n != name}]
        other = (
            (each for each in kind.fields[name].choices if each not in values) if name in kind.fields else ()
        )
        found += [{**fields, name: value} for value in islice(other, 1)]
    to = THEM if kind.to_person else None
    place = None if kind.employer_wide else place
    made = (Happening(kind.name, STORY_START, place, to, tuple(each.items())) for each in found)
    yield from dict.fromkeys(made)
