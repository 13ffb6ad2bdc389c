"""Every identifier and every keyword of the shipped files is explained, and asked for by several ways."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import postinterview as pi
from postinterview.describing.keywords import keywords
from postinterview.describing.names import KINDS, Names
from postinterview.files import by_name
from postinterview.judging import load_promises
from postinterview.loading import nodes
from postinterview.loading.diagnostics import Findings
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.loading.text_values import is_id
from postinterview.rulebooks import read_loaded, sound, to_prove

ROOT = Path(__file__).parents[2]
PROSE = {"title", "why", "format", "version", "extends", "holidays", "country", "from_version"}
"""Keys whose values are no names."""


@cache
def names_of(rules: str) -> Names:
    loaded = read_loaded(rules)
    rulebook = to_prove(sound(loaded))
    return Names.of(rulebook.definition, by_name(loaded.texts), load_promises(rulebook), loaded.whole)


def words_in(node: Node, key: str = "") -> Iterator[str]:
    """Every key, and every value that looks like a name, outside prose."""
    if isinstance(node, Mapping):
        for name, value in node.entries:
            yield name.text
            if name.text not in PROSE | {"meta"}:
                yield from words_in(value, name.text)
    elif isinstance(node, Sequence):
        for each in node.items:
            yield from words_in(each, key)
    elif isinstance(node, Scalar):
        word = node.text.partition(" + ")[0]
        if is_id(word) and word not in ("true", "false"):
            yield word


def test_every_name_and_keyword_of_every_shipped_file_is_explained() -> None:
    asked = 0
    for path in sorted((ROOT / "rules").glob("*.yaml")):
        root = nodes.read(path.read_text(encoding="utf-8"), path.name, Findings())
        assert root is not None
        names = names_of(path.stem.removeprefix("courtesy").removeprefix("-") or "default")
        for word in dict.fromkeys(words_in(root)):
            assert names.describe(word) is not None, (path.name, word)
            assert word in names.describable(), (path.name, word)
            asked += 1
    assert asked > 500


@pytest.mark.parametrize("rules", ["default", "germany", "with-application"])
def test_every_describable_name_is_described(rules: str) -> None:
    names = names_of(rules)
    assert [name for name in names.describable() if names.describe(name) is None] == []


def found(asked: str, rules: str = "default") -> list[str]:
    data = names_of(rules).describe(asked)
    return [] if data is None else [key for key, value in data.items() if value and key != "name"]


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ("reply", ["term", "event", "transitions", "class", "credit", "keywords"]),
        ("event:reply", ["event"]),
        ("credit:reply", ["credit"]),
        ("keyword:reply", ["keywords"]),
        ("one_chase", ["guards", "promise"]),
        ("guard:one_chase", ["guards"]),
        ("promise:one_chase", ["promise"]),
        ("application", ["term", "machine", "keywords"]),
        ("application.waiting", ["states"]),
        ("application.thank", ["transitions"]),
        ("plan.waiting", []),
        ("follow_up.channel", ["fields"]),
        ("follow_up.email", ["choices"]),
        ("follow_up.topic", []),
        ("missed_call.decent_hours", ["guards"]),
        ("thank_you.decent_hours", []),
        ("stage:reply", []),
        ("complete", ["transitions", "states"]),
        ("words_and_bounds", ["migration"]),
        ("answer_due", ["date"]),
        ("loosens", ["keywords"]),
        ("remove", ["keywords"]),
        ("since", ["keywords"]),
    ],
)
def test_a_name_of_several_things_lists_them_all_unless_one_is_asked_for(
    asked: str, kinds: list[str]
) -> None:
    assert found(asked) == kinds


def test_a_name_that_a_pack_takes_away_is_said_to_be_removed() -> None:
    data = names_of("germany").describe("missed_call")
    assert data is not None
    assert data["removed"]["file"].endswith("germany.yaml")


def test_each_kind_can_be_asked_for() -> None:
    left = dict(KINDS)
    for names in map(names_of, ("default", "germany", "two-follow-ups")):
        for name in names.describable():
            data = names.describe(name) if left else None
            for kind, key in [*left.items()]:
                if data is not None and data[key]:
                    asked = names.describe(f"{kind}:{name}")
                    assert asked is not None
                    assert {each for each in KINDS.values() if asked[each]} == {key}
                    del left[kind]
    assert not left


def test_a_keyword_says_what_it_means_in_each_place() -> None:
    assert [(each.where, each.value_of) for each in keywords()["per"]][:3] == [
        ("a credit", ""),
        ("a guard", ""),
        ("a machine", ""),
    ]
    assert keywords()["holds"][0].value_of == "if_never"


def test_an_act_is_told_machine_after_machine_and_way_after_way() -> None:
    data = names_of("default").describe("reply")
    assert data is not None
    assert [rule["sentence"] for rule in data["transitions"]] == [
        "You may answer the employer in whatever state:",
        "Or in whatever state:",
    ]
    data = names_of("default").describe("follow_up")
    assert data is not None
    assert [rule["sentence"].partition(" while ")[0] for rule in data["transitions"]] == [
        "You may follow up with the employer",
        "And it must be allowed",
        "Or",
    ]


def test_who_counts_and_judges_an_act_is_told() -> None:
    data = names_of("default").describe("rejection_reply")
    assert data is not None
    assert [(each["id"], each["transitions"]) for each in data["event"]["counted_by"]] == [
        ("one_rejection_reply", ["take_the_no_well"])
    ]
    assert set(data["event"]["promises"]) == {
        "quiet_after_a_no",
        "courtesy_once",
        "few_words_to_nobody",
    }


def test_every_packaged_due_is_said_in_words() -> None:
    for rules in pi.packaged():
        names = names_of(rules)
        for machine in names.definition.machines.values():
            for rule in machine.transitions:
                for said in names.rules.acts.after(rule):
                    assert "_" not in said
                    assert said.endswith(".")


def test_a_promise_says_who_is_held_to_it_and_who_loosens_it() -> None:
    names = names_of("two-follow-ups")
    packaged, own = names.describe("promise:one_chase"), names.describe("promise:two_chases")
    assert packaged is not None
    assert own is not None
    assert (packaged["promise"]["packaged"], own["promise"]["packaged"]) == (True, False)
    assert packaged["promise"]["loosened"]["file"].endswith("two-follow-ups.yaml")
    assert own["promise"]["loosened"] is None


def event_of(rules: str) -> Any:
    found = names_of(rules).describe("follow_up")
    assert found is not None
    return found["event"]


def test_a_promise_that_is_loosened_is_not_among_those_that_judge() -> None:
    event = event_of("two-follow-ups")
    loosened = {each["promise"]: each["why"] for each in event["loosened"]}
    assert loosened.keys() == {"one_chase", "one_follow_up"}
    assert loosened["one_follow_up"].startswith("The second one is the last question")
    assert not loosened.keys() & set(event["promises"])
    assert event_of("default")["loosened"] == []


def test_a_reason_that_a_changed_rule_has_from_its_parent_is_said_to_be_the_parents() -> None:
    of = {id: whys_told("two-follow-ups", id) for id in ("follow_up_once", "thanked")}
    assert of["follow_up_once"] is not None
    assert of["follow_up_once"]["file"] == "rules/default.yaml"
    assert of["thanked"] is None  # the pack leaves it as it is
    assert whys_told("default", "follow_up_once") is None


def whys_told(rules: str, transition: str) -> Any:
    found = names_of(rules).describe(transition)
    assert found is not None
    return found["transitions"][0]["why_of"]
