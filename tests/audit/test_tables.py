"""Tables of transitions are read the same from YAML, JSON and CSV, and nothing in them is guessed."""

from __future__ import annotations

import json

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from postinterview.audit.cycle_search import find_cycles
from postinterview.audit.graph import StateGraph
from postinterview.audit.graph_report import lines_of
from postinterview.audit.table.table_parsing import MOST_BYTES, ParsedTable, TransitionTable, read_table
from postinterview.layout import plain
from postinterview.loading.diagnostics import Span
from tests.audit.tables import NOWHERE, as_csv, as_data, as_json, graphs

START = "format: 1\n"


def table(text: str, file: str = "table.yaml") -> TransitionTable:
    found = read_table(text, file)
    assert found.diagnostics == ()
    assert found.table is not None
    return found.table


def fault(text: str, file: str = "table.yaml") -> tuple[str, int, int, str]:
    """The one thing that is wrong: code, line, column, and what to type."""
    (found,) = read_table(text, file).diagnostics
    return found.code, found.where.line, found.where.column, found.help


def contacts(of: TransitionTable) -> dict[str, tuple[bool, str]]:
    return {each.name: (each.contact, each.tagged) for each in of.graph.edges}


def placeless(of: StateGraph) -> StateGraph:
    return evolve(of, edges=tuple(evolve(each, where=NOWHERE) for each in of.edges))


# --- the same from every form ---------------------------------------------------------------------


@given(graphs())
def test_a_graph_written_down_in_json_is_read_back_by_both_parsers(drawn: StateGraph) -> None:
    for pure in (False, True):
        found = read_table(as_json(drawn), "table.json", pure=pure).table
        assert found is not None
        assert placeless(found.graph) == drawn
        assert found.start_said


@given(graphs(), st.sampled_from(",;"), st.booleans())
def test_a_graph_written_down_in_csv_is_read_back(drawn: StateGraph, divider: str, windows: bool) -> None:
    text = as_csv(drawn, divider).replace("\n", "\r\n" if windows else "\n")
    named = {name for each in drawn.edges for name in (each.source, each.target)}
    if set(drawn.starts) <= named:
        found = table(text, "table.csv").graph
        assert (set(found.states), found.starts) == (named, drawn.starts)
        assert placeless(found).edges == drawn.edges


@given(graphs())
def test_states_by_what_comes_next_are_the_same_edges(drawn: StateGraph) -> None:
    following: dict[str, list[str]] = {state: [] for state in drawn.states}
    for each in drawn.edges:
        following[each.source].append(each.target)
    found = table(json.dumps({"format": 1, "start": list(drawn.starts), "next": following})).graph
    named = table(json.dumps(as_data(drawn))).graph

    assert found.states == named.states
    assert sorted((e.source, e.target) for e in found.edges) == sorted(
        (e.source, e.target) for e in named.edges
    )


def test_a_csv_table_is_known_by_its_first_line_as_well() -> None:
    text = "\ufeffTo;From;Contact\nfollowed up; waiting ;TRUE\n"

    assert placeless(table(text, "<stdin>").graph) == placeless(table(text, "mine.CSV").graph)
    (found,) = table(text, "<stdin>").graph.edges
    assert (found.source, found.target, found.contact) == ("waiting", "followed up", True)
    assert found.where == Span("<stdin>", 2, 1, 2, 1)


def test_a_cell_in_quotes_may_hold_what_divides_cells_and_quotes() -> None:
    found = table('from,to,event\n"waiting, since Monday","""no""", call it\n').graph

    assert found.states == ("waiting, since Monday", '"no"')
    assert found.edges[0].event == "call it"


def test_lines_without_anything_in_them_are_left_out() -> None:
    assert len(table("from,to\n\na,b\n,\n  \nb,a\n").graph.edges) == 2


# --- what an edge is ------------------------------------------------------------------------------


def test_any_and_a_list_stand_for_an_edge_from_each_state() -> None:
    text = START + "edges: [{from: [a, b], to: c}, {from: any, to: d}]\nstates: [a, b, c, d, e]\n"

    assert [f"{each.source}{each.target}" for each in table(text).graph.edges] == [
        "ac",
        "bc",
        "ad",
        "bd",
        "cd",
        "dd",
        "ed",
    ]


def test_names_are_whatever_a_tracker_calls_its_states() -> None:
    text = START + 'start: Phone Screen\nnext: {Phone Screen: ["On-site (2nd)", 7], "On-site (2nd)": []}\n'

    assert table(text).graph.states == ("Phone Screen", "On-site (2nd)", "7")


def test_without_a_start_every_state_is_one() -> None:
    found = table(START + "next: {a: [b]}")

    assert not found.start_said
    assert found.graph.starts == ("a", "b")


# --- who says what a contact is -------------------------------------------------------------------

EDGES = "edges: [{from: a, to: b, event: call}, {from: b, to: a, event: offer}, {from: b, to: c}]\n"


def test_what_nobody_tags_is_a_contact_and_known_as_said_by_nobody() -> None:
    assert set(contacts(table(START + EDGES)).values()) == {(True, "nobody")}


def test_a_list_of_contacts_says_of_all_others_that_they_are_none() -> None:
    said = contacts(table(START + "contacts: [call, b -> c]\n" + EDGES))

    assert said == {"call": (True, "contacts"), "offer": (False, "contacts"), "b -> c": (True, "contacts")}


