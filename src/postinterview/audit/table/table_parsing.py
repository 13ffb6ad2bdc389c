"""Parse a tracker's table of transitions, in YAML, JSON or CSV, to a graph.

Nothing is guessed: whether an edge is a contact stands at the edge, in the list `contacts`, or in the key
`contact` for the whole table. An edge without any of these counts as a contact, and is tagged "nobody".
"""

from __future__ import annotations

from typing import Any

from attrs import define, field, frozen

from postinterview.audit.graph import Edge, StateGraph
from postinterview.audit.table.csv_rows import is_csv, read_rows
from postinterview.audit.table.table_names import Contacts, TableStates
from postinterview.audit.table.table_schema import ANY, EDGE, FILE
from postinterview.loading import schema as k
from postinterview.loading.diagnostics import Diagnostic, Findings, Span
from postinterview.loading.languages import TABLE
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.loading.reading import FileContent, read_file
from postinterview.loading.records import Record
from postinterview.loading.report import Report
from postinterview.loading.shape import Shape

MOST_BYTES = 20_000_000
"""The largest size of a table: programs write them, and longer ones than people do."""
MOST_EDGES = 100_000
"""The most edges that `any` and lists of states may stand for."""


@frozen
class TransitionTable:
    """A table without errors. Without a ``start_said`` every state counts as one where a process begins."""

    title: str
    graph: StateGraph
    start_said: bool


@frozen
class ParsedTable:
    """``table``: None if an error is among the ``diagnostics``."""

    table: TransitionTable | None
    diagnostics: tuple[Diagnostic, ...]


def read_table(text: bytes | str, file: str, *, pure: bool = False) -> ParsedTable:
    """Parse a transition table; ``file``: its name in diagnostics; ``pure``: without libyaml."""
    if is_csv(text, file):
        findings = Findings()
        table = _read_csv(text, file, findings)
    else:
        content = read_file(
            text, file, TABLE, FILE, pure=pure, most=MOST_BYTES, refuse=_has_states_at_the_top
        )
        findings = content.findings
        table = _read_content(content)
    return ParsedTable(None if findings.has_errors else table, findings.sorted())


def _read_csv(text: bytes | str, file: str, findings: Findings) -> TransitionTable | None:
    if (rows := read_rows(text, file, findings, MOST_BYTES)) is None:
        return None
    edges, starts = rows
    report = Report(findings, edges)
    builder = _GraphBuilder(report)
    builder.add_edges(Shape(report), edges.items)
    return builder.table("", starts, None, Contacts(report))


def _read_content(content: FileContent) -> TransitionTable | None:
    shape, record = content.shape, content.record
    if shape is None or record is None:
        return None
    report = shape.report
    if not {"edges", "next"} & record.values.keys():
        more = ", or `next`: for each state the states that may come next"
        _report_missing(report, report.root, FILE, "edges", more)
        return None
    builder = _GraphBuilder(report)
    if record.get("edges") is not None:
        node = record.node_of("edges")
        builder.add_edges(shape, node.items if isinstance(node, Sequence) else ())
    if record.get("next") is not None:
        builder.add_next(record.node_of("next"))
    contacts = Contacts(report, record.get("contacts"), record)
    return builder.table(record.get("title") or "", record.get("start"), record.get("states"), contacts)


def _has_states_at_the_top(report: Report, root: Node) -> bool:
    """Report a table whose states are the keys of the file; nothing else is said of it then."""
    entries = root.entries if isinstance(root, Mapping) else ()
    keys = [key.text for key, _ in entries]
    if not keys or "format" in keys or not all(_is_list(child) for _, child in entries):
        return False
    message = "the states are at the top of the file"
    help = "begin with `format: 1` and `next:`, and indent these lines under it"
    report.add("PI851", entries[0][0], message, "a state, and what may come next", help, path="")
    return True


def _report_missing(report: Report, node: Node, table: k.Table, name: str, more: str = "") -> None:
    """Report a missing key at the first character of what lacks it."""
    where, message = node.source.stretch(node.start, 1), f"`{name}` is missing"
    help = f"add something like `{table.keys[name].example}`{more}"
    report.add("PI102", where, message, f"{table.noun} needs `{name}`", help, path=report.path(node))


