"""Keep the state graphs in ``transitions``: one shared machine a machine kind.

Nothing is registered with a machine and nothing is injected. A process keeps its states itself, and asks the
machine which transitions leave them. The guards are compiled into the transitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeAlias

import transitions
from attrs import define

from postinterview.core.guards import ALWAYS, Check, Window
from postinterview.core.guards.anchors import Anchor
from postinterview.core.guards.source import Holds, Span, compiled, compiled_span
from postinterview.core.past.situation import Situation
from postinterview.core.rules.definitions import Custom, MachineKind, Spends, Transition
from postinterview.core.values.moments import BEGINNING

OFTEN = 32
"""A transition that is asked so often gets a function. To make one takes as long as some thirty questions."""


class Way(Protocol):
    """Guards that have to hold together.

    Attributes:
        recurring: those that may hold in more than one stretch of time.
        is_steady: whether they answer the same whenever they are asked, as all but custom ones do.
    """

    recurring: tuple[Check, ...]
    is_steady: bool

    @property
    def span(self) -> Span:
        """The function that returns the stretch of time in which all of the other guards hold, or None."""


class RuleTransition(transitions.Transition):
    """A transition from one state, with its rule and its compiled guards. It is a `Way` by itself.

    ``holds``: returns whether every guard holds for an act at a moment (UTC). ``span`` and ``recurring``: see
    `Way`; ``lasting``: the other guards.
    ``spends``: the credits that an act takes along it.
    """

    def __init__(
        self,
        source: str,
        dest: str | None,
        *callbacks: Any,
        rule: Transition,
        checks: tuple[Check, ...],
        due: Anchor | None,
    ) -> None:
        super().__init__(source, source if dest is None else dest, *callbacks)
        self.rule = rule
        self.checks = checks
        self.due = due
        self.target = source if dest is None else dest
        self.is_steady = not any(isinstance(guard, Custom) for guard in rule.guards)
        self.may_close = any(check.may_close for check in checks)
        self.shuts_others = any(check.shuts_others for check in checks)
        self.spends = tuple(guard.credit for guard in rule.guards if isinstance(guard, Spends))
        self.recurring = tuple(check for check in checks if check.recurs)
        self.lasting = tuple(check for check in checks if not check.recurs)
        self.holds: Holds = self._ask_until_often
        self.span: Span = self._ask_span_until_often if self.lasting else _always
        self._asked = self._span_asked = 0

    def _ask_until_often(self, situation: Situation, at: datetime) -> bool:
        self._asked += 1
        if self._asked >= OFTEN:
            self.compile()
        return self.ask(situation, at)

    def compile(self) -> None:
        """Let a function of its own say from now on whether the guards hold."""
        self.holds = self.function()

    def function(self) -> Holds:
        """Return the function that says whether the guards hold; it is made if there is none yet."""
        if self.holds != self._ask_until_often:
            return self.holds
        rule = self.rule
        return compiled(rule.id, rule.origin, self.checks, self.ask)

    def _ask_span_until_often(self, situation: Situation) -> Window | None:
        self._span_asked += 1
        if self._span_asked >= OFTEN:
            self.span = compiled_span(self.rule.id, self.rule.origin, self.lasting, self.ask_span)
        return self.ask_span(situation)

    def ask_span(self, situation: Situation) -> Window | None:
        """Return the stretch in which all guards hold but the recurring ones, by asking each of them."""
        # Each holds in one stretch at most, so it is the first one that is not closed in the beginning.
        return _common(check.window(situation, BEGINNING) for check in self.lasting)

    def ask(self, situation: Situation, at: datetime) -> bool:
        """Return whether every guard holds at the moment (UTC), by asking each of them."""
        for check in self.checks:
            window = check.window(situation, at)
            if window is None or window[0] > at:
                return False
        return True


def _always(_: Situation) -> Window:
    return ALWAYS


def _common(spans: Iterable[Window | None]) -> Window | None:
    """Return what several stretches have in common, or None."""
    opens, closes = ALWAYS
    for span in spans:
        if span is None:
            return None
        if span is not ALWAYS:  # most guards don't turn by time
            opens, closes = max(opens, span[0]), min(closes, span[1])
    return (opens, closes) if opens < closes else None


@define(eq=False)
class JoinedWay:
    """The only transitions that several machines have, as one `Way`."""

    ways: tuple[RuleTransition, ...]
    recurring: tuple[Check, ...]
    is_steady: bool

    def span(self, situation: Situation) -> Window | None:
        return _common(way.span(situation) for way in self.ways)


Ways: TypeAlias = Sequence[Sequence[Way]]
"""The ways of which one must be open, for each of several machines."""


SHUT: Ways = ((),)
"""The ways where some machine has none, which shuts those of all others."""


def joined(machines: Sequence[Sequence[RuleTransition]]) -> Ways:
    """Return the ways of machines by their transitions, of which each has one."""
    single = tuple(each[0] for each in machines if len(each) == 1)
    single = tuple(each for each in single if each.checks) or single[:1]
    several = tuple(tuple(each) for each in machines if len(each) > 1)
    if len(single) < 2:
        return (*((each,) for each in single), *several)
    recurring = tuple(check for each in single for check in each.recurring)
    one = JoinedWay(single, recurring, all(each.is_steady for each in single))
    return ((one,), *several)


class RuleEvent(transitions.Event):
    """An event of one machine: its transitions by state, in the order of the file."""

    def leaving(self, state: str) -> list[RuleTransition]:
        """Return the transitions that leave the state on this event."""
        found: list[RuleTransition] = self.transitions.get(state, [])  # type: ignore[assignment]
        return found


class RuleMachine(transitions.Machine):
    """The graph of one machine kind."""

    transition_cls = RuleTransition
    event_cls = RuleEvent

    def __init__(self, kind: MachineKind) -> None:
        # A leading underscore can't be an event's name, so no event collides with the attribute.
        super().__init__(
            model=None,
            states=list(kind.states),
            initial=None,
            auto_transitions=False,
            model_attribute="_state",
        )
        self.kind = kind
        self._leading: dict[tuple[str, frozenset[str]], tuple[str, ...]] = {}

    def add_rule(self, rule: Transition, checks: tuple[Check, ...], due: Anchor | None) -> None:
        self.add_transition(rule.event, list(rule.sources), rule.target, rule=rule, checks=checks, due=due)

    def on(self, event: str) -> RuleEvent | None:
        """Return the machine's event of that name, or None where it doesn't listen to it."""
        found: RuleEvent | None = self.events.get(event)  # type: ignore[assignment]
        return found

    def goal(self, event: str) -> frozenset[str]:
        """Return the states that some transition leaves on the event."""
        found = self.on(event)
        return frozenset() if found is None else frozenset(found.transitions)

    def entering(self, state: str, goal: frozenset[str]) -> tuple[str, ...]:
        """Return the events that lead from ``state`` into ``goal``, each by itself.

        If none does, those of which one must come last on the way. Breaches count as ways: what is recorded
        moves a machine too. Empty: there is no way.
        """
        return () if state in goal else self._at_once(state, goal) or self._find_entering(state, goal)

    def enters_at_once(self, state: str, goal: frozenset[str]) -> bool:
        """Return whether some event leads from ``state`` into ``goal`` by itself."""
        return bool(self._at_once(state, goal))

    def after(self, state: str, event: str) -> set[str]:
        """Return the states in which an event may leave the machine that was in ``state``."""
        moves = [rule for rule in self.kind.transitions if rule.event == event and state in rule.sources]
        stays = all(rule.guards for rule in moves)
        return {rule.target or state for rule in moves} | ({state} if stays else set())

    def _at_once(self, state: str, goal: frozenset[str]) -> tuple[str, ...]:
        found = self._leading.get((state, goal))
        if found is None:
            ways = (rule for rule in self.kind.transitions if state in rule.sources or rule.breach_from_any)
            found = tuple(dict.fromkeys(rule.event for rule in ways if rule.target in goal))
            self._leading[state, goal] = found
        return found

    def _find_entering(self, state: str, goal: frozenset[str]) -> tuple[str, ...]:
        outside, queue, entering = {state}, [state], set()
        for here in queue:
            for rule in self.kind.transitions:
                if here in rule.sources or rule.breach_from_any:
                    target = here if rule.target is None else rule.target
                    if target in goal:
                        entering.add(rule.event)
                    elif target not in outside:
                        outside.add(target)
                        queue.append(target)
        order = dict.fromkeys(rule.event for rule in self.kind.transitions)
        return tuple(event for event in order if event in entering)
