"""Say in plain words what a YAML parser complains of.

libyaml and the pure parser word their errors differently, and both stop at the same place. So the place and
the text around it decide more than the parser's words do. `translate` tries the likeliest causes in turn: a
tab or an odd space, a bad escape, a text that a ``#`` cut short, and then what the parser was reading. For
example `why: Note: once` ends in "mapping values are not allowed here" at the second colon; the line has a
value before that colon, so the answer is to put the text in quotes.
"""

from __future__ import annotations

import re

from postinterview.layout import HIDDEN
from postinterview.loading import misplaced_text
from postinterview.loading import syntax_messages as say
from postinterview.loading.decoding import ODD_BLANK, TAB, hidden
from postinterview.loading.diagnostics import Diagnostic, Fix, Span
from postinterview.loading.source_text import Mark, Position, SourceText
from postinterview.loading.syntax_messages import in_quotes, quoted

_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[xuU][0-9a-fA-F]*|[\s\S])")
_KNOWN_ESCAPES = frozenset('nrt_ "\\/\n')
_HIDDEN_ESCAPES = frozenset("0abefvNLP")
_LAST_CHARACTER = 0x10FFFF
_QUOTED = re.compile(r"""(?<!\w)(?:"(?:[^"\\]|\\.)*"|'[^']*')""")
_CANT_START = ("sequence entries are not allowed", "mapping keys are not allowed", "cannot start any token")


def translate(
    source: SourceText, context: str, began: Mark | None, problem: str, stopped: Mark | None
) -> Diagnostic:
    """Return one diagnostic for a parser's error.

    ``began`` is where the construct begins that the parser was reading, and ``context`` its name for it;
    ``stopped`` is where it gave up, and ``problem`` why.
    """
    at = source.clamp(stopped)
    start = source.clamp(began) if began else at
    return (
        _by_blank(source, at, start)
        or _by_escape(source, context, problem, at, start)
        or _by_cut(source, context, problem, at)
        or _by_directive(source, at)
        or _by_words(source, context, problem, at, start)
        or say.UNREADABLE.at(source.stretch(at, 1))
    )


# --- also used by the composer ----------------------------------------------------------------------


def find_bad_escape(source: SourceText, start: Mark, end: Mark) -> Diagnostic | None:
    """Return the first backslash between two places that means nothing, or an invisible character."""
    raw = source.between(start, end)
    for match in _ESCAPE.finditer(raw):
        body = match.group()[1:]
        complete = len(body) == {"x": 3, "u": 5, "U": 9}.get(body[0])
        known = complete and int(body[1:], 16) <= _LAST_CHARACTER
        if body in _KNOWN_ESCAPES or (known and not HIDDEN.match(chr(int(body[1:], 16)))):
            continue
        above = raw.count("\n", 0, match.start())
        column = match.start() - (raw.rfind("\n", 0, match.start()) + 1) + (0 if above else start.column)
        where = source.stretch(Position(start.line + above, column), len(match.group()))
        invisible = known or body in _HIDDEN_ESCAPES
        why = "it stands for an invisible character" if invisible else "it means nothing"
        return say.BAD_ESCAPE.at(where, raw=match.group(), why=why)
    return None


def cut_short(kept: str, value: Span, where: Span, lost: str) -> Diagnostic:
    """Return the diagnostic for a text that ends where its author wrote a ``#``.

    ``kept``, at ``value``, is the part that was read; ``lost``, at ``where``, is read as a comment.
    """
    whole = f"{kept} {lost}" if kept else lost
    fix = Fix(value.up_to(where) if kept else where, quoted(whole))
    return say.CUT_SHORT.at(where, advice=in_quotes(whole), fix=fix)


# --- causes, the likeliest first --------------------------------------------------------------------


def _by_blank(source: SourceText, at: Position, start: Position) -> Diagnostic | None:
    """Find a tab, or a space that YAML doesn't know, near the place: it is the cause if there is one."""
    for line in dict.fromkeys((at.line, start.line, max(at.line - 1, 0))):
        text = _QUOTED.sub(lambda match: "-" * len(match.group()), source.lines[line]).split(" #")[0]
        if TAB in text:
            return say.TAB.at(source.stretch(Position(line, text.index(TAB)), 1))
        if odd := ODD_BLANK.search(text):
            return hidden(odd[1], source.stretch(Position(line, odd.start(1)), 1))
    return None


def _by_escape(
    source: SourceText, context: str, problem: str, at: Position, start: Position
) -> Diagnostic | None:
    if problem == "escape":  # the pure parser stops after the \U of a character that doesn't exist
        start = Position(at.line, max(at.column - 2, 0))
    elif "quoted" not in context or "end of stream" in problem or "document" in problem:
        return None
    return find_bad_escape(source, start, source.end)


def _by_cut(source: SourceText, context: str, problem: str, at: Position) -> Diagnostic | None:
    """Find a text of several lines that a ``#`` cut short: the parser trips over its next line."""
    if "expected" not in problem or "block" not in context or source.lines[at.line][: at.column].strip():
        return None
    line = source.line_before(at.line)
    cuts = [column for number, column in source.cuts if number == line]
    if line is None or not cuts:
        return None
    text = source.lines[line]
    before = re.match(r"[ ]*(?:- +)*(?:[^\s:#'\"\[\]{}]+: +)?", text)
    kept = Position(line, before.end() if before else 0)
    cut = Position(line, min(cuts))
    if cut.column <= kept.column or re.search(r"""['"\[\]{}]""", text[: cut.column]):
        return None
    lost = Position(line, cut.column + 1)
    kept_text, value = text[kept.column : cut.column], source.span(kept, cut)
    return cut_short(kept_text, value, source.rest(lost), source.rest_of_line(lost))


def _by_directive(source: SourceText, at: Position) -> Diagnostic | None:
    for line in (at.line, at.line - 1):
        if line >= 0 and source.lines[line].startswith("%"):
            return say.DIRECTIVE.at(source.rest(Position(line, 0)))
    return None


def _by_words(
    source: SourceText, context: str, problem: str, at: Position, start: Position
) -> Diagnostic | None:
    """Explain an error by what the parser was reading: one value or name, or what follows it."""
    if any(words in problem for words in _CANT_START):
        return misplaced_text.bad_start(source.character(at), source.stretch(at, 1))
    if "quoted" in context:
        return say.OPEN_QUOTE.at(source.stretch(start, 1), quote=source.character(start))
    if "block scalar" in context:
        return say.BLOCK_HEADER.at(source.rest(start), sign=source.character(start))
    if "alias" in context or "anchor" in context or "tag" in context or "tag" in problem:
        template = {"&": say.ANCHOR, "*": say.ALIAS, "!": say.TYPE_NAME}.get(source.character(start))
        word = re.match(r"\S*", source.rest_of_line(start))
        if template and word:
            return template.at(source.stretch(start, word.end()), name=word.group())
    if "mapping values are not allowed" in problem:
        return misplaced_text.second_colon(source, at)
    if "unexpected ':'" in problem:
        return say.TIGHT_COLON.at(source.stretch(at, 1))
    if "could not find expected ':'" in problem:
        return misplaced_text.no_colon(source, start.line)
    if "flow sequence" in context or "flow mapping" in context:
        return misplaced_text.in_brackets(source, start, at)
    if "node content" in problem:
        return misplaced_text.no_content(source, at, in_flow="flow" in context)
    if "block mapping" in context or "block collection" in context or "document start" in problem:
        return misplaced_text.out_of_place(source, at)
    return None
