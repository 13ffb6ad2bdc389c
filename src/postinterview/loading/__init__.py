"""Turn rule files into definitions in five stages; every stage reports all the faults it finds.

Syntax (`nodes`) and shape (`shape`) are shared with the other languages (`reading`). References (`link`)
looks up every name, and graph (`graph_checks`, `role_checks`, `guard_checks`) finds what can't work; then
there is a definition. Conduct judges a definition: `conduct` warns of what needs no proof, and
`proof.reports.findings` of all the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from postinterview.core.rules.definitions import Definition, PromiseFile
from postinterview.loading import graph_checks, guard_checks, role_checks, rule_schema
from postinterview.loading.conduct import conduct
from postinterview.loading.defined_names import Names
from postinterview.loading.diagnostics import LEFT_OUT, Diagnostic, Findings
from postinterview.loading.extending import FileText, Finder, Missing, Path
from postinterview.loading.languages import RULES
from postinterview.loading.link import LinkedFile, PromiseNames, link
from postinterview.loading.link_events import origin_of
from postinterview.loading.nodes import Node, Scalar, Sequence
from postinterview.loading.reading import find_none, read_file, source_of
from postinterview.loading.records import Record
from postinterview.loading.report import Report
from postinterview.loading.shape import Shape
from postinterview.loading.unknown_names import CountryCodes

if TYPE_CHECKING:
    from postinterview.loading.causes import Causes
    from postinterview.loading.changed_values import ChangedValues
    from postinterview.loading.pack_changes import Change

__all__ = ["FileText", "Finder", "LoadedRules", "Missing", "conduct", "load"]


@frozen
class LoadedRules:
    """A rule file after all stages. ``definition`` is None if an error is among the diagnostics.

    ``whole``: the file laid over those that it extends, as it is written; None if it can't be read.
    ``texts``: the file and those that it extends, the nearest first. ``extended``: the values of those as
    they stand, or None. ``removals``: what is taken away of them, by the path to it, with the name that says
    so.
    """

    definition: Definition | None
    diagnostics: tuple[Diagnostic, ...]
    texts: tuple[FileText, ...]
    whole: Node | None = None
    extended: Node | None = None
    removals: Mapping[Path, Scalar] = field(factory=dict)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the file changes in the one that it extends."""
        if self.whole is None or self.extended is None:
            return ()
        from postinterview.loading.pack_changes import changes

        return changes(self.whole, self.extended, self.removals)

    @property
    def causes(self) -> Causes | None:
        """Finds the lines of the file that a finding about the extended one comes from, if it extends one."""
        if self.whole is None or self.extended is None:
            return None
        from postinterview.loading.causes import Causes

        return Causes(self.changes, self.whole, self.extended)

    def at_own_lines(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return findings in order, those about extended files at the own lines that they come from."""
        found, file = list(found), self.texts[0].file
        if any(each.where.file != file for each in found) and (causes := self.causes) is not None:
            found = [causes.at_own_line(each) for each in found]
            found.sort(key=lambda each: (each.code == LEFT_OUT, each.where, each.code, each.message))
        return found


def load(
    text: bytes | str,
    file: str,
    *,
    name: str,
    custom: Collection[str] | None = None,
    countries: CountryCodes | None = None,
    promises: PromiseNames | None = None,
    finder: Finder | None = None,
    pure: bool = False,
) -> LoadedRules:
    """Load one rule file.

    ``file`` is its name in diagnostics and origins; ``name`` the rulebook's. ``custom``: the names of the
    functions that guards may ask; None allows any. ``countries`` tells which codes of countries are known;
    None checks none. ``promises`` returns the names of the promises that a file can loosen, which inherits
    these promise files; None allows any.
    ``finder`` finds the file that another one extends. ``pure``: parse with the parser written in Python.
    """
    content = read_file(text, file, RULES, rule_schema.FILE, finder=finder, pure=pure)
    definition = None
    kept: tuple[PromiseFile, ...] = ()

    def judged(record: Record, report: Report, changed: ChangedValues | None = None) -> LinkedFile:
        names = None
        if promises is not None:  # they are read only if they are asked for
            inherited = [each for each in kept if each.origin.file != file]
            names = promises(inherited) if record.get("loosens") else ()
        linked = link(record, report, custom, countries, names, changed)
        graph_checks.check(linked)
        role_checks.check(linked)
        guard_checks.check(linked)
        return linked

    def judge(tree: Node, removed: dict[str, Scalar]) -> tuple[list[Diagnostic], Names]:
        shape = Shape(Report(Findings(), tree, removed=removed))
        record = shape.table(rule_schema.FILE, tree, tree)
        names = judged(record, shape.report).names if record is not None else Names(shape.report)
        return shape.report.findings.found, names

    if content.record is not None and content.shape is not None:
        kept = tuple(_kept(content.record, content.shape.report, finder))
        if content.layers.kept is not None:
            theirs = () if promises is None else set(promises(kept)).difference(promises(()))
            _promises_kept(content.layers.kept, content.shape.report, sorted(theirs))
        changed = None
        if len(content.texts) > 1:  # most of a host's rules extend no file
            from postinterview.loading.changed_values import ChangedValues

            changed = ChangedValues(content.record.node, content.layers, content.texts)
        linked = judged(content.record, content.shape.report, changed)
        if content.findings.has_errors and content.layers.removed:
            from postinterview.loading.removals import left_behind

            left = left_behind(file, content.record.node, content.layers, judge)
            if left is not None:
                content.findings.replace(left.consequences, () if left.finding is None else (left.finding,))
        if not content.findings.has_errors:
            sources = tuple(source_of(each.text, each.file) for each in content.texts)
            above = {each: origin_of(key) for each, key in content.layers.loosened.items()}
            removals = {path: origin_of(key) for path, key in content.layers.removals.items()}
            definition = evolve(linked.definition(name, sources, above, removals), keeps=kept)
    loaded = LoadedRules(
        definition,
        content.diagnostics,
        tuple(content.texts),
        content.record.node if content.record is not None else None,
        content.extended,
        content.layers.removals,
    )
    return evolve(loaded, diagnostics=tuple(loaded.at_own_lines(content.diagnostics)))


def _promises_kept(name: Scalar, report: Report, promises: Collection[str]) -> None:
    """Report that a file removes the promise files of the one that it extends."""
    named = ", ".join(f"{each}: {{why: ...}}" for each in promises)
    report.add(
        "PI610",
        name,
        "the promises that the extended file keeps can't be removed",
        "who extends a file is held to its promises",
        (
            f"name those that you break: `loosens: {{{named}}}`"
            if named
            else "name each promise that you break under `loosens`, with a `why`"
        )
        + "; or extend another file",
        path="remove",
    )


def _kept(record: Record, report: Report, finder: Finder | None) -> Iterator[PromiseFile]:
    """Yield the promise files that the rules name under ``keeps``, and report those that are not there.

    A path is seen from the file that says it, which may be one that this file extends.
    """
    named = record.written("keeps")
    for node in named.items if isinstance(named, Sequence) else (named,):
        if isinstance(node, Scalar):
            found = (finder or find_none)(node.text, node.source.file)
            if isinstance(found, Missing):
                report.add("PI608", node, found.message, "so nothing holds these rules to it", found.help)
            else:
                yield PromiseFile(file=found.file, text=found.text, origin=origin_of(node))
