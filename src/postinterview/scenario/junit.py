"""Write played scenarios as JUnit XML, the form in which CI servers read the results of tests.

Each file is a suite and each scenario a case. A case that went otherwise than expected has a ``failure``
with the text that ``postinterview test`` prints. What could not be played is an ``error``.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from attrs import define, field

from postinterview.layout import plain, visible
from postinterview.loading import render
from postinterview.loading.diagnostics import Diagnostic
from postinterview.scenario.linking import Unplayable
from postinterview.scenario.playing import Played
from postinterview.scenario.scenario_text import failure_lines


@define
class JUnitReport:
    """Collects results, file by file."""

    _suites: dict[str, ET.Element] = field(factory=dict)

    def add(self, played: Played, seconds: float) -> None:
        """Add a scenario that was played, and how long that took."""
        where = played.scenario.where
        case = self._case(where.file, played.scenario.name, where.line, seconds)
        failed = [step for step in played.failed_steps if step.step.number not in played.consequences]
        if played.diagnostics:
            _say(case, "error", played.diagnostics[0].message, render.text(played.diagnostics, {}))
        elif failed:
            message = f"step {failed[0].step.number}: {failed[0].failures[0].text}"
            _say(case, "failure", message, plain(failure_lines(played)))

    def add_unplayable(self, scenario: Unplayable) -> None:
        """Add a scenario that can't be played with these rules."""
        case = self._case(scenario.where.file, scenario.name, scenario.where.line)
        _say(case, "error", scenario.diagnostics[0].message, render.text(scenario.diagnostics, {}))

    def add_errors(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add what is wrong with files: a case for each file with errors."""
        files: dict[str, list[Diagnostic]] = {}
        for each in diagnostics:
            if each.severity == "error":
                files.setdefault(each.where.file, []).append(each)
        for file, found in files.items():
            case = self._case(file, "the file can be played", found[0].where.line)
            _say(case, "error", found[0].message, render.text(found, {}))

    def add_unreadable(self, file: str, message: str) -> None:
        """Add a file that can't be read."""
        _say(self._case(file, "the file can be read", 1), "error", message, message)

    def text(self) -> str:
        """Return the XML."""
        root = ET.Element("testsuites", name="postinterview")
        for suite in self._suites.values():
            _count(suite, [suite])
            root.append(suite)
        _count(root, self._suites.values())
        ET.indent(root)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'

    def _case(self, file: str, name: str, line: int, seconds: float = 0.0) -> ET.Element:
        shown = visible(file)
        suite = self._suites.setdefault(file, ET.Element("testsuite", name=shown))
        told = {"classname": shown, "name": visible(name), "file": shown, "line": str(line)}
        told["time"] = f"{seconds:.3f}"
        return ET.SubElement(suite, "testcase", told)


def _say(case: ET.Element, tag: str, message: str, text: str) -> None:
    """Add what happened. XML can't hold control characters, so they are made visible."""
    said = ET.SubElement(case, tag, message=visible(message), type=tag)
    said.text = "\n".join(map(visible, text.split("\n")))


def _count(element: ET.Element, suites: Iterable[ET.Element]) -> None:
    found = list(suites)
    element.set("tests", str(sum(len(each) for each in found)))
    for tag in ("failure", "error"):
        element.set(f"{tag}s", str(sum(case.find(tag) is not None for each in found for case in each)))
    element.set("skipped", "0")
    element.set("time", f"{sum(float(case.get('time', 0)) for each in found for case in each):.3f}")
