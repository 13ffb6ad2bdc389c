"""Decide whether an act may be done, and if not: why, and when. Nothing else decides it.

An act is allowed when every machine that listens to it has a transition from its present state
whose guards all hold.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import UTC, datetime, tzinfo
from functools import cached_property, partial

from attrs import define, evolve

from postinterview.core.answers.asking import when, whether
from postinterview.core.answers.verdict import (
    Reason,
    Verdict,
    new_refusal,
    retold,
    with_answer,
)
from postinterview.core.judging.certainty import could_undo, holds, is_alike, refuse
from postinterview.core.judging.deciding import deciding
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.listeners import Listener
from postinterview.core.judging.machine import RuleTransition
from postinterview.core.judging.opening_times import opens_from
from postinterview.core.judging.permission import permission
from postinterview.core.judging.refusal import refusal
from postinterview.core.judging.undoing import key_of
from postinterview.core.past.places import Key
from postinterview.core.past.situation import Situation
from postinterview.core.values.formatting import say_list
from postinterview.core.values.lazy import settled

Choice = tuple[Listener, Key, str, RuleTransition]
"""A listening machine, its instance's key and present state, and the transition it takes."""


def choose(engine: Engine, situation: Situation, at: datetime) -> list[Choice] | None:
    """Return the transition that each listening machine takes, or None where one of them has none.

    A person who never interviewed in the application can't be written to, and nothing can be done in an
    application that nothing recorded has started.
    """
    if situation.unknown_person or situation.unstarted:
        return None
    choices = []
    for listener in engine.listeners[situation.kind.name]:
        key, state, candidates = listener.current(situation)
        for transition in candidates:
            if not transition.checks or transition.holds(situation, at):
                choices.append((listener, key, state, transition))
                break
        else:
            return None
    return choices


def refusing(engine: Engine, situation: Situation, at: datetime) -> Situation | None:
    """Return the act in the first past in which it is refused; None if it is allowed in all of them."""
    if choose(engine, situation, at) is None:
        return situation
    return next((each for each in situation.others if choose(engine, each, at) is None), None)


def verdict_of(engine: Engine, situation: Situation, at: datetime, zone: tzinfo | None) -> Verdict:
    """Return the verdict at ``at`` (UTC), its moments in ``zone``."""
    return decide(engine, situation, at, zone)[0]


def decide(
    engine: Engine, situation: Situation, at: datetime, zone: tzinfo | None
) -> tuple[Verdict, list[Choice] | None]:
    """Return the verdict, and the transitions taken if the act is allowed by the past as it is recorded.

    Where the past may have been another one, the act is allowed only if it is allowed in each of them. If it
    is refused in some, nobody knows whether the reasons hold.
    """
    choices = choose(engine, situation, at)
    others = situation.others
    pasts: Sequence[Situation] = (
        [other for other in others if choose(engine, other, at) is None] if others else ()
    )
    if choices is not None and not pasts:
        return permission(engine, situation, at, zone), choices
    refused_in = situation if choices is None else pasts[0]
    verdict = refusal(engine, refused_in, at, zone)
    if others:
        is_everywhere = choices is None and len(pasts) == len(others)
        words: _Answered = _AnsweredInPasts(
            engine, refused_in, at, zone, verdict, situation, pasts, is_everywhere
        )
    elif situation.snapshot.unknowns:
        words = _Answered(engine, refused_in, at, zone, verdict)
    else:
        return verdict, None
    verdict = new_refusal(verdict.event, verdict.at, verdict.application, verdict.to, False, later=words)
    return settled(verdict) if verdict.event in engine.asks_custom else verdict, choices


@define(eq=False, slots=False)
class _Answered:
    """The words of a `Verdict` on a refusal that an answer about the past may open.

    A fold refuses many acts in many pasts, and asks none of them for the words.

    Attributes:
        situation: the act in the past that refuses it.
        refused: the refusal, without an answer.
    """

    engine: Engine
    situation: Situation
    at: datetime
    zone: tzinfo | None
    refused: Verdict

    @cached_property
    def answered(self) -> Verdict:
        """The refusal with the answer: its words are those to show."""
        return _answered(self.engine, self.situation, self.refused)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.refused.reasons

    @property
    def opens_at(self) -> datetime | None:
        return self.refused.opens_at

    @property
    def title(self) -> str:
        return self.refused.title

    @property
    def opens_after(self) -> tuple[str, ...]:
        return self.answered.opens_after

    @property
    def opens_after_titles(self) -> tuple[str, ...]:
        return self.answered.opens_after_titles

    @property
    def advice(self) -> str:
        return self.answered.advice


