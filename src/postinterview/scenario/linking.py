"""Link a parsed scenario file to a rulebook: look up every name, and read every value by its type.

A misspelt name is a diagnostic with its line, so that no step fails, or passes, because of its spelling.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from attrs import define, evolve, field, frozen

from postinterview.core.past.events import Value
from postinterview.core.rules.definitions import Definition, EventKind, Origin
from postinterview.loading.diagnostics import Diagnostic, Findings, Span
from postinterview.loading.event_fields import LEFT_OUT, field_example, read_field
from postinterview.loading.local_times import ends_of, instant, read_when
from postinterview.loading.nodes import Mapping, Node, Scalar
from postinterview.loading.records import Record
from postinterview.loading.report import start_of
from postinterview.loading.shape import Shape
from postinterview.loading.text_values import Fault
from postinterview.loading.unknown_names import CountryCodes, check_country, find
from postinterview.scenario.expectations import ExpectationLinker
from postinterview.scenario.model import (
    ANY_EMPLOYER,
    ANY_ZONE,
    EventStep,
    RetractStep,
    Scenario,
    Step,
    UnknownStep,
)
from postinterview.scenario.parsing import ParsedScenario, ParsedScenarioFile


@frozen
class Unplayable:
    """A scenario that names what other rules than its own do not have. ``where``: the place of its name."""

    name: str
    where: Span
    diagnostics: tuple[Diagnostic, ...]


@frozen
class LinkedScenarios:
    """The scenarios of a file, or none if it has an error, and its diagnostics.

    ``unplayable``: those that can't be played with other rules than the file names.
    """

    scenarios: tuple[Scenario, ...]
    diagnostics: tuple[Diagnostic, ...]
    unplayable: tuple[Unplayable, ...] = ()


def link(
    parsed: ParsedScenarioFile, definition: Definition, countries: CountryCodes | None = None
) -> LinkedScenarios:
    """Look up every name of the file in the rulebook, and check what each step expects.

    ``countries`` answers whether a country's code is known; None checks none.
    """
    shape = parsed.content.shape
    if shape is None:
        return LinkedScenarios((), parsed.content.diagnostics)
    kept = shape.report.findings
    found = evolve(kept, found=[*kept.found])  # the file may be linked to other rules, too
    shape.report.findings = found
    scenarios = tuple(_ScenarioLinker(definition, shape, each).scenario() for each in parsed.scenarios)
    _check_countries(parsed, shape, countries)
    shape.report.findings = kept
    return LinkedScenarios(() if found.has_errors else scenarios, found.sorted())


def link_to_others(
    parsed: ParsedScenarioFile, definition: Definition, countries: CountryCodes | None = None
) -> LinkedScenarios:
    """Look up every name of the file in another rulebook than the file names.

    A scenario that names events or fields which these rules lack can't be played, and the others can. A
    guard, a state or a machine that they lack is an expectation which is not met.
    """
    shape = parsed.content.shape
    if shape is None:
        return LinkedScenarios((), parsed.content.diagnostics)
    scenarios: list[Scenario] = []
    unplayable: list[Unplayable] = []
    kept = shape.report.findings
    shape.report.findings = of_file = evolve(kept, found=[*kept.found])
    _check_countries(parsed, shape, countries)
    for each in parsed.scenarios:
        shape.report.findings = found = Findings()
        scenario = _ScenarioLinker(definition, shape, each, of_others=True).scenario()
        if found.has_errors:
            unplayable.append(Unplayable(each.name, each.where, found.sorted()))
        else:
            scenarios.append(scenario)
    shape.report.findings = kept
    if of_file.has_errors:
        scenarios, unplayable = [], []
    return LinkedScenarios(tuple(scenarios), of_file.sorted(), tuple(unplayable))


def _check_countries(parsed: ParsedScenarioFile, shape: Shape, countries: CountryCodes | None) -> None:
    for each in parsed.scenarios:
        if each.record.get("country") is not None:
            check_country(shape.report, each.record.node_of("country"), countries)


@define(eq=False)
class _ScenarioLinker:
    """Links one scenario.

    ``of_others``: the rules are others than the file names, so what it expects may name what they lack.
    ``events``: where each event is defined. ``latest``: the moment that time has
    surely reached, and its place.
    """

    definition: Definition
    shape: Shape
    parsed: ParsedScenario
    of_others: bool = False
    latest: tuple[datetime, Node] | None = None
    said_no_zone: bool = False
    events: dict[str, Origin] = field(init=False)
    expectations: ExpectationLinker = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.events = {name: kind.origin for name, kind in self.definition.events.items()}
        self.expectations = ExpectationLinker(self.definition, self.shape, self.when, self.of_others)

    def scenario(self) -> Scenario:
        record = self.parsed.record
        zone = self.parsed.zone
        steps = [self.step(number, each) for number, each in enumerate(self.parsed.steps, 1)]
        return Scenario(
            name=self.parsed.name,
            where=self.parsed.where,
            why=record.get("why") or "",
            timezone=None if zone is None else zone.key,
            employer=record.get("employer") or ANY_EMPLOYER,
            holidays=record.get("holidays") or (),
            country=record.get("country"),
            steps=tuple(step for step in steps if step is not None),
        )

    def step(self, number: int, record: Record) -> Step | None:
        """Return the step, or None if something that it needs is missing or wrong."""
        written = self.when(record, "at")
        at = None if written is None else self.ends(written)[1]
        if written is not None:
            self.check_order(written, record)
        common: dict[str, Any] = {
            "day": None if isinstance(written, datetime) else written,
            "number": number,
            "where": start_of(record.node),
            "to": record.get("to"),
            "application": record.get("application"),
            "why": record.get("why") or "",
        }
        if "event" in record.values:
            return self.event(record, at, common)
        if "retract" in record.values:
            expectations = self.expectations.link(record, None)
            if at is None or record.get("retract") is None:
                return None
            not_sent, of = record.get("not_sent") or False, record.get("retract")
            return RetractStep(at=at, of=of, not_sent=not_sent, expectations=expectations, **common)
        whole = self.when(record, "until")
        until = None if whole is None else self.ends(whole)[2]
        expectations = self.expectations.link(record, None)
        events = self.events_or_classes(record)
        if until is None or not events:
            return None
        return UnknownStep(at=at, of=events, until=until, expectations=expectations, **common)

    def events_or_classes(self, record: Record) -> tuple[str, ...]:
        known = {**dict.fromkeys(self.definition.classes), **self.events}
        found = [
            find(self.shape.report, node, known, code="PI722", noun="event or class")
            for node in record.get("unknown") or ()
        ]
        return tuple(name for name in found if name is not None)

    # --- events -----------------------------------------------------------------------------------

    def event(self, record: Record, at: datetime | None, common: dict[str, Any]) -> EventStep | None:
        node: Scalar | None = record.get("event")
        if node is None:
            return None
        lacking = f"the rules `{self.definition.name}` have no event of this name" if self.of_others else ""
        name = find(self.shape.report, node, self.events, code="PI721", noun="event", label=lacking)
        if name is None:
            return None
        kind = self.definition.events[name]
        self.check_person(record, kind, node)
        fields = self.fields(record, kind, node)
        expectations = self.expectations.link(record, kind)
        if at is None:
            return None
        return EventStep(
            at=at,
            event=name,
            fields=fields,
            late=record.get("late") or False,
            expect=record.get("expect") or "allowed",
            expectations=expectations,
            **common,
        )

    def check_person(self, record: Record, kind: EventKind, node: Scalar) -> None:
        if "to" in record.values and not kind.to_person:
            field = next((name for name, f in kind.fields.items() if f.type == "people"), None)
            people = "" if field is None else f"; people are named under `with`, in `{field}`"
            self.shape.report.add(
                "PI729",
                record.key_of("to"),
                f"`{kind.name}` is not to one person",
                "nobody can be named here",
                f"delete `to`{people}",
            )
        elif "to" not in record.values and kind.to_person:
            self.shape.report.add(
                "PI729",
                node,
                f"`{kind.name}` is to one person, and the step names nobody",
                "`to` is missing",
                "add the person, such as `to: ana`",
            )

    def fields(self, record: Record, kind: EventKind, node: Scalar) -> dict[str, Value]:
        """Return the fields that the event carries, in the order of the file."""
        report = self.shape.report
        carried: dict[str, Value] = {}
        given: set[str] = set()
        known = {name: declared.origin for name, declared in kind.fields.items()}
        written = record.written("with")
        for key, value in written.entries if isinstance(written, Mapping) else ():
            none = f"`{kind.name}` carries nothing" if not known else f"`{kind.name}` has no such field"
            name = find(report, key, known, code="PI726", noun="field", label=none)
            if name is None:
                given.update(report.guesses.closest(key.text, known)[:1])  # misspelt is not missing, too
                continue
            read = read_field(self.shape, kind.fields[name], value, key)
            if read is LEFT_OUT:
                continue
            given.add(name)
            if read is not None:
                carried[name] = read  # type: ignore[assignment]
        if "with" not in record.faulty and not kind.is_act:
            for missing, declared in kind.fields.items():
                if not declared.optional and missing not in given:
                    report.add(
                        "PI728",
                        node,
                        f"`{kind.name}` does not say its `{missing}`",
                        f"the field `{missing}` is missing",
                        f"add it under `with`, such as `with: {{{field_example(declared)}}}`",
                        others=((Span.at(declared.origin, missing), "a fact must say it"),),
                    )
        return carried

    # --- times ------------------------------------------------------------------------------------

    def when(self, record: Record, key: str) -> date | None:
        """Return the moment or the day under ``key``; None if there is none, or if it is reported."""
        text = record.get(key)
        if text is None:
            return None
        found = read_when(text, self.parsed.zone)
        if isinstance(found, Fault) and found.code == "PI712":
            if self.said_no_zone or not self.parsed.knows_zone:
                return None  # one missing zone is one finding
            self.said_no_zone = True
        when: date | None = self.shape.sound(found, record.node_of(key))
        return when

    def ends(self, when: date) -> tuple[datetime, datetime, datetime]:
        """Return the first and the last moment of a day, and the one after it; of a moment itself."""
        if isinstance(when, datetime):
            return when, when, when
        return ends_of(when, self.parsed.zone or ZoneInfo(ANY_ZONE))

    def check_order(self, when: date, record: Record) -> None:
        if record.get("late"):
            return
        node = record.node_of("at")
        first, last, _ = self.ends(when)
        if self.latest is not None and instant(last) < instant(self.latest[0]):
            self.shape.report.add(
                "PI714",
                node,
                "this step is earlier than a step above it",
                "earlier",
                "put the steps in order; or add `late: true` if it was recorded only then",
                others=((self.latest[1], "the later one"),),
            )
        elif self.latest is None or instant(first) >= instant(self.latest[0]):
            self.latest = (first, node)
