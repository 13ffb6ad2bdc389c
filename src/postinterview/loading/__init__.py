"""Rule files to definitions: five stages, every fault reported at once.

Syntax (``nodes``), shape (``shape``), references (``link``) and graph (``graph``) decide whether there
is a definition. Conduct reads a definition and finds manners, not faults: ``conduct`` at once, for what
needs no proof, and ``proof.findings`` for all the rest.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection
from hashlib import sha256

from attrs import frozen

from postinterview.core.definitions import Definition, Source
from postinterview.loading import graph_checks, guard_checks, role_checks, rule_schema
from postinterview.loading.conduct import conduct
from postinterview.loading.diagnostics import Diagnostic, Findings
from postinterview.loading.link import link
from postinterview.loading.nodes import Mapping, Node, Scalar, read
from postinterview.loading.report import Report
from postinterview.loading.shape import Shape
from postinterview.loading.text_values import number
from postinterview.loading.unknown_names import CountryCodes

__all__ = ["Loaded", "conduct", "load"]


@frozen
class Loaded:
    """What a file says, or why it can't be told: ``definition`` is None where there is an error."""

    definition: Definition | None
    diagnostics: tuple[Diagnostic, ...]


def load(
    text: bytes | str,
    file: str,
    *,
    name: str,
    custom: Collection[str] | None = None,
    countries: CountryCodes | None = None,
    pure: bool = False,
) -> Loaded:
    """Load one rule file.

    ``file`` is its name in diagnostics and origins; ``name`` the rulebook's. ``custom``: the names of
    the functions that guards may ask; None: any. ``countries`` tells which codes of countries are known; None
    checks none. ``pure``: parse with the parser written in Python.
    """
    findings = Findings()
    root = read(text, file, findings, pure=pure)
    if root is None:
        return Loaded(None, findings.sorted())
    report = Report(findings, root)
    if not (too_new(root, report) or _tells_stories(root, report, file) or _promises(root, report)):
        file_record = Shape(report).table(rule_schema.FILE, root, root)
        if file_record is not None:
            linked = link(file_record, report, custom, countries)
            graph_checks.check(linked)
            role_checks.check(linked)
            guard_checks.check(linked)
            if not findings.has_errors:
                source = Source(file, sha256(text.encode() if isinstance(text, str) else text).hexdigest())
                return Loaded(linked.definition(name, source), findings.sorted())
    return Loaded(None, findings.sorted())


def too_new(root: Node, report: Report) -> bool:
    """Whether the file is written for a later version; then nothing else is said about it."""
    if not isinstance(root, Mapping):
        return False
    for key, node in root.entries:
        if key.text == "format" and isinstance(node, Scalar):
            wanted = number(node.text, 1)
            if isinstance(wanted, int) and wanted > rule_schema.FORMAT:
                report.add(
                    "PI104",
                    node,
                    f"the file is written in format {wanted}",
                    f"this version reads format {rule_schema.FORMAT}",
                    f"update postinterview to a version that reads format {wanted}",
                )
                return True
        if key.text == "extends":
            report.add(
                "PI105",
                key,
                "`extends` is not supported by this version",
                "a later version will read it",
                "write the rules out in one file for now",
            )
            return True
    return False


def _tells_stories(root: Node, report: Report, file: str) -> bool:
    """Whether it is a scenario file; then nothing else is said about it."""
    keys = {key.text: (key, node) for key, node in root.entries} if isinstance(root, Mapping) else {}
    if "scenarios" not in keys or "machines" in keys:
        return False
    _, named = keys.get("rules", (None, None))
    rules = named.text if isinstance(named, Scalar) and named.text else "default"
    if "/" in rules or "." in rules:
        rules = posixpath.normpath(posixpath.join(posixpath.dirname(file), rules))
    report.add(
        "PI128",
        keys["scenarios"][0],
        "this is a scenario file, without rules",
        f"its rules are `{rules}`",
        f"name those instead: `{rules}`",
    )
    return True


def _promises(root: Node, report: Report) -> bool:
    """Whether it is a promise file; then nothing else is said about it."""
    keys = {key.text: key for key, _ in root.entries} if isinstance(root, Mapping) else {}
    if "promises" not in keys or {"machines", "events"} & keys.keys():
        return False
    report.add(
        "PI129",
        keys["promises"],
        "this is a promise file, without rules",
        "rules are held to these",
        "name it behind `--promises`, and the rules before: `postinterview prove RULES --promises FILE`",
    )
    return True
