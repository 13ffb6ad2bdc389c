"""Record the events of one employer in order, and find those that are against the rules.

An act is a breach only if the rules refuse it whatever the history leaves open; otherwise it is undecided
(see `certainty`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attrs import define, evolve, field, frozen

from postinterview.audit.history.audit_findings import Finding, FindingKind
from postinterview.audit.history.certainty import Certainty
from postinterview.audit.history.map_model import EventClaim, RowClaim, UnknownClaim
from postinterview.audit.history.replays import record, undated_event
from postinterview.audit.history.row_reading import RowReader
from postinterview.audit.history.undated import fitting, with_days
from postinterview.core.certainty import refuse
from postinterview.core.definitions import Carries
from postinterview.core.errors import MisuseError
from postinterview.core.events import Event, Placed, Value
from postinterview.core.formatting import say_day, say_list
from postinterview.core.guards import UNKNOWN
from postinterview.core.outcome import Outcome
from postinterview.core.process import Process, process_and_steps
from postinterview.core.step_parts import Step
from postinterview.core.verdict import Reason, Verdict

NOT_KEPT = "not known"
"""Stands in a kept process for a text that a guard asks for and the history does not keep."""

SOON = timedelta(days=14)
"""The time before the first interview of its application in which a decision looks mistyped."""

MOST = 5_000
"""The most events with one employer; with more, the map probably names another column."""


@frozen
class _Taken:
    """An event that was recorded, and the process before it; without an outcome if it has no date."""

    claim: EventClaim
    event: Event
    before: Process
    outcome: Outcome | None = None


@define
class Judged:
    """One employer's events, the findings about them, and the process; None if there can't be one.

    ``anybodys``: the events that rows without an employer leave unknown in every process. No act is a breach
    that one of them could undo. Acts that the other rows allow stay allowed. ``recorded``: how many events
    are in the process. ``unknown``: the events of which it is open whether they happened, by application.
    ``interviewed``: whom an interview so far was with, by application. ``taken``: the events in the process.
    """

    reader: RowReader
    employer: str
    anybodys: Collection[str]
    process: Process | None = None
    findings: list[Finding] = field(factory=list)
    recorded: int = 0
    events: list[EventClaim] = field(factory=list)
    unknown: dict[str | None, dict[str, datetime | None]] = field(factory=dict)
    set_aside_rows: set[int] = field(factory=set)
    contradictions: list[Finding] = field(factory=list)
    zones: dict[str, int] = field(factory=dict)
    interviewed: set[tuple[str | None, str | None]] = field(factory=set)
    taken: list[_Taken] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.leave_open(None, self.reader.map.unknown)

    def leave_open(self, application: str | None, of: Iterable[str], until: datetime | None = None) -> None:
        """Leave it open whether events happened, until a moment or until the export."""
        for name in of:
            names = self.unknown.setdefault(application, {})
            before = names.get(name, until)
            names[name] = None if before is None or until is None else max(before, until)

    def judge(self, claims: Iterator[RowClaim]) -> None:
        """Record and judge what the rows claim."""
        undated: list[EventClaim] = []
        for number, claim in enumerate(claims, 1):
            if number > MOST:
                more = number + sum(1 for _ in claims)
                message = f"{more:,} events with one employer are more than {MOST:,}, and are not judged"
                self.object(message, f"is `{self.reader.map.employer}` the column with the employer?")
                return
            if claim.zone is not None:
                self.zones.setdefault(claim.zone, claim.line)
            if isinstance(claim, UnknownClaim):
                self.leave_open(claim.application, claim.of, claim.until)
            elif claim.undated:
                undated.append(claim)
            else:
                self.events.append(claim)
        if not self.zones and self.reader.map.timezone is not None:
            self.zones[self.reader.map.timezone.key] = 0
        if len(self.zones) != 1:
            said = ", ".join(f"{zone} (line {line})" for zone, line in self.zones.items())
            message = (
                f"one employer is in several time zones: {said}" if said else "no row says its time zone"
            )
            self.object(message, "write one time zone for each employer; these rows are not judged")
            return
        self.hint_at_days()
        kept, dropped = fitting(self.events, undated, self.reader.last_day)
        self.events += kept
        for claim in dropped:
            self.leave_open(claim.application, [claim.event], claim.at)
        self.split_applications()
        process, misuse = self.play()
        if misuse:  # whether these events happened is now unknown, and that decides what is certain
            self.findings = [each for each in self.findings if each.kind == "hint"]
            for number, error in misuse.items():
                self.set_aside(number, error.message, error.help)
            process, _ = self.play()
        self.findings[:0] = self.contradictions
        self.recorded = len(self.events) - len(self.set_aside_rows)
        if self.anybodys:
            process = self.also_unknown(process, None, self.anybodys)
        if not all(each.clock for each in self.events):
            process = self.without_hours(process)
        self.process = process

    def without_hours(self, process: Process) -> Process:
        """Return the process to keep: it has no hour where the rows have none."""
        zone = process.calendar.zone
        told = [(each.claim, each.event) for each in self.taken]
        if kept := with_days(process, told, self.reader.end(zone)):
            return kept
        for (event, application), day in self.certainty(process).perhaps_used_later().items():
            until = process.calendar.end_of(day)
            process = process.unknown(event, until=until, application=application).process
        return process

    def play(self) -> tuple[Process, dict[int, MisuseError]]:
        """Record and judge every event not set aside; return the errors of those that can't be recorded."""
        process = self.start()
        misuse: dict[int, MisuseError] = {}
        taken: list[_Taken] = []
        undated: list[Event] = []
        for number, claim in enumerate(self.events):  # those without a date come last
            if number in self.set_aside_rows:
                continue
            try:
                if claim.undated:
                    event = undated_event(process, self.given(claim), len(process.history) + len(undated) + 1)
                    undated.append(event)
                    taken.append(_Taken(claim, event, process))
                    continue
                outcome = record(process, self.given(claim))
            except MisuseError as error:
                misuse[number] = error
                continue
            assert outcome.event is not None  # noqa: S101 - it was recorded
            taken.append(_Taken(claim, outcome.event, process, outcome))
            process = outcome.process
        anew: dict[int, Step] = {}
        if undated:  # each may have come before any other event, so that all are judged anew
            history = (*process.history, *undated)
            rules, zone = process.rulebook, process.calendar.zone
            process, told = process_and_steps(rules, process.first_employer, process.calendar, history, zone)
            anew = {each.placed.event.number: each for each in told}
        self.judge_events(taken, anew, process)
        self.taken = taken
        return process, misuse

    def judge_events(self, taken: list[_Taken], anew: Mapping[int, Step], process: Process) -> None:
        """Judge what was recorded.

        ``anew``: the steps of all events by their numbers, if some have no date. ``process``: with all of
        them.
        """
        certainty = self.certainty(process)
        self.interviewed.clear()
        placed = {each.event.number: each for each in process.timeline}
        for each in taken:
            claim, here, outcome = each.claim, placed[each.event.number], each.outcome
            verdict = anew[each.event.number].verdict if outcome is None or anew else outcome.verdict
            if outcome is not None and outcome.unexpected and not anew:
                message = "no machine was waiting for it"
                self.findings.append(self.finding("unexpected", claim, message=message))
            is_filled = outcome is not None and self.given(claim) is not claim
            if is_filled and (verdict is None or verdict.allowed or not anew):
                verdict = record(each.before, claim).verdict  # as the row says it
                if anew and verdict is not None:  # `before` lacks what has no date: only the fields count
                    missing = tuple(
                        r for r in verdict.reasons if isinstance(self.reader.rules.guard(r), Carries)
                    )
                    verdict = evolve(verdict, reasons=missing) if missing else None
            if verdict is not None and not verdict.allowed:
                self.judge_refused(claim, verdict, here, certainty)
            if claim.event in self.reader.rules.round_openers:
                applications = (None, here.application)
                self.interviewed.update((a, who) for a in applications for who in (None, *here.people))

    def given(self, claim: EventClaim) -> EventClaim:
        """Return the act with the fields that a guard asks for and the row leaves open.

        The audit does not report a breach for a missing field, and no later act depends on one.
        """
        kind = self.reader.map.rulebook.definition.events[claim.event]
        taken: dict[str, Value] = {}
        for name in set(claim.unsaid).intersection(self.reader.rules.asked[claim.event]):
            if kind.fields[name].type in ("bool", "text"):
                taken[name] = True if kind.fields[name].type == "bool" else NOT_KEPT
        return evolve(claim, fields={**claim.fields, **taken}) if taken else claim

    def certainty(self, process: Process) -> Certainty:
        taken = [each for number, each in enumerate(self.events) if number not in self.set_aside_rows]
        events = tuple(each for each in taken if not each.undated)
        everybody = {**self.unknown.get(None, {}), **dict.fromkeys(self.anybodys)}
        unknown: dict[str | None, dict[str, datetime | None]] = {**self.unknown, None: everybody}
        if not all(each.clock for each in events):  # orders are not replayed for each moment that it may have
            for each in taken:
                if each.undated:
                    names = unknown.get(each.application, {})
                    unknown[each.application] = {**names, each.event: None}
        return Certainty(events, unknown, process.calendar, self.reader.rules, self.start)

    def start(self) -> Process:
        (zone,) = self.zones
        rules = self.reader.map.rulebook
        process = rules.start(self.employer, zone)
        for application, of in self.unknown.items():
            for until in dict.fromkeys(of.values()):
                these = [name for name, each in of.items() if each == until]
                process = self.also_unknown(process, application, these, until)
        return process

    def also_unknown(
        self, process: Process, application: str | None, of: Iterable[str], until: datetime | None = None
    ) -> Process:
        order = list(process.rulebook.definition.events)
        end = self.reader.end(process.calendar.zone) if until is None else until
        return process.unknown(*sorted(of, key=order.index), until=end, application=application).process

    # --- contradictions ---------------------------------------------------------------------------

    def object(self, message: str, help: str) -> None:
        """Add a contradiction that is not about one row."""
        self.findings.append(
            Finding(kind="contradiction", employer=self.employer, message=message, help=help)
        )

    def split_applications(self) -> None:
        """Set rows without an application aside if other rows name one: they may be about any."""
        kinds = self.reader.map.rulebook.definition.events
        named = dict.fromkeys(c.application for c in self.events if c.application is not None)
        if not named:
            return
        for number, claim in enumerate(self.events):
            if claim.application is None and not kinds[claim.event].employer_wide:
                self.set_aside(number, f"which application is meant? there is {say_list(tuple(named))}")

    def set_aside(self, number: int, message: str, help: str = "") -> None:
        """Set a row aside as a contradiction; whether its event happened is unknown."""
        claim = self.events[number]
        self.set_aside_rows.add(number)
        self.leave_open(claim.application, [claim.event])
        help = help or "correct the row; until then it is unknown whether it happened"
        self.contradictions.append(self.finding("contradiction", claim, message=message, help=help))

    # --- hints ------------------------------------------------------------------------------------

    def hint_at_days(self) -> None:
        """Add a hint for each decision shortly before the first interview: a digit may be wrong."""
        kinds = self.reader.map.rulebook.definition.events
        first: dict[str | None, EventClaim] = {}
        for claim in self.events:
            if claim.event in self.reader.rules.round_openers:
                first.setdefault(claim.application, claim)
        for claim in self.events:
            kind, talk = kinds[claim.event], first.get(claim.application)
            if talk is None or kind.is_act or not kind.ends:
                continue
            zone = ZoneInfo(claim.zone)
            day, talked = claim.at.astimezone(zone).date(), talk.at.astimezone(zone).date()
            if day < talked <= day + SOON:
                message = f"it comes before the first interview, on {say_day(talked)}, line {talk.line}"
                help = "is one of the two dates wrong? as they are, the interview reopens the application"
                self.findings.append(self.finding("hint", claim, message=message, help=help))

    # --- breaches ---------------------------------------------------------------------------------

    def judge_refused(
        self, claim: EventClaim, verdict: Verdict, placed: Placed, certainty: Certainty
    ) -> None:
        reasons = verdict.reasons
        if placed.doubtful:
            firm: tuple[Reason, ...] = ()
        elif claim.undated:
            firm = tuple(reason for reason in reasons if self._is_firm(reason, claim))
            firm = firm if refuse(reasons, firm.__contains__) else ()
        else:
            firm = certainty.certain(reasons, claim, outside=placed.outside)
        if not firm and claim.undated:  # that it has no date is told already
            return
        if not firm:
            known = tuple(_as_far_as_known(reason) for reason in reasons)
            self.findings.append(self.finding("undecided", claim, reasons=known))
            return
        if placed.outside:
            self.findings.append(self.finding("outside", claim, reasons=firm))
            return
        never = (claim.application, claim.to) not in self.interviewed
        if never and all(reason.id == "state" for reason in firm):
            message = "it comes before any interview" + (f" with {claim.to}" if claim.to else "")
            self.findings.append(self.finding("contradiction", claim, message=message, reasons=firm))
        else:
            self.findings.append(self.finding("breach", claim, reasons=firm))

    def _is_firm(self, reason: Reason, claim: EventClaim) -> bool:
        """Return whether a reason refused an undated act whenever it was, whatever its row leaves open."""
        end = self.reader.end(ZoneInfo(claim.zone))
        excused = self.reader.rules.may_be_excused(reason, claim.event, claim.unsaid)
        in_time = reason.opens_at is not None and reason.opens_at < end  # later on the day of the export
        return reason.has != UNKNOWN and not excused and not in_time

    def finding(self, kind: FindingKind, claim: EventClaim, *, help: str = "", **said: Any) -> Finding:
        at = None if claim.undated else claim.at.astimezone(ZoneInfo(claim.zone))
        if at is not None and not claim.clock and kind == "contradiction":
            note = f"the row has no hour, and the map's `time` is {at:%H:%M}"
            help = f"{help}; {note}" if help else note
        said |= {name: getattr(claim, name) for name in ("line", "application", "event", "to", "clock")}
        return Finding(kind=kind, employer=self.employer, at=at, help=help, **said)


def _as_far_as_known(reason: Reason) -> Reason:
    return reason if reason.has == UNKNOWN else evolve(reason, has=f"{reason.has}, as far as is known")
