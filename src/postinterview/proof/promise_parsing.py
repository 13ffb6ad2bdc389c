"""A promise file to promises, with the loader's own readers and diagnostics."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from attrs import define, frozen

from postinterview.core.definitions import APPLICATION, EMPLOYER, Definition, Origin
from postinterview.core.suggest import help_for
from postinterview.loading.diagnostics import Diagnostic
from postinterview.loading.languages import PROMISES, read_file, source_of
from postinterview.loading.nodes import Scalar
from postinterview.loading.records import Record, Section
from postinterview.loading.report import Report
from postinterview.loading.unknown_names import find
from postinterview.proof.promise_schema import FILE
from postinterview.proof.promises import (
    BUILT_IN,
    After,
    Before,
    Clause,
    MoreThan,
    Names,
    Promise,
    Promises,
    When,
    Within,
    Without,
    events_of,
)


@frozen
class ReadPromises:
    """What a promise file says, or why it can't be told: ``promises`` is None where there is an error."""

    promises: Promises | None
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

    ``known``: the rulebook that it is written for; then a name that the rulebook lacks is an error. The
    packaged promises are held up to every rulebook: there such a name stands for nothing. ``taken``:
    ids of promises that are judged already. ``pure``: parse with the parser written in Python.
    """
    content = read_file(text, file, PROMISES, FILE, pure=pure)
    found: tuple[Promise, ...] = ()
    section: Section | None = None if content.record is None else content.record.get("promises")
    if section is not None and content.shape is not None:
        report = content.shape.report
        maker = _Maker(report, file, known)
        for name, key, _ in section:
            if name in taken:
                report.add(
                    "PI804",
                    key,
                    f"there is a promise `{name}` already",
                    "every proof holds the rules to that one",
                    f"give it another name, such as `my_{name}`",
                )
        found = tuple(p for name, key, each in section if (p := maker.promise(name, key, each)))
    promises = None if content.findings.has_errors else Promises(found, (source_of(text, file),))
    return ReadPromises(promises, content.diagnostics)


@define(eq=False)
class _Maker:
    report: Report
    file: str
    known: Definition | None

    def promise(self, name: str, key: Scalar, record: Record | None) -> Promise | None:
        if record is None:
            return None
        parts: list[Record] = list(record.get("any_of") or ()) if "any_of" in record.values else [record]
        clauses = tuple(clause for each in parts if (clause := self.clause(each)) is not None)
        start = key.start
        return Promise(
            id=name,
            clauses=clauses,
            title=record.get("title") or "",
            why=record.get("why") or "",
            origin=Origin(self.file, start.line + 1, start.column + 1),
        )

    def clause(self, record: Record) -> Clause | None:
        when = None if record.faulty else self.when(record)
        never = self.names(record, "never")
        if when is None or not never:
            return None
        self.check_says_something(record)
        return Clause(never, when, self.names(record, "but"), record.get("to") or "")

    def when(self, record: Record) -> When | None:
        get = record.get
        per = get("per")
        employer = EMPLOYER if per is None else per
        if "more_than" in record.values:
            since = self.names(record, "since")
            return MoreThan(get("more_than"), since, employer, get("each") is not None)
        if "before" in record.values:
            self.check_date(get("before"))
            return Before(get("before").text, self.names(record, "ended_by"))
        if "within" in record.values:
            return Within(get("within"), self.names(record, "of"), employer) if get("of") else None
        if "after" in record.values:
            of, until = self.names(record, "after"), self.names(record, "until")
            if set(of) & set(until):
                self.report.add(
                    "PI803",
                    record.node_of("until"),
                    "the promise begins and ends with the same event",
                    "also under `after`",
                    "name it in one of the two",
                )
            return After(of, until, employer)
        if "without" in record.values and get("most"):
            emptied_by = self.names(record, "emptied_by")
            return Without(get("most"), emptied_by, APPLICATION if per is None else per)
        return None

    def names(self, record: Record, key: str) -> Names:
        found: tuple[Any, ...] = record.get(key) or ()
        for node in found:
            self.check_name(node)
        return tuple(node.text for node in found)

    def check_name(self, node: Scalar) -> None:
        if self.known is not None:
            known = {name: kind.origin for name, kind in self.known.events.items()} | dict.fromkeys(BUILT_IN)
            hint = "a promise names events, and built-in classes"
            find(self.report, node, known, code="PI801", noun="event or class", hint=hint)

    def check_says_something(self, record: Record) -> None:
        """Whether the clause forbids any act of the rulebook that it is written for."""
        if self.known is None:
            return
        known = self.known
        acts = {kind.name for kind in known.events.values() if kind.is_act}
        facts = [
            node for node in record.get("never") if (its := events_of(known, [node.text])) and not its & acts
        ]
        for node in facts:
            self.report.add(
                "PI805",
                node,
                f"`{node.text}` is not the candidate's doing, so no promise can forbid it",
                "rules allow acts; facts just happen",
                help_for(self.report.guesses.closest(node.text, acts), ())
                or "name what the candidate does, such as `chase`",
            )
        named = events_of(known, [node.text for node in record.get("never")]) & acts
        if facts or not named:
            return
        but = events_of(known, [node.text for node in record.get("but") or ()])
        if not named - but:
            self.report.add(
                "PI805",
                record.node_of("but"),
                "`but` takes away all that `never` names",
                "nothing is left to forbid",
                "name fewer there, or leave `but` out",
            )
            return
        to = record.get("to")
        if to and not any(known.events[name].to_person is (to == "interviewer") for name in named - but):
            self.report.add(
                "PI805",
                record.node_of("to"),
                "none of the acts that `never` names is to an interviewer"
                if to == "interviewer"
                else "all the acts that `never` names are to an interviewer",
                "nothing is left to forbid",
                "leave `to` out, or name acts that are",
            )

    def check_date(self, node: Scalar) -> None:
        if self.known is not None:
            hint = "a promise names a date that a field sets"
            find(self.report, node, self.known.dates, code="PI802", noun="date", hint=hint)
