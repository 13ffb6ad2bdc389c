"""A guard as a sentence that a coach would say: one function for each kind of guard.

The sentences stand for themselves, beside "you may follow up with the employer": *Wait 7 days after the
last follow-up in all applications with them.* Guards of one act that mean different things never have the
same sentence: where titles alone would give one, the sentences name events, states and dates by their ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, assert_never

from attrs import evolve

from postinterview.core.guards import excuses_of
from postinterview.core.rules.definitions import (
    Apart,
    AtMost,
    Carries,
    Custom,
    Definition,
    FirstKnown,
    Guard,
    Happened,
    Hours,
    InState,
    LatestKnown,
    Moment,
    NotAfter,
    NotBefore,
    OfDate,
    Origin,
    Scope,
    Spends,
    Transition,
)
from postinterview.core.rules.rule_text import none_of
from postinterview.core.values.formatting import say_list, say_value, say_words, sentence
from postinterview.describing.phrases import Phrases, counted_each, counted_in, duration, times

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class GuardSentences:
    """The sentences of the guards of one rulebook."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._plain, self._exact = Phrases(definition), Phrases(definition, exact=True)
        self._of_act = cache(self._sentences)

    def sentence(self, rule: Transition, guard: Guard) -> str:
        """Return what the guard of a transition asks, as one or two sentences."""
        return self._of_act(rule.event)[self._meaning(rule, guard)]

    def _sentences(self, event: str) -> Mapping[object, str]:
        """Return the sentence of each guard of an act, by its meaning."""
        rules = (rule for machine in self.definition.machines.values() for rule in machine.transitions)
        found = {
            self._meaning(rule, guard): (rule, guard)
            for rule in rules
            if rule.event == event
            for guard in rule.guards
        }
        said = {key: self._say(self._plain, *each) for key, each in found.items()}
        texts = list(said.values())
        return {
            key: text if texts.count(text) == 1 else self._say(self._exact, *found[key])
            for key, text in said.items()
        }

    def _scope(self, rule: Transition, guard: Guard) -> Scope:
        return guard.scope or self.definition.machines[rule.machine].scope

    def _meaning(self, rule: Transition, guard: Guard) -> object:
        """Return the guard without what is only how and where it is written."""
        scope = self._scope(rule, guard) if _is_scoped(guard) else None
        excuses = tuple(excuses_of(guard, self.definition.events[rule.event]).items())
        parts: dict[str, Any] = {"id": "", "origin": _NOWHERE, "scope": scope, "unless": excuses}
        if isinstance(guard, NotBefore | NotAfter):
            parts["moment"] = _unwritten(guard.moment)
        if isinstance(guard, Hours):
            parts["text"] = ""
        return evolve(guard, **parts)

    def _say(self, phrases: Phrases, rule: Transition, guard: Guard) -> str:
        said = guard_sentence(phrases, guard, rule.event, self._scope(rule, guard))
        if guard.in_every_application:
            said += " It must hold in each of the applications with them."
        excuses = [
            f"the {phrases.ids([name])} is {say_list(map(say_value, values))}"
            for name, values in excuses_of(guard, self.definition.events[rule.event]).items()
        ]
        return f"{said} This is not asked if {say_list(excuses)}." if excuses else said


_NOWHERE = Origin("", 0, 0)


def _unwritten(moment: Moment) -> Moment:
    """Return a moment without its text, which may be another for the same moment."""
    anchor = moment.anchor
    if isinstance(anchor, FirstKnown | LatestKnown):
        anchor = type(anchor)(tuple(map(_unwritten, anchor.options)))
    return Moment("", anchor, moment.plus)


def guard_sentence(phrases: Phrases, guard: Guard, event: str, scope: Scope) -> str:
    """Return what a guard asks of an act, whatever ``unless`` and ``in_every`` say beside."""
    match guard:
        case AtMost():
            return _at_most(phrases, guard, event, scope)
        case NotBefore() | NotAfter():
            return _not_before_or_after(phrases, guard, scope)
        case Apart():
            return _apart(phrases, guard, scope)
        case InState():
            return _in_state(phrases, guard)
        case Happened():
            return _happened(phrases, guard, scope)
        case Spends():
            return _spends(phrases, guard)
        case Carries():
            return f"It must say: {phrases.ids(guard.fields, 'and')}."
        case Hours():
            return _hours(phrases, guard)
        case Custom():
            return f'Only if your program agrees ("{say_words(guard.function)}").'
        case _:
            assert_never(guard)


