"""What `explain` lists as users of a name is every place in the merged rules that names it, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import postinterview as pi
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.rulebooks import read_loaded
from tests.describing.test_names import PROSE, names_of

NO_NAMES = PROSE | {"by", "contact", "opens", "starts", "per", "in_every", "type", "breach_from", "if_never"}
"""Keys whose values are prose, or words of the language."""
WORDS = {"any", "interviewer"}
OWN = {"trust", "meant", "loosens", "keeps", "meta", "calendar"}
"""Sections that `explain` shows otherwise."""

Place = tuple[str, int]


def named_in(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Place]]:
    """Every name that stands as a value, with its place: read from the tree without the language's tables."""
    key = path[-1] if path else ""
    if isinstance(node, Mapping):
        for name, value in node.entries:
            if key in ("unless", "state", "not_state"):
                yield name.text, place(name)
            is_type = path[:1] == ("events",) and key == "fields" and not isinstance(value, Mapping)
            if not (name.text in NO_NAMES or is_type or (not path and name.text in OWN)):
                yield from named_in(value, (*path, name.text))
    elif isinstance(node, Sequence):
        for each in node.items:
            yield from named_in(each, path)
    elif node.text not in WORDS:
        yield node.text.split("+")[0].strip(), place(node)


def place(node: Scalar) -> Place:
    return node.source.file, node.start.line + 1


def listed(data: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """All users in what is said of the things that have a name."""
    for value in () if data is None else data.values():
        for thing in value if isinstance(value, list) else [value]:
            yield from thing.get("named_by", ()) if isinstance(thing, dict) else ()


@pytest.mark.parametrize("rules", pi.packaged())
def test_every_place_that_names_a_thing_is_listed_and_no_other(rules: str) -> None:
    whole, names = read_loaded(rules).whole, names_of(rules)
    assert whole is not None
    places: dict[str, set[Place]] = {}
    for name, at in named_in(whole):
        places.setdefault(name, set()).add(at)
    of_the_file = [name for name in names.describable() if "." not in name]
    found = {
        name: {(each["file"], each["line"]) for each in listed(names.describe(name))} for name in of_the_file
    }
    assert {name: at for name, at in found.items() if at} == {
        name: places[name] for name in of_the_file if name in places
    }
    assert sum(map(len, found.values())) > 400


def users(asked: str, rules: str = "default") -> dict[str, list[str]]:
    return {each["id"]: each["transitions"] for each in listed(names_of(rules).describe(asked))}


def test_a_guard_of_a_set_is_listed_with_every_transition_that_uses_the_set() -> None:
    assert users("chase") == {"one_chase": ["follow_up_once", "call_in_vain", "negotiate"]}
    assert users("last_word") == {"not_too_late": ["follow_up_while_open", "call_while_open"]}
    # The pack takes `one_at_a_time` out of the set, and the second follow-up asks for another guard.
    assert users("one_at_a_time", "two-follow-ups") == {"call_in_vain": [], "negotiate": []}
    assert users("chase", "two-follow-ups") == {
        "one_chase": ["call_in_vain", "negotiate"],
        "two_chases": ["follow_up_once"],
    }


def test_a_class_that_only_a_date_rests_on_has_the_date_as_its_user() -> None:
    assert users("waited_from") == {"answer_due": []}
    assert users("wrote") == {"last_word": [], "last_chance": [], "while_it_is_fresh": ["answer_them"]}


def test_a_field_is_used_by_the_guards_of_its_own_event_only() -> None:
    assert names_of("default").rules.mentions.of("field", "channel", "thank_you") == []
    assert users("reply")["reply_to_a_message"] == ["answer_their_question", "answer_them"]
