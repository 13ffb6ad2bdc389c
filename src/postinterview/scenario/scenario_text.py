"""Scenarios as lines of text: a timeline for ``run``, a result for ``test``, and a case for ``next``.

A timeline has a date, an actor and an event on each line. What came of the event is indented below it::

    Thu  5 Mar 2026 09:00  you       follow_up (channel: call)
                           REFUSED   one_chase: 1 chase since ...
                           opens     from Wed 11 Mar 2026 00:00
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from attrs import frozen

from postinterview.core.answers.agenda_items import Agenda
from postinterview.core.answers.verdict import Verdict, distinct
from postinterview.core.past.events import Event
from postinterview.core.process import Process
from postinterview.core.rules.definitions import APPLICATION
from postinterview.core.rules.rule_text import stands, with_application
from postinterview.core.values.formatting import (
    say_count,
    say_day,
    say_fields,
    say_list,
    say_moment,
    say_offset,
    sentence,
)
from postinterview.layout import BLANK, GAP, WIDTH, Line, Piece, Style, columns, hang, line, pad
from postinterview.scenario.model import ANY_ZONE, EventStep, RetractStep, UnknownStep
from postinterview.scenario.phrases import (
    ACTORS,
    aligned_text,
    event_text,
    instance_text,
    moment_text,
    opening_text,
    reason_line,
    when_text,
)
from postinterview.scenario.playing import Case, Played, PlayedStep, agenda_of, verdicts_of

_MARGIN = "  "
_DATE = 23
_LABEL = 10
_AGENDA: dict[str, Style] = {
    "overdue": "refused",
    "open": "ok",
    "wait": "opens",
    "coming": "opens",
    "blocked": "dim",
    "broken": "failed",
    "done": "dim",
    "snoozed": "dim",
    "tell": "refused",
}


def timeline_lines(played: Played, width: int = WIDTH) -> Iterator[Line]:
    """Yield the scenario's name and reason, each step, the agenda at the end, and the steps that failed."""
    scenario = played.scenario
    yield line(Piece(scenario.name, "title"), Piece(f"  {scenario.where.file}:{scenario.where.line}", "dim"))
    if scenario.why:
        yield from hang((), line(scenario.why), width)
    sources = say_list(tuple(source.name for source in played.rulebook.definition.sources), "and")
    yield line(Piece(f"{scenario.employer}, {scenario.timezone or ANY_ZONE}, {sources}", "dim"))
    yield BLANK
    numbered = any(isinstance(step, RetractStep) for step in scenario.steps)
    if played.process is not None:
        steps = _Timeline(played.process, width, numbered)
        for step in played.steps:
            yield from steps.step(step)
    if played.steps:
        yield BLANK
    if played.process is not None and played.ended_at is not None and not played.diagnostics:
        ends = [each.when for each in played.steps if each.at == played.ended_at]
        on = "at the end of" if any(not isinstance(each, datetime) for each in ends) else "on"
        when = moment_text(played.ended_at) if on == "on" else say_moment(played.ended_at)
        yield line(_MARGIN, Piece(f"Agenda {on} {when}", "title"))
        yield from agenda_lines(played.process.agenda(at=played.ended_at), width, _MARGIN * 2)
        yield BLANK
    if played.passed:
        yield line(_MARGIN, Piece(f"{say_count(len(played.steps), 'step')}, as expected", "ok"))
    elif played.diagnostics:
        yield line(_MARGIN, Piece("STOPPED", "failed"), f" at {played.diagnostics[0].where}")
    for step in played.failed_steps:
        yield line(_MARGIN, Piece("FAILED", "failed"), f" step {step.step.number} at {step.step.where}")


def result_line(played: Played) -> Line:
    """Return ``ok`` or ``FAIL`` with the scenario's place and name."""
    scenario = played.scenario
    mark = Piece("ok    ", "ok") if played.passed else Piece("FAIL  ", "failed")
    return line(mark, f"{scenario.where.file}:{scenario.where.line}  {scenario.name}")


