"""Each word of the default rulebook, misspelt in turn: one fault, and the right word beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from postinterview.loading import LoadedRules, load, nodes
from postinterview.loading.diagnostics import Findings
from postinterview.loading.rule_schema import FILE, GUARD
from postinterview.loading.schema import Entries, Forms, Kind, Table, Variants

RULES = (Path(__file__).parents[2] / "rules" / "default.yaml").read_text(encoding="utf-8")
LINES = RULES.split("\n")
FREE_TEXT = ("title", "why", "version")

Word: TypeAlias = tuple[str, nodes.Scalar]
"""The way to a word, and the word."""


def keys(node: nodes.Node, path: str = "") -> Iterator[Word]:
    if isinstance(node, nodes.Mapping):
        for key, child in node.entries:
            way = f"{path}.{key.text}".lstrip(".")
            yield way, key
            yield from keys(child, way)
    elif isinstance(node, nodes.Sequence):
        for item in node.items:
            yield from keys(item, path)


def values(node: nodes.Node, path: str = "") -> Iterator[Word]:
    """The values that are names or words of the language, not text for people."""
    if isinstance(node, nodes.Scalar):
        yield path, node
    elif isinstance(node, nodes.Sequence):
        for number, item in enumerate(node.items):
            yield from values(item, f"{path}[{number}]")
    else:
        for key, child in node.entries:
            if key.text not in FREE_TEXT:
                yield from values(child, f"{path}.{key.text}".lstrip("."))


def vocabulary(kind: Kind) -> set[str]:
    """Every key that the tables know."""
    match kind:
        case Table():
            return set(kind.keys).union(*(vocabulary(key.kind) for key in kind.keys.values()))
        case Variants():
            return set().union(*(vocabulary(table) for table in kind.tables.values()))
        case Entries():
            return vocabulary(kind.value)
        case Forms():
            return vocabulary(kind.entries) if kind.entries else set()
        case _:
            return set()


def the_nodes() -> nodes.Node:
    root = nodes.read(RULES, "rules/default.yaml", Findings())
    assert root is not None
    return root


ROOT = the_nodes()
KEYS = dict(keys(ROOT))
VALUES = dict(values(ROOT))
IDS_BELOW = ("events", "fields", "classes", "credits", "dates", "machines", "states", "transitions", "guards")


def is_own_name(path: str) -> bool:
    """Whether the key is a name that the file itself gives."""
    parent = path.split(".")[-2:-1]
    return bool(parent) and parent[0] in IDS_BELOW


def without_second_letter(word: str) -> str:
    return word[0] + word[2:] if len(word) > 3 else word + "x"


def with_two_swapped(word: str) -> str:
    at = next(at for at in reversed(range(1, len(word))) if word[at] != word[at - 1])
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def with_one_doubled(word: str) -> str:
    return word + word[-1]


Slip: TypeAlias = Callable[[str], str]
SLIPS: tuple[Slip, ...] = (without_second_letter, with_two_swapped, with_one_doubled)


def slips(paths: Iterable[str]) -> list[tuple[str, Slip]]:
    """Each path with one of the slips, all in turn."""
    return [(path, SLIPS[number % len(SLIPS)]) for number, path in enumerate(paths)]


def misspell(word: nodes.Scalar, typo: str) -> LoadedRules:
    line, column = word.start.line, word.start.column
    lines = list(LINES)
    assert lines[line][column:].startswith(word.text)
    lines[line] = lines[line][:column] + typo + lines[line][column + len(word.text) :]
    return load("\n".join(lines), "default.yaml", name="default")


def says(loaded: LoadedRules, word: str) -> bool:
    """Whether the help or the fix has the word."""
    return any(
        f"`{word}" in found.help or (found.fix and word in found.fix.text) for found in loaded.diagnostics
    )


FREE_NAMES = """
events.follow_up.fields.channel
events.interview.fields.decide_by
events.interview.fields.interviewers
events.offer.fields.answer_by
events.offer_revised.fields.answer_by
events.promise.fields.date
events.write_plan.fields.acceptance
events.write_plan.fields.if_rejected
events.write_plan.fields.if_silent
events.write_plan.fields.keep_searching
events.write_plan.fields.negotiation
machines.application
machines.application.transitions.answer_them
machines.application.transitions.answer_them.guards.reply_to_a_message
machines.application.transitions.answer_them.guards.while_it_is_fresh
machines.application.transitions.call_in_vain
machines.application.transitions.call_in_vain.guards.a_day_between_attempts
machines.application.transitions.call_in_vain.guards.two_attempts
machines.application.transitions.follow_up_once
machines.application.transitions.follow_up_once.guards.one_follow_up
machines.application.transitions.interviewed
machines.application.transitions.interviewed_with_an_offer
machines.application.transitions.invite
machines.application.transitions.invite.guards.a_day_later
machines.application.transitions.invite.guards.one_invite
machines.application.transitions.invite.guards.personal_note
machines.application.transitions.invite.guards.profile_complete
machines.application.transitions.let_it_rest
machines.application.transitions.let_it_rest.guards.month_of_silence
machines.application.transitions.made_an_offer
machines.application.transitions.negotiate
machines.application.transitions.negotiate.guards.one_counter
machines.application.transitions.negotiate.guards.plan_ready
machines.application.transitions.negotiate.guards.their_date_first
machines.application.transitions.negotiate.guards.two_counters
machines.application.transitions.promised_a_date
machines.application.transitions.promised_after_silence
machines.application.transitions.revised_the_offer
machines.application.transitions.said_no
machines.application.transitions.say_no
machines.application.transitions.say_no_while_they_think
machines.application.transitions.say_yes
machines.application.transitions.say_yes_while_they_think
machines.application.transitions.step_back
machines.application.transitions.take_the_no_well
machines.application.transitions.take_the_no_well.guards.one_rejection_reply
machines.application.transitions.thank
machines.application.transitions.thank.guards.one_thank_you
machines.application.transitions.thank.guards.says_thanks
machines.application.transitions.withdrew_the_offer
machines.application.transitions.wrote
machines.application.transitions.wrote_after_silence
machines.network
machines.network.transitions.accepted
machines.network.transitions.invited_once
machines.plan.transitions.rewrite
machines.plan.transitions.write
machines.profile.transitions.complete
machines.profile.transitions.keep_complete
machines.thanks
machines.thanks.transitions.thanked
"""
"""The names that nothing in the file refers to: another spelling is another name, and no fault."""

FREE = frozenset(FREE_NAMES.split())


def test_the_free_names_are_in_the_default_rules() -> None:
    assert set(KEYS) >= FREE


@pytest.mark.parametrize(("path", "slip"), slips(path for path in KEYS if not is_own_name(path)))
def test_a_misspelt_key_of_the_language_is_one_fault_that_names_the_right_one(path: str, slip: Slip) -> None:
    key = KEYS[path]
    assert key.text in vocabulary(FILE) | set(GUARD.tables) or path.split(".")[-2] in ("state", "not_state")
    loaded = misspell(key, slip(key.text))
    assert loaded.definition is None
    assert len(loaded.diagnostics) == 1
    assert says(loaded, key.text)


@pytest.mark.parametrize(
    ("path", "slip"), slips(path for path in KEYS if is_own_name(path) and path not in FREE)
)
def test_a_misspelt_name_that_is_used_is_one_fault_that_names_the_right_one(path: str, slip: Slip) -> None:
    key = KEYS[path]
    loaded = misspell(key, slip(key.text))
    assert loaded.definition is None
    assert len(loaded.diagnostics) == 1
    assert says(loaded, key.text)


@pytest.mark.parametrize(("path", "slip"), slips(sorted(FREE)))
def test_another_name_for_what_nothing_refers_to_is_no_fault(path: str, slip: Slip) -> None:
    loaded = misspell(KEYS[path], slip(KEYS[path].text))
    assert loaded.diagnostics == ()
    assert loaded.definition is not None


FREE_WORDS = frozenset({"events.follow_up.fields.channel[0]", "events.follow_up.fields.channel[1]"})
"""The choices of a field are the file's own words."""


def is_name(path: str) -> bool:
    return not VALUES[path].text[0].isdigit() and path not in FREE_WORDS


@pytest.mark.parametrize(("path", "slip"), slips(path for path in VALUES if is_name(path)))
def test_a_misspelt_name_or_word_is_one_fault_that_names_the_right_one(path: str, slip: Slip) -> None:
    value = VALUES[path]
    word, _, rest = value.text.partition(" ")
    loaded = misspell(value, f"{slip(word)} {rest}".rstrip())
    assert loaded.definition is None
    assert len(loaded.diagnostics) == 1
    assert says(loaded, word)
