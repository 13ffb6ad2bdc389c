"""Ask the proof about two rulebooks: act by act in both directions, promise by promise, bound by bound."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from attrs import define, field

from postinterview.bounds import bounds
from postinterview.core.process import Rulebook
from postinterview.diffing.difference import BoundChange, PromiseChange, PromiseStatus
from postinterview.diffing.words import is_alike
from postinterview.proof.bound import TABLE
from postinterview.proof.compare import Compared, Comparer
from postinterview.proof.prove import MAX_ZONES, Proof
from postinterview.proof.search.refinement import Limits
from postinterview.rulebooks import prove

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
    """The searches of one difference, which share their time. ``clock`` gives seconds."""

    old: Rulebook
    new: Rulebook
    clock: Callable[[], float]
    max_zones: int | None
    max_seconds: float
    progress: Callable[[], None]
    deadline: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.deadline = self.clock() + self.max_seconds

    def compared(self) -> tuple[tuple[Compared, ...], tuple[Compared, ...]]:
        """Return what the new rules newly allow, and what they newly refuse, for each act of either."""
        if is_alike(self.old.definition, self.new.definition, "acts"):
            none = tuple(
                Compared(kind.name, kind.contact != "none", "none", 0.0, 0) for kind in self.new.acts
            )
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
                    seconds = (self.deadline - self.clock()) / left
                    left -= 1
                    if seconds > _QUICK:
                        acts[name] = self._act(comparing, name, seconds)
        first, second = (tuple(acts.values()) for acts in found)
        return first, second

    def _comparing(self, old: Rulebook, new: Rulebook) -> tuple[Comparer, _Turns]:
        zones = MAX_ZONES if self.max_zones is None else self.max_zones
        turns = _Turns(self.clock, self.max_seconds)
        return Comparer(old, new, turns, max_zones=zones, max_seconds=self.max_seconds), turns

    def _act(self, comparing: tuple[Comparer, _Turns], act: str, seconds: float) -> Compared:
        comparer, turns = comparing
        turns.begin(seconds)
        found = comparer.compare((act,)).acts[0]
        self.progress()
        return found

    def promises(self) -> tuple[PromiseChange, ...]:
        """Return the promises that one of the rulebooks keeps and the other one does not."""
        before, after = (self._statuses(rulebook) for rulebook in (self.old, self.new))
        found = {id: (title, why) for side in (before, after) for id, (_, title, why) in side.items()}
        return tuple(
            PromiseChange(id, title, was, now, why)
            for id, (title, why) in found.items()
            if (was := _status(before, id)) != (now := _status(after, id))
        )

    def _statuses(self, rulebook: Rulebook) -> dict[str, tuple[PromiseStatus, str, str]]:
        proof = prove(rulebook, max_zones=self.max_zones, max_seconds=self.max_seconds)
        self.progress()
        return dict(_judged(proof))

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


def _is_late(each: Compared) -> bool:
    """Return whether more time may give an answer."""
    return each.verdict == "unknown" and each.why_unknown == Limits(lambda: 1.0, 0.0, 1).reached


def _judged(proof: Proof) -> Iterator[tuple[str, tuple[PromiseStatus, str, str]]]:
    """Yield each promise with its status, its title, and the reason for which the file loosens it."""
    said: dict[str, PromiseStatus] = {"proved": "kept", "violated": "broken", "unknown": "not known"}
    for result in proof.results:
        loosened = proof.definition.loosens.get(result.id)
        status = said[result.verdict]
        if loosened is not None and status == "broken":
            status = "loosened"
        yield result.id, (status, result.promise.title, "" if loosened is None else loosened.why)


def _status(judged: Mapping[str, tuple[PromiseStatus, str, str]], id: str) -> PromiseStatus:
    return judged[id][0] if id in judged else "not judged"
