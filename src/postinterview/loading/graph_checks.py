"""Stage four, the graph: states that can't be reached, transitions that exclude or repeat each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from attrs import define

from postinterview.core.rules.definitions import Scope
from postinterview.loading.guard_equality import Content, content, opposites
from postinterview.loading.link import LinkedFile
from postinterview.loading.link_machines import LinkedMachine, LinkedTransition
from postinterview.loading.report import Report

_MOST_COMPARED = 50
"""In one state a transition is compared with so many others on its event; more would take too long."""


@define(eq=False)
class _Alternative:
    """A transition and what its guards say. ``idle``: it is already reported as useless."""

    linked: LinkedTransition
    by_id: dict[str, Content]
    guards: frozenset[Content]
    idle: bool = False

    @staticmethod
    def of(linked: LinkedTransition, scope: Scope) -> _Alternative:
        by_id = {guard.id: content(guard, scope) for guard in linked.transition.guards}
        return _Alternative(linked, by_id, frozenset(by_id.values()))

    @property
    def sources(self) -> tuple[str, ...]:
        return self.linked.transition.sources

    def target(self, source: str) -> str:
        """Return the state that it leads to from ``source``."""
        return self.linked.transition.target or source


def check(linked: LinkedFile) -> None:
    """Report the faults of the graph."""
    for machine in linked.machines.values():
        if machine.start is not None and not machine.misses_edges:
            _check_reachable(machine, machine.start, linked)
        by_event: dict[str, list[LinkedTransition]] = defaultdict(list)
        for each in machine.transitions:
            by_event[each.transition.event].append(each)
        for event, transitions in by_event.items():
            kind = linked.kinds.get(event)
            if kind is None or machine.scope is None:
                continue
            if len(transitions) > 1 or (not kind.is_act and transitions[0].transition.guards):
                alternatives = [_Alternative.of(each, machine.scope) for each in transitions]
                _compare(alternatives, kind.is_act, linked.report)
    for name, kind in linked.kinds.items() if not linked.misses_listeners else ():
        heard = name in linked.listeners or linked.names.may_be_meant("event", name)
        if kind.is_act and not heard:
            linked.report.add(
                "PI302",
                linked.events.records[name].key,
                f"the act `{name}` can never be allowed",
                "no machine has a transition for it",
                f"add a transition with `event: {name}`, or delete the event",
            )


def _check_reachable(machine: LinkedMachine, start: str, linked: LinkedFile) -> None:
    """Report states that can't be reached; of those that lead to each other, the first one only."""
    edges: dict[str, set[str]] = {state: set() for state in machine.states}
    for each in machine.transitions:
        target = each.transition.target
        if target is not None:
            for source in each.transition.sources:
                edges[source].add(target)
            if each.transition.breach_from_any:
                edges[start].add(target)
    reached: set[str] = set()
    _reach(start, edges, reached)
    rest = [state for state in machine.states if state not in reached]
    entered = {target for state in rest for target in edges[state] if target != state}
    roots = [state for state in rest if state not in entered]
    for state in (*roots, *rest):
        if state not in reached:
            _reach(state, edges, reached)
            key, space = machine.record.get("states").keys[state], ("state", machine.name)
            if (space, state) in linked.names.used:
                linked.report.add(
                    "PI301",
                    key,
                    f"the state `{state}` can't be reached",
                    "only states that can't be reached lead here"
                    if state in entered
                    else "no transition leads here",
                    f"add a transition with `to: {state}`, or delete the state",
                )
            elif not linked.names.is_used(space, state):
                linked.report.add(
                    "PI219",
                    key,
                    f"nothing uses the state `{state}`",
                    "no transition leads here or leaves from here",
                    "use it, or delete it",
                )


def _reach(start: str, edges: Mapping[str, set[str]], reached: set[str]) -> None:
    """Add to ``reached`` what can be reached from ``start``, by way of states that are not in it yet."""
    reached.add(start)
    todo = [start]
    while todo:
        new = edges[todo.pop()] - reached
        reached |= new
        todo.extend(new)


def _compare(alternatives: list[_Alternative], is_act: bool, report: Report) -> None:
    """Check that of the transitions of one machine on one event only one can apply, or that they differ."""
    if not is_act and all(each.linked.complete for each in alternatives):
        alternatives = _check_never_refuses(alternatives, report)
    kept: dict[str, list[_Alternative]] = defaultdict(list)
    for each in alternatives:
        if each.linked.complete and not _clashes(each, kept, is_act, report):
            for source in each.sources:
                if len(kept[source]) < _MOST_COMPARED:
                    kept[source].append(each)


def _clashes(
    each: _Alternative, kept: Mapping[str, list[_Alternative]], is_act: bool, report: Report
) -> bool:
    """Return whether an earlier transition makes this one ambiguous or useless; that is reported once."""
    for other in dict.fromkeys(other for source in each.sources for other in kept[source]):
        theirs = frozenset(other.sources)
        shared = [source for source in each.sources if source in theirs]
        parted = [source for source in shared if each.target(source) != other.target(source)]
        if parted or not is_act:
            if not any(opposite in other.guards for guard in each.guards for opposite in opposites(guard)):
                first, second, state = (
                    other.linked.transition.id,
                    each.linked.transition,
                    (parted or shared)[0],
                )
                report.add(
                    "PI303",
                    each.linked.key,
                    f"`{first}` and `{second.id}` both apply to `{second.event}` in the state `{state}`",
                    "nothing says which of the two",
                    f"take `{state}` out of one `from`, or give them opposite guards "
                    "(`happened`, `not_happened`)",
                    others=((other.linked.key, "the other one"),),
                )
                return True
        elif other.guards <= each.guards:
            _report_idle(each, other, shared, report)
            return True
        elif each.guards < other.guards and not other.idle:
            _report_idle(other, each, shared, report)
            other.idle = True
    return False


def _report_idle(idle: _Alternative, other: _Alternative, shared: list[str], report: Report) -> None:
    guards = "no guard" if not other.guards else "no other guard"
    everywhere = len(shared) == len(idle.sources)
    report.add(
        "PI304",
        idle.linked.key,
        f"the alternative `{idle.linked.transition.id}` can never matter"
        + ("" if everywhere else f" in the state `{shared[0]}`"),
        f"whenever this is allowed there, `{other.linked.transition.id}` is too",
        "delete one of them, or the guards that only one of them has"
        if everywhere
        else f"take `{shared[0]}` out of one `from`",
        others=((other.linked.key, f"this leads to the same state, with {guards}"),),
    )


def _check_never_refuses(alternatives: list[_Alternative], report: Report) -> list[_Alternative]:
    """Return the transitions whose guards choose between them; report guards that could refuse a fact.

    A fact happens whatever the rules say, so for each guard another transition from the same state must
    have the opposite one.
    """
    covered: dict[Content, set[str]] = defaultdict(set)
    for each in alternatives:
        for said in each.guards:
            covered[said].update(each.sources)
    sound = []
    for each in alternatives:
        before = report.count
        for id, said in each.by_id.items():
            elsewhere = [covered[opposite] for opposite in opposites(said) if opposite in covered]
            left = set(each.sources).difference(*elsewhere)
            if left:
                state = next(source for source in each.sources if source in left)
                report.add(
                    "PI307",
                    each.linked.guard(id).key,
                    f"the guard `{id}` would refuse the fact `{each.linked.transition.event}`",
                    f"no second transition from `{state}` has the opposite guard",
                    "facts are recorded whatever the rules say; delete it, or add the opposite transition",
                )
        if report.count == before:
            sound.append(each)
    return sound
