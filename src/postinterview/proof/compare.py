"""Two rulebooks: which contact does the new one allow that the old one refused, after the same history.

For each act the relations of both are searched together. A label moves what either rulebook looks at, and
what both look at in the same way is one variable, so it can't come apart. Something bad is: the new
conditions hold, and of the old ones enough fail. Each way to refuse (``refusals``) is a search of its own,
and starts with the new conditions that ask what it asks; whatever else the new rulebook asks is added only
where a story fails for it. That nothing bad is reachable is checked again, apart from the search. A story
that is found counts when the engines agree: the new rulebook allows its last act, the old one refuses it.

**What only one of them knows.** Each is told as much of the history as it knows. An act that the old
rulebook did not know, it refused: so the story is one after which the new rulebook allows it. A fact that
only the new one knows is not there for the old one, whatever the new one makes of it; and the other way
round. **A contact** is an act that reaches the employer by the word of either file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, time, timedelta
from itertools import product
from typing import Literal, TypeAlias

from attrs import frozen

from postinterview.core.definitions import Custom, Definition, EventKind, Hours
from postinterview.core.guards import CustomAnswer, CustomQuestion
from postinterview.core.process import Process
from postinterview.core.rulebook import Rulebook
from postinterview.proof.checker import objections
from postinterview.proof.conditions import Atom
from postinterview.proof.joint import joint
from postinterview.proof.labels import alphabet
from postinterview.proof.path import BEGINNING, Story, tell
from postinterview.proof.prove import MAX_SECONDS, MAX_ZONES
from postinterview.proof.refusals import (
    Asked,
    Refusal,
    TooManyError,
    guards_of,
    holds_with,
    joined,
    refusals,
    settles,
)
from postinterview.proof.relation import Condition, ConditionKey, Relation, relation_of
from postinterview.proof.replay import Replay, ask, replay, start, willing
from postinterview.proof.search import Bad, LimitHit, Safe, search
from postinterview.proof.view import View

ComparedVerdict: TypeAlias = Literal["none", "some", "unknown"]

ONE_DAY = timedelta(days=1)


@frozen
class Compared:
    """What is known of one act.

    ``allowed``: the shortest story, in the new rulebook; ``refused``: the same in the old one, or None
    where that knows no such act. ``supposing``: custom functions of the old rulebook that say no in it.
    """

    act: str
    verdict: ComparedVerdict
    seconds: float
    states: int
    allowed: Replay | None = None
    refused: Replay | None = None
    supposing: tuple[str, ...] = ()
    why_unknown: str = ""


@frozen
class Comparison:
    """One result for each contact of the new rulebook, and what the whole comes to."""

    old: Definition
    new: Definition
    acts: tuple[Compared, ...]

    @property
    def verdict(self) -> ComparedVerdict:
        verdicts = {act.verdict for act in self.acts}
        return "some" if "some" in verdicts else "unknown" if "unknown" in verdicts else "none"


@frozen
class _Found:
    """How one way to refuse ended: a story in both rulebooks, a reason why nothing is known, or neither."""

    states: int
    allowed: Replay | None = None
    refused: Replay | None = None
    supposing: tuple[str, ...] = ()
    why_unknown: str = ""


class Comparer:
    """Compares two rulebooks; ``clock`` gives seconds, and is the only thing that measures time."""

    def __init__(
        self,
        old: Rulebook,
        new: Rulebook,
        clock: Callable[[], float],
        *,
        max_zones: int = MAX_ZONES,
        max_seconds: float = MAX_SECONDS,
    ) -> None:
        self.old, self.new = old.definition, new.definition
        self._joint = joint(self.old, self.new)
        self._start = start(willing(self.new))
        self._olds: dict[frozenset[str], Process] = {}
        self._clock = clock
        self._max_zones = max_zones
        self._deadline = clock() + max_seconds

    def compare(self, acts: Collection[str] | None = None) -> Comparison:
        """Decide every contact that the new rulebook knows, or of them only ``acts``."""
        kinds = [kind for kind in self.new.events.values() if self._is_contact(kind)]
        found = tuple(self._decide(kind) for kind in kinds if acts is None or kind.name in acts)
        return Comparison(self.old, self.new, found)

    def _is_contact(self, kind: EventKind) -> bool:
        known = self.old.events.get(kind.name)
        said = (kind.contact, known.contact if known is not None else None)
        return kind.is_act and any(each not in (None, "none") for each in said)

    def _decide(self, kind: EventKind) -> Compared:
        begun = self._clock()
        act = self._joint.definition.events[kind.name]
        ways = relation_of(self.new, kind).ways
        known = self.old.events.get(kind.name)
        labels = alphabet(self._joint.definition, act)
        found: list[_Found] = []
        why = ""
        if known is None or not known.is_act:
            relation = Relation(self._joint.definition, act, labels, ways, {})
            found.append(_Search(self, relation, Refusal(((),)), None).run())
        else:
            try:
                for refusal in refusals(self.old, known):
                    if self.is_late():
                        why = "the time is up"
                        break
                    left = tuple(way for way in ways if not self._closes(kind, way, known, refusal))
                    if left:
                        relation = Relation(self._joint.definition, act, labels, left, {})
                        old = self._old(refusal.noes)
                        found.append(_Search(self, relation, refusal, old).run())
            except TooManyError:
                why = "the old rules refuse it in too many ways"
            why = why or next(iter(self._joint.differences), "")
        states = sum(each.states for each in found)
        seconds = self._clock() - begun
        stories = [each for each in found if each.allowed is not None]
        if stories:
            best = min(stories, key=lambda each: _length(each.allowed))
            return Compared(kind.name, "some", seconds, states, best.allowed, best.refused, best.supposing)
        why = next((each.why_unknown for each in found if each.why_unknown), why)
        return Compared(kind.name, "unknown" if why else "none", seconds, states, why_unknown=why)

    def _closes(
        self, kind: EventKind, way: tuple[Condition, ...], known: EventKind, refusal: Refusal
    ) -> bool:
        """Whether the new rulebook, on this way, asks for what would have to fail apart from the history."""
        guards = guards_of(self.new, kind.name)
        asked = [guards[condition.key] for condition in way if condition.key in guards]
        if any(refusal.omits & set(getattr(guard, "fields", ())) for guard, _ in asked):
            return True
        return any(self._same(kind, mine, known, its) for its in refusal.apart for mine in asked)

    def _same(self, kind: EventKind, mine: Asked, known: EventKind, its: Asked) -> bool:
        settled = settles(self.old, known, its) == settles(self.new, kind, mine)
        return settled and holds_with(its[0], mine[0])

    def _old(self, noes: frozenset[str]) -> Process:
        """The start in the old rulebook, with these custom functions saying no."""
        found = self._olds.get(noes)
        if found is None:
            said = {name: _no if name in noes else _yes for name in _functions(self.old)}
            found = self._olds[noes] = start(Rulebook(self.old, custom=said))
        return found

    def is_late(self) -> bool:
        return self._clock() > self._deadline

    @property
    def start(self) -> Process:
        return self._start

    @property
    def max_zones(self) -> int:
        return self._max_zones

    def hours(self, event: str) -> list[Hours]:
        """The guards of either rulebook that ask for the time of day of the act."""
        found = (guards_of(definition, event).values() for definition in (self.old, self.new))
        return [guard for guards in found for guard, _ in guards if isinstance(guard, Hours)]


class _Search:
    """The search for one way to refuse. ``old``: the start in the old rulebook, if it knows the act."""

    def __init__(self, comparer: Comparer, relation: Relation, refusal: Refusal, old: Process | None) -> None:
        self.comparer = comparer
        self.relation = relation
        self.refusal = refusal
        self.old = old
        self.refused: Replay | None = None
        self._hours = comparer.hours(relation.act.name)

    def run(self) -> _Found:
        """Search, add the condition for which the story failed, and search again."""
        known = self.relation.conditions
        asked = {atom.variable or atom for goal in self.refusal.goals for atom in goal}
        active = {key for key, each in known.items() if _looks(each) and _looks(each) <= asked}
        states = 0
        while True:
            view = self._view(active)
            found = search(view, self.comparer.max_zones, self.comparer.is_late)
            match found:
                case Safe(reached):
                    wrong = objections(view, reached)
                    return _Found(states + len(reached), why_unknown=wrong[0] if wrong else "")
                case LimitHit(count):
                    late = self.comparer.is_late()
                    why = "the time is up" if late else f"more than {self.comparer.max_zones} zones"
                    return _Found(states + count, why_unknown=why)
                case Bad():
                    states += found.states
                    failed: Replay | None = None
                    for made, earliest in self._tries(view, found, active):
                        if made is not None and self._differs(made):
                            best = self._politest(view, found, made, earliest)
                            self._differs(best)
                            noes = tuple(sorted(self.refusal.noes))
                            return _Found(states, best, self.refused, noes)
                        failed = failed or made
                    missing = _missing(known, active, failed)
                    if missing is None:
                        return _Found(states, why_unknown="a path was found that the engines do not follow")
                    active |= {missing}

    def _view(self, active: set[ConditionKey]) -> View:
        """Bad is what these conditions allow while the old ones fail."""
        ways = (
            chosen
            for way in self.relation.ways
            for chosen in product(*(each.options for each in way if each.key in active))
        )
        bad = (joined(goal, *chosen) for chosen in ways for goal in self.refusal.goals)
        return View(self.relation, [atoms for atoms in bad if atoms is not None])

    def _differs(self, made: Replay) -> bool:
        """Whether the new rulebook allows what the old one refuses, as the engines see it."""
        if not made.verdict.allowed:
            return False
        self.refused = None if self.old is None else replay(self.old, made.story)
        return self.old is None or (self.refused is not None and not self.refused.verdict.allowed)

    # --- stories --------------------------------------------------------------------------------

    def _tries(
        self, view: View, found: Bad, active: set[ConditionKey]
    ) -> Iterator[tuple[Replay | None, Mapping[int, datetime]]]:
        """The story as it comes; begun on other days and ended at other hours, where that may help."""
        first = self._tell(view, found, {})
        yield first, {}
        if first is None or self._refused_by_more(first, active):
            return
        moments = sorted({clock for each in self._hours for clock in (each.opens, each.closes)})
        for days in range(8 if any(view.fits) or moments else 0):
            begun = {0: BEGINNING + days * ONE_DAY}
            made = self._tell(view, found, begun)
            if made is not None:
                yield made, begun
                for at in self._later(made, moments):
                    ended = {**begun, len(found.path): at}
                    yield self._tell(view, found, ended), ended

    def _refused_by_more(self, made: Replay, active: set[ConditionKey]) -> bool:
        """Whether the new rulebook refuses it for a condition that is not looked at yet."""
        known = self.relation.conditions
        left = {
            key for key, each in known.items() if key not in active and (_looks(each) or not each.options)
        }
        return any(key in left for key in _reasons(made)) or (
            not made.verdict.allowed and any(not reason.transition for reason in made.verdict.reasons)
        )

    def _later(self, made: Replay, moments: list[time]) -> Iterator[datetime]:
        """The first moment, of those at which hours turn, from which on the two may differ."""
        old = None if self.old is None else replay(self.old, made.story)
        for days in range(9 if moments else 0):
            for clock in moments:
                at = (made.at + days * ONE_DAY).replace(
                    hour=clock.hour, minute=clock.minute, second=0, microsecond=0
                )
                if at <= made.at or not ask(made.process, made.story.act, at):
                    continue
                if self.old is None or (old is not None and not ask(old.process, made.story.act, at)):
                    yield at
                    return

    def _tell(self, view: View, found: Bad, earliest: Mapping[int, datetime]) -> Replay | None:
        story = tell(view, found, self.comparer.start.calendar, earliest)
        if story is None:
            return None
        kept = {name: value for name, value in story.act.carried.items() if name not in self.refusal.omits}
        story.act.carried = kept
        return replay(self.comparer.start, Story(story.happenings, story.act))

    def _politest(self, view: View, found: Bad, made: Replay, earliest: Mapping[int, datetime]) -> Replay:
        """The story with its other acts at moments at which they are allowed too, where that can be."""
        earliest = {**earliest, len(found.path): made.at}
        for line in made.lines:
            if line.opens_at is not None:
                later = {**earliest, line.happening.move: line.opens_at}
                again = self._tell(view, found, later)
                if again is not None and not again.verdict.allowed and again.verdict.opens_at is not None:
                    later[len(found.path)] = again.verdict.opens_at
                    again = self._tell(view, found, later)
                if again is not None and again.breaches < made.breaches and self._differs(again):
                    made, earliest = again, later
        return made


def _looks(condition: Condition) -> set[object]:
    return {atom.variable or atom for option in condition.options for atom in option}


def _missing(
    known: Mapping[ConditionKey, Condition], active: set[ConditionKey], failed: Replay | None
) -> ConditionKey | None:
    """The condition to add: one for which the new rulebook refused the story; else any; clocks last."""
    left = [key for key, each in known.items() if key not in active and (_looks(each) or not each.options)]
    if failed is not None:
        reasons = _reasons(failed)
        places = {(r.machine, r.id) for r in failed.verdict.reasons if not r.transition}
        left = [key for key in left if key in reasons or (key[0], key[2]) in places] or left
    return min(left, key=lambda key: _clocks(known[key]), default=None)


def _reasons(made: Replay) -> set[ConditionKey]:
    return {(reason.machine, reason.transition, reason.id) for reason in made.verdict.reasons}


def _clocks(condition: Condition) -> int:
    atoms: set[Atom] = {atom for option in condition.options for atom in option}
    return sum(1 for atom in atoms if getattr(atom, "micros", 0))


def _length(made: Replay | None) -> tuple[int, datetime]:
    return (0, BEGINNING) if made is None else (len(made.lines), made.at)


def _functions(definition: Definition) -> set[str]:
    rules = (rule for machine in definition.machines.values() for rule in machine.transitions)
    return {guard.function for rule in rules for guard in rule.guards if isinstance(guard, Custom)}


def _yes(_question: CustomQuestion) -> CustomAnswer:
    return CustomAnswer(holds=True)


def _no(_question: CustomQuestion) -> CustomAnswer:
    return CustomAnswer(holds=False, has="no", needs="yes")
