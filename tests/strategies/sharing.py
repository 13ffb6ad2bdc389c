"""Guards of a drawn rulebook, moved to sets that several transitions use."""

from __future__ import annotations

from typing import Any

from tests.oracle import reading
from tests.oracle.reading import Rules
from tests.strategies.hand import Hand
from tests.strategies.meaning import clash

Guards = dict[str, Any]
ORDER = ("format", "title", "calendar", "events", "classes", "credits", "dates", "guard_sets", "machines")


class Sharing:
    """Draws which guards are written in a set, whether the set uses another, and who uses it besides."""

    def __init__(self, hand: Hand, rules: Rules) -> None:
        self.hand = hand
        self.rules = rules

    def draw(self) -> None:
        able = [transition for _, transition in self._acts() if self._movable(transition)]
        if able and self.hand.chance(35):
            chosen = self.hand.one(able)
            moved = self.hand.some(self._movable(chosen), 1)
            shared: Guards = {name: chosen["guards"][name] for name in moved}
            rest = {name: guard for name, guard in chosen["guards"].items() if name not in moved}
            for per, transition in self._acts():
                if transition is not chosen and self._fits(shared, chosen, per, transition):
                    transition["guards"] = {"use": "shared", **(transition.get("guards") or {})}
            chosen["guards"] = rest | {"use": self.hand.one(("shared", ["shared"]))}
            sets: dict[str, Guards] = {"shared": shared}
            if len(shared) > 1 and self.hand.chance(50):
                first, *others = shared
                sets["shared"] = {name: shared[name] for name in others} | {"use": "inner"}
                sets["inner"] = {first: shared[first]}
            self.rules["guard_sets"] = sets
        for key in ORDER:
            if key in self.rules:
                self.rules[key] = self.rules.pop(key)

    def _acts(self) -> list[tuple[Any, dict[str, Any]]]:
        """The transitions of acts but alternatives, which must differ, with the scopes of their machines."""
        return [
            (machine["per"], transition)
            for machine in self.rules["machines"].values()
            for name, transition in machine["transitions"].items()
            if reading.is_act(self.rules, transition["event"]) and name[-1] not in "ab"
        ]

    def _movable(self, transition: dict[str, Any]) -> list[str]:
        """The guards of a transition but those by which two transitions exclude each other."""
        return [name for name in transition.get("guards") or {} if name not in ("if", "else")]

    def _fits(self, shared: Guards, chosen: Any, per: Any, transition: dict[str, Any]) -> bool:
        """Whether a transition may use the set too: it says nothing twice, and asks nothing it can't ask."""
        own = transition.get("guards") or {}
        if shared.keys() & own.keys() or {"if", "else"} & own.keys():
            return False
        same = transition["event"] == chosen["event"]
        if not all(_is_portable(guard, same_act=same) for guard in shared.values()):
            return False
        clashes = any(clash(self.rules, guard, one, per) for guard in shared.values() for one in own.values())
        return not clashes and self.hand.chance(60)


def _is_portable(guard: dict[str, Any], *, same_act: bool) -> bool:
    """Whether a guard may stand in the transition of another machine, or of another act."""
    if "state" in guard or "not_state" in guard:
        return False  # of that machine itself, perhaps
    counts = bool({"at_most", "happened", "not_happened", "apart"} & guard.keys())
    return same_act or (counts and "unless" not in guard and guard.get("per", "employer") == "employer")
