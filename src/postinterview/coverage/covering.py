"""Say which parts of a rulebook stories show, and name each part that they do not, with a story for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Literal, TypeAlias

from attrs import define, frozen

from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import Origin, Transition
from postinterview.coverage.changed import ShownChange, shown_changes
from postinterview.coverage.deciding import (
    Clock,
    Deciding,
    deciding_story,
    edge_story,
    hearing_story,
    reaching_story,
    taking_story,
)
from postinterview.coverage.seen import Seen
from postinterview.describing.mentions import Mentions
from postinterview.loading.pack_changes import Change
from postinterview.proof.model.relation import STATE
from postinterview.proof.prove import MAX_SECONDS, Proof, Result
from postinterview.proof.reports.story_file import scenario_file
from postinterview.proof.search.pace import Pace

Kind: TypeAlias = Literal["state", "transition", "guard", "guard alone", "promise"]

MISSING: dict[Kind, str] = {
    "state": "is never reached",
    "transition": "is never taken",
    "guard": "never refuses",
    "guard alone": "never refuses alone",
    "promise": "is not put to the test: nothing that it forbids is refused",
}
_NEVER: dict[Kind, str] = {
    "state": "can never be reached",
    "transition": "can never be taken",
    "guard": "never matters: what it refuses is refused without it",
    "guard alone": "never matters: what it refuses is refused without it",
    "promise": "",
}
TOTAL_SECONDS = 20.0
"""Stories for what is missing are searched no longer than this, in seconds of processor time."""

NOT_LOOKED_FOR = Deciding("unknown", None, f"the search stops after {TOTAL_SECONDS:g} s")


_NOT_ASKED_FOR = Deciding("unknown", None, "nobody asked for it")


@frozen
class Part:
    """A part of the rules that stories can show."""

    kind: Kind
    name: str
    origin: Origin
    is_seen: bool


@frozen
class Missing:
    """A part that no story shows, and a story that would, if one was found.

    Its verdict is ``none`` if it is proved that no story can show it. Then it does not count.
    """

    part: Part
    found: Deciding

    @property
    def text(self) -> str:
        """Return in words what is missing, such as ``never refuses``."""
        if not self.found.alone:
            return "never refuses alone, and decides by the credit that it takes"
        return (_NEVER if self.found.verdict == "none" else MISSING)[self.part.kind]


@frozen
class Coverage:
    """The parts of one rulebook. ``rules``: as the command line or a story names it.

    ``changes``: those of a file that extends others, with the parts that show them.
    """

    rules: str
    name: str
    parts: tuple[Part, ...]
    missing: tuple[Missing, ...]
    changes: tuple[ShownChange, ...] = ()

    def counted(self, kind: Kind | None = None) -> tuple[int, int]:
        """Return how many parts were seen and how many can be, of a kind or of all."""
        parts = [part for part in self.parts if kind in (None, part.kind)]
        never = [
            each for each in self.missing if each.found.verdict == "none" and kind in (None, each.part.kind)
        ]
        return sum(part.is_seen for part in parts), len(parts) - len(never)

    @property
    def percent(self) -> int:
        """How much was seen, rounded down, so that 100 means everything."""
        seen, all_ = self.counted()
        return 100 * seen // all_ if all_ else 100

    def stubs(self, rules: str = "") -> Iterator[tuple[str, str]]:
        """Yield the name and the text of a scenario file for each story that was found.

        ``rules``: as the file is to name them, if it lies elsewhere.
        """
        for each in self.missing:
            if each.found.scenario is not None:
                name = f"{each.part.kind}-{each.part.name}".replace(" ", "-").replace(".", "-")
                yield name, scenario_file(rules or self.rules, each.found.scenario)


def cover(
    rules: str,
    rulebook: Rulebook,
    seen: Seen,
    proof: Proof,
    clock: Clock,
    changes: Iterable[Change] = (),
    mentions: Mentions | None = None,
    *,
    whole: bool = True,
) -> Coverage:
    """Return what was seen of a rulebook, and look for stories that show the rest.

    ``changes``: those of a file that extends others, and ``mentions``: what names what in it. Unless the
    ``whole`` is asked for, stories are looked for that show a change.
    """
    pace = Pace(clock, TOTAL_SECONDS)
    finder = _Finder(rulebook, pace, pace() + TOTAL_SECONDS)
    found = list(_parts(rulebook, seen, proof, finder))
    known = {(part.kind, part.name) for part, _ in found if part.is_seen}
    shown = () if mentions is None else shown_changes(changes, mentions, known)
    wanted = {part for each in shown if not each.by for part in each.parts}
    parts: list[Part] = []
    missing: list[Missing] = []
    decided: dict[str, Deciding] = {}
    for part, find in found:
        parts.append(part)
        if not part.is_seen:
            key = f"{part.kind.removesuffix(' alone')} {part.name}"
            if key not in decided:
                asked = whole or not shown or (part.kind, part.name) in wanted
                decided[key] = find() if asked else _NOT_ASKED_FOR
                missing.append(Missing(part, decided[key]))
            elif decided[key].verdict == "none":
                parts.pop()  # never refuses, so never alone: it is named once
    return Coverage(rules, rulebook.definition.sources[0].name, tuple(parts), tuple(missing), shown)


@define
class _Finder:
    """Looks for stories until the time is over."""

    rulebook: Rulebook
    clock: Clock
    deadline: float

    def __call__(self, find: Callable[..., Deciding], *arguments: Any) -> Deciding:
        left = self.deadline - self.clock()
        if left <= 0:
            return NOT_LOOKED_FOR
        return find(self.rulebook, *arguments, self.clock, max_seconds=min(left, MAX_SECONDS))


_Found: TypeAlias = Iterator[tuple[Part, Callable[[], Deciding]]]
"""Parts, each with what looks for a story that shows it."""


def _parts(rulebook: Rulebook, seen: Seen, proof: Proof, finder: _Finder) -> _Found:
    definition = rulebook.definition
    machines = definition.machines.values()
    for machine in machines:
        for state in machine.states.values():
            place = machine.name, state.name
            part = Part("state", ".".join(place), state.origin, place in seen.states)
            yield part, partial(finder, reaching_story, machine.name, (state.name,))
    for machine in machines:
        for rule in machine.transitions:
            find = taking_story if definition.events[rule.event].is_act else hearing_story
            part = Part("transition", rule.id, rule.origin, (machine.name, rule.id) in seen.transitions)
            yield part, partial(finder, find, rule)
    for machine in machines:
        for rule in machine.transitions:
            if definition.events[rule.event].is_act:
                yield from _guards(rule, seen, finder)
    for result in proof.results:
        if any(part.rests_on for part in result.parts):
            part = Part("promise", result.id, result.promise.origin, _is_exercised(result, seen))
            yield part, partial(finder, edge_story, result)


def _guards(rule: Transition, seen: Seen, finder: _Finder) -> _Found:
    for guard in rule.guards:
        key, name = (rule.machine, rule.id, guard.id), f"{rule.id}.{guard.id}"
        find = partial(finder, deciding_story, rule, guard)
        yield Part("guard", name, guard.origin, key in seen.refusing), find
        yield Part("guard alone", name, guard.origin, key in seen.decisive), find


def _is_exercised(result: Result, seen: Seen) -> bool:
    """Return whether an act that the promise judges was refused by what the promise rests on."""
    for part in result.parts:
        for machine, transition, id in part.rests_on:
            refused = (machine, "", STATE) if id == STATE else (machine, transition, id)
            if (part.act, refused) in seen.refusals:
                return True
    return False
