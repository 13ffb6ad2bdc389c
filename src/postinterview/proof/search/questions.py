"""The questions of a comparison: the ways in which the old rulebook refuses what the new one may allow.

Both are asked in the words of one history (see `joint`). Ways that a condition of the new rulebook closes are
left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import chain

from attrs import evolve

from postinterview.core.process import Process, Rulebook
from postinterview.core.rules.definitions import EventKind, Hours
from postinterview.proof.model.business_days import is_within
from postinterview.proof.model.closing import Closing
from postinterview.proof.model.conflicts import Conflicts
from postinterview.proof.model.implied import Implication
from postinterview.proof.model.joint import joint, openers
from postinterview.proof.model.labels import alphabet
from postinterview.proof.model.machine_states import Variable
from postinterview.proof.model.refusals import Refusal, refusals
from postinterview.proof.model.relation import Condition, Relation, choices_of, ways_of
from postinterview.proof.model.renaming import Renaming, inverse
from postinterview.proof.model.rounds import Rounds
from postinterview.proof.model.words import PLAIN, Words, counted_in_days
from postinterview.proof.search.difference import Difference
from postinterview.proof.search.refinement import Limits
from postinterview.proof.search.replay import custom_functions, no, start, yes


class Questions:
    """The questions of a comparison of two rulebooks.

    ``names``: how the new rulebook calls what it renamed. ``never_newly_allowed``: tells so of an act, by its
    name.
    """

    def __init__(
        self, old: Rulebook, new: Rulebook, names: Renaming, never_newly_allowed: Callable[[str], bool]
    ) -> None:
        self.joint = joint(old.definition, new.definition, names)
        self._back, self._never_newly_allowed = inverse(names), never_newly_allowed
        self._book, self._new = old, new.definition
        self._start = start(new.answering(dict.fromkeys(custom_functions(self._new), yes)))
        self._olds: dict[frozenset[str], Process] = {}
        calendars = self._start.calendar, self._old(frozenset()).calendar
        within, without = is_within(*calendars), is_within(*calendars[::-1])
        self.calendars = calendars if not (within and without) else calendars[:1] * 2
        alike = self.joint.old.events.keys() <= self._new.events.keys()
        self._conflicts = Conflicts()
        self._closing = Closing(Implication(alike, *self.calendars[::-1], self._conflicts))
        self._openers = openers(self.joint.old), openers(self._new)

    def is_act_of_both(self, kind: EventKind) -> bool:
        """Return whether both rulebooks know it, as an act."""
        return kind.name in self.joint.old.events and self.joint.old.events[kind.name].is_act

    def of(self, kind: EventKind, limits: Limits) -> Iterator[Difference]:
        """Yield a question for each way in which the old rulebook refuses the act.

        Raises:
            TooManyError: there are too many ways.
        """
        act, known = self.joint.definition.events[kind.name], self.joint.old
        is_known, calendars = self.is_act_of_both(kind), self.calendars
        is_told = is_known or kind.name in self.joint.doubts
        ways = ways_of(self._new, kind)
        found: tuple[Refusal, ...] = (Refusal(((),)),)
        rounds, its_rounds = (self._rounds(act, side) for side in (1, 0))
        counted = set(counted_in_days(chain.from_iterable(ways), rounds))
        theirs: list[Condition] = []
        words = PLAIN
        if is_known:
            parts = chain.from_iterable(choices_of(known, known.events[kind.name]))
            theirs = list(chain.from_iterable(parts))
            counted |= set(counted_in_days(theirs, its_rounds))
            words = Words(calendars[1], counted, its_rounds)
            found = refusals(known, known.events[kind.name], lambda: self._starts_alike, words)
        say = Words(calendars[0], counted, rounds).condition
        said = {each.key: say(each) for each in dict.fromkeys(chain.from_iterable(ways))}
        ways = tuple(tuple(said[each.key] for each in way) for way in ways)
        asked = {each for part in (*ways, *(refusal.apart for refusal in found)) for each in part}
        hours = any(isinstance(each.guard, Hours) for each in asked)
        apart = _looked_at(said.values()) ^ _looked_at(map(words.condition, theirs))
        shared = Relation(self.joint.definition, act, alphabet(self.joint.definition, act), (), {})
        for refusal in found:
            still_open = ((way, self._closing.open_goals(way, refusal)) for way in ways)
            left = {way: goals for way, goals in still_open if goals}
            if left:
                relation = evolve(shared, ways=tuple(left))  # so they share their moves
                goals = tuple(dict.fromkeys(chain.from_iterable(left.values())))
                old = self._old(refusal.noes) if is_told else None
                its = refusal, old, self._back, hours, self._conflicts, apart
                yield Difference(relation, goals, self._start, limits, *its)

    def _rounds(self, act: EventKind, side: int) -> Rounds | None:
        """Return how to say what hangs on rounds; ``side``: 0 for the old rulebook, 1 for the new one."""
        disputed = self._openers[0] ^ self._openers[1]
        if not disputed:
            return None
        return Rounds(act, self._openers[side], disputed, self.joint.definition.events, own=side == 1)

    @cached_property
    def _starts_alike(self) -> bool:
        """Return whether the old rulebook takes every application as started that the new one takes so.

        An act that starts one does so if it is allowed, so the old one must allow it where the new one does.
        """
        for kind in self._new.events.values():
            known = self.joint.old.events.get(kind.name)
            if kind.starts_application and (known is None or not known.starts_application):
                return False
            if kind.starts_application and kind.is_act and not self._never_newly_allowed(kind.name):
                return False
        return True

    def _old(self, noes: frozenset[str]) -> Process:
        """Return the start in the old rulebook, where these custom functions answer no."""
        if noes not in self._olds:
            answers = {name: no if name in noes else yes for name in custom_functions(self._book.definition)}
            self._olds[noes] = start(self._book.answering(answers))
        return self._olds[noes]


def _looked_at(conditions: Iterable[Condition]) -> set[Variable]:
    """Return the variables that the conditions look at."""
    options = (option for each in conditions for option in (*each.options, *each.asks))
    return {atom.variable for atoms in options for atom in atoms if atom.variable is not None}
