"""Stage four, guards: those that never hold, that always hold, or that are said twice."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, permutations

from postinterview.core.rules import definitions as d
from postinterview.core.values.formatting import say_duration
from postinterview.core.values.suggest import nearly_same, ticked
from postinterview.loading.guard_equality import (
    Content,
    anchor,
    content,
    counted,
    dates_in,
    includes,
    is_no_later,
)
from postinterview.loading.link import LinkedFile
from postinterview.loading.link_machines import LinkedMachine, LinkedTransition
from postinterview.loading.nodes import Node

_MOST_COMPARED = 50
"""So many guards of one transition, or ids of one condition, are compared; more would take too long."""
_NO_DIGITS = str.maketrans("", "", "0123456789")


def check(linked: LinkedFile) -> None:
    """Report guards that can't mean what they say."""
    if len(linked.calendar.weekend) == 7:
        linked.report.add(
            "PI407",
            linked.file.get("calendar").node_of("weekend"),
            "all seven days are weekend",
            "so no business day ever comes",
            "leave out the days on which the employer works",
        )
    given = {credit for kind in linked.kinds.values() for credit in kind.gives}
    uses: dict[Content, list[tuple[LinkedTransition, d.Guard]]] = {}
    for machine in linked.machines.values():
        for each in machine.transitions if machine.scope is not None else ():
            _check_dates(linked, each)
            first: dict[Content, d.Guard] = {}
            for guard in each.transition.guards:
                said = content(guard, machine.scope or d.Scope())
                if first.setdefault(said, guard) is guard:
                    uses.setdefault(said, []).append((each, guard))
                else:
                    linked.report.add(
                        "PI409",
                        each.guard(guard.id).key,
                        f"`{guard.id}` says the same as `{first[said].id}`",
                        "said a second time",
                        "delete one of them",
                        others=((each.guard(first[said].id).key, "said here already"),),
                    )
                _check_one(linked, machine, each, guard, given)
            _check_pairs(linked, each, machine.scope or d.Scope())
            _check_counts(linked, each, machine.scope or d.Scope())
    _check_ids(linked, uses)


def _check_one(
    linked: LinkedFile, machine: LinkedMachine, each: LinkedTransition, guard: d.Guard, given: set[str]
) -> None:
    """Report a guard that never holds, or always. ``given``: the credits that an event gives."""
    always, help = False, "name another event after `since`, or delete it"
    others: tuple[tuple[Node, str], ...] = ()
    whole = len(linked.kinds) == len(linked.names.spaces.get("event", ()))
    match guard:
        case d.AtMost(limit=0, unless=()):
            code, key, label, help = "PI401", "at_most", "nothing is fewer than none", "write 1 or more"
        case d.AtMost(of=of, since=since) if since and of.members <= since.members:
            code, key, label, always = "PI411", "since", f"the count starts again at each `{of}`", True
        case d.Happened(of=of, since=since) if since and of.members <= since.members:
            code, key, label, always = "PI411", "since", f"each `{of}` is forgotten at once", guard.negated
        case d.Spends(credit=credit, unless=()) if credit not in given and whole:
            defined = linked.names.spaces["credit"][credit]
            others = () if defined is None else ((defined, "the credit"),)
            code, key, label = "PI406", "spends", f"no event gives `{credit}`"
            help = f"write `gives: {credit}` at the event that gives it"
        case d.InState() if found := _settled(linked, machine, each, guard):
            always, label = found
            if guard.unless and not always:
                return
            code, key = "PI310", "not_state" if guard.negated else "state"
            help = "delete it" if always else "correct the states here, or those after `from`"
        case _:
            return
    message = f"`{guard.id}` {'always' if always else 'never'} holds"
    linked.report.add(code, each.guard(guard.id).node_of(key), message, label, help, others=others)


def _settled(
    linked: LinkedFile, machine: LinkedMachine, each: LinkedTransition, guard: d.InState
) -> tuple[bool, str] | None:
    """Return whether the guard always holds, or never does, and why; None if that is open.

    It looks at its own machine, in a state that is known, or at another one.
    """
    if guard.in_every_application:
        return None
    own, sources = guard.machine == machine.name, each.transition.sources
    if not own and guard.machine not in linked.machines:
        return None
    possible = set(sources if own else linked.machines[guard.machine].states)
    if possible <= set(guard.states):
        label = "the transition leaves from no other state" if own else "these are all of its states"
        return not guard.negated, label
    if own and possible.isdisjoint(guard.states):
        return guard.negated, f"the transition leaves from {ticked(sources, 'and')}"
    return None


def _check_pairs(linked: LinkedFile, each: LinkedTransition, scope: d.Scope) -> None:
    """Report two guards of one transition that never hold together."""
    comparable = [
        guard
        for guard in each.transition.guards
        if isinstance(guard, d.NotBefore | d.NotAfter | d.Happened | d.InState | d.Hours) and not guard.unless
    ]
    for one, other in combinations(comparable[:_MOST_COMPARED], 2):
        found = _contradiction(linked, scope, one, other) or _contradiction(linked, scope, other, one)
        if found is not None:
            code, label = found
            linked.report.add(
                code,
                each.guard(other.id).key,
                f"`{one.id}` and `{other.id}` never hold together",
                label,
                "all guards of a transition must hold: correct one, or write two transitions",
                others=((each.guard(one.id).key, "the other guard"),),
            )


