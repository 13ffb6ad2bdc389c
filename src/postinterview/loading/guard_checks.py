"""Stage four, dates and guards: what never holds, what always holds, what is said twice."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TypeVar

from postinterview.core.definitions import (
    AtMost,
    Guard,
    Happened,
    Hours,
    InState,
    Moment,
    NotAfter,
    NotBefore,
    Scope,
    Spends,
)
from postinterview.core.suggest import nearly_same, ticked
from postinterview.loading.guard_equality import Content, anchor, content, dates_in, is_no_later
from postinterview.loading.link import Linked, Machine, Way
from postinterview.loading.nodes import Node

_G = TypeVar("_G")
_NO_DIGITS = str.maketrans("", "", "0123456789")


def check(linked: Linked) -> None:
    """Report guards that can't mean what they say."""
    if len(linked.calendar.weekend) == 7:
        record = linked.file.get("calendar")
        linked.report.add(
            "PI407",
            record.node_of("weekend"),
            "all seven days are weekend",
            "so no business day ever comes",
            "leave out the days on which the employer works",
        )
    given = {credit for kind in linked.kinds.values() for credit in kind.gives}
    by_content: dict[Content, list[tuple[Way, Guard]]] = {}
    for machine in linked.machines.values():
        if machine.scope is None:
            continue
        for way in machine.ways:
            _check_dates(linked, way)
            guards = way.transition.guards
            if not guards:
                continue
            same: dict[Content, Guard] = {}
            for guard in guards:
                said = content(guard, machine.scope)
                first = same.setdefault(said, guard)
                if first is guard:
                    by_content.setdefault(said, []).append((way, guard))
                else:
                    _report_same(linked, way, first, guard)
                _check_one(linked, machine, way, guard, given)
            if len(guards) > 1:
                for one, other in combinations(guards, 2):
                    _check_pair(linked, way, machine.scope, one, other)
    _find_near_misses(linked, by_content)


def _check_one(linked: Linked, machine: Machine, way: Way, guard: Guard, given: set[str]) -> None:
    report = linked.report
    match guard:
        case AtMost(limit=0):
            where = way.guard(guard.id).node_of("at_most")
            report.add(
                "PI401", where, f"`{guard.id}` never holds", "fewer than none can't be", "write 1 or more"
            )
        case AtMost(of=of, since=since) | Happened(of=of, since=since) if (
            since and of.members <= since.members
        ):
            always = isinstance(guard, AtMost) or guard.negated
            report.add(
                "PI411",
                way.guard(guard.id).node_of("since"),
                f"`{guard.id}` {'always' if always else 'never'} holds",
                f"the count starts again at each `{of}`"
                if isinstance(guard, AtMost)
                else f"each `{of}` is forgotten at once",
                "name another event after `since`, or delete it",
            )
        case Spends(credit=credit) if credit not in given and len(linked.kinds) == len(
            linked.names.spaces["event"]
        ):
            others: tuple[tuple[Node, str], ...] = ()
            defined = linked.names.spaces["credit"][credit]
            if defined is not None:
                others = ((defined, "the credit"),)
            report.add(
                "PI406",
                way.guard(guard.id).node_of("spends"),
                f"`{guard.id}` never holds",
                f"no event gives `{credit}`",
                f"write `gives: {credit}` at the event that gives it",
                others=others,
            )
        case InState(machine=looked_at) if looked_at == machine.name:
            _check_own_state(linked, way, guard)
        case InState(machine=looked_at):
            other = linked.machines.get(looked_at)
            if other is not None and set(other.states) <= set(guard.states):
                _report_state(linked, way, guard, "these are all of its states", not guard.negated)
        case _:
            pass


def _check_own_state(linked: Linked, way: Way, guard: InState) -> None:
    sources = set(way.transition.sources)
    if sources.isdisjoint(guard.states):
        _report_state(
            linked,
            way,
            guard,
            f"the transition leaves from {ticked(way.transition.sources, 'and')}",
            guard.negated,
        )
    elif sources <= set(guard.states):
        _report_state(linked, way, guard, "the transition leaves from no other state", not guard.negated)


def _report_state(linked: Linked, way: Way, guard: InState, why: str, always: bool) -> None:
    record = way.guard(guard.id)
    linked.report.add(
        "PI310",
        record.node_of("not_state" if guard.negated else "state"),
        f"`{guard.id}` {'always' if always else 'never'} holds",
        why,
        "delete it" if always else "correct the states here, or those after `from`",
    )


