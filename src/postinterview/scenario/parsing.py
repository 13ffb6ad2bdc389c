"""Parse a scenario file: syntax and shape. Its names are looked up in `linking`."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from attrs import define, frozen

from postinterview.core.values.errors import TimeError
from postinterview.core.values.moments import check_zone
from postinterview.core.values.suggest import help_for, ticked
from postinterview.loading import shape_errors
from postinterview.loading.diagnostics import Span
from postinterview.loading.languages import SCENARIOS
from postinterview.loading.nodes import Mapping, Sequence
from postinterview.loading.reading import FileContent, read_file
from postinterview.loading.records import Record
from postinterview.loading.report import Report, span_of, start_of
from postinterview.loading.schema import Table
from postinterview.loading.shape import Shape
from postinterview.scenario.scenario_schema import FILE, KEYS_OF, KINDS, SCENARIO, STEP


@define(eq=False)
class ParsedScenario:
    """A scenario as written: its record, those of its steps, and the employer's time zone.

    ``knows_zone``: ``zone`` is what the file says. It is None if the file names none, or an unknown one.
    """

    record: Record
    name: str
    where: Span
    steps: list[Record]
    zone: ZoneInfo | None
    knows_zone: bool


@frozen
class ParsedScenarioFile:
    """A scenario file as far as it can be read without its rules."""

    content: FileContent
    scenarios: tuple[ParsedScenario, ...] = ()


def read(text: bytes | str, file: str, *, pure: bool = False) -> ParsedScenarioFile:
    """Parse a scenario file. ``file``: its name in diagnostics; ``pure``: without libyaml."""
    content = read_file(text, file, SCENARIOS, FILE, pure=pure)
    shape, record = content.shape, content.record
    if shape is None or record is None:
        return ParsedScenarioFile(content)
    written = [_scenario(shape, each) for each in _items(shape, SCENARIO, record, "scenarios")]
    _check_names(shape.report, written)
    return ParsedScenarioFile(content, tuple(written))


def holds_no_scenarios(parsed: ParsedScenarioFile, text: bytes) -> bool:
    """Return whether a file that was found in a folder is something else, and no broken scenario file."""
    if not parsed.content.readable:
        return b"scenarios" not in text
    return parsed.content.language != "scenarios"


def _check_names(report: Report, scenarios: list[ParsedScenario]) -> None:
    first: dict[str, ParsedScenario] = {}
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
    """Read the items of a list by a table. Items that are no sets of entries have been reported."""
    node = record.written(key)
    items = node.items if isinstance(node, Sequence) else ()
    read = [shape.table(table, item, item) for item in items if isinstance(item, Mapping)]
    return [item for item in read if item is not None]


def _scenario(shape: Shape, record: Record) -> ParsedScenario:
    report = shape.report
    zone, known = zone_of(report, record)
    steps = [step for step in _items(shape, STEP, record, "steps") if _is_step(report, step)]
    name = record.get("name") or ""
    where = span_of(record.node_of("name"))
    return ParsedScenario(record, name, where, steps, zone, known)


def zone_of(report: Report, record: Record) -> tuple[ZoneInfo | None, bool]:
    """Return the employer's time zone, or None, and whether that is what the file says."""
    key = record.get("timezone")
    if key is None:
        return None, "timezone" not in record.values
    try:
        return check_zone(key), True
    except TimeError:
        zones = all_zones()
        same = zones.get(key.casefold())
        found = report.guesses.closest(key, zones.values()) if same is None else (same,)
        report.add(
            "PI707",
            record.node_of("timezone"),
            f"`{key}` is not a time zone",
            "unknown",
            help_for(found, ()) or "write a name such as `Europe/Zurich` or `UTC`",
            instead=found[0] if found else None,
        )
        return None, False


@cache
def all_zones() -> dict[str, str]:
    """Return the names of all time zones in small letters, each with the name as it is written."""
    return {name.casefold(): name for name in available_timezones()}  # walks through a folder of files


def _is_step(report: Report, record: Record) -> bool:
    """Return whether the kind of a step is clear. Report what the kind lacks or can't have."""
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
    keys = ticked([key for key in STEP.keys if key in KEYS_OF[kind]], "and")
    for key in record.values:
        if key not in KEYS_OF[kind] and key not in record.read_as.values():
            report.add(
                "PI703",
                record.key_of(key),
                f"`{key}` does not belong to a step with `{kind}`",
                "it would have no effect here",
                f"delete it; the keys here are {keys}",
            )
    required = "until" if kind == "unknown" else "at"
    if required not in record.values:
        shape_errors.missing(report, STEP, required, record)
    return True
