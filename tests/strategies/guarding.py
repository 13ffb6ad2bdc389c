"""Random guards for the transitions of a random rulebook."""

from __future__ import annotations

from typing import Any

from tests.oracle import reading
from tests.oracle.reading import Rules
from tests.strategies.custom import CUSTOM
from tests.strategies.defining import DURATIONS, Definitions
from tests.strategies.hand import Hand
from tests.strategies.meaning import clash, says
from tests.strategies.sharing import Sharing

WINDOWS = ("1 day", "36 hours", "3 days", "100 hours", "1 week", "10 days")
HOURS = (
    "09:00-17:00",
    "09:00-17:00, weekdays",
    "08:30-12:00, business days",
    "00:00-23:59, every day",
    "01:30-02:30",  # clocks change at night, somewhere at each of these
    "02:10-04:00, weekdays",
    "00:15-00:45",
    "23:00-23:30",
)
ORDINALS = ("first", "second", "third")
KINDS = (
    "at_most",
    "at_most",
    "at_most",
    "not_before",
    "not_after",
    "apart",
    "state",
    "not_state",
    "happened",
    "not_happened",
    "spends",
    "fields",
    "hours",
)


class Guarding:
    """Draws the guards last, when it is known what each event touches."""

    def __init__(self, hand: Hand, rules: Rules, *, custom: bool, dues: int = 20) -> None:
        self.hand = hand
        self.rules = rules
        self.kinds = (*KINDS, "custom") if custom else KINDS
        self.dues = dues
        events = rules["events"]
        self.acts = [event for event in events if reading.is_act(rules, event)]
        self.in_application = [event for event in self.acts if self._in_application(event)]
        self.definitions = Definitions(hand, rules, self.in_application)

    def _in_application(self, event: str) -> bool:
        return any(
            reading.listens(machine, event) and "application" in reading.axes(machine["per"])
            for machine in self.rules["machines"].values()
        )

    def draw_all(self) -> None:
        self.definitions.draw()
        for name, machine in self.rules["machines"].items():
            transitions: dict[str, Any] = {}
            for key, transition in machine["transitions"].items():
                for suffix, alternative in self._alternatives(name, transition):
                    transitions[key + suffix] = alternative
            machine["transitions"] = transitions
        self.definitions.finish()
        Sharing(self.hand, self.rules).draw()

    # --- alternatives ------------------------------------------------------------------------------

    def _alternatives(self, machine: str, transition: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """A transition as it is, or as two: by a complementary pair, or (an act's) each with its guards."""
        act = transition["event"] in self.acts
        states = list(self.rules["machines"][machine]["states"])
        if self.hand.chance(20):
            pair = self._pair(machine, transition)
            other = self._other_target(transition, states)
            first, second = dict(transition), {**other, "guards": {"else": pair[1]}}
            first["guards"] = {"if": pair[0]}
            if act:
                for each in (first, second):
                    each["guards"] = self._guards(machine, each, 0, 2)
            return [("a", first), ("b", second)]
        if act and self.hand.chance(15):
            first, second = ({**transition, "guards": {}} for _ in range(2))
            for each in (first, second):
                each["guards"] = self._guards(machine, each, 1, 2)
            if self._differ(machine, first, second):
                return [("a", first), ("b", second)]
            return [("", first)]
        if act:
            guards_of_it = self._guards(machine, transition, 0, 3)
            if self.hand.chance(self.dues):
                dates = self._reads_dates(transition)
                transition = {**transition, "due": self.definitions.moment(named=dates, dates=dates)}
            return [("", {**transition, "guards": guards_of_it} if guards_of_it else transition)]
        return [("", transition)]

    def _other_target(self, transition: dict[str, Any], states: list[str]) -> dict[str, Any]:
        targets = [state for state in states if state != transition.get("to")]
        target = self.hand.one([None, *targets]) if "to" in transition else self.hand.one(targets)
        other = {key: value for key, value in transition.items() if key not in ("to", "breach_from")}
        return other if target is None else {**other, "to": target}

    def _pair(self, machine: str, transition: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Two guards of which at most one holds."""
        kind = self.hand.one(("happened", "not_before", "state"))
        guard = self._kind(kind, machine, transition)
        if guard is None:
            kind = "happened"
            guard = self._kind(kind, machine, transition)
        assert guard is not None
        opposite = {"happened": "not_happened", "not_before": "not_after", "state": "not_state"}[kind]
        other = {opposite if key == kind else key: value for key, value in guard.items() if key != "if_never"}
        pair = (guard, other)
        return pair if self.hand.chance(50) else (other, guard)

    # --- guards ------------------------------------------------------------------------------------

    def _guards(self, machine: str, transition: dict[str, Any], least: int, most: int) -> dict[str, Any]:
        """The transition's guards and some more: none twice, and none that exclude each other."""
        guards = dict(reading.guards(self.rules, transition))
        for word in ORDINALS[: self.hand.number(least, most)]:
            kind = self.hand.one(self.kinds)
            guard = self._guard(kind, machine, transition)
            if guard is None:
                kind, guard = "at_most", self._guard("at_most", machine, transition)
                assert guard is not None
            if self.hand.chance(30):
                guard |= self._unless(transition["event"])
            per = self.rules["machines"][machine]["per"]
            if not any(clash(self.rules, guard, other, per) for other in guards.values()):
                guards[f"{kind}_{word}"] = guard
        return guards

    def _differ(self, machine: str, first: dict[str, Any], second: dict[str, Any]) -> bool:
        """Whether each of two transitions asks something that the other does not."""
        per = self.rules["machines"][machine]["per"]
        one, other = (
            {says(self.rules, guard, per) for guard in way["guards"].values()} for way in (first, second)
        )
        return not (one <= other or other <= one)

    def _reads_dates(self, transition: dict[str, Any]) -> bool:
        event = transition["event"]
        return event in self.in_application or not reading.concerns_employer(self.rules, event)

    def _guard(self, kind: str, machine: str, transition: dict[str, Any]) -> dict[str, Any] | None:
        """A guard of a kind, or None where this transition can't have one."""
        guard = self._kind(kind, machine, transition)
        if guard is None:
            return None
        per = guard.get("per", self.rules["machines"][machine]["per"])
        if "state" in guard or "not_state" in guard:
            per = self.rules["machines"][next(iter(guard[kind]))]["per"]
        able = kind not in ("spends", "fields", "hours", "custom") and per == "application"
        if able and transition["event"] in self.in_application and self.hand.chance(20):
            guard["in_every"] = "application"
            if "state" not in kind:
                guard["per"] = "application"
        return guard

    def _kind(self, kind: str, machine: str, transition: dict[str, Any]) -> dict[str, Any] | None:
        hand = self.hand
        match kind:
            case "at_most":
                guard = {"at_most": str(hand.number(1, 2)), "of": self.definitions.counted()}
                if hand.chance(45):
                    guard["within"] = hand.one(WINDOWS)
                else:
                    guard |= self._since(guard["of"])
                return guard | self._per(machine, transition)
            case "happened" | "not_happened":
                guard = {kind: self.definitions.counted()}
                return guard | self._since(guard[kind]) | self._per(machine, transition)
            case "not_before" | "not_after":
                dates = self._reads_dates(transition)
                guard = {kind: self.definitions.moment(named=dates, dates=dates)}
                return guard | self._if_never("holds") | self._per(machine, transition)
            case "apart":
                guard = {kind: hand.one(DURATIONS), "from": self.definitions.counted()}
                return guard | self._if_never("blocks") | self._per(machine, transition)
            case "state" | "not_state":
                return self._state(kind, machine, transition)
            case "spends" if self.rules.get("credits") and transition["event"] in self.in_application:
                return {"spends": hand.one(list(self.rules["credits"]))}
            case "fields" if fields := reading.fields(self.rules, transition["event"]):
                return {"fields": hand.some(list(fields), 1)}
            case "hours":
                return {"hours": hand.one(HOURS)}
            case "custom":
                return {"custom": hand.one(tuple(CUSTOM))}
            case _:
                return None

    def _since(self, counted: str | list[str]) -> dict[str, Any]:
        """Something after which the count starts anew, unless that would leave nothing to count."""
        if not self.hand.chance(50):
            return {}
        since = self.definitions.counted()
        counts, begins = (reading.members_of(self.rules, names) for names in (counted, since))
        return {} if counts <= begins else {"since": since}

    def _unless(self, event: str) -> dict[str, Any]:
        """Values of an act's fields to which a guard does not apply."""
        values = {"bool": ("true", "false"), "number": ("1", "2", "3"), "text": ("about it", "nothing")}
        found: dict[str, Any] = {}
        for name, declared in reading.fields(self.rules, event).items():
            able = declared.get("choices") or values.get(declared["type"])
            if able and self.hand.chance(60):
                chosen = self.hand.some(able, 1, 1 if declared["type"] == "bool" else 2)
                found[name] = chosen[0] if len(chosen) == 1 else chosen
        return {"unless": found} if found else {}

    def _if_never(self, other: str) -> dict[str, Any]:
        return {"if_never": other} if self.hand.chance(30) else {}

    def _axes(self, machine: str, transition: dict[str, Any]) -> set[str]:
        """The keys that a transition's place surely has."""
        event = transition["event"]
        axes = set(reading.axes(self.rules["machines"][machine]["per"])) & {"interviewer"}
        if reading.names_person(self.rules, event):
            axes |= {"interviewer"}
        return axes if reading.concerns_employer(self.rules, event) else axes | {"application", "round"}

    def _per(self, machine: str, transition: dict[str, Any]) -> dict[str, Any]:
        if not self.hand.chance(50):
            return {}
        opened = any(reading.opens_round(self.rules, event) for event in self.rules["events"])
        scopes = [
            "employer",
            "application",
            "interviewer",
            *(["round", ["round", "interviewer"]] if opened else []),
        ]
        axes = self._axes(machine, transition)
        return {"per": self.hand.one([scope for scope in scopes if reading.axes(scope) <= axes])}

    def _state(self, kind: str, machine: str, transition: dict[str, Any]) -> dict[str, Any] | None:
        axes = self._axes(machine, transition)
        others = [
            name
            for name, other in self.rules["machines"].items()
            if name != machine and reading.axes(other["per"]) <= axes and len(other["states"]) > 1
        ]
        if not others:
            return None
        name = self.hand.one(others)
        states = list(self.rules["machines"][name]["states"])
        chosen = self.hand.some(states, 1, len(states) - 1)
        return {kind: {name: chosen[0] if len(chosen) == 1 else chosen}}
