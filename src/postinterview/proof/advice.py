"""What to change where a promise is broken: what it rests on in the packaged rules, beside what is here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from postinterview.core.definitions import Definition, Origin, Transition
from postinterview.proof.promises import broken_by, judges
from postinterview.proof.prove import Prover, Result
from postinterview.proof.refinement import Part
from postinterview.proof.relation import STATE

_PAIRS = {"{": "}", "[": "]"}


def advice(
    definition: Definition,
    packaged: Prover,
    result: Result,
    sources: Mapping[str, str],
    packaged_sources: Mapping[str, str],
) -> Iterator[str]:
    """Sentences about the guards by which the packaged rules keep the promise, and their likes here.

    ``packaged``: a prover of the packaged rules. ``sources``: the text of each file by its name. Nothing is
    said where the packaged rules have no such act, or keep the promise by states alone.
    """
    part = next((part for part in result.parts if part.replay is result.violation), None)
    known = None if part is None else _decide(packaged, result, part)
    if part is None or known is None or known.verdict != "proved":
        return
    for machine, transition, id in known.rests_on:
        theirs = _guard(packaged.definition, machine, transition, id, part.act)
        if theirs is None:
            continue
        written = written_at(theirs[1], packaged_sources)
        said = f"in the packaged rules this rests on {id}" + (f", {written}" if written else "")
        mine = _guard(definition, machine, transition, id, part.act)
        if mine is None:
            yield f"{said} ({theirs[1]}); here `{_rule(definition, machine, part.act)}` has no such guard"
        elif (here := written_at(mine[1], sources)) != written:
            yield f"{said}; here line {mine[1].line} says {here or 'something else'}"


def _decide(packaged: Prover, result: Result, part: Part) -> Part | None:
    """What is known of the same clause and act in the packaged rules."""
    act = packaged.definition.events.get(part.act)
    clause = result.promise.clauses[part.clause]
    if act is None or not judges(packaged.definition, clause, act):
        return None
    return packaged.decide(act, broken_by(packaged.definition, clause, act))


def _guard(
    definition: Definition, machine: str, transition: str, id: str, act: str
) -> tuple[Transition, Origin] | None:
    """The guard of this id: in the transition of that name, else in any of the act's."""
    if id == STATE:
        return None
    found = [
        (rule, guard.origin)
        for each in definition.machines.values()
        for rule in each.transitions
        for guard in rule.guards
        if rule.event == act and guard.id == id
    ]
    return min(found, key=lambda pair: (pair[0].machine, pair[0].id) != (machine, transition), default=None)


def _rule(definition: Definition, machine: str, act: str) -> str:
    rules = [rule for each in definition.machines.values() for rule in each.transitions if rule.event == act]
    return min(rules, key=lambda rule: rule.machine != machine).id if rules else act


def written_at(origin: Origin, sources: Mapping[str, str]) -> str:
    """What a file says of a definition that is written in braces, such as ``{at_most: 1, of: chase}``."""
    lines = sources.get(origin.file, "").split("\n")[origin.line - 1 :]
    text = "\n".join(lines)[origin.column - 1 :]
    _, _, value = text.partition(":")
    value = value.lstrip(" ")
    open_: list[str] = []
    for at, character in enumerate(value):
        if character in _PAIRS:
            open_.append(_PAIRS[character])
        elif open_ and character == open_[-1]:
            open_.pop()
        if not open_:
            return " ".join(value[: at + 1].split()) if at else ""
    return ""
