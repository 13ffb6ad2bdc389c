"""Read YAML or JSON text into nodes with exact positions. The only importer of ``yaml``.

The parser's events are read, and no objects are made: a plain scalar stays text, and the declared type of
the field decides later what it means. So `no` is no boolean, `12:30` no number and `2026-02-30` no crash.
Whatever YAML offers beyond mappings, sequences and scalars is refused with a diagnostic.

PyYAML has two parsers: libyaml, written in C, and a pure one in Python. They differ in corners, and so do
their versions. Where they differ, the composer decides, so that a file means the same on every machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml
from attrs import evolve
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from postinterview.loading import syntax_messages as say
from postinterview.loading.decoding import MAX_BYTES, ODD_BLANK, TAB, hidden, take_in, with_tabs
from postinterview.loading.diagnostics import Diagnostic, Findings, Label, Span, Template
from postinterview.loading.misplaced_text import no_colon, space_missing
from postinterview.loading.parser_errors import cut_short, find_bad_escape, translate
from postinterview.loading.text import Mark, Place, Text
from postinterview.loading.tree import Mapping, Node, Scalar, Sequence

__all__ = ["MAX_DEPTH", "Mapping", "Node", "Scalar", "Sequence", "read"]

MAX_DEPTH = 40

_NO_BLANK = re.compile(r"[\w-]+:\S")
_HEADER_WITH_COMMENT = re.compile(r"[|>][-+\d]*#")
_TIGHT_COLON = re.compile(r" *(:)[,\[\]{}?]")
# The pure parser ends a text between brackets at a question mark, libyaml doesn't. So the pure one is given
# another character instead, one that no text holds.
_QUESTION = re.compile(r"(?<=[^\s\[\]{},])\?|(?<=[^\s\[\]{},:?-]) +\?")
_ASKED = "\ufdd1"
_DIRECTIVE = re.compile(r"(?:[ ]*(?:#[^\n]*)?\n)*(?=%)")


def read(
    text: bytes | str, file: str, findings: Findings, *, pure: bool = False, most: int = MAX_BYTES
) -> Node | None:
    """Return the content of a file as nodes, and add what is wrong with it to ``findings``.

    Return None, with at least one error, if the text can't be read or a part of it is unknown. A node that
    is returned beside errors is whole, so that later stages may go on with it. ``pure``: use the parser
    written in Python; without it, libyaml if PyYAML was built with it. ``most``: a limit in bytes.
    """
    source = take_in(text, file, findings, most=most)
    if source is None:
        return None
    if directive := _DIRECTIVE.match(source.text):
        at = Place(source.text.count("\n", 0, directive.end()), 0)
        findings.add(say.DIRECTIVE.at(source.rest(at)))
        return None
    loader: type[Any] = yaml.SafeLoader if pure else getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return _compose(source, loader, findings)


def _compose(source: Text, loader: type[Any], findings: Findings) -> Node | None:
    pure, before = loader is yaml.SafeLoader, len(findings.found)
    parser = loader(_hide_questions(source.text) if pure and "?" in source.text else source.text)
    composer = _Composer(source, parser.get_event, findings, pure=pure)
    try:
        return composer.document()
    except _StopError:
        return None
    except yaml.MarkedYAMLError as error:
        words, problem = error.context or "", error.problem or ""
        if "nesting depth" in problem:
            # libyaml refuses 1,000 levels. It reads up to 1,024 characters ahead of its events, to see
            # whether a bracket begins a key, so it can stop before the composer has met level 41. The text
            # up to there has no more levels than libyaml reads: composed again, it shows level 41.
            del findings.found[before:]
            return _compose(source.before(source.clamp(error.problem_mark)), loader, findings)
        composer.give_up(translate(source, words, error.context_mark, problem, error.problem_mark))
    except (ValueError, OverflowError):  # the pure parser, on an escape beyond the last character
        composer.give_up(translate(source, "", None, "escape", parser.get_mark()))
    except yaml.YAMLError:
        findings.add(say.UNREADABLE.at(Span(source.file, 1, 1, 1, 1)))
    return None


def _hide_questions(text: str) -> str:
    return _QUESTION.sub(lambda match: match.group()[:-1] + _ASKED, text)


class _StopError(Exception):
    """Reading on would be useless or unsafe."""


class _Composer:
    """Composes nodes of events. INVARIANT: it stops at MAX_DEPTH, so no stack overflows."""

    def __init__(
        self, source: Text, next_event: Callable[[], Any], findings: Findings, *, pure: bool = False
    ) -> None:
        self._source = source
        self._next = next_event
        self._findings = findings
        self._path: list[str] = []
        self._holed = False
        self._pure = pure
        # Most files hold none of these, and then no scalar needs a second look.
        self._look = (
            bool(source.cuts)
            or any(mark in source.text for mark in ("&", "!", "\\", TAB))
            or not source.text.isascii()
        )

    def document(self) -> Node | None:
        self._next()  # the stream's start
        event = self._next()
        if isinstance(event, StreamEndEvent):
            self._refuse(say.EMPTY, Span(self._source.file, 1, 1, 1, 1))
            return None
        root = self._node(self._next(), 1)
        if isinstance(root, Scalar) and root.plain and not root.text:
            self._refuse(say.EMPTY, Span(self._source.file, 1, 1, 1, 1), hole=True)
        elif isinstance(root, Scalar) and root.plain and _NO_BLANK.match(root.text) and not self._holed:
            self._report(no_colon(self._source, root.start.line), hole=True)
        self._next()  # the document's end
        event = self._next()
        kind = event.__class__
        if kind is DocumentStartEvent:
            where = self._source.span(event.start_mark, event.end_mark)
            self._refuse(say.SEVERAL_DOCUMENTS, where, hole=True)
        return None if self._holed else root

    def give_up(self, diagnostic: Diagnostic) -> None:
        """Report why the parser stopped, unless the composer has reported the same of this place."""
        if all((d.code, d.where) != (diagnostic.code, diagnostic.where) for d in self._findings.found):
            self._add(diagnostic)

    def _node(self, event: Any, depth: int) -> Node:
        kind = event.__class__
        if kind is ScalarEvent:
            return self._scalar(event)
        span = self._source.span
        if kind is AliasEvent:
            where = span(event.start_mark, event.end_mark)
            self._refuse(say.ALIAS, where, hole=True, name=f"*{event.anchor}")
            return Scalar("", True, self._source, event.start_mark, event.end_mark)
        if depth > MAX_DEPTH:
            where = span(event.start_mark, event.end_mark)
            self._add(say.TOO_DEEP.at(where, most=MAX_DEPTH, next=MAX_DEPTH + 1))
            raise _StopError
        if self._look:
            self._inspect_marks(event)
        return self._mapping(event, depth) if kind is MappingStartEvent else self._sequence(event, depth)

    def _scalar(self, event: Any) -> Scalar:
        style = event.style
        scalar = Scalar(event.value, not style, self._source, event.start_mark, event.end_mark)
        if self._pure and _ASKED in scalar.text:
            scalar.text = scalar.text.replace(_ASKED, "?")
        if self._look:
            self._inspect_marks(event)
            self._inspect_text(scalar, style)
        if style and style in "|>":
            self._inspect_header(scalar.start)
        if scalar.plain and ("-" in scalar.text or "?" in scalar.text):
            self._inspect_lines(scalar)
        return scalar

    def _sequence(self, event: Any, depth: int) -> Sequence:
        items: list[Node] = []
        start, flow = event.start_mark, event.flow_style
        while True:
            event = self._next()
            kind = event.__class__
            if kind is SequenceEndEvent:
                break
            self._path.append(f"[{len(items)}]")
            items.append(self._node(event, depth + 1))
            self._path.pop()
        end = event.end_mark if flow or not items else items[-1].end
        return Sequence(tuple(items), self._source, start, end)

    def _mapping(self, event: Any, depth: int) -> Mapping:
        entries: list[tuple[Scalar, Node]] = []
        first: dict[str, Scalar] = {}
        start, flow = event.start_mark, event.flow_style
        path, next_event = self._path, self._next
        while True:
            event = next_event()
            kind = event.__class__
            if kind is MappingEndEvent:
                break
            key = self._scalar(event) if kind is ScalarEvent else self._no_key(event, depth)
            if self._pure and flow and key.plain:
                self._inspect_colon(key.end)
            name = key.text
            path.append(name)
            event = next_event()
            value = self._scalar(event) if event.__class__ is ScalarEvent else self._node(event, depth + 1)
            if value.__class__ is Scalar and not value.text and value.plain:
                self._settle_missing(key, value)
            if name in first:
                others = (Label(first[name].span, "given here first"),)
                self._refuse(say.DUPLICATE, key.span, others=others, name=name)
            else:
                first[name] = key
                entries.append((key, value))
                if not name or (name == "<<" and key.plain):
                    self._refuse(say.MERGE_KEY if name else say.EMPTY_KEY, key.span, hole=True)
            path.pop()
        end = event.end_mark if flow or not entries else entries[-1][1].end
        return Mapping(tuple(entries), self._source, start, end)

    def _no_key(self, event: Any, depth: int) -> Scalar:
        """Skip what stands in the place of a name, and go on with a name that no file holds."""
        node = self._node(event, depth + 1)
        if event.__class__ is not AliasEvent:
            self._refuse(say.KEY_NOT_TEXT, node.span, hole=True)
        return Scalar(f"\0{self._findings.count}", False, self._source, node.start, node.end)

    def _settle_missing(self, key: Scalar, value: Scalar) -> None:
        """Put a missing value right after its key, since the parsers disagree on where it is."""
        if value.start.line == value.end.line and value.start.column == value.end.column:
            value.start = value.end = key.end
            if self._look:
                self._inspect_cut(value, 1)
        if key.plain and ":" in key.text and not self._source.rest_of_line(key.end).lstrip().startswith(":"):
            self._report(space_missing(key.text, key.span), hole=True)

    def _inspect_marks(self, event: Any) -> None:
        if event.anchor is None and event.tag is None:
            return
        start = event.start_mark
        line = self._source.lines[start.line]
        for sign, template in (("&", say.ANCHOR), ("!", say.TYPE_NAME)):
            found = (event.anchor if sign == "&" else event.tag) is not None
            if found and (match := re.compile(rf"{sign}[^\s,\[\]{{}}]*").search(line, start.column)):
                where = self._source.span(Place(start.line, match.start()), Place(start.line, match.end()))
                # The parsers disagree on where such a name ends, so on what the value is.
                self._refuse(template, where, hole=True, name=match.group())

    def _inspect_text(self, scalar: Scalar, style: str | None) -> None:
        source = self._source
        if TAB in scalar.text:
            if scalar.plain:
                at = source.find(TAB, scalar.start)
                self._refuse(say.TAB, source.stretch(at, 1), hole=True)
            else:
                scalar.text = scalar.text.replace(TAB, "\t")
        if style == '"' and (bad := find_bad_escape(source, scalar.start, scalar.end)):
            self._add(bad)  # without its path, as the other parser's error has none
            raise _StopError
        if scalar.plain and scalar.text:
            self._inspect_cut(scalar, 0)
            if blank := ODD_BLANK.search(scalar.text):
                at = source.find(blank[1], scalar.start)
                self._report(hidden(blank[1], source.stretch(at, 1)), hole=True)

    def _inspect_cut(self, scalar: Scalar, beyond: int) -> None:
        line, column = scalar.end.line, scalar.end.column + beyond
        if (line, column) in self._source.cuts:
            where = self._source.rest(Place(line, column + 1))
            lost = self._source.rest_of_line(Place(line, column + 1))
            self._report(cut_short(scalar.text, scalar.span, where, lost))

    def _inspect_colon(self, end: Mark) -> None:
        """Refuse a colon that touches a bracket: libyaml does, and the pure parser reads it."""
        if colon := _TIGHT_COLON.match(self._source.lines[end.line], end.column):
            self._add(say.TIGHT_COLON.at(self._source.stretch(Place(end.line, colon.start(1)), 1)))
            raise _StopError

    def _inspect_header(self, start: Mark) -> None:
        """Refuse a comment that touches `|` or `>`: libyaml reads it, and the pure parser doesn't."""
        header = self._source.rest_of_line(start)
        if _HEADER_WITH_COMMENT.match(header):
            self._holed = True
            self._add(say.BLOCK_HEADER.at(self._source.rest(start), sign=header[:1]))

    def _inspect_lines(self, scalar: Scalar) -> None:
        """Refuse a list item that is indented too far: YAML reads it as more of the text above."""
        for line in range(scalar.start.line + 1, scalar.end.line + 1):
            text = self._source.lines[line].lstrip()
            at = Place(line, len(self._source.lines[line]) - len(text))
            if text.startswith("- "):
                others = (Label(scalar.span, "the text begins here"),)
                self._refuse(say.SWALLOWED_ITEM, self._source.rest(at), others=others)
            elif text.startswith("?"):  # the parsers disagree on it, between brackets
                self._refuse(say.BAD_LINE, self._source.stretch(at, 1), hole=True)

    def _refuse(
        self,
        what: Template,
        where: Span,
        *,
        hole: bool = False,
        others: tuple[Label, ...] = (),
        **words: str | int,
    ) -> None:
        if self._findings.full:
            self._holed = self._holed or hole
            self._findings.leave_out(where)
        else:
            self._report(what.at(where, others=others, fix=None, **words), hole=hole)

    def _report(self, diagnostic: Diagnostic, *, hole: bool = False) -> None:
        """Report a fault. ``hole``: a part of the file is unknown, so that no later stage may judge it."""
        self._holed = self._holed or hole
        self._add(evolve(diagnostic, path=".".join(self._path).replace(".[", "[")))

    def _add(self, diagnostic: Diagnostic) -> None:
        self._findings.add(with_tabs(diagnostic) if TAB in self._source.text else diagnostic)
