"""Stage four, the graph: what can't be reached, what stands in the way of another, who never listens."""

from __future__ import annotations

from collections import defaultdict

from attrs import define

from postinterview.core.definitions import Scope
from postinterview.loading.guard_equality import Content, content, opposites
from postinterview.loading.link import Linked, Machine, Way
from postinterview.loading.report import Report


@define(eq=False)
class _Said:
    """A transition and what its guards say. ``idle``: it was found to be no use."""

    way: Way
    by_id: dict[str, Content]
    guards: frozenset[Content]
    idle: bool = False

    @staticmethod
    def of(way: Way, scope: Scope) -> _Said:
        by_id = {guard.id: content(guard, scope) for guard in way.transition.guards}
        return _Said(way, by_id, frozenset(by_id.values()))


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
                _compare([_Said.of(way, machine.scope) for way in ways], kind.is_act, linked.report)
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


def _compare(said: list[_Said], is_act: bool, report: Report) -> None:
    """Transitions of one machine on one event: at most one of them may apply, or they are alternatives."""
    if not is_act and all(each.way.whole for each in said):
        said = _find_refusing(said, report)
    kept: dict[str, list[_Said]] = defaultdict(list)
    for each in said:
        if each.way.whole and not _clashes(each, kept, is_act, report):
            for source in each.way.transition.sources:
                kept[source].append(each)


def _clashes(each: _Said, kept: dict[str, list[_Said]], is_act: bool, report: Report) -> bool:
    """Whether an earlier transition makes this one doubtful or idle; that is reported, once."""
    sources = each.way.transition.sources
    met: set[int] = set()
    for source in sources:
        for other in kept[source]:
            if id(other) in met:
                continue
            met.add(id(other))
            shared = [s for s in sources if s in other.way.transition.sources]
            parted = [s for s in shared if _lands(each.way, s) != _lands(other.way, s)]
            if parted or not is_act:
                if not any(
                    opposite in other.guards for guard in each.guards for opposite in opposites(guard)
                ):
                    _report_overlap(other.way, each.way, (parted or shared)[0], report)
                    return True
            elif other.guards <= each.guards:
                _report_idle(each.way, other.way, shared, report)
                return True
            elif each.guards < other.guards and not other.idle:
                _report_idle(other.way, each.way, shared, report)
                other.idle = True
    return False


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


def _report_idle(idle: Way, other: Way, shared: list[str], report: Report) -> None:
    asks = "no guard" if not other.transition.guards else "no other guard"
    everywhere = len(shared) == len(idle.transition.sources)
    report.add(
        "PI304",
        idle.key,
        f"the alternative `{idle.transition.id}` can never matter"
        + ("" if everywhere else f" in the state `{shared[0]}`"),
        f"whenever this is allowed there, `{other.transition.id}` is too",
        "delete one of them, or the guards that only one of them has"
        if everywhere
        else f"take `{shared[0]}` out of one `from`",
        others=((other.key, f"this leads to the same state, with {asks}"),),
    )


def _find_refusing(said: list[_Said], report: Report) -> list[_Said]:
    """A fact happens whatever the rules say: its guards may choose a transition, never refuse it.

    Returns the transitions that are sound.
    """
    covered: dict[Content, set[str]] = defaultdict(set)
    for each in said:
        for contents in each.guards:
            covered[contents].update(each.way.transition.sources)
    sound = []
    for each in said:
        before = report.count
        for guard in each.way.transition.guards:
            elsewhere = [covered[said] for said in opposites(each.by_id[guard.id]) if said in covered]
            left = set(each.way.transition.sources).difference(*elsewhere)
            if left:
                state = next(source for source in each.way.transition.sources if source in left)
                report.add(
                    "PI307",
                    each.way.guard(guard.id).key,
                    f"the guard `{guard.id}` would refuse the fact `{each.way.transition.event}`",
                    f"no second transition from `{state}` has the opposite guard",
                    "facts are recorded whatever the rules say; delete it, or add the opposite transition",
                )
        if report.count == before:
            sound.append(each)
    return sound
