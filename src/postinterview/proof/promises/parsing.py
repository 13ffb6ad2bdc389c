"""Parse a promise file, with the readers and diagnostics of the loader."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from attrs import define, frozen

from postinterview.core.rules.definitions import APPLICATION, EMPLOYER, Definition, Origin
from postinterview.core.values.suggest import help_for
from postinterview.loading.diagnostics import Diagnostic
from postinterview.loading.languages import PROMISES
from postinterview.loading.nodes import Scalar
from postinterview.loading.reading import read_file, source_of
from postinterview.loading.records import Record, Section
from postinterview.loading.report import Report
from postinterview.loading.unknown_names import find
from postinterview.proof.promises import promise as p
from postinterview.proof.promises.schema import FILE


@frozen
class ReadPromises:
    """The promises of a file, and what was found in it; ``promises`` is None if there is an error."""

    promises: p.Promises | None
    diagnostics: tuple[Diagnostic, ...]


def read_promises(
    text: bytes | str,
    file: str,
    *,
    known: Definition | None = None,
    taken: Collection[str] = (),
    pure: bool = False,
) -> ReadPromises:
    """Read a promise file; ``file`` is its name in diagnostics.

    ``known``: the rulebook that it is written for; a name that the rulebook lacks is an error then. Without
    it, as for the packaged promises, such a name stands for nothing. ``taken``: ids of other promises.
    ``pure``: parse with the parser written in Python.
    """
    content = read_file(text, file, PROMISES, FILE, pure=pure)
    found: tuple[p.Promise, ...] = ()
    section: Section | None = None if content.record is None else content.record.get("promises")
    if section is not None and content.shape is not None:
        report = content.shape.report
        maker = _PromiseBuilder(report, file, known)
        for name, key, _ in section:
            if name in taken:
                note = "every proof holds the rules to that one"
                help = f"give it another name, such as `my_{name}`"
                report.add("PI804", key, f"there is a promise `{name}` already", note, help)
        made = (maker.promise(name, key, each) for name, key, each in section)
        found = tuple(each for each in made if each is not None)
    promises = None if content.findings.has_errors else p.Promises(found, (source_of(text, file),))
    return ReadPromises(promises, content.diagnostics)


@define(eq=False)
class _PromiseBuilder:
    """Makes promises of the records of a file, and reports what they can't mean."""

    report: Report
    file: str
    known: Definition | None

    def promise(self, name: str, key: Scalar, record: Record | None) -> p.Promise | None:
        """Return a promise with the clauses that can be read."""
        if record is None:
            return None
        parts: list[Record] = list(record.get("any_of") or ()) if "any_of" in record.values else [record]
        clauses = tuple(clause for each in parts if (clause := self._clause(each)) is not None)
        title, why = record.get("title") or "", record.get("why") or ""
        origin = Origin(self.file, key.start.line + 1, key.start.column + 1)
        return p.Promise(id=name, clauses=clauses, title=title, why=why, origin=origin)

    def _clause(self, record: Record) -> p.Clause | None:
        when = None if record.faulty else self._when(record)
        never = self._names(record, "never")
        if when is None or not never:
            return None
        self._check_forbids_something(record)
        return p.Clause(never, when, self._names(record, "but"), record.get("to") or "")

    def _when(self, record: Record) -> p.When | None:
        get, values = record.get, record.values
        per = get("per")
        employer = EMPLOYER if per is None else per
        if "more_than" in values:
            since, each = self._names(record, "since"), get("each") is not None
            if "since" in values and "within" in values:
                message = "the promise counts both since an event and within a time"
                help = "delete one, or list a promise for each under `any_of`"
                self.report.add("PI807", record.key_of("within"), message, "a count has one beginning", help)
            return p.MoreThan(get("more_than"), since, employer, each, get("within"), get("count") or "all")
        if "before" in values:
            if self.known is not None:
                hint = "a promise names a date that a field sets"
                find(self.report, get("before"), self.known.dates, code="PI802", noun="date", hint=hint)
            return p.Before(get("before").text, self._names(record, "ended_by"))
        if "within" in values:
            return p.Within(get("within"), self._names(record, "of"), employer) if get("of") else None
        if "later_than" in values:
            return p.LaterThan(get("later_than"), self._names(record, "of"), employer) if get("of") else None
        if "after" in values:
            of, until = self._names(record, "after"), self._names(record, "until")
            if set(of) & set(until):
                message = "the promise begins and ends with the same event"
                where, help = record.node_of("until"), "name it in one of the two"
                self.report.add("PI803", where, message, "also under `after`", help)
            return p.After(of, until, employer)
        if "without" in values and get("most"):
            emptied_by = self._names(record, "emptied_by")
            return p.Without(get("most"), emptied_by, APPLICATION if per is None else per)
        return None

    def _names(self, record: Record, key: str) -> p.Names:
        found: tuple[Any, ...] = record.get(key) or ()
        if self.known is not None:
            events = {name: kind.origin for name, kind in self.known.events.items()}
            known = events | dict.fromkeys(p.BUILT_IN)
            hint = "a promise names events, and built-in classes"
            for node in found:
                find(self.report, node, known, code="PI801", noun="event or class", hint=hint)
        return tuple(node.text for node in found)

    def _check_forbids_something(self, record: Record) -> None:
        """Report a clause that forbids no act of the rulebook that it is written for."""
        known = self.known
        if known is None:
            return
        acts = {kind.name for kind in known.events.values() if kind.is_act}
        named = {node: p.events_of(known, [node.text]) for node in record.get("never")}
        facts = [node for node, events in named.items() if events and not events & acts]
        for node in facts:
            message = f"`{node.text}` is not the candidate's doing, so no promise can forbid it"
            guess = help_for(self.report.guesses.closest(node.text, acts), ())
            help = guess or "name what the candidate does, such as `chase`"
            self.report.add("PI805", node, message, "rules allow acts; facts just happen", help)
        forbidden = frozenset().union(*named.values()) & acts
        if facts or not forbidden:
            return
        forbidden -= p.events_of(known, [node.text for node in record.get("but") or ()])
        to = record.get("to")
        where, message = "but", "`but` takes away all that `never` names"
        help = "name fewer there, or leave `but` out"
        if forbidden:
            if not to or any(known.events[name].to_person is (to == "interviewer") for name in forbidden):
                return
            where, help = "to", "leave `to` out, or name acts that are"
            message = "all the acts that `never` names are to an interviewer"
            if to == "interviewer":
                message = "none of the acts that `never` names is to an interviewer"
        self.report.add("PI805", record.node_of(where), message, "nothing is left to forbid", help)
