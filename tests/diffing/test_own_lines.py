"""A change of a pack is shown at the line of the pack that makes it."""

from __future__ import annotations

import pytest

import postinterview as pi
from postinterview.diffing.declared import declared_changes

_HEAD = "format: 1\nextends: default\ntitle: Ours\n"
_SETS = "guard_sets: {before_any_nudge:"
_RULES = "machines: {application: {transitions: {"


@pytest.mark.parametrize(
    ("change", "part", "name"),
    [
        (_RULES + "thank: {guards: {remove: a_day_apart}}}}}", "guard", "a_day_apart"),
        (f"{_SETS} {{remove: decent_hours}}}}", "guard", "decent_hours"),
        (f"{_SETS} {{remove: use}}}}", "guard", "one_chase"),
        (_RULES + "negotiate: {guards: {remove: use}}}}}", "guard", "one_chase"),
        (_RULES + "let_it_rest: {remove: guards}}}}", "guard", "nothing_ahead"),
        (_RULES + "remove: hand_it_in_after_silence}}}", "transition", "hand_it_in_after_silence"),
        ("machines: {remove: thanks}", "machine", "thanks"),
        ("events: {interview: {fields: {remove: decide_by}}}", "event", "interview.decide_by"),
        ("classes: {nudge: [follow_up]}", "class", "nudge"),
        ("calendar: {country: DE}", "calendar", "country"),
        ("calendar: {weekend: [sunday]}", "calendar", "weekend"),
        ("calendar: {holidays: [2026-12-24]}", "calendar", "holidays"),
    ],
)  # fmt: skip
def test_a_change_is_shown_at_the_line_that_makes_it(change: str, part: str, name: str) -> None:
    mine = pi.load_rulebook(text=_HEAD + change, name="ours.yaml").definition
    (found,) = {
        (each.new.file, each.new.line)
        for each in declared_changes(pi.load_rulebook().definition, mine)
        if (each.part, each.name) == (part, name) and each.new is not None
    }
    assert found == ("ours.yaml", 4)


def test_what_another_file_leaves_out_is_shown_where_the_old_rules_say_it() -> None:
    country = pi.load_rulebook(text=_HEAD + "calendar: {country: DE}", name="ours.yaml").definition
    (found,) = declared_changes(country, pi.load_rulebook().definition)[:1]
    assert (found.part, str(found.old), found.new) == ("calendar", "ours.yaml:4", None)
