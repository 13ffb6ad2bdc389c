"""What ``test`` says: a line for each scenario, and all there is to know of each step that failed."""

from __future__ import annotations

from collections.abc import Iterator

from postinterview.layout import WIDTH, Line, Piece, display_width, hang, line, pad
from postinterview.scenario.model import EventStep, RetractStep
from postinterview.scenario.phrases import asked_about, explained, when
from postinterview.scenario.playing import Played, PlayedStep


def outcome_lines(played: Played, width: int = WIDTH) -> Iterator[Line]:
    """``ok`` or ``FAIL`` and which scenario; then its failed steps."""
    scenario = played.scenario
    mark = Piece("ok    ", "ok") if played.passed else Piece("FAIL  ", "failed")
    yield line(mark, f"{scenario.where.file}:{scenario.where.line}  {scenario.name}")
    for step in played.failed_steps:
        yield from failed_step(step, width)


def failed_step(played: PlayedStep, width: int = WIDTH) -> Iterator[Line]:
    """The step with its place, what was expected and what came, and every guard that it met."""
    step = played.step
    if isinstance(step, EventStep):
        what = asked_about(step.event, step.to, step.application)
    else:
        what = f"retract {step.of}" if isinstance(step, RetractStep) else "unknown"
    at = "" if played.at is None else f" at {when(played.at)}"
    first, *others = played.failures
    said = first.text if first.what == "expect" else "not as expected"
    yield line(f"{step.where}  step {step.number}, {what}{at}: ", Piece(said, "failed"))
    for failure in others if first.what == "expect" else played.failures:
        yield line(f"    {failure.where}  ", Piece(failure.text, "failed"))
    longest = max((display_width(guard.id) for guard in played.guards), default=0)
    for guard in played.guards:
        style = Piece("ok    ", "ok") if guard.holds else Piece("FAIL  ", "failed")
        lead = line("    ", style, pad(guard.id, longest + 2))
        yield from hang(lead, tuple(explained(guard)), width)
