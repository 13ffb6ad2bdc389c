"""Text to a scenario file's records: the stages syntax and shape, with the loader's own readers."""

from __future__ import annotations

from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from attrs import define

from postinterview.core.errors import TimeError
from postinterview.core.moments import zone_called
from postinterview.core.suggest import closest, help_for, ticked
from postinterview.loading import too_new
from postinterview.loading.diagnostics import Diagnostic, Findings, Span
from postinterview.loading.nodes import Mapping, Node, Sequence
from postinterview.loading.nodes import read as read_nodes
from postinterview.loading.records import Record
from postinterview.loading.report import Report, span_of
from postinterview.loading.schema import Table
from postinterview.loading.shape import Shape
from postinterview.scenario.model import Wanted
from postinterview.scenario.scenario_schema import (
    FILE,
    KEYS_OF,
    KINDS,
    RULES_KEYS,
    SCENARIO,
    STEP,
    TABLE_KEYS,
)

FileKind: TypeAlias = Literal["scenarios", "rules", "map", "foreign", "unreadable"]
"""What a file seems to be; ``unreadable``: its text can't even be taken apart."""

DEFAULT_RULES = "default"


@define(eq=False)
class Written:
    """A scenario as it stands in the file: its record, those of its steps, and the employer's zone.

    ``whole``: nothing in it is missing or wrong so far.
    """

    record: Record
    name: str
    where: Span
    steps: list[Record]
    zone: ZoneInfo | None
    knows_zone: bool


@define(eq=False)
class Reading:
    """A scenario file as far as it can be read without its rules.

    ``rules`` is the packaged name or the path that it gives, and where.
    """

    file: str
    kind: FileKind
    rules: Wanted[str]
    findings: Findings
    shape: Shape | None = None
    scenarios: tuple[Written, ...] = ()

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return self.findings.sorted()


def read(text: bytes | str, file: str, *, pure: bool = False) -> Reading:
    """Read a scenario file; ``file`` is its name in diagnostics.

    ``pure``: parse with the parser written in Python.
    """
    findings = Findings()
    root = read_nodes(text, file, findings, pure=pure)
    nowhere = Wanted(DEFAULT_RULES, Span(file, 1, 1, 1, 1))
    if root is None:
        return Reading(file, "unreadable", nowhere, findings)
    kind = _kind(root)
    report = Report(findings, root)
    if kind != "scenarios":
        _report_other(report, root, kind)
        return Reading(file, kind, nowhere, findings)
    if too_new(root, report):
        return Reading(file, kind, nowhere, findings)
    shape = Shape(report)
    record = shape.table(FILE, root, root)
    if record is None:
        return Reading(file, kind, nowhere, findings)
    rules = nowhere
    if record.get("rules") is not None:
        rules = Wanted(record.get("rules"), span_of(record.node_of("rules")))
    _check_format(report, record)
    if "scenarios" not in record.values:
        _missing(report, record, "scenarios", FILE)
    written = [_scenario(shape, each) for each in _items(shape, SCENARIO, record, "scenarios")]
    _check_names(report, written)
    return Reading(file, kind, rules, findings, shape, tuple(written))


def _kind(root: Node) -> FileKind:
    keys = [key.text for key, _ in root.entries] if isinstance(root, Mapping) else []
    if any("scenarios" in (key, *closest(key, FILE.keys)) for key in keys):
        return "scenarios"
    if not RULES_KEYS.isdisjoint(keys):
        return "rules"
    if {"read", "employer"} <= set(keys):
        return "map"
    if not TABLE_KEYS.isdisjoint(keys):
        return "foreign"
    return "scenarios" if not {"format", "rules"}.isdisjoint(keys) else "foreign"


_OTHER = {
    "rules": (
        "this is a rule file, without scenarios",
        "read it with `postinterview check`; a scenario file names it under `rules:`",
    ),
    "map": (
        "this is the map of a history, without scenarios",
        "give it to `postinterview audit`, as `--map`, with the history that it is about",
    ),
}


def _report_other(report: Report, root: Node, kind: FileKind) -> None:
    message, help = _OTHER.get(
        kind,
        (
            "this is not a scenario file",
            "a scenario file begins with `format: 1` and tells its stories under `scenarios:`",
        ),
    )
    report.add("PI701", start_of(root), message, "`scenarios` is missing", help)


