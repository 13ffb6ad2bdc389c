"""Promises: what no rulebook may allow, in a vocabulary of their own.

A promise reads only what events say of themselves: who does them, which contact an act is, which facts are
signs of life, open rounds, give credits, or carry a date. It has numbers of its own, and knows nothing of the
rulebook's guards, states, credits or named dates. `broken_by` says what a promise means; a test oracle says
it a second time, over bare histories.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal, TypeAlias, assert_never

from attrs import frozen

from postinterview.core.rules.definitions import (
    APPLICATION,
    EMPLOYER,
    Definition,
    EventKind,
    Origin,
    Scope,
    Source,
)
from postinterview.core.values.formatting import say_duration, say_list, shorten
from postinterview.core.values.moments import MICROSECOND
from postinterview.proof.model.conditions import AtLeast, Atom, HasCome, IsKnown
from postinterview.proof.model.credits import CreditBucket
from postinterview.proof.model.labels import scope_of
from postinterview.proof.model.tally import Tallied, Tally
from postinterview.proof.model.variables import (
    EventCount,
    TimeAnchor,
    latest_of,
    openers,
    setters,
)

Names: TypeAlias = tuple[str, ...]
"""Events and built-in classes. A name that a rulebook lacks stands for no event there."""

BUILT_IN = ("chase", "courtesy", "attempt", "reply", "contact", "sign_of_life")


@frozen
class MoreThan:
    """More than ``number`` such acts (``each``: of the same event) since the last of ``since``.

    ``within``: only those less than so long ago count. Never given together with ``since``. ``count``:
    whether acts that the rules refused count, too; see `tally`. ``to`` of the clause says which acts count.
    """

    number: int
    since: Names = ()
    per: Scope = EMPLOYER
    each: bool = False
    within: timedelta | None = None
    count: Literal["all", "allowed"] = "all"

    def __str__(self) -> str:
        allowed = " allowed" if self.count == "allowed" else ""
        each = " of the same event" if self.each else ""
        since = f" since {say_list(self.since)}" if self.since else ""
        within = "" if self.within is None else f" in {say_duration(self.within)}"
        return f"more than {self.number}{allowed}{each}{since}{within}, counted per {self.per}"


@frozen
class Before:
    """Before the end of a date that an employer's event named, until one of ``ended_by``."""

    date: str
    ended_by: Names = ()

    def __str__(self) -> str:
        ended = f", unless {say_list(self.ended_by)} came since" if self.ended_by else ""
        return f"before the end of the day in `{self.date}`{ended}"


@frozen
class Within:
    """Less than ``duration`` after one of ``of``."""

    duration: timedelta
    of: Names
    per: Scope = EMPLOYER

    def __str__(self) -> str:
        return f"within {say_duration(self.duration)} of {say_list(self.of)}, per {self.per}"


@frozen
class LaterThan:
    """At ``duration`` or more after the latest of ``of``, if one happened."""

    duration: timedelta
    of: Names
    per: Scope = EMPLOYER

    def __str__(self) -> str:
        return f"{say_duration(self.duration)} or more after {say_list(self.of)}, per {self.per}"


@frozen
class After:
    """After one of ``of``, until one of ``until`` (an event of both begins it)."""

    of: Names
    until: Names = ()
    per: Scope = EMPLOYER

    def __str__(self) -> str:
        until = f", until {say_list(self.until)}" if self.until else ""
        return f"after {say_list(self.of)}{until}, per {self.per}"


@frozen
class Without:
    """Without a credit. An employer's event that gives one adds it, up to ``most``.

    Each such act takes one, and ``emptied_by`` take all.
    """

    most: int
    emptied_by: Names = ()
    per: Scope = APPLICATION

    def __str__(self) -> str:
        emptied = f"; {say_list(self.emptied_by)} takes them all" if self.emptied_by else ""
        return f"without a credit, of which there are {self.most} at most per {self.per}{emptied}"


When: TypeAlias = MoreThan | Before | Within | LaterThan | After | Without


