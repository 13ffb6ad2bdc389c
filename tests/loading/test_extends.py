"""A file that extends another one means what one file with all the values would mean."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.core.rules.definitions import Definition, Origin, Source
from postinterview.loading import FileText, LoadedRules, Missing, load
from tests.loading.small import SMALL
from tests.strategies.hand import Hand
from tests.strategies.rulebooks import plain_rulebooks
from tests.strategies.writing import written

OTHER_GUARD = {"apart": "3 days", "from": "contact"}
OWN = ("format", "version", "migrations")


def extended(child: str, parent: str = SMALL, **others: str) -> LoadedRules:
    files = {"parent": parent, **others}

    def find(named: str, _: str) -> FileText | Missing:
        return FileText(f"{named}.yaml", files[named]) if named in files else Missing("no", "such")

    return load(child, "child.yaml", name="drawn", finder=find)


def defined(loaded: LoadedRules) -> Definition:
    assert loaded.definition is not None, [each.message for each in loaded.diagnostics]
    return loaded.definition


PLACES = ("sources", "origin", "origins", "changes", "removals")
"""What tells of files and lines."""


def meaning(value: Any) -> Any:
    """What a part of a definition says, without its places, and without the order of the file."""
    if attrs.has(type(value)) and not isinstance(value, type):
        kept = [each.name for each in attrs.fields(type(value)) if each.name not in PLACES]
        parts = {name: meaning(getattr(value, name)) for name in kept if not is_place(getattr(value, name))}
        return type(value).__name__, tuple(sorted(parts.items()))
    if isinstance(value, (dict, pi.Rulebook)) or hasattr(value, "items"):
        return tuple(sorted((key, repr(meaning(each))) for key, each in value.items()))
    if isinstance(value, (tuple, list)):
        return tuple(sorted(repr(meaning(each)) for each in value))
    return repr(sorted(value)) if isinstance(value, frozenset) else repr(value)


def is_place(value: Any) -> bool:
    return isinstance(value, (Origin, Source))


def in_two(hand: Hand, whole: dict[str, Any], where: tuple[str, ...] = ()) -> tuple[dict[str, Any], ...]:
    """Two sets of entries: the parent's has another value here and there, the child's puts it right."""
    parent, child = dict[str, Any](), dict[str, Any]()
    of_guards = where[-1:] == ("guards",) or (len(where) == 2 and where[0] == "guard_sets")
    is_guard = where[-2:-1] == ("guards",) or (len(where) == 3 and where[0] == "guard_sets")
    for number, (name, value) in enumerate(whole.items()):
        if not where and name in OWN:
            child[name] = value
        elif is_guard and number == 0:
            parent[name] = value  # its kind
        elif hand.chance(12):
            child[name] = value  # the parent does not have it
        elif hand.chance(12):
            child.setdefault("remove", []).append(name)  # the parent's is something else altogether
            parent[name], child[name] = {"nonsense": "yes"}, value
        elif isinstance(value, dict) and of_guards and hand.chance(15):
            other = {"not_state": "{plan: none}"} if "apart" in value else OTHER_GUARD
            parent[name], child[name] = other, value
        elif isinstance(value, dict) and value:
            parent[name], mine = in_two(hand, value, (*where, name))
            if mine:
                child[name] = mine
        elif hand.chance(12):
            parent[name], child[name] = "[something, else]", value
        else:
            parent[name] = value
    if hand.chance(20) and not is_guard:
        parent["surplus"] = "nonsense"
        child.setdefault("remove", []).append("surplus")
    return parent, child


@given(plain_rulebooks(machines=2), st.data())
def test_a_file_in_two_parts_means_what_it_means_in_one(whole: dict[str, Any], data: st.DataObject) -> None:
    parent, child = in_two(Hand(data.draw), whole)
    loaded = extended(written({"extends": "parent", **child}), written(parent or {"title": "Nothing"}))
    alone = defined(load(written(whole), "whole.yaml", name="drawn"))
    assert meaning(defined(loaded)) == meaning(alone)
    assert {each.code for each in loaded.diagnostics if each.severity == "error"} == set()


def test_each_value_keeps_its_own_place() -> None:
    child = """\
format: 1
extends: parent
machines:
  application:
    transitions:
      ask:
        guards:
          be_patient: {not_before: interview + 9 days}
          once: {at_most: 1, of: follow_up}
"""
    definition = defined(extended(child))
    (rule,) = definition.machines["application"].transitions
    assert [f"{guard.id} {guard.origin}" for guard in rule.guards] == [
        "be_patient child.yaml:8",
        "once child.yaml:9",
    ]
    assert str(rule.origin) == "child.yaml:6"
    assert str(definition.machines["application"].states["asked"].origin) == "parent.yaml:14"
    assert [source.name for source in definition.sources] == ["child.yaml", "parent.yaml"]


def test_the_nearest_of_three_files_says_what_stands() -> None:
    middle = 'format: 1\nextends: parent\nversion: "7"\ntitle: Middle\nevents: {follow_up: {title: ask}}\n'
    definition = defined(
        extended("format: 1\nextends: middle\nevents: {follow_up: {why: So it is.}}\n", middle=middle)
    )
    follow_up = definition.events["follow_up"]
    assert (definition.title, follow_up.title, follow_up.by) == ("Middle", "ask", "candidate")
    assert definition.version == "", "a version is said by each file for itself"


@pytest.mark.parametrize(
    ("guards", "expected"),
    [
        ("be_patient: {if_never: blocks}", "interview + 7 days"),
        ("be_patient: {not_before: interview + 9 days}", "interview + 9 days"),
        ("be_patient: {apart: 2 days, from: interview}", "apart"),
        ("{remove: be_patient, late: {apart: 3 days, from: interview}}", "apart"),
    ],
)
def test_a_guard_is_changed_or_stands_alone_if_it_is_of_another_kind(guards: str, expected: str) -> None:
    lines = f"guards: {guards}" if guards.startswith("{") else f"guards: {{{guards}}}"
    child = f"format: 1\nextends: parent\nmachines: {{application: {{transitions: {{ask: {{{lines}}}}}}}}}\n"
    (rule,) = defined(extended(child)).machines["application"].transitions
    (guard,) = rule.guards
    assert expected in (
        str(getattr(getattr(guard, "moment", None), "text", "")),
        type(guard).__name__.lower(),
    )


def test_guards_that_are_all_removed_leave_none() -> None:
    child = (
        "format: 1\nextends: parent\n"
        "machines: {application: {transitions: {ask: {guards: {remove: be_patient}}}}}\n"
    )
    (rule,) = defined(extended(child)).machines["application"].transitions
    assert rule.guards == ()


@pytest.mark.parametrize("nothing", ["", "~", "{remove: [title]}"])
def test_a_state_with_an_empty_value_stays_a_state(nothing: str) -> None:
    child = (
        "format: 1\nextends: parent\ntitle: Child\nmachines:\n  application:\n    states:\n      waiting: "
    )
    states = defined(extended(f"{child}{nothing}\n", SMALL)).machines["application"].states
    assert list(states) == ["waiting", "asked"]
    assert states["waiting"].title == ("" if nothing.startswith("{") else "Waiting")


def test_an_event_of_which_everything_is_removed_is_not_removed_itself() -> None:
    child = "format: 1\nextends: parent\ntitle: Child\nevents: {follow_up: {remove: by}}\n"
    assert [each.code for each in extended(child).diagnostics] == ["PI102"]
