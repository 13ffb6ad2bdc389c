"""Random rulebooks whose events bear the packaged names, so that every packaged promise speaks of them."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

from tests.oracle.reading import Rules
from tests.strategies.hand import Draw, Hand
from tests.strategies.rulebooks import plain_rulebooks
from tests.strategies.scale import IS_LONG

NAMES = {
    "meeting": ("interview",),
    "word": ("message", "promise", "offer"),
    "news": ("offer_revised", "rejection", "interview_again"),
    "sign": ("rejection_by_mail", "offer_withdrawn", "invite_accepted"),
    "end": ("offer_again", "silence"),
    "ask": ("follow_up", "counter_offer"),
    "note": ("thank_you", "linkedin_invite", "rejection_reply", "accept"),
    "ring": ("missed_call",),
    "plan": ("write_plan", "decline", "withdraw"),
}
"""For each name that rulebooks are drawn with, those of the packaged rules, and some that are nobody's."""


def packaged() -> st.SearchStrategy[Rules]:
    """Of any size in the long profile; in the quick one such as are proved in a few milliseconds."""
    if IS_LONG:
        return packaged_rulebooks()
    return packaged_rulebooks(machines=2).filter(lambda rules: _transitions(rules) <= 9)


def small_rulebooks() -> st.SearchStrategy[Rules]:
    """The same with events of any names."""
    if IS_LONG:
        return plain_rulebooks()
    return plain_rulebooks(machines=2).filter(lambda rules: _transitions(rules) <= 9)


def _transitions(rules: Rules) -> int:
    return sum(len(machine["transitions"]) for machine in rules["machines"].values())


@st.composite
def packaged_rulebooks(draw: Draw, *, machines: int = 3) -> Rules:
    """A random rulebook that speaks of follow-ups, offers and noes, of so many machines at most."""
    return with_packaged_names(Hand(draw), draw(plain_rulebooks(machines=machines)))


def with_packaged_names(hand: Hand, rules: Rules) -> Rules:
    names = {name: hand.one(known) for name, known in NAMES.items() if name in rules["events"]}
    renamed: Rules = _renamed(rules, names)
    return renamed


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {_renamed(key, names): _renamed(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, names) for each in value]
    return re.sub(r"\w+", lambda word: names.get(word[0], word[0]), value)
