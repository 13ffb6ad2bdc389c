"""Search with few conditions, and add one only where a story shows that it is needed.

The whole relation of an act has too many states to search. Most proofs need one guard of it. So a search
starts with the conditions that look at nothing but what the question looks at, and takes all others as met:

1. Nothing bad is reachable: then nothing bad is reachable under more conditions either. Proved.
2. A bad path is found. It is dated, told to the engine as a story, and the engine is asked for the act.
   - The engine allows it: a real story, and one of the fewest events. Violated.
   - The engine refuses it: one of its reasons is a condition that was left out. Add the cheapest and search
     again.
   - No condition is left to add: the model is coarser than the engine there. Other bad paths are tried. If
     none of them is real either, nothing is known.

Example: "never a second chase until they write" starts with the guard `one_chase` alone, because that is the
only one that counts chases since a sign of life, and ends there after four states.

Source: localization (Kurshan, Computer-Aided Verification of Coordinating Processes, 1994) as in
counterexample-guided abstraction refinement (Clarke, Grumberg, Jha, Lu, Veith, CAV 2000).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from itertools import chain, islice
from typing import ClassVar, Literal, TypeAlias

from attrs import define, field, frozen

from postinterview.core.process import Process
from postinterview.proof.model.asked import AskedActs, options_in, tally_of
from postinterview.proof.model.checker import objections
from postinterview.proof.model.conditions import Atom, looked_at
from postinterview.proof.model.relation import Condition, ConditionKey, Relation
from postinterview.proof.model.view import View, view_of
from postinterview.proof.search.left_out import Conditions, LeftOut
from postinterview.proof.search.path import tell
from postinterview.proof.search.replay import Recordings, StoryReplay, replay
from postinterview.proof.search.retelling import retold
from postinterview.proof.search.search import Bad, LimitHit, Safe, State, explore

ProofVerdict: TypeAlias = Literal["proved", "violated", "unknown"]
Earliest: TypeAlias = Mapping[int, datetime]
"""Moves of a path, by number, that may come no earlier than a moment; the act comes after the last move."""

Told: TypeAlias = tuple[StoryReplay | None, Earliest]
"""A path as a story, and the moments it was dated with; None if no dates fit."""


TIME_IS_UP, MORE_THAN = "the time is up", "more than"


def is_limit(why: str) -> bool:
    """Return whether this is why something is unknown: a search reached a limit."""
    return why == TIME_IS_UP or why.startswith(MORE_THAN)


@frozen
class Limits:
    """The limits of a search. ``clock`` gives seconds, and is the only thing that measures time.

    ``more_paths``: the most bad paths that are tried after one that the engine does not follow, if not as
    many as the question says.
    """

    clock: Callable[[], float]
    deadline: float
    max_zones: int
    more_paths: int | None = None

    def is_late(self) -> bool:
        """Return whether the time is up."""
        return self.clock() >= self.deadline

    @property
    def reached(self) -> str:
        """The limit that was reached."""
        states = f"{self.max_zones} state{'s' if self.max_zones > 1 else ''}"
        return TIME_IS_UP if self.is_late() else f"{MORE_THAN} {states}"


@frozen
class Part:
    """The answer about one clause of a promise and one act.

    ``rests_on``: the conditions that the proof needs. ``reached``: states from which no move leads out while
    those conditions are asked, and in none of which something bad is allowed. ``replay``: the story that
    breaks the promise.
    """

    clause: int
    act: str
    verdict: ProofVerdict
    states: int
    rests_on: tuple[ConditionKey, ...] = ()
    reached: tuple[State, ...] = ()
    replay: StoryReplay | None = None
    why_unknown: str = ""

    def __repr__(self) -> str:
        return f"<Part {self.clause} of {self.act}: {self.verdict}>"


@frozen
class Invariant:
    """The conditions that are asked, their view, and states in it from which no move leads out."""

    active: Conditions
    view: View
    reached: tuple[State, ...]


@define(eq=False)
class Refinement:
    """The question whether an act is ever allowed while all atoms of one of ``goals`` hold.

    ``start`` is the process that stories are told to. ``seed``: conditions that are asked from the start;
    after `run`, those that were asked at last, and ``given`` has those of the start. ``recordings``: of
    stories told before. ``refuted``: conditions under which something bad is reachable. Subclasses say when a
    story counts (`confirms`), and in which ways a path is dated (`tellings`).
    """

    relation: Relation
    goals: tuple[tuple[Atom, ...], ...]
    start: Process
    limits: Limits
    seed: Conditions = field(default=frozenset(), kw_only=True)
    given: Conditions = field(default=frozenset(), init=False)
    recordings: Recordings = field(factory=Recordings, kw_only=True)
    refuted: list[Conditions] = field(factory=list, init=False)

    more_paths: ClassVar[int] = 200
    """The most bad paths that are tried after one that the engine does not follow."""

    completed_paths: ClassVar[int] = 30
    """In so many of them, the acts that have to be allowed get histories of their own."""

    legal: ClassVar[bool] = False
    """True if no act on the way may be a breach. That finds stories, and proves nothing."""

    @cached_property
    def conditions(self) -> Mapping[ConditionKey, Condition]:
        """The conditions that a view can ask: those of the act, and of acts that count if allowed."""
        asked = AskedActs(self.relation, tally_of(self.goals), (), self.legal)
        return {**asked.conditions, **self.relation.conditions}

    @property
    def asked(self) -> set[object]:
        """The variables that the goals look at."""
        return looked_at(self.goals)

    def confirms(self, made: StoryReplay) -> bool:
        """Return whether the story shows what was asked for, as the engine has it."""
        raise NotImplementedError

    def tellings(self, view: View, bad: Bad, active: Conditions) -> Iterator[Told]:
        """Yield the path as a story, dated in the ways that may differ."""
        raise NotImplementedError

    def settle(self, proof: Invariant) -> Invariant:
        """Return a proof that rests on no more conditions than it needs."""
        return proof

    def run(self) -> Part:
        """Answer the question."""
        tally = tally_of(self.goals)
        looks = {key: looked_at(options_in(each, tally)) for key, each in self.conditions.items()}
        first = (key for key, variables in looks.items() if set() < variables <= self.asked)
        self.given = self.seed
        active, states = self.given.union(first), 0
        while True:
            self.seed = active
            view = self.view(active)
            paths = explore(view, self.limits.max_zones, self.limits.is_late)
            found = next(paths)
            match found:
                case Safe() if self.legal:
                    return self._part("unknown", states, why_unknown="every path has a breach")
                case Safe(reached):
                    return self._proved(Invariant(active, view, reached), states)
                case LimitHit(count):
                    return self._part("unknown", states + count, why_unknown=self.limits.reached)
                case Bad():
                    self.refuted.append(active)
                    states += found.states
                    if self.legal and states > self.limits.max_zones:
                        return self._part("unknown", states, why_unknown=self.limits.reached)
                    answer = self._follow(view, chain([found], paths), active)
                    if isinstance(answer, StoryReplay):
                        return self._part("violated", states, replay=answer)
                    if isinstance(answer, str):
                        return self._part("unknown", states, why_unknown=answer)
                    active |= answer

    def view(self, active: Conditions) -> View:
        """Return the view of these conditions; bad is what they allow while one of the goals holds."""
        return view_of(self.relation, active, self.goals, legal=self.legal)

    def _proved(self, proof: Invariant, states: int) -> Part:
        proof = self.settle(proof)
        wrong = objections(proof.view, proof.reached)
        if wrong:
            return self._part("unknown", states, why_unknown=wrong[0])
        keys = dict.fromkeys((*self.conditions, *self.relation.gates))
        rests_on = tuple(key for key in keys if key in proof.active)
        states += len(proof.reached)
        return self._part("proved", states, rests_on=rests_on, reached=proof.reached)

    def _part(self, verdict: ProofVerdict, states: int, **known: object) -> Part:
        return Part(0, self.relation.act.name, verdict, states, **known)  # type: ignore[arg-type]

    # --- stories ------------------------------------------------------------------------------

    def _story(
        self, view: View, bad: Bad, active: Conditions
    ) -> tuple[StoryReplay | None, list[StoryReplay]]:
        """Return a story of the path that counts, and those that were told and don't."""
        told: list[StoryReplay] = []
        for made, earliest in self.tellings(view, bad, active):
            if made is not None and self.confirms(made):
                return self._politest(view, bad, made, earliest), told
            told += [] if made is None else [made]
        return None, told

    def _follow(
        self, view: View, paths: Iterator[Safe | Bad | LimitHit], active: Conditions
    ) -> StoryReplay | Conditions | str:
        """Tell bad paths until a story counts, or the engine names what to ask; else return why none does."""
        why = ""
        for number, bad in enumerate(islice(paths, 1 + (self.limits.more_paths or self.more_paths))):
            if not isinstance(bad, Bad) or (why and self.limits.is_late()):
                break
            story, told = self._story(view, bad, active)
            left = self._left_out(view, bad, active)
            missing = left.named_by([each.decisive for each in told])
            stuck = told and not story and not missing
            for made in self.completions(told[-1]) if stuck and number < self.completed_paths else ():
                story = (
                    retold(self.start, made, self.confirms, self.recordings) if self.confirms(made) else None
                )
                missing = left.named_by([made.decisive]) or left.named_by(made.asked) or left.gates
                if story or missing:
                    break
            if story or missing:
                return story or missing
            why = why or f"a path was found that {'the engine does not follow' if told else 'fits no dates'}"
        return why

    def completions(self, made: StoryReplay) -> Iterator[StoryReplay]:
        """Yield the story with more before it, so that more of the acts that have to be allowed are."""
        yield made

    def tell(self, view: View, bad: Bad, earliest: Earliest) -> StoryReplay | None:
        """Date the path, and replay it; None where no dates fit."""
        story = tell(view, bad, self.start.calendar, earliest)
        return None if story is None else replay(self.start, story, self.recordings)

    def _politest(self, view: View, bad: Bad, made: StoryReplay, earliest: Earliest) -> StoryReplay:
        """Return the story with its earlier acts at moments at which they are allowed too, if that can be."""
        end = len(bad.path)
        earliest = {**earliest, end: made.at}
        for number in range(len(made.lines)):
            line = made.lines[number]
            if line.opens_at is None:
                continue
            later = {**earliest, line.happening.move: line.opens_at}
            again = self.tell(view, bad, later)
            if again is not None and again.verdict.opens_at is not None and not again.verdict.allowed:
                later[end] = again.verdict.opens_at
                again = self.tell(view, bad, later)
            if again is not None and again.breaches < made.breaches and self.confirms(again):
                made, earliest = again, later
        return made

    # --- conditions ---------------------------------------------------------------------------

    def addable(self, active: Conditions) -> list[ConditionKey]:
        """Return the conditions that were left out and that can be asked."""
        left = ((key, each) for key, each in self.conditions.items() if key not in active)
        return [key for key, each in left if looked_at(each.options) or not each.options]

    def _left_out(self, view: View, bad: Bad, active: Conditions) -> LeftOut:
        left = {key: self.conditions[key] for key in self.addable(active)}
        return LeftOut(view, bad, active, left, self.asked, all_at_once=self.legal)
