"""Set an audit as lines of text, and as plain data for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from postinterview.audit.history.audit_findings import KINDS, Audit, Finding, FindingKind
from postinterview.audit.short_text import short
from postinterview.core.answers.verdict import distinct
from postinterview.core.values.formatting import say_count, say_list
from postinterview.layout import BLANK, Line, Piece, Style, hang, line, visible
from postinterview.loading.render import diagnostics_data
from postinterview.scenario.phrases import aligned_text, event_text

_TITLES: dict[FindingKind, tuple[str, Style]] = {
    "breach": ("acts that the rules refused", "failed"),
    "contradiction": ("rows that can't be true together", "failed"),
    "unexpected": ("facts that no machine was waiting for", "refused"),
    "undecided": ("acts that may have been refused; the history does not tell", "opens"),
    "outside": ("before the interview, not judged", "dim"),
    "unread": ("rows that could not be read", "refused"),
    "unknown": ("events that may have happened", "opens"),
    "undated": ("events that happened; nobody knows when", "opens"),
    "planned": ("dated after the export", "dim"),
    "not_saved": ("processes that were not saved", "failed"),
    "hint": ("worth a look", "dim"),
}
_INDENT = "  "


def lines_of(audit: Audit, width: int) -> Iterator[Line]:
    """Yield the findings by kind, and a summary at the end."""
    for kind in KINDS:
        found = audit.found[kind]
        if not found:
            continue
        title, style = _TITLES[kind]
        head = f"{kind.replace('_', ' ')}: {title} ({found})"
        yield line(Piece(head, "title" if style == "dim" else style))
        for each, more in _once(audit.findings[kind]):
            yield from _finding(audit, each, more, width)
        left = found - len(audit.findings[kind])
        if left:
            yield line(_INDENT, Piece(f"and {left} more; raise `--limit` to see them", "dim"))
        yield BLANK
    yield from summary(audit, width)


def _once(found: Iterable[Finding]) -> Iterator[tuple[Finding, int]]:
    """Yield each finding; of a word that can't be read in a column only the first, and how many more."""
    said: dict[tuple[str, ...], list[Finding]] = {}
    for number, each in enumerate(found):
        same = each.kind == "unread" and each.column
        key = (each.column, each.event, each.message, each.help) if same else (str(number),)
        said.setdefault(key, []).append(each)
    return ((same[0], len(same) - 1) for same in said.values())


def summary(audit: Audit, width: int) -> Iterator[Line]:
    """Yield how much was read, what became of it, and how much was found."""
    c = audit.counts
    said = f"{say_count(c.rows, 'row')}, {say_count(c.readings, 'reading')}: {say_count(c.events, 'event')}"
    nouns = {
        "planned": c.planned,
        "unknown": c.unknown,
        "with nothing to record": c.nothing,
        "unread": c.unread,
    }
    said += "".join(f", {number} {noun}" for noun, number in nouns.items() if number)
    said += f"; {say_count(c.blank, 'blank row')} skipped" if c.blank else ""
    yield from hang((), line(said), width)
    kinds: dict[FindingKind, str] = {"contradiction": "contradiction", "unexpected": "unexpected fact"}
    found = [say_count(audit.found["breach"], "breach", "breaches")] if audit.found["breach"] else []
    found += [say_count(audit.found[kind], noun) for kind, noun in kinds.items() if audit.found[kind]]
    what = say_list(tuple(found), "and") if found else "no breach"
    undone: dict[FindingKind, str] = {"undecided": "undecided", "outside": "not judged"}
    left = "".join(
        f"; {say_count(n, 'act')} {said}" for kind, said in undone.items() if (n := audit.found[kind])
    )
    yield from hang((), line(f"{say_count(c.processes, 'process', 'processes')}: {what}{left}"), width)


def data_of(audit: Audit) -> dict[str, Any]:
    """Return the audit in plain types."""
    return {
        "file": audit.file,
        "passed": audit.is_clean,
        "certain": audit.is_certain,
        "counts": audit.counts.as_json(),
        "found": dict(audit.found),
        "findings": [each.as_json() for each in audit],
        "diagnostics": diagnostics_data(audit.diagnostics),
    }


def _finding(audit: Audit, each: Finding, more: int, width: int) -> Iterator[Line]:
    where = f"{audit.file}:{each.line}" if each.line else ""
    lead: list[Piece] = [Piece(_INDENT)]
    if each.at is not None:
        shown = aligned_text(each.at)
        lead.append(Piece(f"{shown if each.clock else shown[:-6]}  ", "dim"))
    said: list[Piece] = []
    if each.employer and (each.line or each.kind != "hint"):
        said.append(Piece(f"{short(each.employer)}: "))
    if each.event:
        said.append(Piece(event_text(each.event, each.to, each.application), "you"))
    if each.message:
        column = f"{each.column}: " if each.column else ""
        said.append(Piece(f"{', ' if each.event else ''}{column}{visible(each.message)}"))
    if where:
        said.append(Piece(f" {where}", "dim"))
    if more:
        said.append(Piece(f" and in {say_count(more, 'more row')}"))
    yield from hang(tuple(lead), tuple(said), width)
    for reason in distinct(each.reasons):
        needs = f", needs {reason.needs}" if reason.needs else ""
        place = Piece(f"{reason.file}:{reason.line}", "dim")
        body = line(Piece(reason.id, "refused"), f": {reason.has}{needs} ", place)
        yield from hang(line(_INDENT * 3), body, width)
    if each.help:
        yield from hang(line(_INDENT * 3, Piece("= help: ", "dim")), line(Piece(each.help, "dim")), width)