def _check_counts(linked: LinkedFile, each: LinkedTransition, scope: d.Scope) -> None:
    """Report a count over a window that another count of the transition makes needless."""
    alike: dict[Content, list[d.AtMost]] = {}
    for guard in each.transition.guards:
        if isinstance(guard, d.AtMost):
            alike.setdefault(counted(guard, scope), []).append(guard)
    pairs = (pair for counts in alike.values() for pair in permutations(counts[:_MOST_COMPARED], 2))
    for one, other in pairs:
        if includes(one, other) and not includes(other, one):
            linked.report.add(
                "PI415",
                each.guard(other.id).key,
                f"`{other.id}` never refuses anything: `{one.id}` refuses first",
                f"this allows {_allowed(other)}, and `{one.id}` allows {_allowed(one)}",
                "delete it, or correct its number or its `within`",
                others=((each.guard(one.id).key, "this refuses first"),),
                severity="warning",
            )


def _allowed(guard: d.AtMost) -> str:
    """Return what a count allows, such as ``3 in 14 days``."""
    return f"{guard.limit}{f' in {say_duration(guard.within)}' if guard.within is not None else ''}"


def _contradiction(
    linked: LinkedFile, scope: d.Scope, one: d.Guard, other: d.Guard
) -> tuple[str, str] | None:
    """Return the code and the reason if the guards never hold together, in this order."""
    match one, other:
        case d.NotBefore(moment=early), d.NotAfter(moment=late) if (
            (one.scope or scope) == (other.scope or scope)
            and not (one.if_never_holds and other.if_never_holds)
            and anchor(early) == anchor(late)
            and is_no_later(late.plus, early.plus)
        ):
            return "PI402", f"`{late.text}` is no later than `{early.text}`"
        case d.Happened(of=seen, negated=False), d.Happened(of=unseen, negated=True) if (
            seen.members <= unseen.members and _since(one, scope) == _since(other, scope)
        ):
            return "PI403", f"`{seen}` can't both have happened and not"
        case d.InState(machine=machine), d.InState(machine=same) if machine == same and not _left(
            linked, one
        ) & _left(linked, other):
            return "PI404", f"`{machine}` is in one state at a time"
        case d.Hours(), d.Hours() if one.closes <= other.opens or not one.weekdays & other.weekdays:
            return "PI405", "the hours have no time in common"
        case _:
            return None


def _since(guard: d.Happened, scope: d.Scope) -> tuple[frozenset[str] | None, d.Scope]:
    return None if guard.since is None else guard.since.members, guard.scope or scope


def _left(linked: LinkedFile, guard: d.InState) -> set[str]:
    """Return the states in which the guard holds."""
    states = set(linked.machines[guard.machine].states)
    return states - set(guard.states) if guard.negated else states & set(guard.states)


def _check_ids(linked: LinkedFile, uses: dict[Content, list[tuple[LinkedTransition, d.Guard]]]) -> None:
    """Report one condition under two ids that differ by a typing slip: refusals would name two rules."""
    for same in uses.values():
        counts = Counter(guard.id for _, guard in same)
        if len(counts) < 2:
            continue
        usual = [id for id, _ in counts.most_common(_MOST_COMPARED)]  # of equals the first in the file leads
        first: dict[str, LinkedTransition] = {}
        for each, guard in same:
            first.setdefault(guard.id, each)
        for each, guard in same:
            before = usual[: usual.index(guard.id)] if guard.id in usual else ()
            meant = next((id for id in before if is_slip(id, guard.id)), None)
            if meant is not None:
                linked.report.add(
                    "PI410",
                    each.guard(guard.id).key,
                    f"the guard `{guard.id}` says the same as `{meant}`",
                    "nearly the same id",
                    f"did you mean `{meant}`?"
                    if counts[meant] > counts[guard.id]
                    else f"write `{meant}` in both places, or `{guard.id}`",
                    instead=meant,
                    others=((first[meant].guard(meant).key, "the other one"),),
                )


def is_slip(id: str, other: str) -> bool:
    """Return whether one id is the other misspelt. Numbered ids, and very short ones, differ on purpose."""
    letters = [one.translate(_NO_DIGITS) for one in (id, other)]
    return min(len(id), len(other)) > 3 and letters[0] != letters[1] and nearly_same(id, other)


def _check_dates(linked: LinkedFile, each: LinkedTransition) -> None:
    """Report dates asked for where there are none: a date belongs to an application."""
    event = each.transition.event
    kind = linked.kinds.get(event)
    if linked.misses_scopes or kind is None or not kind.employer_wide:
        return
    asked: list[tuple[Node, d.Moment]] = [
        (each.guard(g.id).node_of("not_before" if isinstance(g, d.NotBefore) else "not_after"), g.moment)
        for g in each.transition.guards
        if isinstance(g, d.NotBefore | d.NotAfter)
    ]
    if each.transition.due is not None:
        asked.append((each.record.node_of("due"), each.transition.due))
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
