"""A foreign table of transitions to a graph: YAML, JSON or CSV, with the loader's own readers.

Whether an edge is a contact is never guessed: it says so itself, or the list of contacts, or the table.
What nobody said is counted as a contact, and known as said by nobody.
"""

from __future__ import annotations

from typing import Any

from attrs import define, field, frozen

from postinterview.audit.graph import Edge, Graph
from postinterview.audit.table.cells import is_csv, read_rows
from postinterview.audit.table.contacts import Contacts
from postinterview.audit.table.names import Known, add_missing
from postinterview.audit.table.table_schema import ANY, EDGE, FILE
from postinterview.loading import too_new
from postinterview.loading.diagnostics import Diagnostic, Findings, Span
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence, read
from postinterview.loading.records import Record
from postinterview.loading.report import Report
from postinterview.loading.shape import Shape

MOST_BYTES = 20_000_000
"""Programs write tables, and longer ones than people do."""


@frozen
class Table:
    """A table as it was read. ``start_said``: else every state counts as one where a process begins."""

    title: str
    graph: Graph
    start_said: bool


@frozen
class ReadTable:
    """What a file says, or why it can't be told: ``table`` is None where there is an error."""

    table: Table | None
    diagnostics: tuple[Diagnostic, ...]


def read_table(text: bytes | str, file: str, *, pure: bool = False) -> ReadTable:
    """Read a transition table; ``file`` is its name in diagnostics.

    ``pure``: parse with the parser written in Python.
    """
    findings = Findings()
    table = (
        _read_csv(text, file, findings)
        if is_csv(text, file)
        else _read_nodes(read(text, file, findings, pure=pure, most=MOST_BYTES), findings)
    )
    return ReadTable(None if findings.has_errors else table, findings.sorted())


def _read_csv(text: bytes | str, file: str, findings: Findings) -> Table | None:
    rows = read_rows(text, file, findings, MOST_BYTES)
    if rows is None:
        return None
    report = Report(findings, rows.edges)
    maker = _Maker(report)
    maker.take_edges(Shape(report), rows.edges.items)
    return maker.table("", rows.starts, None, Contacts(report))


def _read_nodes(root: Node | None, findings: Findings) -> Table | None:
    if root is None:
        return None
    report = Report(findings, root)
    if too_new(root, report) or _is_other(report, root):
        return None
    shape = Shape(report)
    record = shape.table(FILE, root, root)
    if record is None:
        return None
    if not {"edges", "next"} & record.values.keys():
        add_missing(report, root, FILE, "edges", "or `next`, by state the states that may come next")
        return None
    maker = _Maker(report)
    if record.get("edges") is not None:
        node = record.node_of("edges")
        maker.take_edges(shape, node.items if isinstance(node, Sequence) else ())
    if record.get("next") is not None:
        maker.take_next(record.node_of("next"))
    contacts = Contacts(report, record.get("contacts"), record)
    return maker.table(record.get("title") or "", record.get("start"), record.get("states"), contacts)


def _is_other(report: Report, root: Node) -> bool:
    """Whether the file is something else; then nothing else is said about it."""
    entries = root.entries if isinstance(root, Mapping) else ()
    keys = [key.text for key, _ in entries]
    if "machines" in keys or "scenarios" in keys:
        kind, command = ("rule", "prove") if "machines" in keys else ("scenario", "test")
        message, label = f"this is a {kind} file, not a transition table", "a table has `edges` or `next`"
        help = f"ask `postinterview {command}` of it"
    elif keys and "format" not in keys and all(_is_list(child) for _, child in entries):
        message, label = "the states stand at the top of the file", "a state, and what may come next"
        help = "begin with `format: 1` and `next:`, and indent these lines under it"
    else:
        return False
    report.add("PI851", entries[0][0], message, label, help, path="")
    return True


def _is_list(node: Node) -> bool:
    return isinstance(node, Sequence) or (isinstance(node, Scalar) and not node.text)


@frozen
class _Row:
    """One line of a table: the states it leaves from (none: all of them), and what is said of it."""

    sources: tuple[Scalar, ...]
    target: Scalar
    event: Scalar | None
    contact: bool | None
    where: Span


@define(eq=False)
class _Maker:
    """Collects rows, and makes a graph of them once all names are known."""

    report: Report
    rows: list[_Row] = field(factory=list)
    keys: list[Scalar] = field(factory=list)

    def take_edges(self, shape: Shape, items: tuple[Node, ...]) -> None:
        for item in items:
            if not isinstance(item, Mapping) or not item.entries:
                continue  # reported already
            record = shape.table(EDGE, item, item)
            if record is not None:
                self._take_edge(record)

    def _take_edge(self, record: Record) -> None:
        get = record.get
        missing = [name for name in ("from", "to") if name not in record.values]
        for name in missing:
            add_missing(self.report, record.node, EDGE, name)
        if missing or record.faulty:
            return
        sources: tuple[Scalar, ...] = get("from")
        if any(each.text == ANY for each in sources):
            sources = ()
        start = record.node.start
        where = record.node.source.span(start, start)
        self.rows.append(_Row(sources, get("to"), get("event"), get("contact"), where))

    def take_next(self, node: Node) -> None:
        for key, child in node.entries if isinstance(node, Mapping) else ():
            if key.text != ANY:
                self.keys.append(key)
            for target in self._targets(key, child):
                sources = () if key.text == ANY else (key,)
                self.rows.append(_Row(sources, target, None, None, target.span))

    def _targets(self, key: Scalar, child: Node) -> list[Scalar]:
        items = child.items if isinstance(child, Sequence) else (child,)
        found: list[Scalar] = []
        for item in items:
            if not isinstance(item, Scalar):
                self.report.add(
                    "PI106",
                    item,
                    f"`{key.text}` wants the names of states",
                    "this is no name",
                    f"write `{key.text}: [waiting, rejected]`; events have their place under `edges`",
                )
            elif item.text or not item.plain:
                found.append(item)
        return found

    def table(
        self, title: str, starts: Any, states: tuple[Scalar, ...] | None, contacts: Contacts
    ) -> Table | None:
        whole = not self.report.findings.has_errors  # else an edge may be missing that names it
        known = Known(self.report, states)
        for start in starts or ():
            if states is not None:
                known.check(start)
        for key in self.keys:
            known.mention(key)
        for row in self.rows:
            for source in row.sources:
                known.mention(source)
            known.mention(row.target)
        if whole and states is None:
            for start in starts or ():
                known.check(start)
        if whole:
            contacts.look_up(known.names, {row.event.text: row.event for row in self.rows if row.event})
        if self.report.findings.has_errors:
            return None
        edges = tuple(edge for row in self.rows for edge in self._edges(row, known, contacts))
        names = tuple(known.names)
        begin = tuple(dict.fromkeys(start.text for start in starts or ())) or names
        return Table(title, Graph(names, begin, edges), bool(starts))

    def _edges(self, row: _Row, known: Known, contacts: Contacts) -> list[Edge]:
        target, event = row.target.text, row.event.text if row.event else ""
        names = [each.text for each in row.sources] if row.sources else list(known.names)
        made = []
        for source in names:
            contact, said = contacts.judge(source, target, row.event, row.contact, row.target)
            made.append(Edge(source, target, event, contact, said, row.where))
        return made
