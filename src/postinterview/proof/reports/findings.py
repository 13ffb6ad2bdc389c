"""A proof as diagnostics: what ``check`` says of pushy rules, at the line that lets it happen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from attrs import frozen

from postinterview.core.rules.definitions import Acknowledged, Definition, Guard, Origin
from postinterview.loading.diagnostics import Diagnostic, Label, Span
from postinterview.proof.promises.blame import culprit
from postinterview.proof.promises.tags import Milder, Trusted
from postinterview.proof.prove import Proof, Result
from postinterview.proof.reports.proof import path_sentences


@frozen
class Advised:
    """What to change for a broken promise.

    ``causes``: where the file changed what the guard to blame rests on, each with its path; none if it
    changed the guard itself. ``others``: the same places in the rules that keep the promise.
    """

    sentences: tuple[str, ...] = ()
    causes: tuple[tuple[str, Label], ...] = ()
    others: tuple[Label, ...] = ()


Advice: TypeAlias = Callable[[Result, Origin], Advised]
"""Given a broken promise, and the place of the guard or transition to blame for it."""


def no_advice(_result: Result, _blamed: Origin) -> Advised:
    """Return nothing to change."""
    return Advised()


def findings(proof: Proof, file: str, advice: Advice = no_advice) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each promise that is neither proved nor loosened, in reading order.

    ``file``: as it is written in a command.
    """
    loosened = {each.name for each in proof.loosened}
    found = (_finding(proof, result, file, advice) for result in proof.results if result.id not in loosened)
    return _in_order([*tag_findings(proof.milder), *(each for each in found if each is not None)])


def tag_findings(found: Iterable[Milder]) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each packaged event that the file tags more mildly."""
    return _in_order(
        Diagnostic(
            code="PI507",
            message=str(each),
            where=Span.at(each.kind.origin, each.kind.name),
            path=f"events.{each.kind.name}",
            label=f"`{each.tag.name}` says {each.says} here, and {each.packaged_says} there",
            others=(Label(Span.at(each.packaged.origin, each.packaged.name), "there"),),
            notes=(each.tag.why,),
            help="tag it as it is there, or give an event that is another thing a name of its own",
        )
        for each in found
    )


def trust_findings(
    definition: Definition, found: Iterable[Trusted], *, strict: bool
) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each event that is only trusted, and that the file does not acknowledge.

    An acknowledgement that nothing needs gets one, too. ``strict``: the former are errors, not warnings.
    """
    believed = {each.kind.name: each for each in found}
    named = (_believed(each, strict=strict) for each in believed.values() if each.trust is None)
    idle = (_idle(definition, trust) for name, trust in definition.trust.items() if name not in believed)
    return _in_order([*named, *idle])


def idle_loosenings(proof: Proof) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each promise that the file loosens, and keeps all the same."""
    promises = {result.id: result.promise for result in proof.results}
    idle = (each for each in proof.definition.loosens.values() if each not in proof.loosened)
    return _in_order(
        Diagnostic(
            code="PI607",
            severity="warning",
            message=f"these rules keep the promise `{each.name}`, so nothing need loosen it",
            where=Span.at(each.origin, each.name),
            path=f"loosens.{each.name}",
            label="kept on every path",
            others=(Label(Span.at(promises[each.name].origin, each.name), "the promise"),),
            help=f"delete `{each.name}` here, so that a later change can't break it unseen",
        )
        for each in idle
    )


def _believed(each: Trusted, *, strict: bool) -> Diagnostic:
    kind, (first, *more) = each.kind, (tag.why for tag in each.tags)
    doubt = each.tags[0].doubt
    return Diagnostic(
        code="PI508",
        severity="error" if strict else "warning",
        message=f"trusted, not proved: {each}",
        where=Span.at(kind.origin, kind.name),
        path=f"events.{kind.name}",
        label=first,
        notes=tuple(more),
        help=f"{doubt}; or acknowledge it, at the top of the file: `trust: {{{kind.name}: why it is so}}`",
    )


def _idle(definition: Definition, trust: Acknowledged) -> Diagnostic:
    kind = definition.events[trust.name]
    return Diagnostic(
        code="PI509",
        severity="warning",
        message=f"nothing that `{trust.name}` says of itself is only trusted",
        where=Span.at(trust.origin, trust.name),
        path=f"trust.{trust.name}",
        label="promises judge every chase" if kind.contact == "chase" else "the packaged rules know it",
        others=(Label(Span.at(kind.origin, kind.name), "the event"),),
        help=f"delete `{trust.name}` here",
    )


def _in_order(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(found, key=lambda diagnostic: (diagnostic.where, diagnostic.message)))


def _finding(proof: Proof, result: Result, file: str, advice: Advice) -> Diagnostic | None:
    """Return what to say of the part with the shortest story, or else of the first that is unknown."""
    if result.verdict == "proved":
        return None
    promise = result.promise
    part = next(each for each in result.parts if each.replay is result.violation and each.verdict != "proved")
    act = proof.definition.events[part.act]
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
    above = proof.definition.loosened_above.get(promise.id)
    named = (
        f"{above} loosens it for that file alone; if you mean to: `loosens: {{{promise.id}: {{why: ...}}}}`"
    )
    rule, guard = culprit(proof.definition, promise.clauses[part.clause], act, part.replay.taken())
    place = guard or rule
    path = f"machines.{rule.machine}.transitions.{rule.id}"
    path = f"{path}.guards.{guard.id}" if guard else path
    where, label = Span.at(place.origin, place.id), _blame(guard)
    others = [Label(Span.at(promise.origin, promise.id), "the promise")]
    advised = advice(result, place.origin) if above is None else Advised((named,))
    if advised.causes:
        others.insert(0, Label(where, label))
        (path, cause), *more = advised.causes
        where, label = cause.span, cause.text
        others = [*(each for _, each in more), *advised.others, *others]
    return Diagnostic(
        code="PI505",
        message=f"`{act.name}` can break the promise `{promise.id}`: {promise.title or 'see there'}",
        where=where,
        path=path,
        label=label,
        others=tuple(others),
        notes=tuple(sentence.strip() for sentence in path_sentences(part.replay)),
        help="; ".join(
            [
                *advised.sentences,
                f"`postinterview prove {file} --write DIR` writes the story as a scenario to play",
            ]
        ),
    )


def _blame(guard: Guard | None) -> str:
    if guard is None:
        return "no guard here makes the act keep this promise"
    if guard.unless:
        return "this guard was satisfied or left out by `unless`, and the promise knows no exception"
    return "this guard was satisfied, but it is not as strict as the promise"