def case_lines(case: Case, at: date, width: int = WIDTH) -> Iterator[Line]:
    """Yield the agenda of a case at a moment or on a day, and the verdict on every act."""
    process = case.process
    if process is None:
        return
    if isinstance(at, datetime):
        when, on = f"{say_moment(at)} {say_offset(at.utcoffset() or timedelta(0))}", ""
    else:
        when, on = say_day(at), " on this day"
    title = f"{process.employer} ({process.timezone}), {when}"
    yield line(Piece(title, "title"))
    if case.left_out:
        yield line(Piece(f"left out: {say_count(len(case.left_out), 'later step')}", "dim"))
    yield from _standings(process, width)
    yield BLANK
    agenda, moment = agenda_of(process, at)
    yield line(Piece(f"Agenda at {moment:%H:%M}" if on else "Agenda", "title"))
    yield from agenda_lines(agenda, width)
    yield BLANK
    yield line(Piece(f"What you may do{on}, if all fields are given", "title"))
    for verdict in verdicts_of(process, at):
        yield from _verdict(process, verdict, width, at)


def _standings(process: Process, width: int) -> Iterator[Line]:
    """Yield where each application stands: its main machine, and the others that have left their start."""
    machines = process.rulebook.definition.machines
    for application in process.applications:
        mine = [each for each in machines.values() if each.scope == APPLICATION]
        states = {each.name: process.state(each.name, application=application) for each in mine}
        said = [
            stands(each, states[each.name])
            for each in mine
            if each is mine[0] or states[each.name] != each.start
        ]
        if said:
            text = with_application(sentence("; ".join(said)), application)
            yield from hang((), line(text), width, 2)


def agenda_lines(agenda: Agenda, width: int, margin: str = _MARGIN) -> Iterator[Line]:
    """Yield the items of an agenda."""
    if not agenda:
        yield line(margin, Piece("nothing", "dim"))
    for item in agenda:
        lead = line(margin, Piece(pad(item.kind, 9), _AGENDA[item.kind]))
        yield from hang(lead, line(item.text), width)


def _verdict(process: Process, verdict: Verdict, width: int, at: date) -> Iterator[Line]:
    event = Piece(event_text(verdict.event, verdict.to, verdict.application), "you")
    if verdict.allowed:
        since = "" if isinstance(at, datetime) else f", from {verdict.at:%H:%M}"
        until = "" if verdict.closes_at is None else f", until {moment_text(verdict.closes_at)}"
        yield from hang(line("  ", Piece("yes  ", "ok")), line(event, since, until), width)
        return
    opening = opening_text(verdict, process.rulebook.definition)
    opens = "never allowed" if opening == "never" else f"allowed {opening}"
    yield from hang(line("  ", Piece("no   ", "refused")), line(event, ", ", Piece(opens, "opens")), width)
    for reason in distinct(verdict.reasons):
        body = line(Piece(f"{reason.id}:", "refused"), " ", *reason_line(reason))
        yield from hang(line(" " * 9), body, width)


def failure_lines(played: Played, width: int = WIDTH) -> Iterator[Line]:
    """Yield the steps that failed by themselves, and how many failed only because an earlier one did."""
    for step in played.failed_steps:
        if step.step.number not in played.consequences:
            yield from failed_step_lines(step, width)
    if more := len(played.consequences):
        yield line(f"{say_count(more, 'more step')} failed only because an earlier one did")


def failed_step_lines(played: PlayedStep, width: int) -> Iterator[Line]:
    """Yield the step with its place, what was expected of it, what came, and every guard."""
    step = played.step
    if isinstance(step, EventStep):
        what = event_text(step.event, step.to, step.application)
    else:
        what = f"retract {step.of}" if isinstance(step, RetractStep) else "unknown"
    at = "" if played.when is None else f" on {when_text(played.when)}"
    first, *others = played.failures
    text = first.text if first.what == "expect" else "not as expected"
    yield line(f"{step.where}  step {step.number}, {what}{at}: ", Piece(text, "failed"))
    for failure in others if first.what == "expect" else played.failures:
        yield line(f"    {failure.expectation.where}  ", Piece(failure.text, "failed"))
    rows = []
    for guard in played.guards:
        mark = Piece("    ok    ", "ok") if guard.holds else Piece("    FAIL  ", "failed")
        rows.append((line(mark, guard.reason.id), reason_line(guard.reason, held=guard.holds)))
    yield from columns(rows, width)


