"""A proof and a comparison as lines of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from postinterview.core.rules.definitions import Acknowledged, Transition
from postinterview.core.values.formatting import say_fields, say_list, say_moment
from postinterview.layout import BLANK, Line, Piece, Style, column_width, line, pad
from postinterview.proof.comparison import Compared, Comparison
from postinterview.proof.prove import Proof, Result
from postinterview.proof.reports.proof_data import loosened_data, trusted, trusted_data
from postinterview.proof.search.path import Happening
from postinterview.proof.search.replay import StoryReplay

_SIGNS: dict[str, tuple[str, Style]] = {
    "proved": ("ok    ", "ok"),
    "violated": ("FAIL  ", "failed"),
    "loosened": ("loose ", "warned"),
    "none": ("none  ", "ok"),
    "some": ("SOME  ", "failed"),
    "unknown": ("?     ", "opens"),
}
_PROOF_ASSUMES = (
    "assumed: what the employer did is recorded, and errors are corrected, before an act is asked for; the",
    "clock is not set back. Proved for every calendar, time zone and breach. Guards on fields, hours and",
    "custom functions are never relied on.",
)
COMPARISON_ASSUMES = (
    "assumed: both see the same history, without events that one of them lacks; errors are corrected before",
    "an act is asked for; the clock is not set back; an hours or custom guard that both have gives both the",
    "same answer. Compared for every breach, by the calendars of the files (a country's from 2000 to 2099)",
    "and not by a calendar that a process has of its own, with days of 24 hours.",
)


def proof_lines(proof: Proof, advice: Callable[[Result], Iterable[str]]) -> Iterator[Line]:
    """Yield each promise with its story, what is trusted and assumed, and the verdict.

    ``advice``: sentences about what to change for a broken promise.
    """
    names = ", ".join(source.name for source in proof.definition.sources)
    yield line(Piece(f"{names}: {proof.definition.title}", "title"))
    loosened = {each.name: each for each in proof.loosened}
    yield from _table(
        (r.verdict, r.id, _result_sentence(proof, r), r.seconds, _story_sentences(r, advice))
        if r.id not in loosened
        else ("loosened", r.id, _loosened_sentence(r, loosened[r.id]), r.seconds, _path_of(r))
        for r in proof.results
    )
    yield BLANK
    yield line(Piece("trusted, as the file tags its events:", "dim"))
    for tag, events in trusted(proof.definition):
        yield line(Piece(f"  {tag:<16}{', '.join(events) or '-'}", "dim"))
    for each in proof.milder:
        yield line(
            Piece("  milder          ", "failed"),
            f"{each.kind.origin}: `{each.kind.name}` says {each.tag.name}: {each.says}; "
            f"the packaged rules say {each.packaged_says} ({each.packaged.origin})",
        )
    for believed in proof.trusted:
        if believed.trust is None:
            yield line(Piece("  only trusted    ", "warned"), f"{believed.kind.origin}: {believed}")
    yield from trust_lines(trusted_data(proof.trusted))
    yield from loosened_lines(loosened_data(proof.loosened))
    seconds = sum(result.seconds for result in proof.results)
    yield from _verdict(proof.verdict, f"{proof.summary} ({seconds:.2f} s)", _PROOF_ASSUMES)
    if proof.milder:
        said = ": a packaged event may be tagged more strictly, never more mildly"
        yield line(Piece("FAIL", "failed"), said)


def trust_lines(believed: Iterable[Mapping[str, Any]]) -> Iterator[Line]:
    """Yield a line for each event of `trusted_data` that the file acknowledges, with its reason."""
    for each in believed:
        if each["why"] is not None:
            yield line(f"trusted: `{each['event']}`. {each['why']}")


def loosened_lines(loosened: Iterable[Mapping[str, Any]]) -> Iterator[Line]:
    """Yield a line for each promise of `loosened_data`, with the place that loosens it, and its reason."""
    for each in loosened:
        where = f"at {each['file']}:{each['line']}. {each['why']}"
        yield line(Piece("loosened:", "warned"), f" `{each['promise']}` {where}")


def comparison_lines(comparison: Comparison, old: str, new: str) -> Iterator[Line]:
    """Yield each act with its story, what is assumed, and the verdict. ``old`` and ``new`` are names."""
    yield line(Piece(f"allowed by {new}, refused by {old}", "title"))
    yield from _table(
        (each.verdict, each.act, _act_sentence(each), each.seconds, _difference_sentences(each))
        for each in comparison.acts
    )
    yield BLANK
    yield from _verdict(comparison.verdict, comparison.summary, COMPARISON_ASSUMES)


def _table(rows: Iterable[tuple[str, str, str, float, Iterable[str]]]) -> Iterator[Line]:
    """Yield a line for each verdict, name and sentence, and the details below it."""
    found = list(rows)
    room = column_width(name for _, name, *_ in found)
    for verdict, name, said, seconds, details in found:
        sign, style = _SIGNS[verdict]
        yield line(Piece(sign, style), f"{pad(name, room)}  {said} ({seconds:.3f} s)")
        for each in details:
            yield line(f"      {each}")


def _verdict(verdict: str, said: str, assumptions: Iterable[str]) -> Iterator[Line]:
    for each in assumptions:
        yield line(Piece(each, "dim"))
    yield line(Piece(verdict, "ok" if verdict in ("proved", "none") else "failed"), f": {said}")


def _result_sentence(proof: Proof, result: Result) -> str:
    if reason := proof.vacuous.get(result.id):
        return f"holds only because {reason}"
    if result.verdict == "proved":
        on = ", ".join(result.rests_on)
        return f"holds on every path; {result.states} states" + (f"; rests on {on}" if on else "")
    if result.verdict == "violated":
        return f"broken: {result.promise.title or 'see below'}"
    return f"not known: {result.why_unknown}"


def _loosened_sentence(result: Result, loosening: Acknowledged) -> str:
    said = "broken" if result.verdict == "violated" else f"not known: {result.why_unknown}"
    return f"loosened at {loosening.origin}; {said}: {result.promise.title or 'see below'}"


def _path_of(result: Result) -> Iterable[str]:
    return () if result.violation is None else path_sentences(result.violation)


def _act_sentence(each: Compared) -> str:
    return {
        "none": f"nothing that the old rules refused; {each.states} states",
        "unknown": f"not known: {each.why_unknown}",
        "some": "allowed where the old rules refused it",
    }[each.verdict]


def _story_sentences(result: Result, advice: Callable[[Result], Iterable[str]]) -> Iterator[str]:
    """Yield the shortest story that breaks the promise, the rules that let it happen, and the advice."""
    if result.violation is None:
        return
    yield from _path_of(result)
    for rule in result.violation.taken():
        yield f"     {rule.origin}: `{rule.id}` lets it happen; {_satisfied(rule)}"
    yield from (f"     = help: {said}" for said in advice(result))


def _difference_sentences(each: Compared) -> Iterator[str]:
    """Yield the shortest story that is new, and why the old rules refuse its last act."""
    if each.allowed is None:
        return
    yield from path_sentences(each.allowed, "allowed, and refused by the old rules")
    if each.refused is None:
        yield f"     the old rules know no act `{each.act}`"
        return
    for reason in each.refused.verdict.reasons:
        yield f"     {reason.file}:{reason.line}: `{reason.id}`: {reason.has}; needs {reason.needs}"
    yield from (f"     if the function `{name}` says no" for name in each.supposing)


def _satisfied(rule: Transition) -> str:
    """Say why the guards of a transition did not help."""
    ids = tuple(guard.id for guard in rule.guards)
    if not ids:
        return "it has no guards"
    if len(ids) == 1:
        return f"its only guard, {ids[0]}, was satisfied, and is not strict enough"
    return f"its guards {say_list(ids, 'and')} were all satisfied; none of them is strict enough"


def path_sentences(replay: StoryReplay, verdict: str = "allowed") -> Iterator[str]:
    """Yield the events of a story, numbered and dated; ``verdict``: what to say of the act at its end."""
    for number, each in enumerate(replay.lines, 1):
        moved = f"; {', '.join(each.moves)}" if each.moves else ""
        became = f"  ({each.became}{moved})" if each.became != "recorded" or moved else ""
        yield f"{number:>3}. {_said(each.happening)}{became}"
    yield f"{len(replay.lines) + 1:>3}. {_said(replay.story.act)}  ({verdict})"


def _said(happening: Happening) -> str:
    to = f" to {happening.to}" if happening.to else ""
    application = f" in {happening.application}" if happening.application else ""
    fields = say_fields((name, value) for name, value in happening.carried if value != "...")
    said = f"{say_moment(happening.at)}  {happening.event}{to}{application}"
    return f"{said} ({fields})" if fields else said