@pytest.mark.parametrize("side", ["any -> c", "b->any"])
def test_a_contact_is_named_by_either_end(side: str) -> None:
    assert contacts(table(START + f"contacts: {side}\n" + EDGES))["b -> c"] == (True, "contacts")


def test_an_edge_says_it_itself_and_the_table_of_the_rest() -> None:
    text = START + "contact: false\n" + EDGES.replace("call}", "call, contact: true}")

    assert contacts(table(text)) == {
        "call": (True, "edge"),
        "offer": (False, "default"),
        "b -> c": (False, "default"),
    }


# --- what is wrong with a table -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from,to,contact\na,b,perhaps\n", ("PI109", 2, 5, "write `true` or `false`")),
        ("from,to,event\n,b,call\n", ("PI102", 2, 1, "add something like `from: waiting`")),
        ("from,to,event\na,b\n", ("PI853", 2, 1, "write 2 `,` in each line")),
        ("from;to;evnt\na;b;c\n", ("PI852", 1, 9, "did you mean `event`?")),
        ("from,to,from\na,b,c\n", ("PI852", 1, 1, "delete one")),
        ("from,event\na,b\n", ("PI852", 1, 1, "write `from,to,event,contact`")),
        ("from\tto\na\tb\n", ("PI852", 1, 5, "save it as CSV with commas between the cells")),
        ('from,to\na,"b\n', ("PI853", 2, 3, 'end the text with `"` on the same line')),
        ("from,to,event\n(start),a,apply\na,b,\n", ("PI853", 2, 11, "leave the cell empty")),
        ("from,to\n(start),saved\nwaiting,sent\n", ("PI855", 2, 9, "write `waiting` or `sent`")),
        ("from,to\n(start),\na,b\n", ("PI853", 2, 1, "write `(start),saved,,`")),
        ("from,to\n", ("PI853", 1, 1, "add `waiting,rejected,,`")),
        ("\n", ("PI852", 1, 1, "begin with the line `from,to,event,contact`")),
        ("from,to\na,any\n", ("PI116", 2, 3, "name one state")),
    ],
)  # fmt: skip
def test_a_fault_in_csv_is_told_with_its_line_and_column(
    text: str, expected: tuple[str, int, int, str]
) -> None:
    code, line, column, help = fault(text, "table.csv")
    assert (code, line, column) == expected[:3]
    assert expected[3] in help


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("next: {a: [{b: c}]}", ("PI106", 2, 12, "write `a: [waiting, rejected]`")),
        ("start: b\nedgse: [{from: a, to: a}]", ("PI101", 3, 1, "did you mean `edges`?")),
        ("contacts: [saved -> a]\nnext: {a: [b]}", ("PI855", 2, 12, "write it as `waiting -> any`")),
        ("contacts: ['a ->']\nnext: {a: [b]}", ("PI855", 2, 12, "write it as `waiting -> any`")),
        ("contacts: [b]\nnext: {a: [b]}", ("PI855", 2, 12, "write `any -> b` for the edges to it")),
        ("edges: [{from: a}]", ("PI102", 2, 9, "add something like `to: followed_up`")),
        ("edges: [{from: a, to: [b, c]}]", ("PI106", 2, 23, "a transition leads to one state")),
        ("title: Ours", ("PI102", 1, 1, "or `next`: for each state the states that may come next")),
    ],
)  # fmt: skip
def test_a_fault_in_yaml_is_told_with_its_line_and_column(
    text: str, expected: tuple[str, int, int, str]
) -> None:
    code, line, column, help = fault(START + text)
    assert (code, line, column) == expected[:3]
    assert expected[3] in help


def test_each_misspelt_name_is_reported_once() -> None:
    edges = ", ".join(
        f"{{from: wating{at}, to: waiting}}, {{from: wating{at}, to: waiting}}" for at in range(60)
    )
    found = read_table(START + f"states: [waiting]\nedges: [{edges}]", "table.yaml").diagnostics

    assert len(found) == 60
    assert all("did you mean" in each.help for each in found)


def test_a_table_may_be_larger_than_a_rule_file_and_not_without_end() -> None:
    def of(size: int) -> ParsedTable:
        return read_table("from,to\n" + f"{'a' * 9_997},b\n" * (size // 10_000), "table.csv")

    assert of(1_200_000).table is not None
    assert [each.code for each in of(MOST_BYTES).diagnostics] == ["PI002"]


@pytest.mark.parametrize("many", ["any", "[{names}]"])
def test_lines_that_stand_for_too_many_edges_are_refused_before_these_are_made(many: str) -> None:
    names = ", ".join(f"s{at}" for at in range(400))
    line = f"{{from: {many.format(names=names)}, to: s1}}"
    found = read_table(f"{START}states: [{names}]\nedges: [{', '.join([line] * 300)}]\n", "table.yaml")

    assert [(each.code, each.where.line) for each in found.diagnostics] == [("PI002", 3)]
    assert found.diagnostics[0].message == "the table stands for 120,000 edges, and 100,000 can be searched"


def test_no_name_is_so_long_that_the_report_is() -> None:
    name = "x" * 100_000
    found = table(f"from,to,event,contact\n{name},{name},{name},yes\n", "table.csv")
    shown = plain(lines_of("table.csv", found, find_cycles(found.graph)))
    assert len(shown) < 2_000
    assert fault(f"from,to,{name}\na,b,c\n", "table.csv")[0] == "PI852"
    assert len(read_table(f"from,to,{name}\na,b,c\n", "table.csv").diagnostics[0].message) < 100