_LABELS: dict[str, tuple[str, Style]] = {"breach": ("BREACH", "failed"), "outside": ("OUTSIDE", "dim")}
"""By the result of an act that the rules refuse: the label of the reasons and its style."""


@frozen
class _Timeline:
    """Sets steps. ``process`` is the one after the last step; ``numbered``: show the numbers of entries."""

    process: Process
    width: int
    numbered: bool

    def step(self, played: PlayedStep) -> Iterator[Line]:
        step, definition = played.step, self.process.rulebook.definition
        date = "" if played.when is None else aligned_text(played.when)
        lead = line(_MARGIN, Piece(pad(date, _DATE - 2), "dim"), _MARGIN)
        if isinstance(step, EventStep):
            yield from self._event(lead, played, step)
        else:
            yield from hang((*lead, Piece(pad("history", _LABEL), "dim")), self._correction(step), self.width)
        if step.why:
            yield from self._below("", line(Piece(step.why, "dim")))
        for move in played.moves:
            change = f"{instance_text(move.machine, move.key)}: {move.source} -> {move.target}"
            yield from self._below("moved", line(change), "ok")
        if played.verdict is not None and not played.verdict.allowed:
            yield from self._refusal(
                played.verdict, *_LABELS.get(played.result or "", ("REFUSED", "refused"))
            )
            opening = opening_text(played.verdict, definition)
            yield from self._below("opens", line(opening), "opens")
        elif played.result == "unexpected":
            yield from self._below("note", line("unexpected: no machine was waiting for it"), "refused")
        for number in played.now_breaches:
            yield from self._below("BREACH", line(f"{self._entry(number)}: now against the rules"), "failed")
        for number in played.now_in_doubt:
            yield from self._below(
                "note", line(f"{self._entry(number)}: nobody knows if it was allowed"), "opens"
            )
        for number in played.no_longer_breaches:
            yield from self._below("note", line(f"{self._entry(number)}: no longer against the rules"), "ok")
        for failure in played.failures:
            body = line(Piece(failure.text, "failed"), Piece(f" {GAP}{failure.expectation.where}", "dim"))
            yield from self._below("FAILED", body, "failed")

    def _event(self, lead: Line, played: PlayedStep, step: EventStep) -> Iterator[Line]:
        actor, style = ACTORS[self.process.rulebook.definition.events[step.event].by]
        fields = say_fields(step.fields.items())
        number = f"#{played.entry} " if self.numbered and played.entry is not None else ""
        body = line(
            Piece(number, "dim"),
            Piece(event_text(step.event, step.to, step.application), style),
            f" ({fields})" if fields else "",
            ", recorded late" if step.late else "",
        )
        yield from hang((*lead, Piece(pad(actor, _LABEL), style)), body, self.width)

    def _correction(self, step: RetractStep | UnknownStep) -> Line:
        if isinstance(step, RetractStep):
            return line(f"retracted{', never sent' if step.not_sent else ''}: {self._entry(step.of)}")
        until = moment_text(step.until.astimezone(self.process.calendar.zone))
        where = "" if step.application is None else f" ({step.application})"
        return line(f"unknown before {until}{where}: {say_list(step.of, 'and')}")

    def _refusal(self, verdict: Verdict, label: str, style: Style) -> Iterator[Line]:
        for reason in distinct(verdict.reasons):
            body = line(Piece(f"{reason.id}:", style), " ", *reason_line(reason))
            yield from self._below(label, body, style)
            label = ""

    def _entry(self, number: int) -> str:
        """Return an entry of the history, such as ``#2 follow_up on Wed 11 Mar 2026 09:30``."""
        entry = self.process.history[number - 1]
        if not isinstance(entry, Event):
            return f"#{number}"
        at = entry.at.astimezone(self.process.calendar.zone)
        return f"#{number} {entry.name} on {when_text(entry.day or at)}"

    def _below(self, label: str, body: Line, style: Style = "plain") -> Iterator[Line]:
        lead = line(_MARGIN, " " * _DATE, Piece(pad(label, _LABEL), style))
        yield from hang(lead, body, self.width)
