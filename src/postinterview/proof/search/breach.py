"""Ask whether an act is ever allowed while a clause of a promise forbids it; see `refinement`."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define

from postinterview.core.rules.definitions import Hours
from postinterview.core.values.moments import MICROSECOND
from postinterview.proof.model.asked import tally_of
from postinterview.proof.model.conditions import Atom
from postinterview.proof.model.relation import STATE
from postinterview.proof.model.tally import Tallied, Tally
from postinterview.proof.model.trace import Trace
from postinterview.proof.model.view import View
from postinterview.proof.search.left_out import Conditions
from postinterview.proof.search.path import HERE
from postinterview.proof.search.preludes import Preludes
from postinterview.proof.search.refinement import Earliest, Invariant, Refinement, Told
from postinterview.proof.search.replay import StoryReplay
from postinterview.proof.search.retelling import delayed
from postinterview.proof.search.search import Bad, Safe, search

TRIES = 12
"""How often the acts of a path are moved to moments at which the engine allows them."""


@define(eq=False)
class Breach(Refinement):
    """The question whether the act is ever allowed while a clause of a promise forbids it."""

    preludes: Preludes

    def confirms(self, made: StoryReplay) -> bool:
        """Return whether the act is allowed and the clause forbids it after the engine's history."""
        if not made.decisive[1].allowed:
            return False
        if (tally := tally_of(self.goals)) is not None:
            return all(self._has_tallied(made, tally, goal) for goal in self.goals)
        act = made.story.act
        application = None if self.relation.act.employer_wide else act.application or HERE
        trace = Trace(View(self.relation, self.goals), made.process, application, act.to)
        trace.follow(made.at)
        return trace.is_bad(made.at)

    def _has_tallied(self, made: StoryReplay, tally: Tally, goal: tuple[Atom, ...]) -> bool:
        """Return whether so many events count in the engine's history, as it is."""
        found = [made.at - each.at for each in tally.counted(made.process.timeline, made.place)]
        open_ = [ago for ago in found if tally.within is None or ago // MICROSECOND < tally.within]
        return all(isinstance(atom, Tallied) and len(open_) >= atom.number for atom in goal)

    def tellings(self, view: View, bad: Bad, active: Conditions) -> Iterator[Told]:
        """Yield the story, and where only time refuses the act, the same with the act later.

        The view takes `hours` as met, and business days may come later than in the view.
        """
        hours = {each.id for each in self.conditions.values() if isinstance(each.guard, Hours)}
        earliest: Earliest = {}
        for _ in range(TRIES):
            made = self.tell(view, bad, earliest)
            if made is None and earliest:
                return
            yield made, earliest
            if made is None:
                return
            act, verdict = made.decisive
            if verdict.opens_at is None or earliest.get(act.move) == verdict.opens_at:
                return
            reasons = verdict.reasons
            if any(r.id not in hours and (r.machine, r.transition, r.id) not in active for r in reasons):
                return  # a condition that the view has not asked refuses it
            earliest = {**earliest, act.move: verdict.opens_at}

    def completions(self, made: StoryReplay) -> Iterator[StoryReplay]:
        """Yield the story with histories for acts elsewhere that have to be allowed, and with later acts."""
        for told in self.preludes.completed(made, apart=self.relation.act.employer_wide):
            yield told
            later = None if told.decisive[1].allowed else delayed(self.start, told.events, self.recordings)
            if later is not None and later.story != told.story:
                yield later

    def settle(self, proof: Invariant) -> Invariant:
        """Leave out each condition without which the proof still holds, those of guards first.

        Those that the question was given to begin with stay: they have been through this.
        """
        left = proof.active - self.given
        for key in sorted(left, key=lambda key: (key[2] != STATE, key), reverse=True):
            few = min(
                self.limits.max_zones, 4 * len(proof.reached) + 100
            )  # a larger one would not be simpler
            fewer_asked = proof.active - {key}
            if any(fewer_asked <= each for each in self.refuted):
                continue  # what fewer conditions allow includes what those do
            view = self.view(fewer_asked)
            fewer = search(view, few, self.limits.is_late)
            if isinstance(fewer, Safe):
                proof = Invariant(fewer_asked, view, fewer.reached)
        return proof


class Legal(Breach):
    """The question whether the act is ever allowed while a clause forbids it, and without a breach before."""

    legal = True
    more_paths = 20

    def confirms(self, made: StoryReplay) -> bool:
        """Return whether the clause forbids the act, and no act before it was a breach."""
        return not made.breaches and super().confirms(made)
