"""Decide whether a refused act is a breach for certain, and what an answer about the unknown past could undo.

A reason holds for certain if nothing that may have happened could undo it: a second follow-up of one round is
against the rules, unless an interview in between is unknown, which would have opened another round.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property

from attrs import define

from postinterview.core.answers.verdict import UNKNOWN, Reason, Verdict
from postinterview.core.guards import Check
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.undoing import ReasonKey, key_of
from postinterview.core.past.placed import Placed
from postinterview.core.past.situation import Situation
from postinterview.core.rules.definitions import Custom
from postinterview.core.values.stacks import downwards


@define(eq=False)
class Refused:
    """An act that was refused and happened all the same, as it is in one past.

    Attributes:
        is_outside: whether the rules do not judge it there.
        others: the same act in the other pasts; None where it is allowed.
        find_firm: finds the reasons that hold for certain in all pasts; None: each past must be asked.
    """

    engine: Engine
    situation: Situation
    verdict: Verdict
    is_outside: bool
    others: Sequence[Refused | None] = ()
    find_firm: Callable[[], Collection[Reason]] | None = None

    @cached_property
    def is_doubtful(self) -> bool:
        """Return whether one past judges it otherwise than another, or it may be no breach.

        Each past is asked for itself at the end, since most are in doubt before.
        """
        others = [each for each in self.others if each is not None and each.is_outside is self.is_outside]
        if len(others) < len(self.others):
            return True
        if not self.is_outside and not self._is_refused():
            return True
        told = ((each.situation, each.verdict.reasons) for each in (self, *others))
        if self.find_firm is None and others and not is_alike([*told]):
            return True
        return any(each.is_doubtful for each in others)

    @cached_property
    def firm(self) -> frozenset[ReasonKey] | None:
        """The keys of the reasons that hold in all pasts, if each need not be asked."""
        return None if self.find_firm is None else frozenset(map(key_of, self.find_firm()))

    def _is_refused(self) -> bool:
        """Return whether the act is refused whatever happened that is unknown, in this past."""
        if self.find_firm is None and is_all_known(self.engine, self.situation):
            return True  # the usual case: no reason has to be worked out for it
        return refuse(self.verdict.reasons, self._holds)

    def _holds(self, reason: Reason) -> bool:
        if self.firm is not None:
            return key_of(reason) in self.firm
        return holds(self.engine, self.situation, reason)

    @cached_property
    def certain(self) -> tuple[Reason, ...]:
        """The reasons that refuse it whatever the unknown past was; none if that may be no breach.

        Where the rules do not judge it, that must be so in all pasts.
        """
        if self.is_doubtful:
            return ()
        reasons = tuple(filter(self._is_certain, self.verdict.reasons))
        is_known = not self.is_outside or any(each.id == "state" for each in reasons)
        return reasons if is_known else ()

    def _is_certain(self, reason: Reason) -> bool:
        return self._holds(reason) and all(key_of(reason) in each for each in self._told)

    @cached_property
    def _told(self) -> list[frozenset[ReasonKey]]:
        """The keys of what refuses it in the other pasts, if these need not speak for themselves."""
        if self.find_firm is not None or not _have_days(self.situation):
            return []
        return [frozenset(map(key_of, each.verdict.reasons)) for each in self.others if each is not None]


def is_all_known(engine: Engine, situation: Situation) -> bool:
    """Return whether nothing of the past is left open: no event, no moment and nobody who was met."""
    snapshot = situation.snapshot
    if snapshot.unknowns or situation.others:
        return False
    return not any(leaves_people_open(engine, placed) for placed in snapshot.along(engine.openers))


def refuse(reasons: Iterable[Reason], is_firm: Callable[[Reason], bool]) -> bool:
    """Return whether the firm ones of some reasons refuse the act: on each transition of some machine.

    A transition whose reasons all come from the unknown may have been free.
    """
    machines: dict[str, dict[str, list[Reason]]] = {}
    for reason in reasons:
        machines.setdefault(reason.machine, {}).setdefault(reason.transition, []).append(reason)
    return any(all(any(map(is_firm, found)) for found in ways.values()) for ways in machines.values())


def enough(reasons: Iterable[Reason], firm: Collection[Reason]) -> tuple[Reason, ...]:
    """Return the firm ones of some reasons that refuse the act: on each transition of their machine.

    Empty: there are none; each machine may have been free.
    """
    machines: dict[str, list[Reason]] = {}
    for reason in reasons:
        machines.setdefault(reason.machine, []).append(reason)
    refusing = [found for found in machines.values() if refuse(found, lambda reason: reason in firm)]
    return tuple(reason for found in refusing for reason in found if reason in firm)


def is_alike(told: Sequence[tuple[Situation, Collection[Reason]]]) -> bool:
    """Return whether an act that is refused in each past is refused at each moment between them, too.

    ``told``: the act in each past and what refuses it, the recorded past first. Events without a date are
    tried in each order, at the ends of each gap; those of a day at its ends, all early or all late. A guard
    that refuses at both ends refuses between them; of two that refuse at one end each that is open. If a day
    is open, one guard must refuse in all orders: events may then lie anywhere between the tried moments.
    """
    have_days, orders = _have_days(told[0][0]), dict[tuple[int, ...], list[Collection[Reason]]]()
    for situation, reasons in told:
        order = () if have_days else situation.snapshot.order
        orders.setdefault(order, []).append(reasons)
    return all(_share(found) for found in orders.values())


def _share(found: Sequence[Collection[Reason]]) -> bool:
    """Return whether the reasons that are in all of these refuse an act."""
    keys = [frozenset(map(key_of, each)) for each in found[1:]]
    return refuse(found[0], lambda reason: all(key_of(reason) in each for each in keys))


def _have_days(situation: Situation) -> bool:
    """Return whether some past has an event of which only the day is known."""
    pasts = (past.snapshot.past for past in (situation, *situation.others))
    return any(placed.event.since is not None for past in pasts for placed in downwards(past))


def could_undo(engine: Engine, situation: Situation, reasons: Iterable[Reason]) -> frozenset[str] | None:
    """Return the unknown events that could undo a refusal, at once or in time; None: it stands in any case.

    Every machine must be free on one of its transitions. A reason that time ends stands in no way.
    """
    machines: dict[str, dict[str, list[Reason]]] = {}
    for reason in reasons:
        machines.setdefault(reason.machine, {}).setdefault(reason.transition, []).append(reason)
    found: set[str] = set()
    for transitions in machines.values():
        ways = [_undoing_all(engine, situation, each) for each in transitions.values()]
        if all(way is None for way in ways):
            return None
        found.update(*(way for way in ways if way is not None))
    return frozenset(found)


def _undoing_all(engine: Engine, situation: Situation, reasons: Iterable[Reason]) -> set[str] | None:
    """Return the unknown events that could undo the reasons; None: one of them stands in any case."""
    found: set[str] = set()
    for reason in reasons:
        undoing = _undoing(engine, situation, reason)
        if not undoing and reason.opens_at is None and reason.has != UNKNOWN:
            return None
        found |= undoing
    return found


def holds(engine: Engine, situation: Situation, reason: Reason) -> bool:
    """Return whether nothing that may have happened could undo the reason."""
    return not _undone_by(engine, situation, reason) and reason.has != UNKNOWN  # to find words takes longest


def _undoing(engine: Engine, situation: Situation, reason: Reason) -> set[str]:
    """Return the events that may have happened and could undo the reason."""
    found = _undone_by(engine, situation, reason)
    if reason.has == UNKNOWN and (check := check_behind(engine, situation, reason)) is not None:
        found |= check.watched & _unknown_for(engine, situation, reason)
    return found


def _undone_by(engine: Engine, situation: Situation, reason: Reason) -> set[str]:
    """Return the events that may have happened and could undo the reason, were it known to hold."""
    unknown = _unknown_for(engine, situation, reason)
    rules = engine.undo_rules
    if not unknown or isinstance(rules.guard(reason), Custom):
        return unknown
    events = unknown | {placed.name for placed in downwards(situation.snapshot.past)}
    if _is_out_of_reach(engine, situation, reason, events):
        return set()
    return rules.undoing(reason, events) & unknown


def _is_out_of_reach(engine: Engine, situation: Situation, reason: Reason, events: set[str]) -> bool:
    """Return whether a state refuses the act, and no events lead to one that it can leave.

    Where the rules do not judge the act, other states may: then each move makes a difference.
    """
    act = situation.kind.name
    if not engine.undo_rules.is_out_of_reach(reason, act, events):
        return False
    listener = next(each for each in engine.listeners[act] if each.name == reason.machine)
    state = listener.current(situation)[1]
    return not engine.definition.machines[listener.name].states[state].outside


def check_behind(engine: Engine, situation: Situation, reason: Reason) -> Check | None:
    """Return the check that refused; None for a state."""
    for listener in engine.listeners[situation.kind.name]:
        for transition in listener.transitions:
            if (listener.name, transition.rule.id) == (reason.machine, reason.transition):
                return next((check for check in transition.checks if check.guard.id == reason.id), None)
    return None


def _unknown_for(engine: Engine, situation: Situation, reason: Reason) -> set[str]:
    """Return the events that may have happened where the reason looks.

    A meeting with unknown people may have been one more with any person.
    """
    application, rules = situation.place.application, engine.undo_rules
    where = application if rules.is_own(reason) else None
    unknown = {name for gap in situation.snapshot.unknowns if gap.reaches(where) for name in gap.of}
    if rules.is_personal(reason, situation.kind.name):
        meetings = situation.snapshot.along(engine.openers)
        unknown |= {placed.name for placed in meetings if leaves_people_open(engine, placed)}
    return unknown


def leaves_people_open(engine: Engine, placed: Placed) -> bool:
    """Return whether nobody said who was met: a field of people is left out, and not merely empty."""
    fields = engine.definition.events[placed.name].fields
    unsaid = fields.keys() - {name for name, _ in placed.event.carried}
    return engine.undo_rules.leaves_people_open(placed.name, unsaid)
