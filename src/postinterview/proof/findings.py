"""A proof as diagnostics: what ``check`` says of rules that turned pushy, at the line that let it happen."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from postinterview.core.definitions import Definition, EventKind, Guard, MachineKind, Transition
from postinterview.loading.diagnostics import Diagnostic, Label, Span
from postinterview.proof.conditions import options_of, variables_of
from postinterview.proof.machine_states import Variable
from postinterview.proof.promises import broken_by
from postinterview.proof.prove import Proof, Result
from postinterview.proof.refinement import Part
from postinterview.proof.replay import Replay
from postinterview.proof.report import path_sentences
from postinterview.proof.tags import Milder
from postinterview.proof.variables import CreditBucket, EventCount, TimeAnchor


def findings(proof: Proof, file: str) -> tuple[Diagnostic, ...]:
    """A diagnostic for each promise that is not proved, in reading order; ``file``: as ``prove`` takes it."""
    found = [each for result in proof.results if (each := _finding(proof, result, file)) is not None]
    return _in_order([*tag_findings(proof.milder), *found])


def tag_findings(found: Iterable[Milder]) -> tuple[Diagnostic, ...]:
    """A diagnostic for each packaged event that the file tags more mildly."""
    return _in_order(
        Diagnostic(
            code="PI507",
            message=f"`{each.kind.name}` is tagged more mildly than in the packaged rules",
            where=Span.at(each.kind.origin, each.kind.name),
            path=f"events.{each.kind.name}",
            label=f"`{each.tag.name}` says {each.says} here, and {each.packaged_says} there",
            others=(Label(Span.at(each.packaged.origin, each.packaged.name), "there"),),
            notes=(each.tag.why,),
            help="tag it as it is there, or give an event that is another thing a name of its own",
        )
        for each in found
    )


def _in_order(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(found, key=lambda diagnostic: (diagnostic.where, diagnostic.message)))


def _finding(proof: Proof, result: Result, file: str) -> Diagnostic | None:
    part = _worst(result)
    if part is None:
        return None
    definition = proof.definition
    act = definition.events[part.act]
    promise = result.promise
    if part.replay is None:
        return Diagnostic(
            code="PI506",
            severity="warning",
            message=f"it is not known whether `{act.name}` keeps the promise `{promise.id}`",
            where=Span.at(act.origin, act.name),
            path=f"events.{act.name}",
            label=part.why_unknown,
            help=f"`postinterview prove {file} --max-seconds 300 --max-zones 1000000` searches longer",
        )
    culprit = _culprit(definition, result, part, part.replay)
    return Diagnostic(
        code="PI505",
        message=f"`{act.name}` can break the promise `{promise.id}`: {promise.title or 'see there'}",
        where=culprit.span,
        path=culprit.path,
        label="held, and asks for less than the promise" if culprit.guard else "no guard here asks for it",
        others=(Label(Span.at(promise.origin, promise.id), "the promise"),),
        notes=tuple(sentence.strip() for sentence in path_sentences(part.replay)),
        help=f"`postinterview prove {file} --write DIR` writes the story as a scenario to play",
    )


def _worst(result: Result) -> Part | None:
    """The part to speak of: that of the shortest story, else the first of which nothing is known."""
    broken = [part for part in result.parts if part.replay is not None]
    if broken:
        return min(broken, key=lambda part: len(part.replay.lines) if part.replay else 0)
    return next((part for part in result.parts if part.verdict == "unknown"), None)


@frozen
class _Culprit:
    """The rule that should have stopped the act: a guard of the transition, or that as a whole."""

    rule: Transition
    guard: Guard | None

    @property
    def span(self) -> Span:
        if self.guard is None:
            return Span.at(self.rule.origin, self.rule.id)
        return Span.at(self.guard.origin, self.guard.id)

    @property
    def path(self) -> str:
        way = f"machines.{self.rule.machine}.transitions.{self.rule.id}"
        return way if self.guard is None else f"{way}.guards.{self.guard.id}"


def _culprit(definition: Definition, result: Result, part: Part, replay: Replay) -> _Culprit:
    """The guard that asks nearly what the promise asks, else the transition that the act takes."""
    act = definition.events[part.act]
    asked = variables_of(broken_by(definition, result.promise.clauses[part.clause], act))
    taken = replay.taken()
    near = [
        (nearness, _Culprit(rule, guard))
        for rule in taken
        for guard in rule.guards
        if (nearness := _nearness(definition, act, definition.machines[rule.machine], guard, asked)) > 0
    ]
    if near:
        return max(near, key=lambda each: each[0])[1]
    return _Culprit(taken[0], None)


def _nearness(
    definition: Definition, act: EventKind, machine: MachineKind, guard: Guard, asked: tuple[Variable, ...]
) -> int:
    """2: the guard looks at what the promise looks at; 1: at something of the kind; 0: at something else."""
    options = options_of(definition, act, guard, machine.scope)
    looked = {atom.variable for option in options for atom in option}
    if looked & set(asked):
        return 2
    return int(any(_alike(one, other) for one in looked for other in asked))


def _alike(one: object, other: Variable) -> bool:
    match one, other:
        case EventCount(of=mine), EventCount(of=its):
            return bool(mine & its)
        case CreditBucket(), CreditBucket():
            return True
        case TimeAnchor(date=date, set_by=mine), TimeAnchor(date=named, set_by=its):
            return date == named if date or named else bool(mine & its)
        case _:
            return False