@define(eq=False, slots=False)
class _AnsweredInPasts(_Answered):
    """The same if there are several pasts.

    Attributes:
        recorded: the act in the past as it is recorded, with the others.
        refusing: the act in the others that refuse it.
        is_everywhere: whether each past refuses it.
    """

    recorded: Situation
    refusing: Sequence[Situation]
    is_everywhere: bool

    @cached_property
    def is_certain(self) -> bool:
        """Return whether the act is refused whichever the past was, and whatever is unknown of it."""
        if not self.is_everywhere:
            return False
        told = [(past, refusal(self.engine, past, self.at, self.zone)) for past in self.refusing]
        if not all(refuse(each.reasons, partial(holds, self.engine, past)) for past, each in told):
            return False
        here = self.recorded, self.refused.reasons
        return is_alike([here, *((past, verdict.reasons) for past, verdict in told)])

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return tuple(retold(each, is_in_doubt=not self.is_certain) for each in self.refused.reasons)

    @cached_property
    def opens(self) -> datetime | None:
        """The first moment (UTC) at which the act is allowed in each past."""
        return opens_from(self.engine, self.recorded, self.at)

    @property
    def opens_at(self) -> datetime | None:
        return None if self.opens is None else self.opens.astimezone(self.zone)

    @cached_property
    def answered(self) -> Verdict:
        engine, recorded, verdict, opens = self.engine, self.recorded, self.refused, self.opens
        if opens is None and (verdict.opens_at is not None or not self.is_certain):
            verdict = _opened_by_event(engine, recorded, verdict, self.zone)
        verdict = evolve(verdict, opens_at=self.opens_at)
        pasts = (recorded, *self.refusing)
        if not self.is_certain or any(_opens_before(engine, past, self.at, opens) for past in pasts):
            verdict = with_answer(verdict, "dated", _undated(engine, recorded, self.at))
        return _answered(engine, self.situation, verdict)


def _opens_before(engine: Engine, past: Situation, at: datetime, opens: datetime | None) -> bool:
    """Return whether the act opens earlier in one past than in all of them."""
    alone = opens_from(engine, evolve(past, others=()), at)
    return alone is not None and (opens is None or alone < opens)


def _opened_by_event(engine: Engine, situation: Situation, verdict: Verdict, zone: tzinfo | None) -> Verdict:
    """Return a refusal that time ends in one past, with the events that must come first in another.

    Such as after an interview without a date: if it was long ago, it is too late to follow up on it.
    """
    at = verdict.at.astimezone(UTC)
    for past in (situation, *situation.others):
        if choose(engine, past, at) is None:
            stuck = refusal(engine, past, at, zone)
            if stuck.opens_at is None:
                return evolve(
                    verdict,
                    opens_after=stuck.opens_after,
                    opens_after_titles=stuck.opens_after_titles,
                    advice=stuck.advice,
                )
    return verdict


def _undated(engine: Engine, situation: Situation, at: datetime) -> str:
    """Return what to say of the undated events before the act, as far as it hangs on them when it opens."""
    near = (None, situation.place.application)
    pasts = [evolve(past, others=()) for past in (situation, *situation.others)]
    views: list[Hashable] = [opens_from(engine, past, at) for past in pasts]
    if len(set(views)) == 1:  # it opens in none, by other reasons in each
        views = [frozenset(map(key_of, refusal(engine, past, at, None).reasons)) for past in pasts]
    events = deciding([past.snapshot for past in pasts], views)
    here = [each for each in events if each.application in near or situation.place.application is None]
    kinds = {each.name: engine.definition.events[each.name] for each in here or events}
    return say_list([when(kind, situation.employer) for kind in kinds.values()], "and")


def _answered(engine: Engine, situation: Situation, verdict: Verdict) -> Verdict:
    """Return a refusal with what to say of an unknown past, if that may open it or open it earlier."""
    undoing = could_undo(engine, situation, verdict.reasons)
    if not undoing:
        return verdict
    events = engine.definition.events
    kinds = [kind for name, kind in events.items() if name in undoing]
    sides = [[kind for kind in kinds if kind.is_act is is_act] for is_act in (False, True)]
    said = [whether(side, situation.employer) for side in sides if side]
    return with_answer(verdict, "known", say_list(said, "and"))
