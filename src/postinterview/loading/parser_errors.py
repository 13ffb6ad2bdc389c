"""What a YAML parser complains of, in plain words.

The C parser and the pure one word things differently but stop at the same place, so the place and
the text around it decide more than the parser's words do.
"""

from __future__ import annotations

import re

from postinterview.layout import HIDDEN
from postinterview.loading import misplaced_text, syntax_errors, unsupported_yaml
from postinterview.loading.decoding import ODD_BLANK, TAB
from postinterview.loading.diagnostics import Diagnostic
from postinterview.loading.text import Mark, Place, Text

_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[xuU][0-9a-fA-F]*|[\s\S])")
_QUOTED = re.compile(r"""(?<!\w)(?:"(?:[^"\\]|\\.)*"|'[^']*')""")
LAST_CHARACTER = 0x10FFFF
_KNOWN = frozenset('nrt_ "\\/\n')
_HIDDEN = frozenset("0abefvNLP")


def translate(
    source: Text, context: str, began: Mark | None, problem: str, stopped: Mark | None
) -> Diagnostic:
    """One diagnostic for the parser's error.

    ``began`` is where the construct began that the parser was in, ``stopped`` where it gave up.
    """
    at = source.clamp(stopped)
    start = source.clamp(began) if began else at
    return (
        _by_blank(source, at, start)
        or _by_escape(source, context, problem, at, start)
        or _by_cut(source, context, problem, at)
        or _by_words(source, context, problem, at, start)
        or syntax_errors.unreadable(source.stretch(at, 1))
    )


def find_bad_escape(source: Text, start: Mark, end: Mark) -> Diagnostic | None:
    """The first backslash between two places that means nothing, or a character nobody sees."""
    raw = source.between(start, end)
    for match in _ESCAPE.finditer(raw):
        body = match.group()[1:]
        complete = len(body) == {"x": 3, "u": 5, "U": 9}.get(body[0])
        known = complete and int(body[1:], 16) <= LAST_CHARACTER
        if body in _KNOWN or (known and not HIDDEN.match(chr(int(body[1:], 16)))):
            continue
        above = raw.count("\n", 0, match.start())
        column = match.start() - (raw.rfind("\n", 0, match.start()) + 1) + (0 if above else start.column)
        where = source.stretch(Place(start.line + above, column), len(match.group()))
        return syntax_errors.bad_escape(match.group(), where, hidden=known or body in _HIDDEN)
    return None


def _by_blank(source: Text, at: Place, start: Place) -> Diagnostic | None:
    """A tab, or a space that isn't one, near the place: nothing else needs to be wrong."""
    for line in dict.fromkeys((at.line, start.line, max(at.line - 1, 0))):
        text = _QUOTED.sub(lambda match: "-" * len(match.group()), source.lines[line]).split(" #")[0]
        if TAB in text:
            return unsupported_yaml.tab(source.stretch(Place(line, text.index(TAB)), 1))
        if odd := ODD_BLANK.search(text):
            return unsupported_yaml.hidden(odd[1], source.stretch(Place(line, odd.start(1)), 1))
    return None


def _by_escape(source: Text, context: str, problem: str, at: Place, start: Place) -> Diagnostic | None:
    if problem == "escape":  # the pure parser stands behind the \U of a character that doesn't exist
        start = Place(at.line, max(at.column - 2, 0))
    elif "quoted" not in context or "end of stream" in problem or "document" in problem:
        return None
    last = len(source.lines) - 1
    return find_bad_escape(source, start, Place(last, len(source.lines[last])))


def _by_cut(source: Text, context: str, problem: str, at: Place) -> Diagnostic | None:
    """A text over several lines that a ``#`` cut short: the parser trips over the next line."""
    if "expected" not in problem or "block" not in context or source.lines[at.line][: at.column].strip():
        return None
    line = source.line_before(at.line)
    cuts = [column for number, column in source.cuts if number == line]
    if line is None or not cuts:
        return None
    text = source.lines[line]
    before = re.match(r"[ ]*(?:- +)*(?:[^\s:#'\"\[\]{}]+: +)?", text)
    kept = Place(line, before.end() if before else 0)
    cut = Place(line, min(cuts))
    if cut.column <= kept.column or re.search(r"""['"\[\]{}]""", text[: cut.column]):
        return None
    lost = Place(line, cut.column + 1)
    kept_text, value = text[kept.column : cut.column], source.span(kept, cut)
    return unsupported_yaml.cut_short(kept_text, value, source.rest(lost), source.rest_of_line(lost), "")


def _by_words(source: Text, context: str, problem: str, at: Place, start: Place) -> Diagnostic | None:
    for line in (at.line, at.line - 1):
        if line >= 0 and source.lines[line].startswith("%"):
            return unsupported_yaml.directive(source.rest(Place(line, 0)))
    return _in_a_text(source, context, problem, at, start) or _between_texts(
        source, context, problem, at, start
    )


def _in_a_text(source: Text, context: str, problem: str, at: Place, start: Place) -> Diagnostic | None:
    """The parser stopped at the beginning of a value or a name, or inside one."""
    starts = ("sequence entries are not allowed", "mapping keys are not allowed", "cannot start any token")
    if any(words in problem for words in starts):
        return syntax_errors.bad_start(source.character(at), source.stretch(at, 1))
    if "quoted" in context:
        return syntax_errors.open_quote(source.character(start), source.stretch(start, 1))
    if "block scalar" in context:
        return syntax_errors.block_header(source.rest_of_line(start), source.rest(start))
    if "alias" in context or "anchor" in context or "tag" in context or "tag" in problem:
        return _marks(source, start)
    return None


def _between_texts(source: Text, context: str, problem: str, at: Place, start: Place) -> Diagnostic | None:
    """The parser stopped at something that can't follow what stands before it."""
    if "mapping values are not allowed" in problem:
        return misplaced_text.colon(source, at)
    if "unexpected ':'" in problem:
        return syntax_errors.tight_colon(source.stretch(at, 1))
    if "could not find expected ':'" in problem:
        return misplaced_text.no_colon(source, start.line)
    if "flow sequence" in context or "flow mapping" in context:
        return misplaced_text.in_brackets(source, start, at)
    if "node content" in problem:
        return misplaced_text.no_content(source, at, in_flow="flow" in context)
    if "block mapping" in context or "block collection" in context or "document start" in problem:
        return misplaced_text.out_of_place(source, at)
    return None


def _marks(source: Text, start: Place) -> Diagnostic | None:
    """An anchor, alias or tag so odd that the parser itself refuses it."""
    makers = {"&": unsupported_yaml.anchor, "*": unsupported_yaml.alias, "!": unsupported_yaml.type_name}
    written = re.compile(r"\S+").match(source.lines[start.line], start.column)
    if not written or written.group()[0] not in makers:
        return None
    span = source.stretch(start, len(written.group()))
    return makers[written.group()[0]](written.group(), span, "")
