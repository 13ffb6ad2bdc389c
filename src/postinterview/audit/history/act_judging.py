"""Record the events of one employer in order, and find those that are against the rules.

An act is a breach only if the rules refuse it whatever the history leaves open; otherwise it is undecided
(see `core.judging.certainty`). The process that is kept says the same, since it is the one that is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from attrs import define, evolve, field, frozen

from postinterview.audit.history.audit_findings import Finding, FindingKind
from postinterview.audit.history.claim_events import record, undated_event
from postinterview.audit.history.map_model import EventClaim, RowClaim, UnknownClaim
from postinterview.audit.history.row_reading import RowReader
from postinterview.audit.history.undated import fitting, with_days
from postinterview.core.answers.outcome import Outcome
from postinterview.core.answers.verdict import Reason, Verdict
from postinterview.core.guards import UNKNOWN
from postinterview.core.judging.certainty import Refused, refuse
from postinterview.core.judging.undoing import key_of
from postinterview.core.past.events import Event, Value
from postinterview.core.process import Process, process_and_steps, refused_after
from postinterview.core.rules.definitions import Carries, Custom
from postinterview.core.steps.step_parts import Step
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import say_day, say_list

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
    ``interviewed``: whom an interview so far was with, by application.
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
        kept, dropped = fitting(self.events, undated, self.start().calendar, self.reader.last_day)
        self.events += kept
        for claim in dropped:
            self.leave_open(claim.application, [claim.event], claim.at)
        self.split_applications()
        taken, misuse = self.record_all()
        if misuse:  # whether these events happened is now unknown, and that decides what is certain
            self.findings = [each for each in self.findings if each.kind == "hint"]
            for number, error in misuse.items():
                self.set_aside(number, error.message, error.help)
            taken, _ = self.record_all()
        self.recorded = len(taken)
        self.process = self.judge_events(taken)
        self.findings[:0] = self.contradictions

    def record_all(self) -> tuple[list[_Taken], dict[int, MisuseError]]:
        """Record every event not set aside, as if all hours were known; return the errors of the others.

        Those without a date come last, and are not recorded.
        """
        process = self.start()
        misuse: dict[int, MisuseError] = {}
        taken: list[_Taken] = []
        undated = 0
        for number, claim in enumerate(self.events):
            if number in self.set_aside_rows:
                continue
            try:
                if claim.undated:
                    event = undated_event(process, self.given(claim), len(process.history) + undated + 1)
                    undated += 1
                    taken.append(_Taken(claim, event, process))
                    continue
                outcome = record(process, self.given(claim))
            except MisuseError as error:
                misuse[number] = error
                continue
            assert outcome.event is not None  # noqa: S101 - it was recorded
            taken.append(_Taken(claim, outcome.event, process, outcome))
            process = outcome.process
        return taken, misuse

    def judge_events(self, taken: list[_Taken]) -> Process:
        """Judge what was recorded, and return the process to keep.

        An act that is refused as if its hour were known is looked up in that process, where it has none.
        """
        has_undated = any(each.claim.undated for each in taken)
        process, told = self.keep(taken)
        if self.anybodys:
            process, _ = self.keep(taken, self.anybodys)
        self.interviewed.clear()
        for each in taken:
            claim, outcome = each.claim, each.outcome
            made = told.get(id(claim))
            verdict = made.verdict if made is not None and (outcome is None or has_undated) else None
            if outcome is not None and not has_undated:
                verdict = outcome.verdict
                if outcome.unexpected:
                    message = "no machine was waiting for it"
                    self.findings.append(self.finding("unexpected", claim, message=message))
            is_filled = outcome is not None and self.given(claim) is not claim
            if is_filled and (verdict is None or verdict.allowed or not has_undated):
                verdict = record(each.before, claim).verdict  # as the row says it
                if has_undated and verdict is not None:  # `before` lacks them: only the fields count
                    missing = tuple(
                        r for r in verdict.reasons if isinstance(self.reader.rules.guard(r), Carries)
                    )
                    verdict = evolve(verdict, reasons=missing) if missing else None
            if verdict is not None and not verdict.allowed:
                if outcome is not None and not told:
                    self.judge_refused(claim, verdict, refused_after(each.before, outcome))
                else:
                    self.judge_refused(claim, verdict, told[id(claim)].refused)
            if claim.event in self.reader.rules.round_openers:
                applications = (None, each.event.application)
                people = (None, *_people_of(each.event))
                self.interviewed.update((place, who) for place in applications for who in people)
        return process

    def keep(self, taken: list[_Taken], unknown: Collection[str] = ()) -> tuple[Process, dict[int, Step]]:
        """Return the process of all events, and the steps by the ids of the rows if it had to be folded anew.

        It has no hour where the rows have none. ``unknown``: the events that are unknown besides.
        """
        last = next((each.outcome for each in reversed(taken) if each.outcome is not None), None)
        process = self.start() if last is None else last.process
        if unknown:
            process = self.also_unknown(process, None, unknown)
        elif all(each.claim.clock and not each.claim.undated for each in taken):
            return process, {}
        gaps = [each for each in process.history if not isinstance(each, Event)]
        gaps = [evolve(each, number=number) for number, each in enumerate(gaps, 1)]
        calendar, rules = process.calendar, process.rulebook
        claims = ((each.claim, each.event) for each in taken)
        told = with_days(claims, calendar, self.reader.end(calendar.zone), len(gaps) + 1)
        history = (*gaps, *(event for _, event in told))
        process, steps = process_and_steps(rules, process.first_employer, calendar, history, calendar.zone)
        made = {each.placed.event.number: each for each in steps}
        return process, {id(claim): made[event.number] for claim, event in told}

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
        end = self.reader.as_of if until is None else until
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

    def judge_refused(self, claim: EventClaim, verdict: Verdict, refused: Refused | None) -> None:
        """Add the finding about a refused act.

        ``refused``: its refusal in the process that is kept; None: that allows it at some hour.
        """
        certain = frozenset(map(key_of, refused.certain)) if refused is not None else frozenset()
        is_outside = refused is not None and refused.is_outside
        firm = tuple(
            r for r in verdict.reasons if key_of(r) in certain and self._is_firm(r, claim, is_outside)
        )
        firm = firm if refuse(verdict.reasons, firm.__contains__) else ()
        if not firm and claim.undated:  # that it has no date is told already
            return
        if not firm:
            known = tuple(_as_far_as_known(reason) for reason in verdict.reasons)
            self.findings.append(self.finding("undecided", claim, reasons=known))
            return
        if is_outside:
            self.findings.append(self.finding("outside", claim, reasons=firm))
            return
        never = (claim.application, claim.to) not in self.interviewed
        if never and all(reason.id == "state" for reason in firm):
            message = "it comes before any interview" + (f" with {claim.to}" if claim.to else "")
            self.findings.append(self.finding("contradiction", claim, message=message, reasons=firm))
        else:
            self.findings.append(self.finding("breach", claim, reasons=firm))

    def _is_firm(self, reason: Reason, claim: EventClaim, is_outside: bool) -> bool:
        """Return whether a reason refused the act whatever its row leaves open."""
        if claim.unsaid:  # usually nothing: the words of the reason need not be found
            undoing, unsaid = set(reason.opens_after), set(claim.unsaid)
            excused = self.reader.rules.may_be_excused(reason, claim.event, unsaid)
            if excused or (undoing and undoing <= unsaid):
                return False
        if self.anybodys and self._may_be_undone_by_anybodys(reason, claim.event, is_outside):
            return False
        if not claim.undated or reason.opens_at is None:
            return True
        return reason.opens_at >= self.reader.end(ZoneInfo(claim.zone))  # not later on the day of the export

    def _may_be_undone_by_anybodys(self, reason: Reason, act: str, is_outside: bool) -> bool:
        """Return whether an event of a row without an employer could undo the reason."""
        rules, unknown = self.reader.rules, set(self.anybodys)
        happened = {each.event for each in self.events}.union(unknown, *self.unknown.values())
        if not is_outside and rules.is_out_of_reach(reason, act, happened):
            return False
        return isinstance(rules.guard(reason), Custom) or bool(rules.undoing(reason, happened) & unknown)

    def finding(self, kind: FindingKind, claim: EventClaim, *, help: str = "", **said: Any) -> Finding:
        at = None if claim.undated else claim.at.astimezone(ZoneInfo(claim.zone))
        if at is not None and not claim.clock and kind == "contradiction":
            note = f"the row has no hour, and the map's `time` is {at:%H:%M}"
            help = f"{help}; {note}" if help else note
        said |= {name: getattr(claim, name) for name in ("line", "application", "event", "to", "clock")}
        return Finding(kind=kind, employer=self.employer, at=at, help=help, **said)


def _people_of(event: Event) -> Iterator[str]:
    for _, value in event.carried:
        if isinstance(value, tuple):
            yield from value


def _as_far_as_known(reason: Reason) -> Reason:
    return reason if reason.has == UNKNOWN else evolve(reason, has=f"{reason.has}, as far as is known")