@frozen(repr=False)
class Clause:
    """Never an act of ``never``, but not of ``but``, in the case of ``when``.

    ``to``: only acts to one interviewer, or only acts to nobody. As text, it is a sentence such as ``never
    chase: more than 1 since sign_of_life, counted per employer``.
    """

    never: Names
    when: When
    but: Names = ()
    to: Literal["interviewer", "nobody", ""] = ""

    def __str__(self) -> str:
        but = f" but {say_list(self.but)}" if self.but else ""
        to = {"interviewer": " to one person", "nobody": " to nobody in particular", "": ""}[self.to]
        return f"never {say_list(self.never)}{but}{to}: {self.when}"

    def __repr__(self) -> str:
        return shorten(f"<Clause {self}>")


@frozen(kw_only=True, repr=False)
class Promise:
    """A promise: it is broken when an allowed act breaks one of its clauses."""

    id: str
    clauses: tuple[Clause, ...]
    title: str = ""
    why: str = ""
    origin: Origin

    def __repr__(self) -> str:
        return shorten(f"<Promise {self.id} ({self.origin})>")


@frozen(repr=False)
class Promises:
    """Promises, and the files they were read from."""

    promises: tuple[Promise, ...]
    sources: tuple[Source, ...] = ()

    def __repr__(self) -> str:
        return shorten(f"<Promises: {', '.join(each.id for each in self.promises)}>")


def events_of(definition: Definition, names: Iterable[str]) -> frozenset[str]:
    """Return the events that the names stand for. A class goes before an event of the same name."""
    classes, events = definition.classes, definition.events
    return frozenset().union(
        *(classes[name].members if name in BUILT_IN else {name} & events.keys() for name in names)
    )


def _subject(definition: Definition, clause: Clause) -> frozenset[str]:
    """Return the events that the clause names, whoever does them."""
    return events_of(definition, clause.never) - events_of(definition, clause.but)


def _such(definition: Definition, clause: Clause, subject: frozenset[str]) -> frozenset[str]:
    """Return those of the events that are addressed as the clause says."""
    events = definition.events
    wanted = (name for name in subject if events[name].to_person is (clause.to == "interviewer"))
    return frozenset(wanted) if clause.to else subject


def judges(definition: Definition, clause: Clause, act: EventKind) -> bool:
    """Return whether the clause forbids the act in some case."""
    if clause.to and (clause.to == "interviewer") is not act.to_person:
        return False
    return act.is_act and act.name in _subject(definition, clause)


def broken_by(definition: Definition, clause: Clause, act: EventKind) -> tuple[Atom, ...]:
    """Return the condition under which the act, done now, breaks the clause."""
    when, subject = clause.when, _subject(definition, clause)
    match when:
        case MoreThan():
            of = frozenset({act.name}) if when.each else _such(definition, clause, subject)
            since, scope = events_of(definition, when.since), scope_of(act, when.per)
            if when.within is None and when.count == "all":
                return (AtLeast(EventCount(of, since, scope), when.number),)
            within = None if when.within is None else when.within // MICROSECOND
            tally = Tally(of, since, scope, within, when.count == "allowed", heard=scope)
            return (Tallied(tally, when.number),)
        case Before():
            employers = [kind for kind in definition.events.values() if kind.by == "employer"]
            sets, ended_by = setters(employers, when.date), events_of(definition, when.ended_by)
            scope = scope_of(act, APPLICATION)
            anchor = TimeAnchor(when.date, sets, ended_by, openers(employers), scope)
            return (IsKnown(anchor), HasCome(anchor, negated=True))
        case Within():
            anchor = latest_of(events_of(definition, when.of), scope_of(act, when.per))
            return (IsKnown(anchor), HasCome(anchor, 0, when.duration // MICROSECOND, negated=True))
        case LaterThan():
            anchor = latest_of(events_of(definition, when.of), scope_of(act, when.per))
            return (IsKnown(anchor), HasCome(anchor, 0, when.duration // MICROSECOND))
        case After():
            of = events_of(definition, when.of)
            until = events_of(definition, when.until) - of
            return (AtLeast(EventCount(of, until, scope_of(act, when.per)), 1),)
        case Without():
            kinds = definition.events.values()
            gives = frozenset(kind.name for kind in kinds if kind.by == "employer" and kind.gives)
            emptied_by, scope = events_of(definition, when.emptied_by), scope_of(act, when.per)
            bucket = CreditBucket("", gives, subject, frozenset(), emptied_by, when.most, scope)
            return (AtLeast(bucket, 1, negated=True),)
        case _:
            assert_never(when)
