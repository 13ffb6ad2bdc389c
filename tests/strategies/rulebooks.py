"""Random small rulebooks that the loader accepts: events, machines, guards, dates and credits."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.oracle import reading
from tests.oracle.reading import Rules
from tests.strategies.guarding import Guarding
from tests.strategies.hand import Draw, Hand
from tests.strategies.writing import written

SCOPES: tuple[Any, ...] = (
    "application",
    "employer",
    "round",
    "interviewer",
    ["round", "interviewer"],
    ["application", "interviewer"],
)
FACTS = ("word", "news", "sign", "end")
ACTS = ("ask", "note", "ring", "reply", "plan")
CONTACTS = {"ask": "chase", "note": "courtesy", "ring": "attempt", "reply": "reply", "plan": "none"}
ACT_FIELDS: tuple[Any, ...] = (
    "bool",
    "text",
    "number",
    "date",
    "people",
    {"type": "people", "optional": "true"},
    ["call", "email"],
    ["call", "email", "text"],
    {"type": "text", "optional": "true"},
)
DATES = ("promised", "promised", "answer_by")


def rulebooks(*, custom: bool = False) -> st.SearchStrategy[tuple[str, Rules]]:
    """The text of a rule file, and the same as plain mappings, lists and text."""
    return plain_rulebooks(custom=custom).map(lambda rules: (written(rules), rules))


@st.composite
def plain_rulebooks(draw: Draw, *, machines: int = 3, custom: bool = False, dues: int = 20) -> Rules:
    """A rule file as plain data."""
    return drawn_rules(Hand(draw), machines=machines, custom=custom, dues=dues)


def drawn_rules(hand: Hand, *, machines: int = 3, custom: bool = False, dues: int = 20) -> Rules:
    """A rule file as plain data, of at most so many machines.

    ``custom``: some guards ask the functions of ``CUSTOM``. ``dues``: so many in a hundred transitions say
    when their act is due.
    """
    scopes = [hand.one(SCOPES) for _ in range(hand.number(1, machines))]
    if hand.chance(80):  # dates and credits live in applications
        scopes[0] = hand.one(("application", "round"))
    rules: Rules = {"format": "1", "title": "Drawn at random"}
    if hand.chance(25):
        rules["calendar"] = _calendar(hand)
    rules["events"] = _events(hand, scopes)
    rules["machines"] = {f"m{index}": _machine(hand, scope) for index, scope in enumerate(scopes)}
    Transitions(hand, rules).draw_all()
    for name, event in rules["events"].items():
        if reading.is_act(rules, name) and not reading.concerns_employer(rules, name) and hand.chance(35):
            event["starts"] = "application"
    Guarding(hand, rules, custom=custom, dues=dues).draw_all()
    return rules


def _calendar(hand: Hand) -> dict[str, Any]:
    calendar: dict[str, Any] = {}
    if hand.chance(50):
        calendar["weekend"] = hand.some(reading.WEEKDAYS, 1, 3)
    if hand.chance(50) or not calendar:
        calendar["holidays"] = hand.some(("2026-03-09", "2026-03-30", "2026-04-06", "2026-10-26"), 1, 3)
    return calendar


# --- events ---------------------------------------------------------------------------------------


def _events(hand: Hand, scopes: list[Any]) -> dict[str, Any]:
    by_person = [scope for scope in scopes if "interviewer" in reading.axes(scope)]
    rounds = [scope for scope in scopes if "round" in reading.axes(scope)]
    events: dict[str, Any] = {}
    acts = hand.some(ACTS, 1, 4)
    to_person = [act for act in acts if len(by_person) == len(scopes) or hand.chance(35)]
    if by_person or rounds or to_person or hand.chance(70):
        events["meeting"] = _opener(hand, bool(by_person or to_person))
    for fact in hand.some(FACTS, 0 if events else 1, 3):
        events[fact] = _fact(hand, bool(by_person), bool(rounds), may_set=len(scopes) > len(by_person))
    for act in acts:
        events[act] = {"by": "candidate", "contact": CONTACTS[act]}
        if act != "reply" and hand.chance(30):
            events[act].pop("contact")  # a chase
        if act in to_person:
            events[act]["to"] = "interviewer"
        if hand.chance(40):
            types = [hand.one(ACT_FIELDS) for _ in range(hand.number(1, 2))]
            events[act]["fields"] = {f"f{index}": type_ for index, type_ in enumerate(types)}
        if len(scopes) > len(by_person) and hand.chance(10):
            events[act].setdefault("fields", {})["moved"] = {"type": "date", "sets": hand.one(DATES)}
    return events


def _opener(hand: Hand, names_people: bool) -> dict[str, Any]:
    event: dict[str, Any] = {"by": "employer", "opens": "round"}
    fields: dict[str, Any] = {}
    if names_people or hand.chance(50):
        fields["who"] = {"type": "people", "optional": "true"} if hand.chance(30) else "people"
    if hand.chance(35):
        fields["by_when"] = {"type": "date", "optional": "true", "sets": hand.one(DATES)}
    return event | ({"fields": fields} if fields else {})


def _fact(hand: Hand, by_person: bool, rounds: bool, *, may_set: bool) -> dict[str, Any]:
    event: dict[str, Any] = {"by": hand.one(("employer", "employer", "world"))}
    if event["by"] == "employer" and hand.chance(20):
        event["sign_of_life"] = "false"
    if rounds and event["by"] == "employer" and hand.chance(10):
        event["opens"] = "round"
    if by_person and hand.chance(30):
        event["to"] = "interviewer"
    if may_set and hand.chance(30):
        event["ends"] = hand.one(("promised", ["promised"], ["promised", "answer_by"]))
    fields: dict[str, Any] = {}
    if may_set and hand.chance(35):
        fields["day"] = {"type": "date", "sets": hand.one(DATES)}
    if by_person and hand.chance(20):
        fields["others"] = {"type": "people", "optional": "true"}
    return event | ({"fields": fields} if fields else {})


def _machine(hand: Hand, scope: Any) -> dict[str, Any]:
    states: dict[str, Any] = {f"s{index}": {} for index in range(hand.number(2, 4))}
    if hand.chance(40):
        states[hand.one(("s0", "s0", *states))] = {"outside": "true"}
    return {"per": scope, "start": "s0", "states": states, "transitions": {}}


# --- transitions ----------------------------------------------------------------------------------


class Transitions:
    """Draws the graphs: every state is reached, every event moves something, nothing overlaps."""

    def __init__(self, hand: Hand, rules: Rules) -> None:
        self.hand = hand
        self.rules = rules
        self.taken: set[tuple[str, str, str]] = set()

    def draw_all(self) -> None:
        machines: dict[str, Any] = self.rules["machines"]
        for machine in machines:
            self._reach_every_state(machine)
            for _ in range(self.hand.number(0, 3)):
                self._add(machine, self.hand.one(self._events_for(machine)))
        for event in self.rules["events"]:
            listening = any(reading.listens(machine, event) for machine in machines.values())
            if not listening or self.hand.chance(40):
                able = [machine for machine in machines if event in self._events_for(machine)]
                self._add(self.hand.one(able), event)

    def _events_for(self, machine: str) -> list[str]:
        """The events that a machine can listen to: an act must name the person it is kept for."""
        by_person = "interviewer" in reading.axes(self.rules["machines"][machine]["per"])
        return [
            event
            for event in self.rules["events"]
            if not (by_person and reading.is_act(self.rules, event))
            or reading.names_person(self.rules, event)
        ]

    def _reach_every_state(self, machine: str) -> None:
        states: dict[str, Any] = self.rules["machines"][machine]["states"]
        reached = ["s0"]
        for state in list(states)[1:]:
            ways = [
                (event, source)
                for source in reached
                for event in self._events_for(machine)
                if (machine, event, source) not in self.taken
            ]
            if ways:
                event, source = self.hand.one(ways)
                self._write(machine, event, [source], state)
                reached.append(state)
            else:
                del states[state]

    def _add(self, machine: str, event: str) -> None:
        states = list(self.rules["machines"][machine]["states"])
        free = [state for state in states if (machine, event, state) not in self.taken]
        if free:
            sources = free if self.hand.chance(60) else self.hand.some(free, 1)
            self._write(machine, event, sources, self.hand.one([None, *states]))

    def _write(self, machine: str, event: str, sources: list[str], target: str | None) -> None:
        declared = self.rules["machines"][machine]
        self.taken |= {(machine, event, source) for source in sources}
        everywhere = len(sources) == len(declared["states"])
        one_or_list = sources[0] if len(sources) == 1 else sources
        transition = {"event": event, "from": "any" if everywhere else one_or_list}
        if target is not None:
            transition["to"] = target
        if reading.is_act(self.rules, event) and self.hand.chance(15):
            transition["breach_from"] = "any"
        declared["transitions"][f"t{len(declared['transitions'])}"] = transition
