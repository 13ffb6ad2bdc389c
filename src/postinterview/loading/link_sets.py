"""Stage three, sets of guards: a transition that names a set has its guards, as if they were written there.

Sets may use other sets, so they are linked in the order in which they use each other, without recursion.
A guard that comes by two ways is the same guard, and stands once.
"""

from __future__ import annotations

from typing import TypeAlias

from attrs import define, field

from postinterview.loading import defined_names as n
from postinterview.loading.defined_names import Names
from postinterview.loading.in_order import circle_labels, circle_text, in_order
from postinterview.loading.nodes import Scalar
from postinterview.loading.records import Record, Section
from postinterview.loading.report import span_of
from postinterview.loading.source_text import in_one_line

MOST_SHARED = 10_000
"""So many guards may be taken out of sets in one file: sets that use sets multiply them."""

WrittenGuard: TypeAlias = tuple[Scalar, Record | None]
"""The id of a guard as written, and its record, if it can be read."""


@define(eq=False)
class GuardSets:
    """The sets of guards of a file, by name, each with the guards of the sets that it uses.

    ``partly``: the sets of which some guard is not known.
    """

    names: Names
    sets: dict[str, dict[str, WrittenGuard]] = field(factory=dict)
    partly: set[str] = field(factory=set)
    _shared: int = 0

    def link(self, sections: Section | None) -> None:
        """Link the sets of a file."""
        written: dict[str, Section] = {name: each or Section() for name, _, each in sections or ()}
        if sections is not None:
            self.partly.update(name for name, _, each in sections if each is None)
        uses = {name: self._used(each) for name, each in written.items()}
        for name in in_order(uses, self._report_circle):
            self.sets[name], complete = self._joined(written[name], [used for _, used in uses[name]])
            if not complete:
                self.partly.add(name)

    def guards_of(self, section: Section) -> tuple[dict[str, WrittenGuard], bool]:
        """Return the guards of a transition or a set, those of the sets that it uses first.

        Also return whether all sets are known, and known as a whole.
        """
        return self._joined(section, [name for _, name in self._used(section)])

    def _used(self, section: Section) -> list[tuple[Scalar, str]]:
        nodes: tuple[Scalar, ...] = section.special.get("use") or ()
        return [(node, self.names.name(n.GUARD_SET, node) or "") for node in nodes]

    def _joined(self, section: Section, sets: list[str]) -> tuple[dict[str, WrittenGuard], bool]:
        guards: dict[str, WrittenGuard] = {}
        complete = "use" not in section.special or section.special["use"] is not None
        for name in sets:
            complete &= name in self.sets and name not in self.partly
            before, self._shared = self._shared, self._shared + len(self.sets.get(name, ()))
            if self._shared > MOST_SHARED:
                if before <= MOST_SHARED:
                    self._report_too_many(section)
                return guards, False
            for id, guard in self.sets.get(name, {}).items():
                self._add(guards, id, guard, guard[0])
        for id, key, record in section:
            self._add(guards, id, (key, record), key)
        return guards, complete

    def _add(self, guards: dict[str, WrittenGuard], id: str, guard: WrittenGuard, where: Scalar) -> None:
        first = guards.setdefault(id, guard)
        if first is guard:
            return
        report, other, written = self.names.report, first[0], guard[1]
        if where.source.file != report.root.source.file == other.source.file:
            where, other, written = other, where, first[1]
        label, help = "the first one", "give one of them another id"
        section, *of = report.path(other).split(".")
        if other.source.file != where.source.file and section == "guard_sets" and written is not None:
            label = f"the first one, in the set `{of[0]}`"
            said = f"guard_sets: {{{of[0]}: {{{id}: {in_one_line(written.node)}}}}}"
            help = (
                f"to change that one, for all that use the set, write `{said}` instead; or choose another id"
            )
            lacks = [each for each in report.findings.found if each.code == "PI102"]
            report.findings.replace([each for each in lacks if each.where == span_of(where)], ())
        report.add(
            "PI225", where, f"two guards are called `{id}`", "the second one", help, others=((other, label),)
        )

    def _report_too_many(self, section: Section) -> None:
        self.names.report.add(
            "PI231",
            section.special["use"][0],
            f"more than {MOST_SHARED:,} guards are taken out of sets in this file",
            "counted up to here",
            "use smaller sets, or fewer of them",
        )

    def _report_circle(self, circle: list[Scalar]) -> None:
        self.names.report.add(
            "PI226",
            circle[0],
            f"these sets of guards use themselves: {circle_text(circle)}",
            "so their guards never end",
            "take one of them out of `use`",
            others=circle_labels(circle),
        )
