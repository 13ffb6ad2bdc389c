"""A played scenario as a timeline: date, who, what, and indented below it what came of it."""

from __future__ import annotations

from collections.abc import Iterator

from postinterview.core.agenda_items import Agenda
from postinterview.core.definitions import Definition
from postinterview.core.events import Event
from postinterview.core.formatting import say_list
from postinterview.core.process import Process
from postinterview.core.verdict import Verdict
from postinterview.layout import BLANK, GAP, WIDTH, Line, Piece, Style, hang, line, pad
from postinterview.scenario.model import ANY_ZONE, EventStep, RetractStep, UnknownStep
from postinterview.scenario.phrases import WHO, aligned, asked_about, instance, opening, reason, value, when
from postinterview.scenario.playing import Played, PlayedStep

_MARGIN = "  "
_DATE = 23
_WHO = 10
_AGENDA: dict[str, Style] = {
    "overdue": "refused",
    "open": "ok",
    "wait": "opens",
    "coming": "opens",
    "blocked": "dim",
    "broken": "broken",
    "done": "dim",
}


def timeline(played: Played, width: int = WIDTH) -> Iterator[Line]:
    """The whole story: what it is about, each step, the agenda at the end, and what failed."""
    scenario = played.scenario
    yield line(Piece(scenario.name, "title"), Piece(f"  {scenario.where.file}:{scenario.where.line}", "dim"))
    if scenario.why:
        yield from hang((), line(scenario.why), width)
    sources = say_list(tuple(source.name for source in played.rulebook.definition.sources), "and")
    yield line(Piece(f"{scenario.employer}, {scenario.timezone or ANY_ZONE}, {sources}", "dim"))
    yield BLANK
    numbered = any(isinstance(step, RetractStep) for step in scenario.steps)
    for step in played.steps:
        yield from _Teller(played.rulebook.definition, width, numbered).step(step)
    if played.steps:
        yield BLANK
    if played.process is not None and played.ended_at is not None and not played.diagnostics:
        yield line(_MARGIN, Piece(f"The agenda on {when(played.ended_at)}", "title"))
        yield from agenda_lines(played.process.agenda(at=played.ended_at), width, _MARGIN * 2)
        yield BLANK
    yield from _ending(played)


def agenda_lines(agenda: Agenda, width: int, margin: str = _MARGIN) -> Iterator[Line]:
    """What is due, a line each."""
    if not agenda:
        yield line(margin, Piece("nothing", "dim"))
    for item in agenda:
        style = _AGENDA[item.kind]
        yield from hang(line(margin, Piece(pad(item.kind, 9), style)), line(item.text), width)


def _ending(played: Played) -> Iterator[Line]:
    if played.passed:
        count = len(played.steps)
        yield line(_MARGIN, Piece(f"{count} step{'' if count == 1 else 's'}, as expected", "ok"))
    elif played.diagnostics:
        where = played.diagnostics[0].where
        yield line(_MARGIN, Piece("FAILED", "failed"), f" the story can't be played on from {where}")
    for step in played.failed_steps:
        yield line(
            _MARGIN,
            Piece("FAILED", "failed"),
            f" step {step.step.number} is not as expected: {step.step.where}",
        )


class _Teller:
    """Tells one step."""

    def __init__(self, definition: Definition, width: int, numbered: bool) -> None:
        self._definition = definition
        self._width = width
        self._numbered = numbered

    def step(self, played: PlayedStep) -> Iterator[Line]:
        step = played.step
        date = "" if played.at is None else aligned(played.at)
        lead: Line = line(_MARGIN, Piece(pad(date, _DATE - len(_MARGIN)) + _MARGIN, "dim"))
        if isinstance(step, EventStep):
            yield from self._event(lead, played, step)
        else:
            yield from self._correction(lead, played.outcome.process, step)
        if step.why:
            yield from self._below("", line(Piece(step.why, "dim")))
        for move in played.moves:
            moved = f"{instance(move.machine, move.key)}: {move.source} -> {move.target}"
            yield from self._below("moved", line(moved), "moved")
        verdict = played.outcome.verdict
        if verdict is not None and not verdict.allowed:
            yield from self._refusal(verdict, "BREACH" if played.outcome.breach else "REFUSED")
        elif played.outcome.unexpected:
            yield from self._below("note", line("unexpected: no machine was waiting for it"), "refused")
        yield from self._turned(played)
        for failure in played.failures:
            body = line(Piece(failure.text, "failed"), Piece(f" {GAP}{failure.where}", "dim"))
            yield from self._below("FAILED", body, "failed")

    def _event(self, lead: Line, played: PlayedStep, step: EventStep) -> Iterator[Line]:
        who, style = WHO[self._definition.events[step.event].by]
        carried = "; ".join(f"{name}: {value(each)}" for name, each in step.fields.items())
        number = f"#{played.entry} " if self._numbered and played.entry is not None else ""
        late = ", told late" if step.late else ""
        body = line(
            Piece(number, "dim"),
            Piece(asked_about(step.event, step.to, step.application) + late, style),
            Piece(f" ({carried})" if carried else ""),
        )
        yield from hang((*lead, Piece(pad(who, _WHO), style)), body, self._width)

    def _correction(self, lead: Line, process: Process, step: RetractStep | UnknownStep) -> Iterator[Line]:
        if isinstance(step, UnknownStep):
            until = when(step.until.astimezone(process.calendar.zone))
            where = "" if step.application is None else f" ({step.application})"
            said = f"unknown before {until}{where}: {say_list(step.of, 'and')}"
        else:
            said = f"taken back{', never sent' if step.not_sent else ''}: {_entry(process, step.of)}"
        yield from hang((*lead, Piece(pad("history", _WHO), "dim")), line(said), self._width)

    def _refusal(self, verdict: Verdict, label: str) -> Iterator[Line]:
        style: Style = "broken" if label == "BREACH" else "refused"
        for each in verdict.reasons:
            yield from self._below(label, reason(each, style), style)
            label = ""
        yield from self._below("opens", line(opening(verdict, self._definition)), "opens")

    def _turned(self, played: PlayedStep) -> Iterator[Line]:
        outcome = played.outcome
        for number in outcome.now_breaches:
            entry = _entry(outcome.process, number)
            yield from self._below("BREACH", line(f"{entry}: now against the rules"), "broken")
        for number in outcome.no_longer_breaches:
            entry = _entry(outcome.process, number)
            yield from self._below("note", line(f"{entry}: no longer against the rules"), "ok")

    def _below(self, label: str, body: Line, style: Style = "plain") -> Iterator[Line]:
        lead = line(_MARGIN, " " * _DATE, Piece(pad(label, _WHO), style))
        yield from hang(lead, body, self._width)


def _entry(process: Process, number: int) -> str:
    """An entry of the history by its number: ``#2 follow_up of Wed 11 Mar 2026 09:30``."""
    entry = next((entry for entry in process.history if entry.number == number), None)
    if not isinstance(entry, Event):
        return f"#{number}"
    return f"#{number} {entry.name} of {when(entry.at.astimezone(process.calendar.zone))}"
