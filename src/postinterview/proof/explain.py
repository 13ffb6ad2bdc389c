"""Explain a proof: which promises each guard protects, a way to each act, and advice on a broken promise.

Advice names the guards by which the packaged rules keep the promise, beside those here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from attrs import evolve, frozen

from postinterview.core.process import Rulebook
from postinterview.core.rules.definitions import Definition, Guard, Origin, Spends, Transition
from postinterview.core.values.formatting import say_moment
from postinterview.proof.model.relation import STATE, ConditionKey
from postinterview.proof.promises.promise import broken_by, judges
from postinterview.proof.prove import MAX_SECONDS, Proof, Prover, Result
from postinterview.proof.search.refinement import Part
from postinterview.proof.search.replay import StoryReplay, willing

_PAIRS = {"{": "}", "[": "]"}


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
    for each in protections(proof, clock, rulebook):
        nothing = "not known" if each.unknown else "protects no promise"
        yield f"{each.transition.id}.{each.guard.id}", ", ".join(each.promises) or nothing
    for part in ways(rulebook, clock):
        said = "not known" if part.verdict == "unknown" else "dead: can never be allowed"
        if part.replay is not None:
            events = ", ".join(each.happening.event for each in part.replay.lines)
            after = f"allowed after {events}" if events else "allowed at once"
            said = f"{after} ({say_moment(part.replay.at)})"
        yield part.act, said


def protections(
    proof: Proof, clock: Callable[[], float], like: Rulebook | None = None
) -> tuple[Protection, ...]:
    """Drop each guard in turn, and find the promises that are broken then, in `MAX_SECONDS` in all.

    ``like``: a rulebook that knows the holidays of countries.
    """
    deadline = clock() + MAX_SECONDS
    rules = _rules(proof.definition)
    return tuple(
        _protection(proof, rule, guard, clock, deadline, like) for rule in rules for guard in rule.guards
    )


def ways(rulebook: Rulebook, clock: Callable[[], float]) -> tuple[Part, ...]:
    """Find for each act a story after which it is allowed: an act that never is keeps every promise."""
    prover = Prover(rulebook, clock)
    return tuple(prover.decide(act, ()) for act in rulebook.acts)


def _protection(
    proof: Proof,
    rule: Transition,
    guard: Guard,
    clock: Callable[[], float],
    deadline: float,
    like: Rulebook | None,
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
            prover = prover or Prover(willing(mutant, like), clock, max_seconds=deadline - clock())
            clause, act = result.promise.clauses[part.clause], mutant.events[part.act]
            judged = judges(mutant, clause, act)
            again = prover.decide(act, broken_by(mutant, clause, act)) if judged else part
            if again.replay is not None:
                broken.setdefault(result.id, again.replay)
            elif again.verdict == "unknown":
                unknown.append(result.id)
    return Protection(rule, guard, tuple(broken), tuple(broken.values()), tuple(unknown))


def with_guard(definition: Definition, rule: Transition, guard: Guard, instead: Guard | None) -> Definition:
    """Return the definition with one guard replaced, or dropped."""
    put = () if instead is None else (instead,)
    guards = tuple(new for each in rule.guards for new in (put if each is guard else (each,)))
    machine = definition.machines[rule.machine]
    rules = tuple(evolve(each, guards=guards) if each is rule else each for each in machine.transitions)
    machines = {**definition.machines, rule.machine: evolve(machine, transitions=rules)}
    return evolve(definition, machines=machines)


def kept_by(known: Prover, result: Result) -> tuple[ConditionKey, ...]:
    """Return the guards by which other rules keep a promise that is broken here.

    ``known``: a prover of those rules. Return nothing if they have no such act, or don't keep it either.
    """
    part = next(part for part in result.parts if part.replay is result.violation)
    act = known.definition.events.get(part.act)
    clause = result.promise.clauses[part.clause]
    if act is None or not judges(known.definition, clause, act):
        return ()
    return known.decide(act, broken_by(known.definition, clause, act)).rests_on  # none, unless it is proved


def advice(
    definition: Definition,
    known: Definition,
    act: str,
    keys: Iterable[ConditionKey],
    sources: Mapping[str, str],
    whose: str,
) -> Iterator[str]:
    """Yield sentences about the guards that keep a broken promise in other rules, and the likes here.

    ``keys``: those guards, as `kept_by` gives them. ``sources``: the text of each file by its name.
    ``whose``: what the other rules are called.
    """
    for key in keys:
        theirs = _guard(known, key, act)
        if theirs is None:
            continue
        written = written_at(theirs.origin, sources)
        said = f"in {whose} this rests on {theirs.id}" + (f", {written}" if written else "")
        mine = _guard(definition, key, act)
        rules = _rules(definition, act)
        if mine is None and all(written_at(g.origin, sources) != written for r in rules for g in r.guards):
            rule = min(rules, key=lambda rule: rule.machine != key[0]).id
            yield f"{said} ({theirs.origin}); here `{rule}` has no such guard"
        elif mine is not None and (here := written_at(mine.origin, sources)) != written:
            where = f"line {mine.origin.line}" if len(definition.sources) == 1 else str(mine.origin)
            yield f"{said}; here {where} says {here or 'something else'}"


def _rules(definition: Definition, act: str = "") -> list[Transition]:
    """Return the transitions, or only those of an act."""
    rules = (rule for machine in definition.machines.values() for rule in machine.transitions)
    return [rule for rule in rules if act in ("", rule.event)]


def _guard(definition: Definition, key: ConditionKey, act: str) -> Guard | None:
    """Return the guard of this id: in the transition of that name, or else in any of the act's."""
    machine, transition, id = key
    rules = sorted(_rules(definition, act), key=lambda rule: (rule.machine, rule.id) != (machine, transition))
    return next((guard for rule in rules for guard in rule.guards if guard.id == id != STATE), None)


def written_at(origin: Origin, sources: Mapping[str, str]) -> str:
    """Return what a file says in braces of a definition, such as ``{at_most: 1, of: chase}``."""
    lines = sources.get(origin.file, "").split("\n")[origin.line - 1 :]
    _, _, value = "\n".join(lines)[origin.column - 1 :].partition(":")
    value = value.lstrip(" ")
    closing: list[str] = []
    for at, character in enumerate(value):
        if character in _PAIRS:
            closing.append(_PAIRS[character])
        elif closing and character == closing[-1]:
            closing.pop()
        if not closing:
            return " ".join(value[: at + 1].split()) if at else ""
    return ""
