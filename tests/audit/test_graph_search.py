"""Cycles through contacts, held against a look at every path of small graphs."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

from postinterview.audit.cycle_search import MOST_WITNESS_STEPS, find_cycles
from postinterview.audit.graph import ContactCycles, Cycle, CycleReport, Path, StateGraph
from tests.audit.tables import cheapest, cost, cycles, edge, end, graph, graphs, paths, reached

SELF_LOOP = graph(edge("a", "b", "call", contact=True), edge("b", "b", "call", contact=True))
TWO_WAYS_BACK = graph(
    edge("a", "b", "call", contact=True),
    edge("b", "c", "mail", contact=True),
    edge("b", "d", "offer"),
    edge("c", "a"),
    edge("d", "a"),
)
"""Of two cycles of three steps one has fewer contacts."""

A_DETOUR_WITHOUT = graph(
    edge("a", "b", "call", contact=True),
    edge("a", "c"),
    edge("c", "b"),
    edge("b", "d"),
    edge("d", "a", "mail", contact=True),
)
"""The way with fewer contacts has more steps, and these come first."""

NOBODY_COMES = graph(edge("a", "b"), edge("c", "d", "call", contact=True), edge("d", "c"))


def of(answer: CycleReport, name: str) -> ContactCycles:
    return next(each for each in answer.contacts if each.name == name)


def is_path(path: Path) -> bool:
    return all(one.target == other.source for one, other in pairwise(path))


def check_cycle(found: Cycle, where: StateGraph, name: str) -> None:
    steps = found.steps
    assert is_path(steps)
    assert steps[-1].target == steps[0].source
    assert len({each.source for each in steps}) == len(steps)
    assert any(each.contact and each.name == name for each in steps)
    if found.way_in is None:
        return
    way = found.way_in
    assert is_path(way)
    assert (way[0].source if way else steps[0].source) in where.starts
    assert end(way, steps[0].source) == steps[0].source
    states = {each.source for each in steps}
    ways = [path for start in where.starts for path in paths(where, start) if end(path, start) in states]
    assert cost(way) == cheapest(ways)


@given(graphs())
@example(SELF_LOOP)
@example(TWO_WAYS_BACK)
@example(A_DETOUR_WITHOUT)
@example(NOBODY_COMES)
def test_a_witness_is_the_shortest_of_all_cycles_there_are(drawn: StateGraph) -> None:
    answer = find_cycles(drawn)
    there = reached(drawn)
    for name in {each.name for each in drawn.edges if each.contact}:
        found = of(answer, name)
        own = [each for each in drawn.edges if each.contact and each.name == name]
        live = [cycle for each in own if each.source in there for cycle in cycles(drawn, each)]
        idle = [cycle for each in own if each.source not in there for cycle in cycles(drawn, each)]

        assert (found.repeats, found.idle) == (bool(live), bool(idle))
        assert (found.cycle is None, found.idle_cycle is None) == (not live, not idle)
        for witness, all_of_them in ((found.cycle, live), (found.idle_cycle, idle)):
            if witness is not None:
                assert witness.shortest
                assert cost(witness.steps) == cheapest(all_of_them)
                assert (witness.way_in is None) == (all_of_them is idle)
                check_cycle(witness, drawn, name)
    every = [
        cycle
        for each in drawn.edges
        if each.contact and each.source in there
        for cycle in cycles(drawn, each)
    ]
    shortest = answer.shortest
    assert (shortest and cost(shortest.steps)) == cheapest(every)


@given(graphs())
@example(NOBODY_COMES)
def test_without_a_cycle_the_path_with_the_most_contacts_is_found(drawn: StateGraph) -> None:
    answer = find_cycles(drawn)
    if answer.repeated:
        assert answer.most is None
        return
    most = max(cost(path)[1] for start in drawn.starts for path in paths(drawn, start))

    assert answer.most is not None
    assert cost(answer.most)[1] == most
    assert is_path(answer.most)
    assert not answer.most or answer.most[0].source in drawn.starts


@given(graphs(), st.integers(0, 40))
def test_a_search_that_is_cut_short_knows_as_well_what_repeats_and_claims_no_more_than_is_true(
    drawn: StateGraph, looks: int
) -> None:
    whole, part = find_cycles(drawn), find_cycles(drawn, most_looks=looks)

    assert [(c.name, c.repeats, c.idle) for c in part.contacts] == [
        (c.name, c.repeats, c.idle) for c in whole.contacts
    ]
    assert (part.shortest is None) == (whole.shortest is None)
    assert (part.most is None) == (whole.most is None)
    for known, found in zip(whole.contacts, part.contacts, strict=True):
        if found.cycle is not None and known.cycle is not None:
            check_cycle(found.cycle, drawn, found.name)
            assert cost(found.cycle.steps) >= cost(known.cycle.steps)
            if found.cycle.shortest:
                assert cost(found.cycle.steps) == cost(known.cycle.steps)
    if part.shortest is not None and part.shortest.shortest and whole.shortest is not None:
        assert cost(part.shortest.steps) == cost(whole.shortest.steps)


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_no_answer(drawn: StateGraph, chance: Random) -> None:
    edges = list(drawn.edges)
    chance.shuffle(edges)
    one, other = find_cycles(drawn), find_cycles(evolve(drawn, edges=tuple(edges)))

    def told(answer: CycleReport) -> object:
        return {
            each.name: (each.repeats, each.cycle and cost(each.cycle.steps), each.idle)
            for each in answer.contacts
        }

    assert told(one) == told(other)
    assert (one.most and cost(one.most)[1]) == (other.most and cost(other.most)[1])


@given(graphs(), graphs())
def test_one_more_edge_makes_no_cycle_longer_and_takes_none_away(drawn: StateGraph, more: StateGraph) -> None:
    added = next(each for each in more.edges)
    if {added.source, added.target} <= set(drawn.states):
        before, after = find_cycles(drawn), find_cycles(evolve(drawn, edges=(*drawn.edges, added)))
        for each in before.repeated:
            found = of(after, each.name).cycle
            assert found is not None
            assert each.cycle is not None
            assert cost(found.steps) <= cost(each.cycle.steps)


def test_a_self_loop_is_one_step_and_the_way_there_is_told() -> None:
    found = find_cycles(SELF_LOOP).shortest

    assert found is not None
    assert [each.target for each in found.steps] == ["b"]
    assert found.way_in == SELF_LOOP.edges[:1]


def test_of_cycles_with_as_many_steps_the_one_with_fewer_contacts_is_shown() -> None:
    found = of(find_cycles(TWO_WAYS_BACK), "call").cycle

    assert found is not None
    assert [each.source for each in found.steps] == ["a", "b", "d"]


def test_what_no_start_reaches_is_told_apart_and_is_no_finding() -> None:
    answer = find_cycles(NOBODY_COMES)

    assert answer.repeated == ()
    assert of(answer, "call").idle
    assert answer.most == ()


def test_a_line_and_a_ring_of_thirty_thousand_steps_are_no_deeper_than_any_other() -> None:
    line = [edge(str(at), str(at + 1), "call", contact=True) for at in range(30_000)]
    whole = StateGraph(tuple(str(at) for at in range(30_001)), ("0",), tuple(line))
    most = find_cycles(whole).most
    assert most is not None
    assert len(most) == 30_000

    ring = evolve(whole, edges=(*line, edge("30000", "0")))
    found = find_cycles(ring, most_looks=100_000).shortest
    assert found is not None
    assert len(found.steps) == 30_001


def test_cycles_too_long_to_be_written_out_one_by_one_are_bounded_in_all() -> None:
    states = tuple(str(at) for at in range(2_000))
    ring = tuple(edge(str(at), str((at + 1) % 2_000), f"call {at}", contact=True) for at in range(2_000))
    found = find_cycles(StateGraph(states, ("0",), ring))

    assert len(found.repeated) == 2_000
    written = [each.cycle for each in found.contacts if each.cycle is not None]
    assert 1 <= sum(len(each.steps) + len(each.way_in or ()) for each in written) < MOST_WITNESS_STEPS + 4_000
    assert any(each.cycle is None for each in found.contacts)