def _check_format(report: Report, record: Record) -> None:
    if "format" not in record.values:
        report.add(
            "PI103",
            start_of(record.node),
            "`format` is missing",
            "the first line of a scenario file says it",
            f"add the line `{FILE.keys['format'].example}` at the top",
        )


def _check_names(report: Report, scenarios: list[Written]) -> None:
    first: dict[str, Written] = {}
    for each in scenarios:
        other = first.setdefault(each.name, each)
        if other is not each and each.name:
            report.add(
                "PI705",
                each.record.node_of("name"),
                f"two scenarios are called `{each.name}`",
                "the second one",
                "give each a name of its own",
                others=((other.record.node_of("name"), "the first one"),),
            )


def _items(shape: Shape, table: Table, record: Record, key: str) -> list[Record]:
    """The items of a list, each read by the table; those that are none are reported already."""
    node = record.node_of(key) if record.get(key) is not None else None
    items = node.items if isinstance(node, Sequence) else ()
    read = [shape.table(table, item, item) for item in items if isinstance(item, Mapping) and item.entries]
    return [item for item in read if item is not None]


def _scenario(shape: Shape, record: Record) -> Written:
    report = shape.report
    for name in ("name", "steps"):
        if name not in record.values:
            _missing(report, record, name, SCENARIO)
    zone, known = zone_of(report, record)
    steps = [step for step in _items(shape, STEP, record, "steps") if _is_step(report, step)]
    name = record.get("name") or ""
    where = span_of(record.node_of("name") if "name" in record.values else record.node)
    return Written(record, name, where, steps, zone, known)


def zone_of(report: Report, record: Record) -> tuple[ZoneInfo | None, bool]:
    """The employer's zone, or None, and whether that is what the file says."""
    key = record.get("timezone")
    if key is None:
        return None, "timezone" not in record.values
    try:
        return zone_called(key), True
    except TimeError:
        zones = available_timezones()
        found = tuple(name for name in zones if name.casefold() == key.casefold()) or closest(key, zones)
        report.add(
            "PI707",
            record.node_of("timezone"),
            f"`{key}` is not a time zone",
            "unknown",
            help_for(found, ()) or "write a name such as `Europe/Zurich` or `UTC`",
            instead=found[0] if found else None,
        )
        return None, False


def _is_step(report: Report, record: Record) -> bool:
    """Whether it is clear of which kind a step is; reports what that kind lacks, or can't have."""
    kinds = [kind for kind in KINDS if kind in record.values]
    if not kinds:
        report.add(
            "PI702",
            start_of(record.node),
            "this step does not say what happens",
            "neither an event nor a correction",
            f"add {ticked(KINDS)}",
            path=report.path(record.node),
        )
        return False
    if len(kinds) > 1:
        report.add(
            "PI702",
            record.key_of(kinds[1]),
            f"one step says two things: {ticked(kinds, 'and')}",
            "the second one",
            "write a step for each",
            others=((record.key_of(kinds[0]), "the first one"),),
        )
        return False
    kind = kinds[0]
    for key in record.values:
        if key not in KEYS_OF[kind] and key not in record.read_as.values():
            report.add(
                "PI703",
                record.key_of(key),
                f"`{key}` does not belong to a step with `{kind}`",
                "it would mean nothing here",
                f"delete it; the keys here are {ticked(_in_order(KEYS_OF[kind]), 'and')}",
            )
    required = "until" if kind == "unknown" else "at"
    if required not in record.values:
        _missing(report, record, required, STEP)
    return True


def _missing(report: Report, record: Record, required: str, table: Table) -> None:
    record.faulty.add(required)
    report.add(
        "PI102",
        start_of(record.node),
        f"`{required}` is missing",
        f"{table.noun} needs `{required}`",
        f"add `{table.keys[required].example}`",
        path=report.path(record.node),
    )


def _in_order(keys: frozenset[str]) -> list[str]:
    return [key for key in STEP.keys if key in keys]


def start_of(node: Node) -> Span:
    """Where something begins: its first character."""
    span = node.span
    return Span(span.file, span.line, span.column, span.line, span.column + 1)
