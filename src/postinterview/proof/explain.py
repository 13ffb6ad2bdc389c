"""Explain a proof: which promises each guard protects, and a way to each act."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import evolve, frozen

from postinterview.core.definitions import Definition, Guard, Spends, Transition
from postinterview.core.formatting import say_moment
from postinterview.core.process import Rulebook
from postinterview.proof.promises import Promise, broken_by, judges
from postinterview.proof.prove import MAX_SECONDS, Proof, Prover
from postinterview.proof.refinement import Part
from postinterview.proof.replay import StoryReplay, willing


@frozen
class Protection:
    """A guard, and the promises that are broken once it is gone, with a story for each."""

    transition: Transition
    guard: Guard
    promises: tuple[str, ...]
    stories: tuple[StoryReplay, ...]
    unknown: tuple[str, ...] = ()


def explanations(rulebook: Rulebook, proof: Proof, clock: Callable[[], float]) -> Iterator[tuple[str, str]]:
    """Yield for each guard what it protects, and for each act the shortest way to it."""
    for each in protections(proof, clock):
        nothing = "not known" if each.unknown else "protects no promise"
        yield f"{each.transition.id}.{each.guard.id}", ", ".join(each.promises) or nothing
    for part in ways(rulebook, clock):
        if part.replay is None:
            yield part.act, "not known" if part.verdict == "unknown" else "dead: can never be allowed"
        else:
            events = [each.happening.event for each in part.replay.lines]
            after = f"allowed after {', '.join(events)}" if events else "allowed at once"
            yield part.act, f"{after} ({say_moment(part.replay.at)})"


def protections(proof: Proof, clock: Callable[[], float]) -> tuple[Protection, ...]:
    """Drop each guard in turn, and find the promises that are broken then, in `MAX_SECONDS` in all."""
    deadline = clock() + MAX_SECONDS
    return tuple(
        _protection(proof, rule, guard, clock, deadline)
        for machine in proof.definition.machines.values()
        for rule in machine.transitions
        for guard in rule.guards
    )


def ways(rulebook: Rulebook, clock: Callable[[], float]) -> tuple[Part, ...]:
    """Find for each act a story after which it is allowed: an act that never is keeps every promise."""
    prover = Prover(rulebook, clock)
    return tuple(prover.decide(act, ()) for act in rulebook.acts)


def _protection(
    proof: Proof, rule: Transition, guard: Guard, clock: Callable[[], float], deadline: float
) -> Protection:
    key = (rule.machine, rule.id, guard.id)
    mutant = with_guard(proof.definition, rule, guard, None)
    prover: Prover | None = None
    broken: dict[str, StoryReplay] = {}
    unknown = []
    for result in proof.results:
        for part in result.parts:
            # A proof stands without a guard that it does not rest on. But a guard that spends a credit also
            # says what the act takes.
            if key not in part.rests_on and not (part.act == rule.event and isinstance(guard, Spends)):
                continue
            prover = prover or Prover(willing(mutant), clock, max_seconds=deadline - clock())
            again = _decide(prover, mutant, result.promise, part)
            if again.replay is not None:
                broken.setdefault(result.id, again.replay)
            elif again.verdict == "unknown":
                unknown.append(result.id)
    return Protection(rule, guard, tuple(broken), tuple(broken.values()), tuple(unknown))


def _decide(prover: Prover, definition: Definition, promise: Promise, part: Part) -> Part:
    clause, act = promise.clauses[part.clause], definition.events[part.act]
    return prover.decide(act, broken_by(definition, clause, act)) if judges(definition, clause, act) else part


def with_guard(definition: Definition, rule: Transition, guard: Guard, instead: Guard | None) -> Definition:
    """Return the definition with one guard replaced, or dropped."""
    put = () if instead is None else (instead,)
    guards = tuple(new for each in rule.guards for new in (put if each is guard else (each,)))
    machine = definition.machines[rule.machine]
    rules = tuple(evolve(each, guards=guards) if each is rule else each for each in machine.transitions)
    machines = {**definition.machines, rule.machine: evolve(machine, transitions=rules)}
    return evolve(definition, machines=machines)
