"""Random guards for the transitions of a random rulebook, and the dates, classes and credits they use."""

from __future__ import annotations

from typing import Any

from tests.oracle import reading
from tests.oracle.reading import Rules
from tests.strategies.custom import CUSTOM
from tests.strategies.hand import Hand
from tests.strategies.meaning import clash, says

CLASSES = ("sign_of_life", "contact", "chase", "courtesy", "attempt", "reply")
DURATIONS = ("1 day", "2 days", "1 hour", "24 hours", "90 minutes", "1 week")
BUSINESS_DAYS = ("1 business day", "2 business days", "5 business days")
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

    def _in_application(self, event: str) -> bool:
        return any(
            reading.listens(machine, event) and "application" in reading.axes(machine["per"])
            for machine in self.rules["machines"].values()
        )

    def draw_all(self) -> None:
        self._draw_definitions()
        for name, machine in self.rules["machines"].items():
            transitions: dict[str, Any] = {}
            for key, transition in machine["transitions"].items():
                for suffix, alternative in self._alternatives(name, transition):
                    transitions[key + suffix] = alternative
            machine["transitions"] = transitions
        self._use_every_credit_and_date()
        self._prune()

    # --- definitions: drawn first, and pruned when nothing has come to use them --------------------

    def _draw_definitions(self) -> None:
        events = self.rules["events"]
        facts = [event for event in events if event not in self.acts]
        if not self.in_application:  # no act could read a date or spend a credit
            for event in events.values():
                event.pop("ends", None)
                for field in (event.get("fields") or {}).values():
                    if isinstance(field, dict):
                        field.pop("sets", None)
        set_dates = reading.set_dates(self.rules)
        for event in events.values():
            ends = [name for name in reading.listed(event.pop("ends", None)) if name in set_dates]
            if ends:
                event["ends"] = ends[0] if len(ends) == 1 and self.hand.chance(50) else ends
        if facts and self.in_application and self.hand.chance(55):
            givers = self.hand.some(facts, 1, 2)
            for giver in givers:
                events[giver]["gives"] = self.hand.one(("credit", ["credit"]))
            self.rules["credits"] = {
                "credit": self._credit([event for event in events if event not in givers])
            }
        if self.hand.chance(40):
            self.rules["classes"] = {"some": self.hand.some(list(events), 1, 3)}
        if self.hand.chance(45):
            self.rules["dates"] = {"due_date": self._moments()}
            if self.hand.chance(30):
                self.rules["dates"]["later_date"] = f"due_date + {self._duration()}"

    def _credit(self, others: list[str]) -> dict[str, Any]:
        credit: dict[str, Any] = {"max": str(self.hand.number(1, 2))}
        if self.hand.chance(40):
            credit["per"] = self.hand.one(("application", "employer", "application"))
        if others and self.hand.chance(40):
            credit["emptied_by"] = self.hand.some(others, 1, 2)
        return credit

    def _moments(self) -> str | list[str]:
        options = [self._moment(named=False, dates=True) for _ in range(self.hand.number(1, 3))]
        return options[0] if len(options) == 1 else list(dict.fromkeys(options))

    def _moment(self, *, named: bool, dates: bool) -> str:
        names = [*self.rules["events"], *self._classes()]
        if dates:
            names = [*sorted(reading.set_dates(self.rules)) * 3, *names]
        if named:
            names = [*list(self.rules.get("dates") or {}) * 2, *names]
        name = self.hand.one(names)
        return f"{name} + {self._duration()}" if self.hand.chance(75) else name

    def _duration(self) -> str:
        return self.hand.one((*DURATIONS, *BUSINESS_DAYS))

    def _classes(self) -> list[str]:
        """The classes that stand for at least one event."""
        built_in = [name for name in CLASSES if reading.members(self.rules, name) - {name}]
        return [*built_in, *(self.rules.get("classes") or {})]

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
                transition = {**transition, "due": self._moment(named=dates, dates=dates)}
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
        guard = self._guard(kind, machine, transition)
        if guard is None:
            kind = "happened"
            guard = self._guard(kind, machine, transition)
        assert guard is not None
        opposite = {"happened": "not_happened", "not_before": "not_after", "state": "not_state"}[kind]
        other = {opposite if key == kind else key: value for key, value in guard.items() if key != "if_never"}
        pair = (guard, other)
        return pair if self.hand.chance(50) else (other, guard)

    # --- guards ------------------------------------------------------------------------------------

    def _guards(self, machine: str, transition: dict[str, Any], least: int, most: int) -> dict[str, Any]:
        """The transition's guards and some more: none twice, and none that exclude each other."""
        guards = dict(reading.guards(transition))
        for word in ORDINALS[: self.hand.number(least, most)]:
            kind = self.hand.one(self.kinds)
            guard = self._guard(kind, machine, transition)
            if guard is None:
                kind, guard = "at_most", self._guard("at_most", machine, transition)
                assert guard is not None
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
        hand = self.hand
        names = [*self.rules["events"], *self._classes()]
        match kind:
            case "at_most":
                guard = {"at_most": str(hand.number(1, 2)), "of": hand.one(names)}
                return guard | self._since(names, guard["of"]) | self._per(machine, transition)
            case "happened" | "not_happened":
                guard = {kind: hand.one(names)}
                return guard | self._since(names, guard[kind]) | self._per(machine, transition)
            case "not_before" | "not_after":
                dates = self._reads_dates(transition)
                guard = {kind: self._moment(named=dates, dates=dates)}
                return guard | self._if_never("holds") | self._per(machine, transition)
            case "apart":
                guard = {kind: hand.one(DURATIONS), "from": hand.one(names)}
                return guard | self._if_never("blocks") | self._per(machine, transition)
            case "state" | "not_state":
                return self._state(kind, machine, transition)
            case "spends" if self.rules.get("credits") and transition["event"] in self.in_application:
                return {"spends": "credit"}
            case "fields" if fields := reading.fields(self.rules, transition["event"]):
                return {"fields": hand.some(list(fields), 1)}
            case "hours":
                return {"hours": hand.one(HOURS)}
            case "custom":
                return {"custom": hand.one(tuple(CUSTOM))}
            case _:
                return None

    def _since(self, names: list[str], counted: str) -> dict[str, Any]:
        """Something after which the count starts anew, unless that would leave nothing to count."""
        counts = reading.members(self.rules, counted)
        others = [name for name in names if not counts <= reading.members(self.rules, name)]
        return {"since": self.hand.one(others)} if others and self.hand.chance(50) else {}

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

    # --- nothing unused ----------------------------------------------------------------------------

    def _use_every_credit_and_date(self) -> None:
        contents = [guard for _, transition in self._all() for guard in reading.guards(transition).values()]
        if self.rules.get("credits") and not any("spends" in guard for guard in contents):
            self._any_act()["spend"] = {"spends": "credit"}
        moments = [guard.get("not_before") or guard.get("not_after") for guard in contents]
        moments += [transition.get("due") for _, transition in self._all()]
        used = {reading.moment(text)[0] for text in moments if text}
        for name in ("later_date", "due_date"):
            if name not in used:
                (self.rules.get("dates") or {}).pop(name, None)
            else:
                used |= {reading.moment(text)[0] for text in reading.listed(self.rules["dates"][name])}
        for name in sorted(reading.set_dates(self.rules) - used):
            self._any_act()[f"date_{name}"] = {"not_before": name}

    def _any_act(self) -> dict[str, Any]:
        """The guards of some act's transition in an application."""
        able = [transition for _, transition in self._all() if transition["event"] in self.in_application]
        guards: dict[str, Any] = self.hand.one(able).setdefault("guards", {})
        return guards

    def _all(self) -> list[tuple[str, dict[str, Any]]]:
        machines = self.rules["machines"].items()
        return [
            (name, transition) for name, machine in machines for transition in machine["transitions"].values()
        ]

    def _prune(self) -> None:
        """Take out the class and the dates that no guard came to use."""
        words = str([self.rules["machines"], self.rules.get("dates"), self.rules.get("credits")])
        if "'some'" not in words and "'some +" not in words:
            self.rules.pop("classes", None)
        if not self.rules.get("dates"):
            self.rules.pop("dates", None)
        order = ("format", "title", "calendar", "events", "classes", "credits", "dates", "machines")
        for key in order:
            if key in self.rules:
                self.rules[key] = self.rules.pop(key)
