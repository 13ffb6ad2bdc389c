"""Random promises about the events of a random rulebook."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.oracle import reading
from tests.oracle.reading import Rules
from tests.strategies.guarding import WINDOWS
from tests.strategies.hand import Draw, Hand

SCOPES: tuple[Any, ...] = ("employer", "application", "round", "interviewer", ["round", "interviewer"])
CONTACTS = ("chase", "courtesy", "attempt", "reply", "contact")


@st.composite
def promises(draw: Draw, rules: Rules) -> dict[str, Any]:
    """A promise of one clause."""
    return drawn_promise(Hand(draw), rules)


def drawn_promise(hand: Hand, rules: Rules, *, windows: int = 60, allowed: int = 50) -> dict[str, Any]:
    """A promise of one clause; so many in a hundred that count have a window, or count allowed acts only."""
    acts = [event for event in rules["events"] if reading.is_act(rules, event)]
    classes = [name for name in CONTACTS if set(acts) & reading.members(rules, name)]
    clause: dict[str, Any] = {"never": hand.one([*classes, *acts])}
    others = [name for name in acts if reading.members(rules, clause["never"]) - {name}]
    if clause["never"] in classes and others and hand.chance(20):
        clause["but"] = hand.one(others)
    subject = set(acts) & reading.members(rules, clause["never"]) - {clause.get("but")}
    to_person = sorted({reading.names_person(rules, act) for act in subject})
    if hand.chance(25):
        clause["to"] = "interviewer" if hand.one(to_person) else "nobody"
    names = list(dict.fromkeys([*rules["events"], "sign_of_life", *classes]))
    case = hand.number(0, 99)
    if case < 60:
        clause["more_than"] = str(hand.number(1, 3))
        if hand.chance(windows):
            clause["within"] = hand.one(WINDOWS)
        elif hand.chance(60):
            clause["since"] = hand.some(names, 1, 2)
        if hand.chance(15):
            clause["each"] = "event"
        if hand.chance(allowed):
            clause["count"] = "allowed"
    elif case < 75:
        clause |= {"later_than": hand.one(WINDOWS), "of": hand.some(names, 1, 2)}
    elif case < 85:
        clause |= {"within": hand.one(WINDOWS), "of": hand.some(names, 1, 2)}
    elif case < 95:
        begins = hand.some(names, 1, 2)
        begun = reading.members_of(rules, begins)
        ends = [name for name in names if not begun & reading.members(rules, name)]
        clause |= {"after": begins} | ({"until": hand.some(ends, 1, 2)} if ends else {})
    else:
        clause |= {"without": "credit", "most": str(hand.number(1, 3))}
    return clause | {"per": hand.one(SCOPES)}
