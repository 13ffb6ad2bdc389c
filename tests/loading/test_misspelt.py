"""Each word of the default rulebook, misspelt in turn: one fault, and the right word beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from postinterview.loading import LoadedRules, load, nodes
from postinterview.loading.diagnostics import Findings
from postinterview.loading.guard_schema import GUARD
from postinterview.loading.rule_schema import FILE
from postinterview.loading.schema import Entries, Forms, Kind, Table, Variants
from tests.strategies.scale import IS_LONG

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
IDS_BELOW = (
    *("events", "fields", "classes", "credits", "dates", "machines", "states", "transitions", "guards"),
    *("guard_sets", "migrations"),
)


def is_own_name(path: str) -> bool:
    """Whether the key is a name that the file itself gives."""
    *above, name = path.split(".")
    if name == "use":
        return False
    return bool(above) and (above[-1] in IDS_BELOW or (above[0] == "guard_sets" and len(above) == 2))


def is_key(path: str) -> bool:
    """Whether the key is one of the language. Where guards stand, `use` misspelt is the id of a guard."""
    return not is_own_name(path) and not path.endswith(".use")


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
    """Each path with one of the slips, all in turn; one in four of them, but in the long profile.

    A letter less in `if_never` is closer to `in_every`.
    """
    return [
        (path, with_one_doubled if path.endswith("if_never") else SLIPS[number % len(SLIPS)])
        for number, path in enumerate(paths)
        if IS_LONG or number % 4 == 0
    ]


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
events.assignment.fields.hand_in_by
events.interview.fields.decide_by
events.interview.fields.interviewers
events.offer.fields.answer_by
events.offer_revised.fields.answer_by
events.on_hold.fields.until
events.promise.fields.date
events.scheduled.fields.date
events.write_plan.fields.acceptance
events.write_plan.fields.if_rejected
events.write_plan.fields.if_silent
events.write_plan.fields.keep_searching
events.write_plan.fields.negotiation
guard_sets.before_any_nudge.a_week_apart
guard_sets.before_any_nudge.answer_first
guard_sets.before_any_nudge.decent_hours
guard_sets.before_any_nudge.few_in_two_months
guard_sets.before_any_nudge.few_nudges
guard_sets.before_any_nudge.no_talk_ahead
guard_sets.before_any_nudge.one_follow_up
guard_sets.before_any_nudge.task_first
guard_sets.before_any_nudge.wait_for_the_answer
guard_sets.one_at_a_time.one_chase
guard_sets.one_reply.reply_to_a_message
guard_sets.one_task.task_given
guard_sets.while_on_hold.not_too_late
guard_sets.while_on_hold.on_hold_is_a_wait
guard_sets.while_open.not_too_late
machines.application
machines.application.transitions.answer_their_question
machines.application.transitions.answer_their_question.guards.while_it_is_fresh
machines.application.transitions.answer_them
machines.application.transitions.answer_them.guards.while_it_is_fresh
machines.application.transitions.asked
machines.application.transitions.asked_after_silence
machines.application.transitions.call_in_vain
machines.application.transitions.call_in_vain.guards.a_day_between_attempts
machines.application.transitions.call_in_vain.guards.let_them_speak
machines.application.transitions.call_in_vain.guards.two_a_round
machines.application.transitions.call_in_vain.guards.two_attempts
machines.application.transitions.cancelled_a_talk
machines.application.transitions.cancelled_a_talk_after_silence
machines.application.transitions.fixed_a_talk
machines.application.transitions.fixed_a_talk_after_silence
machines.application.transitions.follow_up_once
machines.application.transitions.follow_up_once.guards.let_them_speak
machines.application.transitions.hand_it_in
machines.application.transitions.hand_it_in_after_silence
machines.application.transitions.interviewed
machines.application.transitions.interviewed_with_an_offer
machines.application.transitions.invite
machines.application.transitions.invite.guards.a_day_later
machines.application.transitions.invite.guards.one_invite
machines.application.transitions.invite.guards.personal_note
machines.application.transitions.invite.guards.profile_complete
machines.application.transitions.invite.guards.while_it_is_fresh
machines.application.transitions.let_it_rest
machines.application.transitions.let_it_rest.guards.month_of_silence
machines.application.transitions.let_it_rest.guards.nothing_ahead
machines.application.transitions.made_an_offer
machines.application.transitions.negotiate
machines.application.transitions.negotiate.guards.few_counters
machines.application.transitions.negotiate.guards.one_counter
machines.application.transitions.negotiate.guards.plan_ready
machines.application.transitions.negotiate.guards.their_date_first
machines.application.transitions.negotiate.guards.two_counters
machines.application.transitions.promised_a_date
machines.application.transitions.promised_after_silence
machines.application.transitions.put_on_hold
machines.application.transitions.put_on_hold_after_silence
machines.application.transitions.revised_the_offer
machines.application.transitions.said_no
machines.application.transitions.say_no
machines.application.transitions.say_no_while_they_think
machines.application.transitions.say_what_cannot_wait
machines.application.transitions.say_what_cannot_wait.guards.few_notices
machines.application.transitions.say_what_cannot_wait.guards.one_notice
machines.application.transitions.say_yes
machines.application.transitions.say_yes_while_they_think
machines.application.transitions.set_a_task
machines.application.transitions.set_a_task_meanwhile
machines.application.transitions.step_back
machines.application.transitions.take_the_no_well
machines.application.transitions.take_the_no_well.guards.one_rejection_reply
machines.application.transitions.take_the_no_well.guards.while_it_is_fresh
machines.application.transitions.thank
machines.application.transitions.thank.guards.a_day_apart
machines.application.transitions.thank.guards.one_thank_you
machines.application.transitions.thank.guards.quiet_after_a_no
machines.application.transitions.thank.guards.says_thanks
machines.application.transitions.thank.guards.while_it_is_fresh
machines.application.transitions.withdrew_the_offer
machines.application.transitions.wrote
machines.application.transitions.wrote_after_silence
machines.application.transitions.wrote_by_machine
machines.network
machines.network.transitions.accepted
machines.network.transitions.invited_once
machines.plan.transitions.rewrite
machines.plan.transitions.write
machines.position
machines.position.transitions.call_on_hold
machines.position.transitions.call_while_open
machines.position.transitions.ended_by_a_no
machines.position.transitions.ended_with_the_offer
machines.position.transitions.follow_up_on_hold
machines.position.transitions.follow_up_while_open
machines.position.transitions.paused
machines.position.transitions.resumed_by_a_date
machines.position.transitions.resumed_by_a_talk
machines.position.transitions.resumed_by_an_offer
machines.position.transitions.resumed_by_another_offer
machines.profile.transitions.complete
machines.profile.transitions.keep_complete
machines.thanks
machines.thanks.transitions.thanked
migrations.words_and_bounds
"""
"""The names that nothing in the file refers to: another spelling is another name, and no fault."""

FREE = frozenset(FREE_NAMES.split())


def test_the_free_names_are_in_the_default_rules() -> None:
    assert set(KEYS) >= FREE


@pytest.mark.parametrize(("path", "slip"), slips(path for path in KEYS if is_key(path)))
def test_a_misspelt_key_of_the_language_is_one_fault_that_names_the_right_one(path: str, slip: Slip) -> None:
    key = KEYS[path]
    assert key.text in vocabulary(FILE) | set(GUARD.tables) or path.split(".")[-2] in (
        "state",
        "not_state",
        "unless",
    )
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


FREE_WORDS = frozenset(f"events.follow_up.fields.channel[{number}]" for number in range(3))
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