def _is_list(node: Node) -> bool:
    return isinstance(node, Sequence) or (isinstance(node, Scalar) and not node.text)


@frozen
class _EdgeRow:
    """The edges of one row, to ``target``. ``sources``: the states they leave from; empty: all."""

    sources: tuple[Scalar, ...]
    target: Scalar
    event: Scalar | None
    contact: bool | None
    where: Span


@define(eq=False)
class _GraphBuilder:
    """Collects rows, and builds a graph from them once all names are known."""

    report: Report
    rows: list[_EdgeRow] = field(factory=list)
    keys: list[Scalar] = field(factory=list)

    def add_edges(self, shape: Shape, items: tuple[Node, ...]) -> None:
        for item in items:
            if not isinstance(item, Mapping):
                continue  # reported already
            record = shape.table(EDGE, item, item)
            if record is not None:
                self._add_edge(record)

    def _add_edge(self, record: Record) -> None:
        get = record.get
        missing = [name for name in ("from", "to") if name not in record.values]
        for name in missing:
            _report_missing(self.report, record.node, EDGE, name)
        if missing or record.faulty:
            return
        sources: tuple[Scalar, ...] = get("from")
        if any(each.text == ANY for each in sources):
            sources = ()
        where = record.node.source.span(record.node.start, record.node.start)
        self.rows.append(_EdgeRow(sources, get("to"), get("event"), get("contact"), where))

    def add_next(self, node: Node) -> None:
        for key, child in node.entries if isinstance(node, Mapping) else ():
            if key.text != ANY:
                self.keys.append(key)
            for target in self._targets(key, child):
                sources = () if key.text == ANY else (key,)
                self.rows.append(_EdgeRow(sources, target, None, None, target.span))

    def _targets(self, key: Scalar, child: Node) -> list[Scalar]:
        items = child.items if isinstance(child, Sequence) else (child,)
        found: list[Scalar] = []
        for item in items:
            if not isinstance(item, Scalar):
                message = f"`{key.text}` takes names of states"
                help = f"write `{key.text}: [waiting, rejected]`; events belong under `edges`"
                self.report.add("PI106", item, message, "this is not a name", help)
            elif item.text or not item.plain:
                found.append(item)
        return found

    def table(
        self, title: str, starts: Any, listed: tuple[Scalar, ...] | None, contacts: Contacts
    ) -> TransitionTable | None:
        complete = not self.report.findings.has_errors  # an edge with an error may name further states
        states = TableStates(self.report, listed)
        for key in self.keys:
            states.mention(key)
        for row in self.rows:
            for source in row.sources:
                states.mention(source)
            states.mention(row.target)
        if complete or listed is not None:
            for start in starts or ():
                states.check(start)
        if complete:
            contacts.look_up(states.names, {row.event.text: row.event for row in self.rows if row.event})
            self._check_size(len(states.names))
        if self.report.findings.has_errors:
            return None
        edges = tuple(edge for row in self.rows for edge in self._edges(row, states, contacts))
        names = tuple(states.names)
        begin = tuple(dict.fromkeys(start.text for start in starts or ())) or names
        return TransitionTable(title, StateGraph(names, begin, edges), bool(starts))

    def _check_size(self, states: int) -> None:
        sizes = [len(row.sources) or states for row in self.rows]
        if sum(sizes) > max(MOST_EDGES, len(sizes)):
            where, most = self.rows[sizes.index(max(sizes))].where, max(sizes)
            message = f"the table stands for {sum(sizes):,} edges, and {MOST_EDGES:,} can be searched"
            help = "write fewer lines with `any` or lists of states, or search a part of the table"
            self.report.add("PI002", where, message, f"this line stands for {most:,}", help)

    def _edges(self, row: _EdgeRow, states: TableStates, contacts: Contacts) -> list[Edge]:
        target, event = row.target.text, row.event.text if row.event else ""
        names = [each.text for each in row.sources] if row.sources else list(states.names)
        made = []
        for source in names:
            contact, tagged = contacts.classify(source, target, row.event, row.contact, row.target)
            made.append(Edge(source, target, event, contact, tagged, row.where))
        return made