def _check_pair(linked: Linked, way: Way, scope: Scope, one: Guard, other: Guard) -> None:
    """Two guards of one transition that never hold together."""
    code, why = "", ""
    early, late = _sorted(NotBefore, NotAfter, one, other)
    if early and late and (early.scope or scope) == (late.scope or scope):
        blocks = not (early.if_never_holds and late.if_never_holds)
        same = anchor(early.moment) == anchor(late.moment)
        if same and blocks and is_no_later(late.moment.plus, early.moment.plus):
            code, why = "PI402", f"`{late.moment.text}` is no later than `{early.moment.text}`"
    match one, other:
        case Happened(), Happened() if one.negated != other.negated and _since(one, scope) == _since(
            other, scope
        ):
            yes, no = (other, one) if one.negated else (one, other)
            if yes.of.members <= no.of.members:
                code, why = "PI403", f"`{yes.of}` can't both have happened and not"
        case InState(), InState() if one.machine == other.machine:
            if not _left(linked, one) & _left(linked, other):
                code, why = "PI404", f"`{one.machine}` is in one state at a time"
        case Hours(), Hours():
            if one.closes <= other.opens or other.closes <= one.opens or not one.weekdays & other.weekdays:
                code, why = "PI405", "the hours have no time in common"
        case _:
            pass
    if code:
        linked.report.add(
            code,
            way.guard(other.id).key,
            f"`{one.id}` and `{other.id}` never hold together",
            why,
            "all guards of a transition must hold: correct one, or write two transitions",
            others=((way.guard(one.id).key, "the other guard"),),
        )


def _sorted(
    early: type[_G], late: type[NotAfter], one: Guard, other: Guard
) -> tuple[_G | None, NotAfter | None]:
    if isinstance(one, early) and isinstance(other, late):
        return one, other
    if isinstance(other, early) and isinstance(one, late):
        return other, one
    return None, None


def _since(guard: Happened, scope: Scope) -> tuple[frozenset[str] | None, Scope]:
    return None if guard.since is None else guard.since.members, guard.scope or scope


def _left(linked: Linked, guard: InState) -> set[str]:
    states = set(linked.machines[guard.machine].states)
    return states - set(guard.states) if guard.negated else states & set(guard.states)


def _report_same(linked: Linked, way: Way, first: Guard, second: Guard) -> None:
    linked.report.add(
        "PI409",
        way.guard(second.id).key,
        f"`{second.id}` says the same as `{first.id}`",
        "said a second time",
        "delete one of them",
        others=((way.guard(first.id).key, "said here already"),),
    )


def _find_near_misses(linked: Linked, by_content: dict[Content, list[tuple[Way, Guard]]]) -> None:
    """One condition under two ids that differ by a slip: refusals would speak of two rules."""
    for uses in by_content.values():
        counts = Counter(guard.id for _, guard in uses)
        if len(counts) < 2:
            continue
        usual = [id for id, _ in counts.most_common()]  # the first of equals stands first in the file
        for way, guard in uses:
            meant = next((id for id in usual[: usual.index(guard.id)] if _is_slip(id, guard.id)), None)
            if meant is None:
                continue
            first = next((w, g) for w, g in uses if g.id == meant)
            linked.report.add(
                "PI410",
                way.guard(guard.id).key,
                f"the guard `{guard.id}` says the same as `{meant}`",
                "nearly the same id",
                f"did you mean `{meant}`?"
                if counts[meant] > counts[guard.id]
                else f"write `{meant}` in both places, or `{guard.id}`",
                instead=meant,
                others=((first[0].guard(meant).key, "the other one"),),
            )


def _is_slip(id: str, other: str) -> bool:
    """Whether one id is the other misspelt. Numbered ids, and very short ones, differ on purpose."""
    letters = [one.translate(_NO_DIGITS) for one in (id, other)]
    return min(len(id), len(other)) > 3 and letters[0] != letters[1] and nearly_same(id, other)


def _check_dates(linked: Linked, way: Way) -> None:
    """A date stands in an application; what concerns the employer as a whole lies in none."""
    event = way.transition.event
    kind = linked.kinds.get(event)
    if linked.unplaced or kind is None or not kind.employer_wide:
        return
    asked: list[tuple[Node, Moment]] = [
        (way.guard(g.id).node_of("not_before" if isinstance(g, NotBefore) else "not_after"), g.moment)
        for g in way.transition.guards
        if isinstance(g, NotBefore | NotAfter)
    ]
    if way.transition.due is not None:
        asked.append((way.record.node_of("due"), way.transition.due))
    for node, moment in asked:
        for date in dates_in(moment)[:1]:
            linked.report.add(
                "PI408",
                node,
                f"the date `{date}` is never known to `{event}`",
                f"a date belongs to an application, and `{event}` to none",
                "start from an event, or move a machine of the application too",
                others=((linked.events.records[event].key, "it concerns the employer as a whole"),),
            )
