"""Random promises about the events of a random rulebook."""

from __future__ import annotations

from datetime import timedelta
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
    hand = Hand(draw)
    return mirrored_promise(hand, rules) if hand.chance(50) else drawn_promise(hand, rules)


def mirrored_promise(hand: Hand, rules: Rules) -> dict[str, Any]:
    """A promise that some guard of an act may keep, as it says much the same; one at random if none can."""

    def is_act(event: str) -> bool:
        return reading.is_act(rules, event)

    found = [
        (transition["event"], guard, machine["per"])
        for machine in rules["machines"].values()
        for transition in machine["transitions"].values()
        if is_act(transition["event"])
        for guard in reading.guards(rules, transition).values()
        if {"at_most", "apart", "not_after"} & guard.keys()
    ]
    if not found:
        return drawn_promise(hand, rules)
    act, guard, own = hand.one(found)
    clause: dict[str, Any] = {"never": act, "per": hand.one((guard.get("per", own), *SCOPES))}
    if "at_most" in guard:
        counted = [name for name in _named(guard["of"]) if any(map(is_act, reading.members(rules, name)))]
        if hand.chance(40) and act in reading.members_of(rules, counted):
            clause["never"] = counted
        clause["more_than"] = str(int(guard["at_most"]) + hand.one((0, 0, 0, 1)))
        if "within" in guard:
            clause["within"] = hand.one((guard["within"], guard["within"], *WINDOWS))
        elif since := _named(guard.get("since")):
            clause["since"] = since
        return clause | ({"count": "allowed"} if hand.chance(60) else {})
    if "apart" in guard and (names := _named(guard["from"])):
        return clause | {"within": guard["apart"], "of": names}
    name, plus = reading.moment(guard.get("not_after", "")) if "not_after" in guard else ("", None)
    if name in rules["events"] and isinstance(plus, timedelta):
        return clause | {"later_than": guard["not_after"].partition("+")[2].strip(), "of": name}
    return drawn_promise(hand, rules)


def _named(names: Any) -> list[str]:
    """The names that a promise may use: those of events and built-in classes."""
    return [name for name in reading.listed(names) if name != "some"]


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
