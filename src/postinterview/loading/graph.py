"""Stage four, the graph: what can't be reached, what stands in the way of another, who never listens."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from postinterview.loading.content import Content, are_opposites, content
from postinterview.loading.link import Linked, Machine, Way
from postinterview.loading.report import Report


def check(linked: Linked) -> None:
    """Report the faults of the graph."""
    for machine in linked.machines.values():
        if machine.start is not None and not machine.adrift:
            _find_unreachable(machine, machine.start, linked)
        by_event: dict[str, list[Way]] = defaultdict(list)
        for way in machine.ways:
            by_event[way.transition.event].append(way)
        for event, ways in by_event.items():
            kind = linked.kinds.get(event)
            if kind is None or machine.scope is None:
                continue
            if len(ways) > 1 or (not kind.is_act and ways[0].transition.guards):
                said = [
                    (way, [content(guard, machine.scope) for guard in way.transition.guards]) for way in ways
                ]
                _compare(said, kind.is_act, linked.report)
    if not linked.deaf:
        _find_unheard(linked)


def _find_unreachable(machine: Machine, start: str, linked: Linked) -> None:
    names, report = linked.names, linked.report
    edges: dict[str, set[str]] = {state: set() for state in machine.states}
    for way in machine.ways:
        target = way.transition.target
        if target is not None:
            for source in way.transition.sources:
                edges[source].add(target)
            if way.transition.breach_from_any:
                edges[start].add(target)
    reached = _closure({start}, edges)
    if len(reached) == len(edges):
        return
    space = ("state", machine.name)
    rest = [state for state in machine.states if state not in reached]
    roots = [s for s in rest if not any(s in edges[other] for other in rest if other != s)]
    while rest:
        state = next((root for root in roots if root in rest), rest[0])
        covered = _closure({state}, edges)
        rest = [other for other in rest if other not in covered]
        key = machine.record.get("states").keys[state]
        if (space, state) in names.used:
            lead = any(state in targets for other, targets in edges.items() if other != state)
            label = (
                "only states lead here that can't be reached either" if lead else "no transition leads here"
            )
            report.add(
                "PI301",
                key,
                f"the state `{state}` can't be reached",
                label,
                f"add a transition with `to: {state}`, or delete the state",
            )
        elif not names.is_used(space, state):
            report.add(
                "PI219",
                key,
                f"nothing uses the state `{state}`",
                "no transition leads here or leaves from here",
                "use it, or delete it",
            )


def _closure(start: set[str], edges: dict[str, set[str]]) -> set[str]:
    reached, todo = set(start), list(start)
    while todo:
        new = edges[todo.pop()] - reached
        reached |= new
        todo.extend(new)
    return reached


def _find_unheard(linked: Linked) -> None:
    """An act that no machine listens to could never be allowed."""
    for name, kind in linked.kinds.items():
        heard = name in linked.listeners or linked.names.may_be_meant("event", name)
        if kind.is_act and not heard:
            linked.report.add(
                "PI302",
                linked.events.records[name].key,
                f"the act `{name}` can never be allowed",
                "no machine has a transition for it",
                f"add a transition with `event: {name}`, or delete the event",
            )


def _compare(said: list[tuple[Way, list[Content]]], is_act: bool, report: Report) -> None:
    """Transitions of one machine on one event: at most one of them may apply, or they are alternatives."""
    if not is_act:
        said = _find_refusing(said, report)
    for (one, first), (other, second) in combinations(said, 2):
        shared = [s for s in one.transition.sources if s in other.transition.sources]
        if not shared or not one.whole or not other.whole:
            continue
        if any(are_opposites(a, b) for a in first for b in second):
            continue
        parted = [s for s in shared if _lands(one, s) != _lands(other, s)]
        if parted or not is_act:
            _report_overlap(one, other, (parted or shared)[0], report)
        elif set(first) <= set(second):
            _report_idle(other, one, report)
        elif set(second) <= set(first):
            _report_idle(one, other, report)


def _lands(way: Way, source: str) -> str:
    return way.transition.target or source


def _report_overlap(one: Way, other: Way, state: str, report: Report) -> None:
    event, id = one.transition.event, other.transition.id
    report.add(
        "PI303",
        other.key,
        f"`{one.transition.id}` and `{id}` both apply to `{event}` in the state `{state}`",
        "nothing says which of the two",
        f"take `{state}` out of one `from`, or give them opposite guards (`happened`, `not_happened`)",
        others=((one.key, "the other one"),),
    )


def _report_idle(idle: Way, other: Way, report: Report) -> None:
    asks = "no guard" if not other.transition.guards else "no other guard"
    report.add(
        "PI304",
        idle.key,
        f"the alternative `{idle.transition.id}` can never matter",
        f"whenever this is allowed, `{other.transition.id}` is too",
        "delete one of them, or the guards that only one of them has",
        others=((other.key, f"this leads to the same state, with {asks}"),),
    )


def _find_refusing(said: list[tuple[Way, list[Content]]], report: Report) -> list[tuple[Way, list[Content]]]:
    """A fact happens whatever the rules say: its guards may choose a transition, never refuse it.

    Returns the transitions that are sound.
    """
    if not all(way.whole for way, _ in said):
        return said
    sound = []
    for way, contents in said:
        before = report.count
        for guard, own in zip(way.transition.guards, contents, strict=True):
            covered = {
                source
                for other, theirs in said
                if any(are_opposites(own, their) for their in theirs)
                for source in other.transition.sources
            }
            left = [source for source in way.transition.sources if source not in covered]
            if left:
                report.add(
                    "PI307",
                    way.guard(guard.id).key,
                    f"the guard `{guard.id}` would refuse the fact `{way.transition.event}`",
                    f"no second transition from `{left[0]}` has the opposite guard",
                    "facts are recorded whatever the rules say; delete it, or add the opposite transition",
                )
        if report.count == before:
            sound.append((way, contents))
    return sound
