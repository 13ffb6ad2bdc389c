"""Put acts and what blocks them into the words of the agenda: by titles, without ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from attrs import frozen

from postinterview.core.answers.agenda_items import Question
from postinterview.core.answers.asking import when, whether
from postinterview.core.answers.verdict import Reason, Verdict, told_first
from postinterview.core.guards import UNKNOWN
from postinterview.core.judging.certainty import check_behind
from postinterview.core.judging.engine import Engine
from postinterview.core.past.events import Event
from postinterview.core.past.placed import Placed
from postinterview.core.past.places import Key, make_key
from postinterview.core.past.situation import Situation
from postinterview.core.rules.definitions import EventKind
from postinterview.core.rules.rule_text import MANY, title_of, title_with, with_application
from postinterview.core.values.formatting import say_day_soon, say_list, say_soon, say_words, short_name
from postinterview.core.values.moments import in_utc
from postinterview.core.values.names import MAIN
from postinterview.core.values.naming import application_name, person_name

Wanted: TypeAlias = Mapping[str, Sequence[Situation]]
"""The acts that an agenda wants done, by their names, in the order of its lines."""


@frozen
class AgendaText:
    """The texts of one agenda. ``now``: its moment, in the zone that it is shown in."""

    engine: Engine
    employer: str
    now: datetime

    def title(self, kind: EventKind, place: Key) -> str:
        """Return an event's title and the application if there may be several: ``thank ana (backend)``."""
        said = title_of(kind, place.person, place.application, self.employer)
        return said if kind.employer_wide else with_application(said, place.application)

    def about(self, kind: EventKind, to: str | None, applications: Sequence[str]) -> tuple[str, str]:
        """Return the title of an act that may be done about one of several applications, and which these are.

        A title that names the application names them all: then nothing is left to say.
        """
        names = say_list(map(application_name, applications))
        said = title_with(kind, None if to is None else person_name(to), names, self.employer)
        return (said, "") if "{application}" in kind.title else (said, f", about {names}")

    def question(self, question: Question, *, elsewhere: bool) -> str:
        """Return the question about an unknown past. ``elsewhere``: in some applications it is known."""
        kinds = [self.engine.definition.events[name] for name in question.events]
        asked = () if question.anywhere else question.applications
        named = [name for name in asked if name != MAIN]
        names = [application_name(name) for name in named]
        left = len(names) - MANY
        listed = [*names[:MANY], *([f"{left} more"] if left > 0 else [])]
        about = f" about {say_list(listed, 'and' if question.undated else 'or')}" if names else ""
        if question.undated:
            day, asks = question.since, "when"
            by = f" (by {say_day_soon(question.until, self.now)})"
            if day is not None:
                by, asks = f" (on {say_day_soon(day.date(), self.now)})", "at what hour"
            *before, last = kinds
            each = len(names) > 1
            said = [when(kind, self.employer, about, each=each, asks=asks) for kind in before]
            said.append(when(last, self.employer, about, by, each=each, asks=asks))
            return f"say {say_list(said, 'and')}"
        if elsewhere and not about:
            about = " about anything else"
        turn = question.until if question.since is None else question.since
        about += f" {'before' if question.since is None else 'since'} {say_day_soon(turn, self.now)}"
        return f"say {whether(kinds, self.employer, about, named[0] if len(names) == 1 else None)}"

    def blocked(self, acts: Iterable[tuple[EventKind, Key]]) -> str:
        """Return what an unknown past blocks."""
        titles = dict.fromkeys(self.title(kind, place) for kind, place in acts)
        return f"Without the answer nobody knows whether or when to: {say_list(titles, 'and')}."

    def because(self, situation: Situation, verdict: Verdict, wanted: Wanted) -> str:
        """Return why a due act can't be done: what comes first, or what was done and what to await.

        ``wanted``: the acts that the agenda wants done, by name. If one of them helps, it says no other.
        """
        events = self.engine.definition.events
        said = [f"say {each}" for each in told_first(verdict)]
        if said:
            return f"first {say_list(said, 'and')}"
        awaited = [events[name] for name in verdict.opens_after if name in events]
        own = [kind for kind in awaited if kind.is_act]
        place = make_key(verdict.application, None, verdict.to)
        if own:
            help_ = [each for kind in own for each in wanted.get(kind.name, ())]
            help_ = [each for each in help_ if each.place.application in (None, place.application)] or help_
            titles = [self.title(each.kind, each.place) for each in help_]
            titles = titles or [self.title(kind, place) for kind in own]
            return "first " + say_list(dict.fromkeys(titles))
        said = [self._blocks(situation, reason) for reason in verdict.reasons if reason.opens_at is None]
        if awaited:
            signs = {kind.name for kind in events.values() if kind.sign_of_life}
            anything = signs <= {kind.name for kind in awaited}
            theirs = say_list(tuple(kind.title or say_words(kind.name) for kind in awaited))
            said.append(
                f"wait until {short_name(self.employer)} speaks" if anything else f"wait for {theirs}"
            )
        return "; ".join(dict.fromkeys(said))

    def on(self, event: Event) -> str:
        """Return when an event was, such as ``Wed 11 Mar 09:30``."""
        day = event.day
        at = event.at.astimezone(self.now.tzinfo)
        return say_soon(at, self.now) if day is None else say_day_soon(day, self.now)

    def _blocks(self, situation: Situation, reason: Reason) -> str:
        if reason.has == UNKNOWN:
            return "what happened before is not known"
        done = self._counted(situation, reason)
        if not done:
            return reason.text
        latest = done[0]
        kind = self.engine.definition.events[latest.name]
        title = self.title(kind, make_key(latest.application, None, latest.event.to))
        on = self.on(latest.event)
        if title == self.title(situation.kind, situation.place):
            return f"done already on {on}"
        return f"{title} was on {on}"

    def _counted(self, situation: Situation, reason: Reason) -> Sequence[Placed]:
        """Return the events that a reason counted, the latest first; nothing if it doesn't count."""
        check = check_behind(self.engine, situation, reason)
        return () if check is None else check.counted(situation, in_utc(self.now))
