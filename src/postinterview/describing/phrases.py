"""Phrases for the parts of a rule: events, dates, moments, durations, and what is counted together.

A phrase is made of titles, or of an id in words where there is no title. The employer is "they". Two events
may have one title, so an `exact` phrase names everything by its id in backticks, and is then never the
phrase of something else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from types import UnionType

from attrs import frozen

from postinterview.core.rules.definitions import (
    EMPLOYER,
    BusinessDays,
    Definition,
    EventSet,
    FirstKnown,
    LatestKnown,
    Moment,
    OfDate,
    OfEvents,
    Scope,
)
from postinterview.core.rules.rule_text import noun, nouns, state_text, title_of, with_article
from postinterview.core.values.formatting import say_count, say_list, say_words
from postinterview.core.values.moments import ONE_DAY

_UNITS = (("day", ONE_DAY), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


@frozen
class Phrases:
    """The phrases of one rulebook. ``exact``: by ids, which nothing else has."""

    definition: Definition
    exact: bool = False

    # --- events --------------------------------------------------------------------------------

    def act(self, name: str) -> str:
        """Return what you do in an act, such as ``follow up with the employer``."""
        return titled(self.definition, name)

    def event(self, name: str) -> str:
        """Return an event with its article: ``a message``, ``a follow up``."""
        return f"`{name}`" if self.exact else with_article(noun(self.definition.events[name]))

    def nouns(self, events: EventSet) -> str:
        """Return what to call one of these events, without an article."""
        if self.exact:
            return say_list(f"`{name}`" for name in sorted(events.members))
        return nouns(events, self.definition.events)

    def one(self, events: EventSet) -> str:
        """Return one of these events with its article."""
        said = self.nouns(events)
        return said if self.exact else with_article(said)

    def any_of(self, names: Iterable[str]) -> str:
        """Return events with their articles, or the class that is made of just these."""
        members = frozenset(names)
        same = (each for each in self.definition.classes.values() if each.members == members and each.title)
        titled = next(same, None)
        if titled is not None and not self.exact:
            return self.one(titled)
        return say_list(self.event(name) for name in self.definition.events if name in members)

    def ids(self, names: Iterable[str], last: str = "or") -> str:
        """Return names such as those of fields in words: ``looking forward``."""
        return say_list((f"`{name}`" if self.exact else say_words(name) for name in names), last)

    def states(self, machine: str, states: Iterable[str]) -> str:
        """Return states by their titles in quotation marks."""
        kind = self.definition.machines[machine]
        titled = (kind.states[name].title and not self.exact for name in states)
        return say_list(
            state_text(kind, name) if has_title else (f"`{name}`" if self.exact else f'"{say_words(name)}"')
            for name, has_title in zip(states, titled, strict=True)
        )

    def machine(self, name: str) -> str:
        """Return a machine by its title, as a part of a sentence: ``the game plan``."""
        title = self.definition.machines[name].title
        if self.exact:
            return f"the machine `{name}`"
        return title[0].lower() + title[1:] if title else f"the {say_words(name)}"

    # --- moments -------------------------------------------------------------------------------

    def moment(self, moment: Moment) -> str:
        """Return a moment: ``7 days after the last interview or hand in``."""
        plus, anchor = moment.plus, moment.anchor
        if isinstance(anchor, OfDate):
            end = "" if isinstance(plus, BusinessDays) else "the end of "
            said = f"{end}{self.date(anchor.name)}"
        elif isinstance(anchor, OfEvents):
            said = f"the last {self.nouns(anchor.events)}"
        elif isinstance(anchor, LatestKnown):
            parts = (self._part(each, LatestKnown) for each in anchor.options)
            said = f"the latest of these: {'; '.join(parts)}"
        else:
            said = self._part(anchor.options[0], FirstKnown | LatestKnown)
            for before, option in pairwise(anchor.options):
                said += f", or, if {self.absent(before)}, {self._part(option, FirstKnown | LatestKnown)}"
        if plus is not None and isinstance(anchor, FirstKnown):
            said = f"this: {said}"
        return said if plus is None else f"{_after(plus)} {said}"

    def absent(self, moment: Moment) -> str:
        """Return that a moment is not known, as a part of a sentence."""
        match moment.anchor:
            case OfEvents():
                return "there was none"
            case OfDate():
                return "none is named"
            case _:
                return "none of these is known"

    def _part(self, moment: Moment, unclear: type | UnionType) -> str:
        """Return a moment among others; in brackets, if its parts could be taken for those others."""
        said = self.moment(moment)
        return f"({said})" if isinstance(moment.anchor, unclear) else said

    def date(self, name: str) -> str:
        """Return a date that fields set: ``the date for the answer``, ``the day they named with a pause``."""
        setters = [
            (event, field)
            for event in self.definition.events.values()
            for field in event.fields.values()
            if field.sets == name
        ]
        who = {event.by for event, _ in setters}
        said = {"employer": "the day they named", "candidate": "the day you named"}
        day = said[next(iter(who))] if len(who) == 1 and who <= said.keys() else "the day named"
        if self.exact or not setters:
            return f"{day} as `{name}`"
        words = [noun(event) for event, field in setters if not field.optional]
        if len(words) == 1 and words[0].startswith("date "):
            return f"the {words[0]}"
        return f"{day} with {self.any_of(event.name for event, _ in setters)}"


def titled(definition: Definition, name: str) -> str:
    """Return an event's title with words where names would be: ``thank the interviewer``.

    Of an event that the rules don't have, return its name in words.
    """
    kind = definition.events.get(name)
    if kind is None:
        return say_words(name)
    return title_of(kind, "the interviewer", "the application", "the employer")


def duration(of: timedelta) -> str:
    """Return a duration in one unit, unrounded: ``1 day``, ``36 hours`` or ``90 minutes``."""
    for unit, size in _UNITS:
        if not of % size:
            return say_count(of // size, unit)
    return f"{of / timedelta(seconds=1)} seconds"


def _after(plus: timedelta | BusinessDays) -> str:
    if isinstance(plus, timedelta):
        return f"{duration(plus)} after"
    return f"the {ordinal(plus.count)} business day after"


def counted_in(scope: Scope) -> str:
    """Return where events count, if it is not the application, with a space before: `` in this round``."""
    if scope == EMPLOYER:
        return " in any application with them"
    within = " in this round" if scope.round else " in this application" if scope.application else ""
    if not scope.interviewer:
        return within if scope.round else ""
    return f"{within} with this person"


def counted_each(scope: Scope) -> str:
    """Return for what a count begins anew: `` in each round``."""
    if scope == EMPLOYER:
        return ", all applications with them together"
    within = " in each round" if scope.round else " in each application" if scope.application else ""
    return f"{within}{' for each person' if scope.interviewer else ''}"


def times(number: int) -> str:
    """Return how often: ``once``, ``twice`` or ``3 times``."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def ordinal(number: int) -> str:
    """Return a number as a place in order: ``first``, ``second``, ``3rd`` or ``11th``."""
    if number in (1, 2):
        return ("first", "second")[number - 1]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
