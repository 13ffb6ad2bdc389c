"""One promise, one act at a time: proved, violated with a story that replays, or unknown.

A view starts with the conditions that ask what the promise asks. As long as nothing bad is reachable
in it, nothing bad is reachable at all. A bad path is told as a story and replayed on the real
rulebook. What refuses it there names the condition that was missing: it is added, and so on. So a
proof is as small as what it rests on, and a violation is always one that the engine allows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from itertools import islice
from typing import Literal, TypeAlias

from attrs import evolve, frozen

from postinterview.core.definitions import Definition, EventKind, Hours
from postinterview.core.process import Process
from postinterview.core.rulebook import Rulebook
from postinterview.proof.checker import objections
from postinterview.proof.conditions import Atom, variables_of
from postinterview.proof.path import HERE, tell
from postinterview.proof.promises import Promise, Promises, broken_by, judges
from postinterview.proof.relation import Condition, ConditionKey, Relation, relation_of
from postinterview.proof.replay import Replay, replay, start, willing
from postinterview.proof.search import Bad, LimitHit, Safe, State, explore, search
from postinterview.proof.tags import Milder
from postinterview.proof.trace import Trace
from postinterview.proof.view import View, view_of

ProofVerdict: TypeAlias = Literal["proved", "violated", "unknown"]

MAX_ZONES = 20_000
MAX_SECONDS = 30.0
MORE_PATHS = 200
"""How many more bad paths are tried after one that the engine does not follow."""

_LATE = "the time is up"


@frozen
class Part:
    """What is known of one clause and one act.

    ``rests_on``: the conditions that the proof needed. ``reached``: with them, an inductive set of
    states in which nothing bad is allowed. ``replay``: the story that breaks the promise.
    """

    clause: int
    act: str
    verdict: ProofVerdict
    states: int
    rests_on: tuple[ConditionKey, ...] = ()
    reached: tuple[State, ...] = ()
    replay: Replay | None = None
    why_unknown: str = ""


@frozen
class Result:
    """What is known of one promise. ``seconds`` are those that it took."""

    promise: Promise
    verdict: ProofVerdict
    seconds: float
    parts: tuple[Part, ...]

    @property
    def id(self) -> str:
        return self.promise.id

    @property
    def states(self) -> int:
        return sum(part.states for part in self.parts)

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The ids of the guards that the proof needed; ``state`` for a machine that must be elsewhere."""
        return tuple(dict.fromkeys(key[2] for part in self.parts for key in part.rests_on))

    @property
    def violation(self) -> Replay | None:
        """The shortest story that breaks it."""
        found = [part.replay for part in self.parts if part.replay is not None]
        return min(found, key=lambda each: len(each.lines), default=None)


@frozen
class Proof:
    """One result a promise, and what the whole comes to.

    ``milder``: packaged events that the file tags more mildly. The verdict does not speak of them.
    """

    definition: Definition
    promises: Promises
    results: tuple[Result, ...]
    milder: tuple[Milder, ...] = ()

    @property
    def verdict(self) -> ProofVerdict:
        verdicts = {result.verdict for result in self.results}
        return "violated" if "violated" in verdicts else "unknown" if "unknown" in verdicts else "proved"


