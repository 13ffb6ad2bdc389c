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
from postinterview.loading.decoding import MAX_BYTES, take_in
from postinterview.loading.diagnostics import Diagnostic, Findings, Label, Span
from postinterview.loading.misplaced_text import no_colon
from postinterview.loading.parser_differences import Inspector, StopReadingError
from postinterview.loading.parser_errors import translate
from postinterview.loading.source_text import Mapping, Node, Position, Scalar, Sequence, SourceText

__all__ = ["MAX_DEPTH", "Mapping", "Node", "Scalar", "Sequence", "read"]

MAX_DEPTH = 40

_NO_BLANK = re.compile(r"[\w-]+:\S")
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
        at = Position(source.text.count("\n", 0, directive.end()), 0)
        findings.add(say.DIRECTIVE.at(source.rest(at)))
        return None
    # INVARIANT: nothing has been found yet, so that `_compose` may clear what it found and begin again.
    loader: type[Any] = yaml.SafeLoader if pure else getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return _compose(source, loader, findings)


def _compose(source: SourceText, loader: type[Any], findings: Findings) -> Node | None:
    pure = loader is yaml.SafeLoader
    text = source.text
    if pure and "?" in text:
        text = _QUESTION.sub(lambda match: match.group()[:-1] + _ASKED, text)
    parser = loader(text)
    composer = _Composer(source, parser.get_event, findings, pure=pure)
    try:
        return composer.document()
    except StopReadingError:
        return None
    except yaml.MarkedYAMLError as error:
        words, problem = error.context or "", error.problem or ""
        if "nesting depth" in problem:
            # libyaml refuses 1,000 levels. It reads up to 1,024 characters ahead of its events, to see
            # whether a bracket begins a key, so it can stop before the composer has met level 41. The text
            # up to there has no more levels than libyaml reads: composed again, it shows level 41.
            at = source.clamp(error.problem_mark)
            shorter = source.before(at)
            if len(shorter.text) < len(source.text):
                findings.clear()
                return _compose(shorter, loader, findings)
            composer.give_up(_too_deep(source.stretch(at, 0)))
            return None
        composer.give_up(translate(source, words, error.context_mark, problem, error.problem_mark))
    except (ValueError, OverflowError):  # the pure parser, on an escape beyond the last character
        composer.give_up(translate(source, "", None, "escape", parser.get_mark()))
    except yaml.YAMLError:
        findings.add(say.UNREADABLE.at(Span(source.file, 1, 1, 1, 1)))
    return None


def _too_deep(where: Span) -> Diagnostic:
    return say.TOO_DEEP.at(where, most=MAX_DEPTH, next=MAX_DEPTH + 1)


class _Composer(Inspector):
    """Composes nodes of events. INVARIANT: it stops at MAX_DEPTH, so no stack overflows."""

    def __init__(
        self, source: SourceText, next_event: Callable[[], Any], findings: Findings, *, pure: bool
    ) -> None:
        super().__init__(source, findings)
        self._next, self._pure = next_event, pure

    def document(self) -> Node | None:
        """Return the file's one document, or None if a part of it is unknown."""
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
            self._add(_too_deep(where))
            raise StopReadingError
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
