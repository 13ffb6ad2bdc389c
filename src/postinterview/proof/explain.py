"""What protects what: for each guard the promises that break without it; for each act a way to it."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve, frozen

from postinterview.core.definitions import Definition, Guard, Spends, Transition
from postinterview.core.rulebook import Rulebook
from postinterview.proof.promises import Promise, broken_by, judges
from postinterview.proof.prove import Proof, Prover
from postinterview.proof.refinement import Part
from postinterview.proof.replay import Replay, willing


@frozen
class Protection:
    """A guard, and the promises that some story breaks once it is gone. ``stories``: one for each."""

    transition: Transition
    guard: Guard
    promises: tuple[str, ...]
    stories: tuple[Replay, ...]
    unknown: tuple[str, ...] = ()


@frozen
class Way:
    """The shortest story found after which an act is allowed; None: it can never be, it is dead.

    ``unknown``: neither was found.
    """

    act: str
    story: Replay | None
    unknown: bool = False


def protections(proof: Proof, clock: Callable[[], float]) -> tuple[Protection, ...]:
    """Drop each guard in turn, and see which promises break."""
    return tuple(
        _protection(proof, rule, guard, clock)
        for machine in proof.definition.machines.values()
        for rule in machine.transitions
        for guard in rule.guards
    )


def ways(rulebook: Rulebook, clock: Callable[[], float]) -> tuple[Way, ...]:
    """For each act a story after which it is allowed: what is never allowed keeps every promise."""
    prover = Prover(rulebook, clock)
    found = []
    for act in rulebook.acts:
        part = prover.decide(act, ())
        found.append(Way(act.name, part.replay, part.verdict == "unknown"))
    return tuple(found)


def _protection(proof: Proof, rule: Transition, guard: Guard, clock: Callable[[], float]) -> Protection:
    key = (rule.machine, rule.id, guard.id)
    mutant = with_guard(proof.definition, rule, guard, None)
    prover: Prover | None = None
    broken, stories, unknown = [], [], []
    for result in proof.results:
        for part in result.parts:
            # Without a guard that a proof does not rest on, the proof stands. But a guard that spends
            # says more than when: it says what the act takes.
            if key not in part.rests_on and not (part.act == rule.event and isinstance(guard, Spends)):
                continue
            prover = prover or Prover(willing(mutant), clock)
            again = _decide(prover, mutant, result.promise, part)
            if again.replay is not None and result.id not in broken:
                broken.append(result.id)
                stories.append(again.replay)
            elif again.verdict == "unknown":
                unknown.append(result.id)
    return Protection(rule, guard, tuple(broken), tuple(stories), tuple(unknown))


def _decide(prover: Prover, definition: Definition, promise: Promise, part: Part) -> Part:
    clause, act = promise.clauses[part.clause], definition.events[part.act]
    if not judges(definition, clause, act):
        return part
    return prover.decide(act, broken_by(definition, clause, act))


def with_guard(definition: Definition, rule: Transition, guard: Guard, instead: Guard | None) -> Definition:
    """The definition with one guard replaced, or dropped."""
    put = () if instead is None else (instead,)
    guards = tuple(new for each in rule.guards for new in (put if each is guard else (each,)))
    machine = definition.machines[rule.machine]
    rules = tuple(evolve(each, guards=guards) if each is rule else each for each in machine.transitions)
    machines = {**definition.machines, rule.machine: evolve(machine, transitions=rules)}
    return evolve(definition, machines=machines)
