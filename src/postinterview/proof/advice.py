"""Advice on a broken promise: the guards by which the packaged rules keep it, beside those here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from postinterview.core.definitions import Definition, Guard, Origin, Transition
from postinterview.proof.promises import broken_by, judges
from postinterview.proof.prove import Prover, Result
from postinterview.proof.relation import STATE, ConditionKey

_PAIRS = {"{": "}", "[": "]"}


def advice(
    definition: Definition,
    packaged: Prover,
    result: Result,
    sources: Mapping[str, str],
    packaged_sources: Mapping[str, str],
) -> Iterator[str]:
    """Yield sentences about the guards by which the packaged rules keep the promise, and their likes here.

    ``packaged``: a prover of the packaged rules. ``sources``: the text of each file by its name. Nothing is
    said if the packaged rules have no such act, or keep the promise by states alone.
    """
    part = next((part for part in result.parts if part.replay is result.violation), None)
    act = None if part is None else packaged.definition.events.get(part.act)
    if part is None or act is None:
        return
    clause = result.promise.clauses[part.clause]
    if not judges(packaged.definition, clause, act):
        return
    known = packaged.decide(act, broken_by(packaged.definition, clause, act))
    for key in known.rests_on if known.verdict == "proved" else ():
        theirs = _guard(packaged.definition, key, act.name)
        if theirs is None:
            continue
        written = written_at(theirs.origin, packaged_sources)
        said = f"in the packaged rules this rests on {theirs.id}" + (f", {written}" if written else "")
        mine = _guard(definition, key, act.name)
        if mine is None:
            rule = min(_rules(definition, act.name), key=lambda rule: rule.machine != key[0]).id
            yield f"{said} ({theirs.origin}); here `{rule}` has no such guard"
        elif (here := written_at(mine.origin, sources)) != written:
            yield f"{said}; here line {mine.origin.line} says {here or 'something else'}"


def _rules(definition: Definition, act: str) -> list[Transition]:
    return [r for machine in definition.machines.values() for r in machine.transitions if r.event == act]


def _guard(definition: Definition, key: ConditionKey, act: str) -> Guard | None:
    """Return the guard of this id: in the transition of that name, or else in any of the act's."""
    machine, transition, id = key
    found = [
        ((rule.machine, rule.id) != (machine, transition), guard)
        for rule in _rules(definition, act)
        for guard in rule.guards
        if guard.id == id != STATE
    ]
    return min(found, key=lambda each: each[0], default=(True, None))[1]


def written_at(origin: Origin, sources: Mapping[str, str]) -> str:
    """Return what a file says in braces of a definition, such as ``{at_most: 1, of: chase}``."""
    lines = sources.get(origin.file, "").split("\n")[origin.line - 1 :]
    _, _, value = "\n".join(lines)[origin.column - 1 :].partition(":")
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