class Prover:
    """Proves promises of one rulebook; ``clock`` gives seconds, and is the only thing that measures time."""

    def __init__(
        self,
        rulebook: Rulebook,
        clock: Callable[[], float],
        *,
        max_zones: int = MAX_ZONES,
        max_seconds: float = MAX_SECONDS,
    ) -> None:
        self.definition = rulebook.definition
        self._start: Process = start(willing(rulebook.definition))
        self._clock = clock
        self._max_zones = max_zones
        self._deadline = clock() + max_seconds
        self._relations: dict[str, Relation] = {}

    def prove(self, promises: Promises, acts: Collection[str] | None = None) -> Proof:
        """Decide every promise; with ``acts``, only as far as those may break it."""
        judged = [act for act in self.definition.events.values() if acts is None or act.name in acts]
        results = tuple(self._prove(each, judged) for each in promises.promises)
        return Proof(self.definition, promises, results)

    def _prove(self, promise: Promise, acts: list[EventKind]) -> Result:
        begun = self._clock()
        parts = []
        for number, clause in enumerate(promise.clauses):
            for act in acts:
                if judges(self.definition, clause, act):
                    atoms = broken_by(self.definition, clause, act)
                    parts.append(evolve(self.decide(act, atoms), clause=number))
        verdicts = {part.verdict for part in parts}
        verdict: ProofVerdict = "proved"
        if verdicts - {"proved"}:
            verdict = "violated" if "violated" in verdicts else "unknown"
        return Result(promise, verdict, self._clock() - begun, tuple(parts))

    def relation(self, act: EventKind) -> Relation:
        found = self._relations.get(act.name)
        if found is None:
            found = self._relations[act.name] = relation_of(self.definition, act)
        return found

    def decide(self, act: EventKind, atoms: tuple[Atom, ...]) -> Part:
        """Whether the act is ever allowed while the atoms hold."""
        if self._is_late():
            return Part(0, act.name, "unknown", 0, why_unknown=_LATE)
        relation = self.relation(act)
        known = relation.conditions
        asked: set[object] = set(variables_of(atoms))
        active = {
            key for key, condition in known.items() if (looked := _variables(condition)) and looked <= asked
        }
        states = 0
        while True:
            view = view_of(relation, active, atoms)
            paths = explore(view, self._max_zones, self._is_late)
            found = next(paths)
            match found:
                case Safe(reached):
                    active, reached = self._needed(relation, active, atoms, reached)
                    rests_on = tuple(key for key in (known | dict(relation.gates)) if key in active)
                    if wrong := objections(view_of(relation, active, atoms), reached):
                        return Part(0, act.name, "unknown", states, rests_on, why_unknown=wrong[0])
                    return Part(0, act.name, "proved", states + len(reached), rests_on, reached)
                case LimitHit(count):
                    why = _LATE if self._is_late() else f"more than {self._max_zones} zones"
                    return Part(0, act.name, "unknown", states + count, why_unknown=why)
                case Bad():
                    states += found.states
                    replayed = self._replay(view, active, found)
                    if story := self._confirmed(view, atoms, found, replayed):
                        return Part(0, act.name, "violated", states, replay=story)
                    missing = _missing(relation, active, asked, replayed)
                    if missing:
                        active = active | missing
                        continue
                    # Nothing is left that could rule the path out; another bad path may be a real one.
                    for other in islice(paths, MORE_PATHS):
                        if isinstance(other, Bad):
                            states = max(states, other.states)
                            if story := self._confirmed(
                                view, atoms, other, self._replay(view, active, other)
                            ):
                                return Part(0, act.name, "violated", states, replay=story)
                    why = "a path was found that the engine does not follow"
                    if replayed is None:
                        why = "a path was found that fits no dates"
                    return Part(0, act.name, "unknown", states, why_unknown=why)

    def _confirmed(
        self, view: View, atoms: tuple[Atom, ...], found: Bad, replayed: Replay | None
    ) -> Replay | None:
        """Return the story if the engine allows its last act and that breaks the promise, else None."""
        if replayed is None or not replayed.verdict.allowed or not _breaks(view.relation, atoms, replayed):
            return None
        return self._politest(view, atoms, found, replayed)

    def _is_late(self) -> bool:
        return self._clock() >= self._deadline

    def _replay(self, view: View, active: set[ConditionKey], found: Bad) -> Replay | None:
        made = self._tell(view, found, {})
        for _ in range(3):  # hours may hold or not, a business day come late: the act can wait until then
            if made is None or made.verdict.allowed or not _can_wait(view.relation, active, made):
                return made
            opens_at = made.verdict.opens_at
            later = None if opens_at is None else self._tell(view, found, {len(found.path): opens_at})
            if later is None:
                return made
            made = later
        return made

    def _tell(self, view: View, found: Bad, earliest: Mapping[int, datetime]) -> Replay | None:
        story = tell(view, found, self._start.calendar, earliest)
        return None if story is None else replay(self._start, story)

    def _politest(self, view: View, atoms: tuple[Atom, ...], found: Bad, made: Replay) -> Replay:
        """The story with its other acts at moments at which they are allowed too, where that can be."""
        earliest = {len(found.path): made.at}
        for number in range(len(made.lines)):
            line = made.lines[number]
            if line.opens_at is None:
                continue
            later = {**earliest, line.happening.move: line.opens_at}
            again = self._tell(view, found, later)
            if again is not None and again.verdict.opens_at is not None and not again.verdict.allowed:
                later[len(found.path)] = again.verdict.opens_at
                again = self._tell(view, found, later)
            if again is None or not again.verdict.allowed or again.breaches >= made.breaches:
                continue
            if _breaks(view.relation, atoms, again):
                made, earliest = again, later
        return made

    def _needed(
        self,
        relation: Relation,
        active: set[ConditionKey],
        atoms: tuple[Atom, ...],
        reached: tuple[State, ...],
    ) -> tuple[set[ConditionKey], tuple[State, ...]]:
        """The conditions without which it is not proved, and what is reached with them alone."""
        for key in sorted(active, key=lambda key: (key[2] != "state", key), reverse=True):
            fewer = search(view_of(relation, active - {key}, atoms), self._max_zones, self._is_late)
            if isinstance(fewer, Safe):
                active, reached = active - {key}, fewer.reached
        return active, reached


