"""Ask the proof about two rulebooks: act by act in both directions, promise by promise, bound by bound."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import define, evolve, field

from postinterview.bounds import bounds
from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import EventKind, FieldKind
from postinterview.diffing.difference import (
    BoundChange,
    ChoiceChange,
    Newly,
    PromiseChange,
    PromiseStatus,
)
from postinterview.diffing.renames import Renames, renamed_promises
from postinterview.diffing.words import is_alike
from postinterview.judging import load_promises, prove_promises
from postinterview.proof.bound import TABLE
from postinterview.proof.compare import Comparer
from postinterview.proof.comparison import Compared
from postinterview.proof.promises.promise import Promise, Promises
from postinterview.proof.prove import MAX_ZONES, Prover
from postinterview.proof.search.pace import Pace
from postinterview.proof.search.refinement import Limits, Part
from postinterview.proof.search.replay import willing

_SOON = 1.0
"""The story of a choice is searched for so many seconds; that it is refused is known without."""

_QUICK = 0.1
"""Each act gets so many seconds first, so that one that takes long leaves time for the others."""


@define(eq=False)
class _Turns:
    """A clock that is set back for each act, so that all have a time of their own before one deadline."""

    clock: Callable[[], float]
    deadline: float
    _zero: float | None = None

    def __call__(self) -> float:
        return 0.0 if self._zero is None else self.clock() - self._zero

    def begin(self, seconds: float) -> None:
        """Let the deadline come so many seconds from now."""
        self._zero = self.clock() - self.deadline + seconds


@define(eq=False)
class Searches:
    """The searches of one difference, which share their time. ``clock`` gives seconds.

    ``pace``: how far they are, by their work.
    """

    old: Rulebook
    new: Rulebook
    clock: Callable[[], float]
    max_zones: int | None
    max_seconds: float
    progress: Callable[[], None]
    pace: Pace = field(init=False)
    deadline: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.pace = Pace(self.clock, self.max_seconds)
        self.deadline = self.pace() + self.max_seconds

    def compared(self) -> tuple[tuple[Compared, ...], tuple[Compared, ...]]:
        """Return what the new rules newly allow, and what they newly refuse, for each act of either."""
        if is_alike(self.old.definition, self.new.definition, "acts"):
            none = tuple(Compared(kind.name, kind.reaches_them, "none", 0.0, 0) for kind in self.new.acts)
            return none, none
        directions = [
            (self._comparing(old, new), new.acts) for old, new in ((self.old, self.new), (self.new, self.old))
        ]
        found = [
            {kind.name: self._act(comparing, kind.name, min(_QUICK, self.max_seconds)) for kind in acts}
            for comparing, acts in directions
        ]
        for (comparing, _), acts in zip(directions, found, strict=True):
            left = sum(_is_late(each) for side in found for each in side.values())
            for name, each in acts.items():
                if _is_late(each):
                    seconds = (self.deadline - self.pace()) / left
                    left -= 1
                    if seconds > _QUICK:
                        acts[name] = self._act(comparing, name, seconds)
        first, second = (tuple(acts.values()) for acts in found)
        return first, second

    def _comparing(self, old: Rulebook, new: Rulebook) -> tuple[Comparer, _Turns]:
        zones = MAX_ZONES if self.max_zones is None else self.max_zones
        turns = _Turns(self.pace, self.max_seconds)
        found = Comparer(old, new, self.clock, max_zones=zones, max_seconds=self.max_seconds, pace=turns)
        return found, turns

    def _act(self, comparing: tuple[Comparer, _Turns], act: str, seconds: float) -> Compared:
        comparer, turns = comparing
        turns.begin(seconds)
        found = comparer.compare((act,)).acts[0]
        self.progress()
        return found

    def choices(self) -> tuple[ChoiceChange, ...]:
        """Return the choices of acts' fields that only one of the rulebooks has, and that it allows."""
        sides: tuple[tuple[Newly, Rulebook, Rulebook], ...] = (
            ("allowed", self.new, self.old),
            ("refused", self.old, self.new),
        )
        found = []
        for newly, mine, theirs in sides:
            for kind in mine.acts:
                known = theirs.definition.events.get(kind.name)
                for each in kind.fields.values() if known is not None else ():
                    other = known.fields.get(each.name) if known is not None else None
                    alone = () if other is None else (c for c in each.choices if c not in other.choices)
                    choices = tuple(alone)
                    part = self._carrying(mine, kind, each, choices) if choices else None
                    if part is not None and part.verdict != "proved":
                        found.append(ChoiceChange(newly, kind.name, each.name, choices, part.replay))
        return tuple(found)

    def _carrying(
        self, rulebook: Rulebook, kind: EventKind, field: FieldKind, choices: tuple[str, ...]
    ) -> Part:
        """Search for the shortest story that allows an act with one of these choices."""
        narrowed = evolve(field, choices=choices, optional=False)
        act = evolve(kind, fields={**kind.fields, field.name: narrowed})
        known = rulebook.definition
        told = willing(evolve(known, events={**known.events, kind.name: act}), rulebook)
        found = Prover(told, self.pace, max_seconds=min(_SOON, self.max_seconds)).decide(act, ())
        self.progress()
        return found

    def promises(self, old: Rulebook, names: Renames) -> tuple[PromiseChange, ...]:
        """Return the promises that the rulebooks keep otherwise, or that one of them doesn't make.

        ``old``: the old rulebook by its own ``names``. Each is judged by its own promises, and by those that
        only the other one makes, in its own names.
        """
        made = load_promises(old)
        mine = {each.id: each for each in made.promises}
        told = {each.id: each for each in renamed_promises(made, names).promises}
        theirs = {each.id: each for each in load_promises(self.new).promises}
        before = self._judged(old, mine.values())
        before |= self._judged(self.old, (theirs[id] for id in theirs.keys() - mine.keys()))
        after = self._judged(self.new, (told | theirs).values())
        found = []
        for id, promise in (mine | theirs).items():
            made_by = id in mine, id in theirs
            same = made_by == (True, True) and promise.clauses in (mine[id].clauses, told[id].clauses)
            if not same or before[id] != after[id]:
                texts = [] if same or not all(made_by) else [_says(mine[id]), _says(promise)]
                why = self._why(self.new, id) or self._why(self.old, id)
                found.append(PromiseChange(id, promise.title, before[id], after[id], why, made_by, *texts))
        return tuple(found)

    def _judged(self, rulebook: Rulebook, promises: Iterable[Promise]) -> dict[str, PromiseStatus]:
        """Return whether the rulebook keeps each promise."""
        told = Promises(tuple(promises))
        if not told.promises:
            return {}
        proof = prove_promises(rulebook, told, self.max_zones, self.max_seconds)
        self.progress()
        said: dict[str, PromiseStatus] = {"proved": "kept", "violated": "broken", "unknown": "not known"}
        return {
            each.id: "loosened"
            if each.verdict == "violated" and each.id in proof.definition.loosens
            else said[each.verdict]
            for each in proof.results
        }

    def _why(self, rulebook: Rulebook, id: str) -> str:
        loosened = rulebook.definition.loosens.get(id)
        return "" if loosened is None else loosened.why

    def bounds(self) -> tuple[BoundChange, ...]:
        """Return the most contacts, before and after, for each question that the table asks."""
        before, after = (
            bounds(
                rulebook,
                TABLE,
                progress=lambda _: self.progress(),
                max_zones=self.max_zones,
                max_seconds=self.max_seconds,
            )
            for rulebook in (self.old, self.new)
        )
        return tuple(BoundChange(one, other) for one, other in zip(before, after, strict=True))


def _says(promise: Promise) -> str:
    return "; ".join(map(str, promise.clauses))


def _is_late(each: Compared) -> bool:
    """Return whether more time may give an answer."""
    return each.verdict == "unknown" and each.why_unknown == Limits(lambda: 1.0, 0.0, 1).reached
