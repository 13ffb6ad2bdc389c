"""The dates, classes and credits of a random rulebook, drawn before the guards that come to use them."""

from __future__ import annotations

from typing import Any

from tests.oracle import reading
from tests.oracle.reading import Rules
from tests.strategies.hand import Hand

CLASSES = ("sign_of_life", "contact", "chase", "courtesy", "attempt", "reply")
DURATIONS = ("1 day", "2 days", "1 hour", "24 hours", "90 minutes", "1 week")
BUSINESS_DAYS = ("1 business day", "2 business days", "5 business days")


class Definitions:
    """Draws what guards may name. ``in_application``: the acts that some machine of applications hears."""

    def __init__(self, hand: Hand, rules: Rules, in_application: list[str]) -> None:
        self.hand = hand
        self.rules = rules
        self.in_application = in_application

    def draw(self) -> None:
        events = self.rules["events"]
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
        if self.in_application and self.hand.chance(70):
            self._draw_credits()
        if self.hand.chance(40):
            self.rules["classes"] = {"some": self.hand.some(list(events), 1, 3)}
        if self.hand.chance(55):
            moments = self._moments()
            latest = isinstance(moments, list) and len(moments) > 1 and self.hand.chance(60)
            self.rules["dates"] = {"due_date": {"latest_of": moments} if latest else moments}
            if self.hand.chance(30):
                self.rules["dates"]["later_date"] = f"due_date + {self._duration()}"

    def _draw_credits(self) -> None:
        events = self.rules["events"]
        facts = [event for event in events if not reading.is_act(self.rules, event)]
        given: dict[str, list[str]] = {}
        for credit in ("credit", "extra") if self.hand.chance(25) else ("credit",):
            givers = self.hand.some(facts, 1, 2) if facts else []
            for giver in givers:
                given.setdefault(giver, []).append(credit)
            if givers:
                others = [event for event in events if event not in givers]
                self.rules.setdefault("credits", {})[credit] = self._credit(others)
        for giver, credits_ in given.items():
            one = len(credits_) == 1 and self.hand.chance(50)
            events[giver]["gives"] = credits_[0] if one else credits_

    def _credit(self, others: list[str]) -> dict[str, Any]:
        credit: dict[str, Any] = {"max": str(self.hand.number(1, 2))}
        if self.hand.chance(40):
            credit["per"] = self.hand.one(("application", "employer", "application"))
        if others and self.hand.chance(40):
            credit["emptied_by"] = self.hand.some(others, 1, 2)
        return credit

    def _moments(self) -> str | list[str]:
        options = [self.moment(named=False, dates=True) for _ in range(self.hand.number(1, 3))]
        return options[0] if len(options) == 1 else list(dict.fromkeys(options))

    def moment(self, *, named: bool, dates: bool) -> str:
        names = self.names()
        if dates:
            names = [*sorted(reading.set_dates(self.rules)) * 3, *names]
        if named:
            names = [*list(self.rules.get("dates") or {}) * 5, *names]
        name = self.hand.one(names)
        return f"{name} + {self._duration()}" if self.hand.chance(75) else name

    def _duration(self) -> str:
        return self.hand.one((*DURATIONS, *BUSINESS_DAYS))

    def names(self) -> list[str]:
        """The events, and the classes that stand for at least one."""
        built_in = [name for name in CLASSES if reading.members(self.rules, name) - {name}]
        return [*self.rules["events"], *built_in, *(self.rules.get("classes") or {})]

    def counted(self) -> str | list[str]:
        """An event, a class, or several of them, each of which adds something."""
        names = self.names()
        if len(names) == 1 or not self.hand.chance(25):
            return self.hand.one(names)
        chosen = self.hand.some(names, 2, 3)
        for name in tuple(chosen):
            others = [each for each in chosen if each != name]
            if reading.members(self.rules, name) <= reading.members_of(self.rules, others):
                chosen = others
        return chosen if len(chosen) > 1 else chosen[0]

    # --- nothing unused ----------------------------------------------------------------------------

    def finish(self) -> None:
        """Use every credit and date that a field sets; take out the class and the dates that nothing uses."""
        contents = [
            guard for each in self._transitions() for guard in reading.guards(self.rules, each).values()
        ]
        spent = {guard.get("spends") for guard in contents}
        for credit in self.rules.get("credits") or {}:
            if credit not in spent:
                self._any_act()[f"spend_{credit}"] = {"spends": credit}
        moments = [guard.get("not_before") or guard.get("not_after") for guard in contents]
        moments += [transition.get("due") for transition in self._transitions()]
        used = {reading.moment(text)[0] for text in moments if text}
        for name in ("later_date", "due_date"):
            if name not in used:
                (self.rules.get("dates") or {}).pop(name, None)
            else:
                used |= {reading.moment(text)[0] for text in reading.options(self.rules, name)[0]}
        for name in sorted(reading.set_dates(self.rules) - used):
            self._any_act()[f"date_{name}"] = {"not_before": name}
        words = str([self.rules["machines"], self.rules.get("dates"), self.rules.get("credits")])
        if "'some'" not in words and "'some +" not in words:
            self.rules.pop("classes", None)
        if not self.rules.get("dates"):
            self.rules.pop("dates", None)
        for machine in self.rules["machines"].values():
            acts = {each["event"] for each in machine["transitions"].values() if self._is_act(each)}
            for state, declared in machine["states"].items():
                if acts <= {act for act in acts if reading.leaves(machine, act, state)}:
                    declared.pop("outside", None)

    def _is_act(self, transition: dict[str, Any]) -> bool:
        return reading.is_act(self.rules, transition["event"])

    def _any_act(self) -> dict[str, Any]:
        """The guards of some act's transition in an application."""
        able = [each for each in self._transitions() if each["event"] in self.in_application]
        guards: dict[str, Any] = self.hand.one(able).setdefault("guards", {})
        return guards

    def _transitions(self) -> list[dict[str, Any]]:
        machines = self.rules["machines"].values()
        return [transition for machine in machines for transition in machine["transitions"].values()]
