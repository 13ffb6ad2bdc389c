"""Prove promises of a rulebook: each proved, violated with a story that replays, or unknown.

A promise has clauses, and a clause judges acts. Each pair of a clause and an act is a question of its own,
see `refinement`: can the act be allowed while the clause calls it a breach of the promise?
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from attrs import evolve, field, frozen

from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import Acknowledged, Definition, EventKind
from postinterview.core.values.formatting import say_list
from postinterview.proof.model.conditions import Atom
from postinterview.proof.model.labels import TooManyError
from postinterview.proof.model.relation import Relation, Relations
from postinterview.proof.promises.promise import Clause, MoreThan, Promise, Promises, broken_by, judges
from postinterview.proof.promises.tags import Milder, Trusted
from postinterview.proof.search.breach import Breach, Legal
from postinterview.proof.search.left_out import Conditions
from postinterview.proof.search.preludes import Preludes
from postinterview.proof.search.refinement import Limits, Part, ProofVerdict
from postinterview.proof.search.replay import Recordings, StoryReplay, start, willing

MAX_ZONES = 20_000
MAX_SECONDS = 4.0
"""The default limits. A proof of the packaged rules takes about 2,000 zones and a quarter of a second."""


FEW_ZONES, FEW_MORE = 1_000, 4
"""A story without breaches is looked for in so many zones, and told if it has at most so many events more."""


@frozen
class Result:
    """The result for one promise. ``seconds`` are those that it took."""

    promise: Promise
    verdict: ProofVerdict
    seconds: float = field(eq=False)
    parts: tuple[Part, ...]

    @property
    def id(self) -> str:
        return self.promise.id

    @property
    def states(self) -> int:
        """The number of states that the searches looked at."""
        return sum(part.states for part in self.parts)

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The ids of the guards that the proof needs; ``state`` if a machine must be in another state."""
        return tuple(dict.fromkeys(key[2] for part in self.parts for key in part.rests_on))

    @property
    def violation(self) -> StoryReplay | None:
        """The shortest story that breaks the promise."""
        found = (part.replay for part in self.parts if part.replay is not None)
        return min(found, key=lambda each: len(each.lines), default=None)

    @property
    def why_unknown(self) -> str:
        """The reason why it is unknown whether the promise holds."""
        return next((part.why_unknown for part in self.parts if part.why_unknown), "a limit was reached")

    def __repr__(self) -> str:
        return f"<Result {self.id}: {self.verdict}>"


@frozen
class Proof:
    """One result for each promise. A proof is true if every promise is proved and ``milder`` is empty.

    ``milder``: packaged events that the file tags more mildly; ``verdict`` does not count them. ``trusted``:
    events of which the promises believe something that the packaged rules don't say. ``vacuous``: for each
    promise that holds only because the file lacks what it speaks of, the reason.

    A promise that the file loosens is judged like any other, and ``verdict`` does not count it.
    """

    definition: Definition
    promises: Promises
    results: tuple[Result, ...]
    milder: tuple[Milder, ...] = ()
    trusted: tuple[Trusted, ...] = ()
    vacuous: Mapping[str, str] = field(factory=dict, hash=False)

    @property
    def verdict(self) -> ProofVerdict:
        """The worst verdict of any promise but the loosened ones; ``violated`` is worse than ``unknown``."""
        loosened = {each.name for each in self.loosened}
        return worst(result.verdict for result in self.results if result.id not in loosened)

    @property
    def loosened(self) -> tuple[Acknowledged, ...]:
        """The promises that the file loosens and that are not proved, in the order of the file."""
        verdicts = {result.id: result.verdict for result in self.results}
        named = self.definition.loosens.values()
        return tuple(each for each in named if verdicts.get(each.name, "proved") != "proved")

    @property
    def summary(self) -> str:
        """The number of promises that hold, such as ``13 of 13 promises hold on every path``."""
        kept = sum(result.verdict == "proved" for result in self.results)
        said = f"{kept} of {len(self.results)} promises hold on every path"
        names = say_list(tuple(f"`{each.name}`" for each in self.loosened), "and")
        return f"{said}; the file loosens {names}" if names else said

    @property
    def text(self) -> str:
        """The verdict as a short paragraph for a person."""
        said = [f"{self.definition.name}: {self.verdict}. {self.summary[:1].upper()}{self.summary[1:]}."]
        loosened = {each.name for each in self.loosened}
        for result in self.results:
            if result.id in loosened:
                continue
            if result.verdict == "violated":
                said.append(f"`{result.id}` is broken: {result.promise.title or 'see its story'}.")
            elif result.verdict == "unknown":
                said.append(f"`{result.id}` is unknown: {result.why_unknown}.")
        said += [f"{each}." for each in self.milder]
        said += [f"`{each.name}` is loosened: {each.why}" for each in self.loosened]
        said += [f"Trusted, not proved: {each}." for each in self.trusted if each.trust is None]
        return " ".join(said)

    def __bool__(self) -> bool:
        return self.verdict == "proved" and not self.milder

    def __repr__(self) -> str:
        return f"<Proof {self.definition.name}: {self.verdict}, {self.summary}>"


