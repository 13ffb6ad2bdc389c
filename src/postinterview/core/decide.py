"""Decide whether an act may be done, and if not: why, and when. Nothing else decides it.

An act is allowed when every machine that listens to it has a transition from its present state
whose guards all hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

from postinterview.core.engine import Engine, Listener
from postinterview.core.events import Key
from postinterview.core.machine import RuleTransition
from postinterview.core.moments import FOREVER
from postinterview.core.opening_times import Prospect, closing, instances_of, opening
from postinterview.core.refusal import refusal
from postinterview.core.rule_text import title_of
from postinterview.core.situation import Situation
from postinterview.core.verdict import Verdict, new_verdict

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
            if transition.holds(situation, at):
                choices.append((listener, key, state, transition))
                break
        else:
            return None
    return choices


def opens_from(engine: Engine, situation: Situation, at: datetime) -> datetime | None:
    """Return the first moment from ``at`` on at which the act is allowed, if nothing else happens."""
    return None if situation.is_out_of_place else opening(instances_of(engine, situation), situation, at)


def verdict_of(engine: Engine, situation: Situation, at: datetime, zone: tzinfo | None) -> Verdict:
    """Return the verdict at ``at`` (UTC), its moments in ``zone``."""
    return decide(engine, situation, at, zone)[0]


def decide(
    engine: Engine, situation: Situation, at: datetime, zone: tzinfo | None
) -> tuple[Verdict, list[Choice] | None]:
    """Return the verdict, and the transitions taken if the act is allowed."""
    choices = choose(engine, situation, at)
    if choices is None:
        return refusal(engine, situation, at, zone), None
    return permission(engine, situation, at, zone), choices


def permission(engine: Engine, situation: Situation, at: datetime, zone: tzinfo | None) -> Verdict:
    """Return the verdict on an act that is allowed at ``at``."""
    return _permission(situation, at, zone, closing(engine, situation, at))


def _permission(situation: Situation, at: datetime, zone: tzinfo | None, closes: datetime) -> Verdict:
    application, _, to = situation.place
    kind = situation.kind
    shown = at if zone is at.tzinfo else at.astimezone(zone)
    closes_at = None if closes == FOREVER else closes.astimezone(zone)
    if not situation.title:
        situation.title = title_of(kind, to, application, situation.employer)
    return new_verdict(kind.name, shown, application, to, True, (), shown, closes_at, (), situation.title)


def allowed_of(
    engine: Engine, prospects: Iterable[Prospect], at: datetime, zone: tzinfo | None
) -> Iterator[Verdict]:
    """Yield the verdicts on the acts that are allowed at ``at``."""
    for situation, opens, closes in prospects:
        if at >= closes:  # there may be a later stretch
            if choose(engine, situation, at) is not None:
                yield permission(engine, situation, at, zone)
        elif at >= opens:
            yield _permission(situation, at, zone, closes)
