"""Text to a map's records: the stages syntax and shape, with the loader's own readers."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import define

from postinterview.audit.history.map_schema import FILE
from postinterview.core.suggest import closest
from postinterview.loading import too_new
from postinterview.loading.diagnostics import Diagnostic, Findings, Span
from postinterview.loading.nodes import Mapping, Node
from postinterview.loading.nodes import read as read_nodes
from postinterview.loading.records import Record
from postinterview.loading.report import Report, span_of
from postinterview.loading.shape import Shape
from postinterview.scenario.model import Wanted
from postinterview.scenario.parsing import start_of
from postinterview.scenario.scenario_schema import RULES_KEYS

DEFAULT_RULES = "default"
_Kind: TypeAlias = Literal["map", "rules", "scenarios", "foreign"]
_OTHER = {
    "rules": ("this is a rule file, not a map", "check it with `postinterview check`"),
    "scenarios": ("this is a scenario file, not a map", "play it with `postinterview run`"),
    "foreign": ("this is not a map", "a map begins with `format: 1` and says under `read:` what a row means"),
}


@define(eq=False)
class Reading:
    """A map as far as it can be read without its rules. ``record`` None: it is none, or can't be read.

    ``rules``: the packaged name or the path that it gives, and where.
    """

    file: str
    findings: Findings
    rules: Wanted[str]
    shape: Shape | None = None
    record: Record | None = None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return self.findings.sorted()


def read(text: bytes | str, file: str, *, pure: bool = False) -> Reading:
    """Read a map; ``file`` is its name in diagnostics. ``pure``: with the parser written in Python."""
    findings = Findings()
    reading = Reading(file, findings, Wanted(DEFAULT_RULES, Span(file, 1, 1, 1, 1)))
    root = read_nodes(text, file, findings, pure=pure)
    if root is None:
        return reading
    report = Report(findings, root)
    kind = _kind(root)
    if kind != "map":
        message, help = _OTHER[kind]
        report.add("PI1001", start_of(root), message, "`read` is missing", help)
        return reading
    if too_new(root, report):
        return reading
    reading.shape = Shape(report)
    reading.record = reading.shape.table(FILE, root, root)
    if reading.record is not None and reading.record.get("rules") is not None:
        reading.rules = Wanted(reading.record.get("rules"), span_of(reading.record.node_of("rules")))
    return reading


def _kind(root: Node) -> _Kind:
    keys = [key.text for key, _ in root.entries] if isinstance(root, Mapping) else []
    if any("read" in (key, *closest(key, FILE.keys)[:1]) for key in keys):
        return "map"
    if "scenarios" in keys:
        return "scenarios"
    if not RULES_KEYS.isdisjoint(keys):
        return "rules"
    return "map" if len({"employer", "dates", "as_of"}.intersection(keys)) > 1 else "foreign"
