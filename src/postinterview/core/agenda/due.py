"""Decide what is due: the one place that the agenda, the calendar and a store's next due moment ask.

An act is due by the first rule with a due moment among the transitions that leave the present states. Of
several transitions that leave one state on the act, only those count whose guards can still hold if nothing
else happens: so a rule file says in guards when the event that a due moment hangs on is settled.

A due act has a line as long as it may be done, now or later. The line ends when the act was done after the
event that its due moment hangs on, and when the application was over after it.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Literal, NamedTuple, TypeAlias

from attrs import frozen

from postinterview.core.answers.verdict import Verdict
from postinterview.core.guards.anchors import Anchor, Resolved
from postinterview.core.guards.standing_dates import UnknownPastError
from postinterview.core.judging.coming_first import is_pointless
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.opening_times import (
    chance,
    is_at_work,
    opening_of,
    opens_from,
    outlook_of,
)
from postinterview.core.judging.refusal import refusal
from postinterview.core.past.event_index import in_scope
from postinterview.core.past.placed import Placed
from postinterview.core.past.places import Key, make_key
from postinterview.core.past.situation import Situation, Snapshot
from postinterview.core.rules.definitions import (
    EventKind,
    FirstKnown,
    LatestKnown,
    Moment,
    OfDate,
    Transition,
)
from postinterview.core.values.builders import builder

Stands: TypeAlias = Literal["open", "coming", "blocked", "done"]


class Wish(NamedTuple):
    """A rule that wants an act done.

    Attributes:
        rule: the rule.
        anchor: its due moment.
        key: the key of its machine's instance.
        resolved: the moment, resolved; None if what it hangs on never happened, or is not known.
        is_unknown: whether it hangs on what is not known.
    """

    rule: Transition
    anchor: Anchor
    key: Key
    resolved: Resolved | None
    is_unknown: bool = False


_Claim: TypeAlias = tuple[Wish | None, bool, Placed | None]


@frozen(weakref_slot=False)
class Duty:
    """The standing of an act that some rule wants done, in one place.

    Attributes:
        stands: open (allowed now), coming (allowed later), blocked or done.
        subject: what it is about; of several duties with one subject the first one counts.
        wish: the rule that says when it is due; None if no rule does where things stand.
        rule_due: when it is due by that rule, in UTC.
        due: when it is due, in UTC: not before it may be done. None if it is blocked or done, and where
            nobody knows whether it was done.
        done: the latest time that it was done.
        opens: when it is allowed, in UTC; None if it is blocked, or done.
        refused: the verdict, if it is blocked; what is not known of the past is left out of it.
    """

    stands: Stands
    subject: object
    wish: Wish | None
    rule_due: datetime | None
    due: datetime | None = None
    done: Placed | None = None
    opens: datetime | None = None
    refused: Verdict | None = None


_new_duty = builder(Duty)


def duty_of(engine: Engine, situation: Situation, at: datetime, zone: tzinfo | None = UTC) -> Duty | None:
    """Return where the act stands at a moment (UTC); None if there is nothing to say about it.

    ``zone``: the zone of the moments in a refusal.
    """
    duty = claim_of(engine, situation, at, zone)
    return None if duty is None or is_moot(engine, situation, at, duty) else duty


def claim_of(engine: Engine, situation: Situation, at: datetime, zone: tzinfo | None = UTC) -> Duty | None:
    """Return what `duty_of` does, but also a duty that `is_moot`, which takes long to find out."""
    wish, is_wanted, done = _claim(engine, situation, at)
    rule_due = None if wish is None or wish.resolved is None else wish.resolved[0]
    if wish is not None and is_wanted:
        opens = opens_from(engine, situation, at)
        if opens is not None:
            stands: Stands = "open" if opens == at else "coming"
            due = None if is_perhaps_done(situation, wish) else due_moment(engine, situation, wish)
            return _new_duty(stands, (situation.kind.name, wish.key), wish, rule_due, due, None, opens)
    if done is not None:
        if done.breach and not done.doubtful:
            return None
        return _new_duty("done", (situation.kind.name, done.event.number), wish, rule_due, None, done)
    if wish is not None and is_wanted:
        subject, refused = (situation.kind.name, wish.key), refusal(engine, situation, at, zone)
        return _new_duty("blocked", subject, wish, rule_due, None, None, None, refused)
    return None


def _claim(engine: Engine, situation: Situation, at: datetime) -> _Claim:
    """Return which rule wants the act, whether it still does, and the latest time that it was done.

    It is the same at each moment, and so kept with the act, unless time decides which rule counts.
    """
    known: _Claim | None = situation.answers.get(_claim)
    if known is not None:
        return known
    wish, is_lasting = _find_wish(engine, situation, at)
    is_known = wish is not None and wish.resolved is not None and not nothing_left(engine, situation)
    is_wanted = is_known and wish is not None and not has_ended(engine, situation, wish)
    claim = wish, is_wanted, _latest_done(engine, situation, situation.place)
    if is_lasting:
        situation.answers[_claim] = claim
    return claim


# --- which rule, and whether it still counts ------------------------------------------------------


def wish_of(engine: Engine, situation: Situation, at: datetime) -> Wish | None:
    """Return the first rule that knows when the act is due.

    If none knows, the first whose due moment hangs on what is not known, or else the first with a due moment.
    """
    return _find_wish(engine, situation, at)[0]


def _find_wish(engine: Engine, situation: Situation, at: datetime) -> tuple[Wish | None, bool]:
    """Return what `wish_of` does, and whether it is the same at each moment.

    Where one of several rules that leave a state can be taken from ``at`` on, only those that can be count.
    """
    outlook = outlook_of(engine, situation)
    first: Wish | None = None
    is_lasting = True
    for listener, rules in outlook.standing.wishing:
        key, leaving = listener.key(situation.place), rules
        if len(rules) > 1:
            is_lasting = False
            leaving = [each for each in rules if outlook.stretch(each, at) is not None] or rules
        for each in leaving:
            anchor = each.due
            if anchor is None:
                continue
            try:
                resolved, is_unknown = anchor.resolve(situation, key), False
            except UnknownPastError:
                resolved, is_unknown = None, True
            if resolved is not None and (
                not situation.others or anchor.undated_event(situation, key, resolved) is None
            ):
                return Wish(each.rule, anchor, key, resolved), is_lasting
            if first is None or (is_unknown and not first.is_unknown):
                first = Wish(each.rule, anchor, key, None, is_unknown)
    return first, is_lasting


def has_ended(engine: Engine, situation: Situation, wish: Wish) -> bool:
    """Return whether the act was done, or the application over, after the event that its due hangs on."""
    done = _latest_done(engine, situation, wish.key)
    application = situation.place.application
    over = None if application is None else _over_since(engine, situation.snapshot, application)
    if done is None and over is None:
        return False
    event = wish.anchor.event(situation, wish.key)
    return event is not None and any(
        later is not None and later.position > event.position for later in (done, over)
    )


def nothing_left(engine: Engine, situation: Situation) -> bool:
    """Return whether nothing is left to prepare for: true of acts that reach nobody, once all is over."""
    if situation.kind.contact != "none":
        return False
    snapshot = situation.snapshot
    application = situation.place.application
    asked = (application,) if application is not None else snapshot.applications
    return bool(asked) and all(is_over(engine, snapshot, name) for name in asked)


def is_perhaps_done(situation: Situation, wish: Wish) -> bool:
    """Return whether nobody knows if the act was done since what it is due after."""
    if not situation.snapshot.unknowns or wish.resolved is None:
        return False
    until = situation.unknown_until(frozenset({situation.kind.name}), wish.key)
    return until is not None and wish.resolved[2] < until


def is_moot(engine: Engine, situation: Situation, at: datetime, duty: Duty) -> bool:
    """Return whether a duty is blocked, and waiting is pointless."""
    return duty.refused is not None and is_pointless(engine, situation, at, duty.refused)


def is_over(engine: Engine, snapshot: Snapshot, application: str) -> bool:
    """Return whether a machine of the application is in a state in which all is over."""
    key = make_key(application)
    return any(
        snapshot.states.get((name, key), start) in over for name, (start, over) in engine.endings.items()
    )


def _over_since(engine: Engine, snapshot: Snapshot, application: str) -> Placed | None:
    """Return the latest event that leads into the state in which the application is over."""
    key = make_key(application)
    for name, (_, endings) in engine.endings.items():
        events = endings.get(snapshot.states.get((name, key), ""))
        if events is not None:
            return next((p for p in in_scope(snapshot.past, None, key) if p.name in events), None)
    return None


def _latest_done(engine: Engine, situation: Situation, key: Key) -> Placed | None:
    """Return the latest time that the act was done in scope."""
    stream = engine.timed.get(situation.kind.name)
    if stream is None or situation.snapshot.streams[stream] is None:
        return None
    return situation.latest(stream, key)


# --- when ---------------------------------------------------------------------------------------------


def due_moment(engine: Engine, situation: Situation, wish: Wish) -> datetime | None:
    """Return when the act is due (UTC): not before it may be done, and where suggested, at work.

    It is the same whenever it is asked for, so it is kept with the act, but for what a custom guard says.
    """
    asked = "due", wish.anchor
    if asked in situation.answers:
        known: datetime | None = situation.answers[asked]
        return known
    found = None if wish.resolved is None else _find_due(engine, situation, wish, wish.resolved[0])
    if situation.kind.name not in engine.asks_custom:
        situation.answers[asked] = found
    return found


def _find_due(engine: Engine, situation: Situation, wish: Wish, rule_due: datetime) -> datetime | None:
    found = opening_of(engine, situation, rule_due)
    if is_suggested(situation, wish) and (found is None or not is_at_work(situation, found)):
        event = wish.anchor.event(situation, wish.key)
        # Counted from the event that it hangs on, it stays where it is whatever else happens.
        since = rule_due if event is None else min(rule_due, event.at)
        return chance(engine, situation, rule_due, since, at_work=True)
    return found or rule_due


def is_suggested(situation: Situation, wish: Wish) -> bool:
    """Return whether the due moment is a suggestion: nobody owes a nudge, but by a date that was named."""
    if not is_nudge(situation.kind) or wish.resolved is None:
        return False
    at, name, _, day = wish.resolved
    bare = day is not None and name in _bare_dates(wish.anchor.moment)
    return not (bare and day is not None and at == situation.calendar.end_of(day))


def is_nudge(kind: EventKind) -> bool:
    """Return whether the act asks the employer for something unasked."""
    return kind.contact in ("chase", "attempt")


def _bare_dates(moment: Moment) -> frozenset[str]:
    """Return the dates of which the moment may be the end, with nothing added."""
    if moment.plus is not None:
        return frozenset()
    match moment.anchor:
        case OfDate(name):
            return frozenset({name})
        case FirstKnown(options) | LatestKnown(options):
            return frozenset().union(*map(_bare_dates, options))
        case _:
            return frozenset()
