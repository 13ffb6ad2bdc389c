"""Bounds as lines of text, and as plain data for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from postinterview.core.rules.definitions import Definition
from postinterview.core.values.formatting import say_duration
from postinterview.layout import BLANK, Line, Piece, Style, column_width, line, pad
from postinterview.proof.bound import Bound, stories_of
from postinterview.proof.certificates.bounds import written_bounds
from postinterview.proof.reports.proof import loosened_lines, path_sentences
from postinterview.proof.reports.proof_data import loosened_data
from postinterview.proof.reports.story_file import part_of, reaching

_SIGNS: dict[str, tuple[str, Style]] = {
    "bounded": ("ok    ", "ok"),
    "unbounded": ("FAIL  ", "failed"),
    "unknown": ("?     ", "opens"),
}
_ASSUMES = (
    "counted: acts that the rules allow, whatever the employer does and whenever; per person means for each",
    "who interviewed. Assumed: errors are corrected before an act is asked for; the clock is not set back.",
)


def bound_lines(definition: Definition, bounds: Iterable[Bound], *, stories: bool) -> Iterator[Line]:
    """Yield a line for each bound.

    ``stories``: show how each is reached, as for a question of one's own; the table says of replies what they
    hang on. What has no bound is always shown with the turn that repeats.
    """
    found = list(bounds)
    names = ", ".join(source.name for source in definition.sources)
    yield line(Piece(f"{names}: {definition.title}", "title"))
    room = column_width((str(each.question) for each in found), most=70)
    for bound in found:
        sign, style = _SIGNS[bound.verdict]
        yield line(Piece(sign, style), f"{pad(str(bound.question), room)}  {_answer(bound)}")
        if stories or bound.cycle is not None:
            yield from (line(f"      {each}") for each in _story(bound))
    if not stories:
        yield line(f"      {pad('reply', room)}  one for each credit that the employer gave")
    yield BLANK
    yield from loosened_lines(loosened_data(definition.loosens.values()))
    for each in _ASSUMES:
        yield line(Piece(each, "dim"))


def worst_case(bound: Bound) -> str:
    """Return a bound in one sentence, as the last line of a proof."""
    return f"worst case, {bound.question}: {_answer(bound)}"


def _answer(bound: Bound) -> str:
    if bound.verdict == "unbounded":
        return "no limit"
    if bound.verdict == "unknown":
        return f"not known: {bound.why_unknown}"
    if bound.is_tight:
        return f"at most {bound.formula}"
    return f"at most {bound.formula}; a story reaches {bound.at_least}"


def _story(bound: Bound) -> Iterator[str]:
    cycle = bound.cycle
    if cycle is None:
        found = stories_of(bound)
        for term, story in found:
            if len(found) > 1:
                yield f"{part_of(term)}:"
            yield from path_sentences(story)
    else:
        yield from path_sentences(cycle.replay)
        first, last = cycle.begins + 1, cycle.begins + cycle.length
        turn = f"line {first}" if cycle.length == 1 else f"lines {first} to {last}"
        yield f"     and so on: {turn} can be repeated without end"


def bound_data(file: str, bounds: Iterable[Bound]) -> dict[str, Any]:
    """Return the bounds as plain data."""
    return {"rules": file, "bounds": [_data(each) for each in bounds]}


def _data(bound: Bound) -> dict[str, Any]:
    question = bound.question
    return {
        "of": list(question.of),
        "but": list(question.but),
        "per": str(question.per),
        "within": None if question.within is None else say_duration(question.within),
        "silence": question.silence,
        "verdict": bound.verdict,
        "at_least": bound.at_least,
        "at_most": bound.at_most,
        "each_person": bound.each_person,
        "each_application": bound.each_application,
        "each_person_and_application": bound.each_person_and_application,
        "formula": bound.formula if bound.verdict == "bounded" else "",
        "why_unknown": bound.why_unknown,
        "scenario": reaching(bound),
        "certificate": written_bounds([bound])[0] if bound.verdict == "bounded" else None,
    }
