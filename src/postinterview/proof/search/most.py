"""Ask whether more than so many acts can be allowed, in one place.

No act is judged here: something bad has happened once the tally of the place is too large. The place is that
of an act which no rule knows. It has just the keys of the scope in which acts are counted, so that a search
for the whole employer follows no application, and one for a person follows nothing but that person.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from attrs import define

from postinterview.core.past.places import Key
from postinterview.core.rules.definitions import Definition, EventKind, Origin, Scope
from postinterview.core.values.moments import MICROSECOND
from postinterview.proof.model.labels import alphabet
from postinterview.proof.model.relation import Relation, gates_of
from postinterview.proof.model.tally import Tallied, Tally
from postinterview.proof.model.view import View
from postinterview.proof.search.breach import Breach
from postinterview.proof.search.path import GAPS, HERE, THEM, Story, tell
from postinterview.proof.search.refinement import Earliest
from postinterview.proof.search.replay import StoryReplay, replay
from postinterview.proof.search.search import Bad


def place_in(definition: Definition, scope: Scope) -> Relation:
    """Return the relation of a place with the keys of the scope, in which anything may happen."""
    act = EventKind(
        name="(place)",
        by="candidate",
        contact="none",
        sign_of_life=False,
        to_person=scope.interviewer,
        employer_wide=not scope.application,
        origin=Origin("", 1, 1),
    )
    return Relation(definition, act, alphabet(definition, act), ((),), dict(gates_of(definition, act)))


def more_than(tally: Tally, number: int) -> tuple[tuple[Tallied], ...]:
    """Return the goals of the question whether more than so many are counted."""
    return ((Tallied(tally, number + 1),),)


@define(eq=False)
class Most(Breach):
    """The question whether a tally can come to a number. The last act of a story is the last one counted."""

    more_paths = 20
    completed_paths = 1  # their many acts make a history each; with one path the answers are the same

    def tell(self, view: View, bad: Bad, earliest: Earliest) -> StoryReplay | None:
        """Date the path, and replay it; None where no dates fit."""
        return self.told(view, bad, earliest)

    def told(
        self, view: View, bad: Bad, earliest: Earliest, gaps: Iterable[timedelta] = GAPS
    ) -> StoryReplay | None:
        """Date the path with one of the gaps between its events, and replay it."""
        story = tell(view, bad, self.start.calendar, earliest, gaps)
        if story is None or not story.happenings:
            return None
        *before, last = story.happenings
        return replay(self.start, Story(tuple(before), last), self.recordings)

    def confirms(self, made: StoryReplay) -> bool:
        """Return whether so many acts were allowed in the engine's history, with the last one."""
        return made.decisive[1].allowed and self.number_in(made) >= self.number

    @property
    def number(self) -> int:
        """The number that the tally is to come to."""
        return max(atom.number for goal in self.goals for atom in goal if isinstance(atom, Tallied))

    def number_in(self, made: StoryReplay) -> int:
        """Return how many acts of a story count at its end."""
        tally = self.tally
        place = Key(
            HERE if tally.scope.application else None, None, THEM if tally.scope.interviewer else None
        )
        ago = [made.at - each.at for each in tally.counted(made.process.timeline, place)]
        return 1 + sum(tally.within is None or each // MICROSECOND < tally.within for each in ago)

    @property
    def tally(self) -> Tally:
        """The tally that is asked about."""
        return next(atom.variable for goal in self.goals for atom in goal if isinstance(atom, Tallied))