def _breaks(relation: Relation, atoms: tuple[Atom, ...], made: Replay) -> bool:
    """Whether the atoms hold of the history that the engine made of the story."""
    act = made.story.act
    application = None if relation.act.employer_wide else act.application or HERE
    trace = Trace(View(relation, (atoms,)), made.process, application, act.to)
    trace.follow(made.at)
    return trace.is_bad(made.at)


def _variables(condition: Condition) -> set[object]:
    return {atom.variable or atom for option in condition.options for atom in option}


def _missing(
    relation: Relation, active: set[ConditionKey], asked: set[object], replayed: Replay | None
) -> set[ConditionKey]:
    """What to add next: the cheapest of the conditions that refused the story.

    Where none did, something on the way went otherwise: what chooses between alternatives, if anything
    does; else any condition that is left.
    """
    known = relation.conditions
    left = [key for key in known if key not in active and _variables(known[key])]
    left += [key for key in known if key not in active and not known[key].options and key not in left]
    if replayed is not None:
        reasons = {(r.machine, r.transition, r.id) for r in replayed.verdict.reasons}
        places = {(r.machine, r.id) for r in replayed.verdict.reasons if not r.transition}
        refused = [key for key in left if key in reasons or (key[0], key[2]) in places]
        gates = relation.gates.keys() - active
        if gates and not refused:
            return set(gates)
        left = refused or left
    cheapest = min(left, key=lambda key: _price(known[key], asked), default=None)
    return set() if cheapest is None else {cheapest}


def _price(condition: Condition, asked: set[object]) -> tuple[int, int]:
    """What a condition adds to a search: clocks first, then variables that the promise does not ask."""
    atoms = {atom for option in condition.options for atom in option}
    return (
        sum(1 for atom in atoms if getattr(atom, "micros", 0)),
        len({atom.variable for atom in atoms} - asked),
    )


def _can_wait(relation: Relation, active: set[ConditionKey], made: Replay) -> bool:
    """Whether what refused the act is only hours, or what the view has as held already."""
    hours = {
        guard.id
        for machine in relation.definition.machines.values()
        for rule in machine.transitions
        for guard in rule.guards
        if isinstance(guard, Hours)
    }
    return made.verdict.opens_at is not None and all(
        r.id in hours or (r.machine, r.transition, r.id) in active for r in made.verdict.reasons
    )
