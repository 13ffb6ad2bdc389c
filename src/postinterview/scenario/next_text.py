"""What ``next`` says of a case: the agenda, and the verdict on every act, at a moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from postinterview.core.definitions import Definition
from postinterview.core.formatting import say_moment, say_offset
from postinterview.core.process import Process
from postinterview.core.verdict import Verdict
from postinterview.layout import BLANK, WIDTH, Line, Piece, hang, line, pad
from postinterview.scenario.phrases import asked_about, opening, reason, when
from postinterview.scenario.timeline import agenda_lines


def standing(process: Process, at: datetime, left_out: int, width: int = WIDTH) -> Iterator[Line]:
    """Where a case stands at a moment. ``left_out``: how many of its steps come only later."""
    definition = process.rulebook.definition
    offset = at.utcoffset() or timedelta(0)
    here = f"{process.employer} ({process.timezone})"
    yield line(Piece(f"{here}, {say_moment(at)} {say_offset(offset)}", "title"))
    if left_out:
        steps = "1 step that comes" if left_out == 1 else f"{left_out} steps that come"
        yield line(Piece(f"left out: {steps} later", "dim"))
    yield BLANK
    yield line(Piece("The agenda", "title"))
    yield from agenda_lines(process.agenda(at=at), width)
    yield BLANK
    yield line(Piece("What may be done, with all its fields given", "title"))
    for verdict in process.verdicts(at=at):
        yield from _verdict(verdict, definition, width)


def _verdict(verdict: Verdict, definition: Definition, width: int) -> Iterator[Line]:
    name = asked_about(verdict.event, verdict.to, verdict.application)
    if verdict.allowed:
        until = "" if verdict.closes_at is None else f", until {when(verdict.closes_at)}"
        yield from hang(line("  ", Piece("yes  ", "ok")), line(Piece(name, "you"), until), width)
        return
    opens = line(Piece(name, "you"), ", opens ", Piece(opening(verdict, definition), "opens"))
    yield from hang(line("  ", Piece("no   ", "refused")), opens, width)
    for each in verdict.reasons:
        yield from hang(line(pad("", 9)), reason(each, "refused"), width)