def _at_most(phrases: Phrases, guard: AtMost, event: str, scope: Scope) -> str:
    """Return such as ``A nudge may come at most 3 times in any 14 days.``."""
    if event not in guard.of.members:
        return _fewer(phrases, guard, scope)
    said = "" if guard.of.members == {event} and not phrases.exact else f"{phrases.one(guard.of)} may come "
    said += f"{'at most' if said or guard.limit > 1 else 'only'} {times(guard.limit)}"
    if guard.within is not None:
        said += f" in any {duration(guard.within)}"
    if guard.since is not None:
        said += f" until the next {phrases.nouns(guard.since)}"
    return f"{sentence(said)}{counted_each(scope)}."


def _fewer(phrases: Phrases, guard: AtMost, scope: Scope) -> str:
    """``Only if no follow-up came in this round.``: the act itself doesn't count."""
    if guard.limit == 1:
        said = f"Only if {none_of(phrases.nouns(guard.of))} came"
    else:
        said = f"Only if {phrases.one(guard.of)} came fewer than {guard.limit} times"
    since = "" if guard.since is None else f" since the last {phrases.nouns(guard.since)}"
    within = "" if guard.within is None else f" in the last {duration(guard.within)}"
    return f"{said}{counted_in(scope)}{since}{within}."


def _not_before_or_after(phrases: Phrases, guard: NotBefore | NotAfter, scope: Scope) -> str:
    """Return such as ``Wait until 7 days after the last interview.``."""
    opens, moment = isinstance(guard, NotBefore), guard.moment
    where = counted_in(scope) if _is_scoped(guard) else ""
    if where and isinstance(moment.anchor, FirstKnown | LatestKnown):
        where = f",{where}"
    said = f"{'Wait until' if opens else 'Only until'} {phrases.moment(moment)}{where}."
    then = "the answer is no"
    if guard.if_never_holds:
        then = "there is nothing to wait for" if opens else "there is no limit"
    return f"{said} As long as {phrases.absent(moment)}, {then}."


def _apart(phrases: Phrases, guard: Apart, scope: Scope) -> str:
    """Return such as ``Wait 7 days after the last follow-up in any application with them.``."""
    said = f"Wait {duration(guard.duration)} after the last {phrases.nouns(guard.of)}{counted_in(scope)}."
    return said if guard.if_never_holds else f"{said} As long as there was none, the answer is no."


def _in_state(phrases: Phrases, guard: InState) -> str:
    """Return such as ``Only while the game plan is "Written".``."""
    said = f"{phrases.machine(guard.machine)} is {phrases.states(guard.machine, guard.states)}"
    return f"{'Not' if guard.negated else 'Only'} while {said}."


def _happened(phrases: Phrases, guard: Happened, scope: Scope) -> str:
    """Return such as ``Not after a question, until the next answer to a question.``."""
    said = f"{'Not' if guard.negated else 'Only'} after {phrases.one(guard.of)}{counted_in(scope)}"
    if guard.since is None:
        return f"{said}."
    return f"{said}, {'' if guard.negated else 'and only '}until the next {phrases.nouns(guard.since)}."


def _spends(phrases: Phrases, guard: Spends) -> str:
    """Return such as ``It uses up one reply credit: a message gives one (at most 3 in each round).``."""
    credit = phrases.definition.credits[guard.credit]
    givers = [event.name for event in phrases.definition.events.values() if credit.name in event.gives]
    given = f"{phrases.any_of(givers)} gives one" if givers else "nothing gives one"
    most = f"at most {credit.max}{counted_each(credit.scope)}"
    return f"It uses up one {phrases.ids([credit.name])} credit: {given} ({most})."


def _hours(phrases: Phrases, guard: Hours) -> str:
    """Return such as ``Only from 08:00 to 20:00 on business days, by the employer's clock.``."""
    week = frozenset(range(7))
    if guard.business_days_only and guard.weekdays == week - phrases.definition.calendar.weekend:
        days = " on business days"
    else:
        days = f" on {say_list((_DAYS[day] for day in sorted(guard.weekdays)), 'and')}"
        days = ", Monday to Friday" if guard.weekdays == week - {5, 6} else days
        days = " on every day" if guard.weekdays == week else days
        days += ", if it is a business day" if guard.business_days_only else ""
    return f"Only from {guard.opens:%H:%M} to {guard.closes:%H:%M}{days}, by the employer's clock."


def _is_scoped(guard: Guard) -> bool:
    """Return whether it matters by which key a guard looks: dates always stand in the act's application."""
    if isinstance(guard, NotBefore | NotAfter):
        return not _is_of_dates(guard.moment)
    return isinstance(guard, AtMost | Apart | Happened)


def _is_of_dates(moment: Moment) -> bool:
    anchor = moment.anchor
    if isinstance(anchor, FirstKnown | LatestKnown):
        return all(map(_is_of_dates, anchor.options))
    return isinstance(anchor, OfDate)