def worst(verdicts: Collection[ProofVerdict] | Iterator[ProofVerdict]) -> ProofVerdict:
    """Return the worst of the verdicts; ``proved`` if there are none."""
    found = set(verdicts)
    return "violated" if "violated" in found else "unknown" if "unknown" in found else "proved"


class Prover:
    """Proves promises of one rulebook. ``clock`` gives seconds, and is the only thing that measures time."""

    def __init__(
        self,
        rulebook: Rulebook,
        clock: Callable[[], float],
        *,
        max_zones: int = MAX_ZONES,
        max_seconds: float = MAX_SECONDS,
    ) -> None:
        self.definition = rulebook.definition
        self.start = start(willing(rulebook.definition, rulebook))
        self.limits = Limits(clock, clock() + max_seconds, max_zones)
        self.relations = Relations(rulebook.definition)
        self.recordings = Recordings()
        self.preludes = Preludes(self.start, self._allowing, self.recordings)

    def prove(self, promises: Promises, acts: Collection[str] | None = None) -> Proof:
        """Decide every promise; with ``acts``, only whether these acts keep it."""
        judged = [act for act in self.definition.events.values() if acts is None or act.name in acts]
        results = tuple(self._prove(each, judged) for each in promises.promises)
        return Proof(self.definition, promises, results)

    def _prove(self, promise: Promise, acts: list[EventKind]) -> Result:
        begun = self.limits.clock()
        parts = tuple(
            evolve(part, clause=number)
            for number, clause in enumerate(promise.clauses)
            for part in self._judge(clause, [act for act in acts if judges(self.definition, clause, act)])
        )
        return Result(promise, worst(part.verdict for part in parts), self.limits.clock() - begun, parts)

    def _judge(self, clause: Clause, acts: list[EventKind]) -> Iterator[Part]:
        """Decide which of the acts can break a clause.

        Where acts on the way are counted, all of them are asked much the same: each begins with what the
        proof of the one before it needed. Those with the fewest guards come first, because a new act that
        breaks the promise is mostly one of them; after that the others get little time.
        """
        seed: Conditions = frozenset()
        limits = self.limits
        for act in sorted(acts, key=self._guards_of) if self._counts(clause) else acts:
            try:
                atoms = broken_by(self.definition, clause, act)
            except TooManyError as error:
                yield Part(0, act.name, "unknown", 0, why_unknown=str(error))
                continue
            part = self.decide(act, atoms, seed)
            if self._counts(clause):
                seed = frozenset(part.rests_on) or seed
                if part.verdict == "violated":
                    self.limits = evolve(limits, max_zones=min(limits.max_zones, FEW_ZONES))
            yield part
        self.limits = limits

    def _counts(self, clause: Clause) -> bool:
        return isinstance(clause.when, MoreThan) and clause.when.count == "allowed"

    def _guards_of(self, act: EventKind) -> int:
        rules = (rule for machine in self.definition.machines.values() for rule in machine.transitions)
        return sum(len(rule.guards) for rule in rules if rule.event == act.name)

    def decide(self, act: EventKind, atoms: tuple[Atom, ...], seed: Conditions = frozenset()) -> Part:
        """Decide whether the act is ever allowed while the atoms hold; ``seed``: conditions to begin with."""
        try:
            if not self.limits.is_late():
                relation = self.relations.of(act)
                asked = Breach(
                    relation,
                    (atoms,),
                    self.start,
                    self.limits,
                    self.preludes,
                    seed=seed,
                    recordings=self.recordings,
                )
                part = asked.run()
                made = None if part.replay is None else self._politer(part.replay, relation, (atoms,))
                return evolve(part, replay=made)
            why = self.limits.reached
        except TooManyError as error:
            why = str(error)
        return Part(0, act.name, "unknown", 0, why_unknown=why)

    def _politer(
        self, made: StoryReplay, relation: Relation, goals: tuple[tuple[Atom, ...], ...]
    ) -> StoryReplay:
        """Return a story without breaches that shows the same, if one is near."""
        if not made.breaches:
            return made
        legal = self._legal(relation, goals)
        near = legal is not None and len(legal.lines) <= len(made.lines) + FEW_MORE
        return legal if legal is not None and near else made

    def _legal(self, relation: Relation, goals: tuple[tuple[Atom, ...], ...]) -> StoryReplay | None:
        limits = evolve(self.limits, max_zones=min(self.limits.max_zones, FEW_ZONES))
        return (
            Legal(relation, goals, self.start, limits, self.preludes, recordings=self.recordings).run().replay
        )

    def _allowing(self, event: str) -> StoryReplay | None:
        """Return a short story at whose end the act is allowed, without breaches if there is one."""
        relation = self.relations.of(self.definition.events[event])
        made = (
            Breach(relation, ((),), self.start, self.limits, self.preludes, recordings=self.recordings)
            .run()
            .replay
        )
        return made if made is None or not made.breaches else self._legal(relation, ((),)) or made
