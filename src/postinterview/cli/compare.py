"""``postinterview prove --compare``: what new rules allow and old ones refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from postinterview.cli import NO, UNKNOWN, UNREADABLE, YES
from postinterview.cli.atomic_write import replace
from postinterview.cli.inputs import named_from
from postinterview.cli.terminal import Screen
from postinterview.files import UnreadableError, compare, load_to_prove
from postinterview.layout import BLANK, Line, Piece, Style, column_width, line, pad
from postinterview.proof.compare import Compared, Comparison
from postinterview.proof.compare_report import (
    ASSUMED,
    act_sentence,
    comparison_data,
    difference_sentences,
    new_scenario,
    old_scenario,
)
from postinterview.proof.story_file import scenario_file

_SIGNS: dict[str, tuple[str, Style]] = {
    "none": ("none  ", "ok"),
    "some": ("SOME  ", "failed"),
    "unknown": ("?     ", "opens"),
}


def compare_files(screen: Screen, old: str, new: str, options: Mapping[str, Any]) -> int:
    """Compare two rule files, or packaged rules, and say what came of it."""
    rulebooks = load_to_prove(old), load_to_prove(new)
    comparison = compare(*rulebooks, max_zones=options["max_zones"], max_seconds=options["max_seconds"])
    screen.show(_text(comparison, old, new))
    if options["write"]:
        try:
            _write(screen, comparison, Path(options["write"]), old, new)
        except UnreadableError as error:
            screen.complain(error.message, error.help)
            return UNREADABLE
        except OSError as error:
            screen.complain(f"`{error.filename}` can't be written", error.strerror or "")
            return UNREADABLE
    screen.answer(comparison_data(comparison))
    return {"none": YES, "some": NO, "unknown": UNKNOWN}[comparison.verdict]


def _text(comparison: Comparison, old: str, new: str) -> Iterator[Line]:
    yield line(Piece(f"allowed by {new}, refused by {old}", "title"))
    room = column_width(each.act for each in comparison.acts)
    for each in comparison.acts:
        sign, style = _SIGNS[each.verdict]
        said = f"{act_sentence(each)} ({each.seconds:.3f} s)"
        yield line(Piece(sign, style), f"{pad(each.act, room)}  {said}")
        for sentence in difference_sentences(each):
            yield line(f"      {sentence}")
    yield BLANK
    for assumed in ASSUMED:
        yield line(Piece(assumed, "dim"))
    some = sum(each.verdict == "some" for each in comparison.acts)
    said = {
        "none": "the new rules allow no contact that the old ones refused",
        "some": f"{some} of {len(comparison.acts)} contacts are newly allowed",
        "unknown": "nothing newly allowed was found, and not everything was looked at",
    }[comparison.verdict]
    style = "ok" if comparison.verdict == "none" else "failed"
    yield line(Piece(comparison.verdict, style), f": {said}")


def _write(screen: Screen, comparison: Comparison, folder: Path, old: str, new: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for each in comparison.acts:
        for whose, rules, story in _stories(each, named_from(folder, old), named_from(folder, new)):
            path = folder / f"{comparison.new.name}-{each.act}-{whose}.yaml"
            replace(str(path), scenario_file(rules, [story]))
            screen.show([line("wrote ", Piece(str(path), "dim"))])


def _stories(each: Compared, old: str, new: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The story as each of the rulebooks has it."""
    if each.allowed is not None:
        yield "allowed", new, new_scenario(each)
        refused = old_scenario(each)
        if refused is not None:
            yield "refused", old, refused
