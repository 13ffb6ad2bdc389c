"""Find out what stands where it can't: a colon, a bracket, a quote, a line that doesn't line up."""

from __future__ import annotations

import re

from postinterview.loading import syntax_messages as say
from postinterview.loading.diagnostics import Diagnostic, Fix, Label, Span
from postinterview.loading.source_text import Position, SourceText
from postinterview.loading.syntax_messages import in_quotes, quoted

_KEY = re.compile(r"[ ]*(?:- +)*[^\s#&*!|>%@`'\"\[\]{},-][^#]*?:(?= |$)")
_VALUE = re.compile(r"""[ ]*(?:- +)*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s#'"\[\]{}][^#]*?): +(?=[^\s#])""")
_NAME = re.compile(r""" *(?:[\w-]+|"[^"]*"|'[^']*')""")
_STRUCTURE = re.compile(r"""(?<![^\s\[\]{},:])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|(?<!\S)#[^\n]*|[\[\]{}]""")
_CLOSERS = {"[": "]", "{": "}"}


def space_missing(name: str, where: Span) -> Diagnostic:
    """Return the diagnostic for ``name:value`` written without a space."""
    before, _, after = name.partition(":")
    fix = Fix(where, f"{before}: {after}")
    return say.NO_BLANK_AFTER_COLON.at(where, fix=fix, name=name, before=before, after=after)


def no_colon(source: SourceText, line: int) -> Diagnostic:
    """Return the diagnostic for a line that should be ``name: value``."""
    start = Position(line, _indent(source.lines[line]))
    text, where = _without_comment(source.rest_of_line(start)), _uncommented(source, start)
    return space_missing(text, where) if re.match(r"[\w-]+:\S", text) else say.NO_COLON.at(where)


def second_colon(source: SourceText, at: Position) -> Diagnostic | None:
    """Explain a colon that would make a second name, although the first has its value already."""
    line, where = source.lines[at.line], source.stretch(at, 1)
    head = line[: at.column].rstrip()
    if not head.strip(" -"):
        return say.EMPTY_KEY.at(where)
    value = _VALUE.match(line)
    if value and value.end() <= at.column:
        text = _without_comment(line[value.end() :])
        if line[value.end()] in "'\"" and head[-1] in "'\"":
            return _after_closing(head[-1], where, text)
        fix = Fix(source.stretch(Position(at.line, value.end()), len(text)), quoted(text))
        return say.COLON_IN_TEXT.at(where, advice=in_quotes(text), fix=fix)
    before = source.line_before(at.line)
    if before is None:
        return None
    above = source.lines[before]
    if not _KEY.match(above):
        return no_colon(source, before)
    value = _VALUE.match(above)
    this = Position(at.line, _indent(line))
    if value and _indent(line) > _indent(above):
        others = (Label(_uncommented(source, Position(before, value.end())), "the value is here"),)
        name = value.group().strip(" -:")
        return say.INDENTED_BELOW_VALUE.at(source.rest(this), others=others, name=name)
    return _misaligned(source, this, [])


def in_brackets(source: SourceText, opener: Position, at: Position) -> Diagnostic | None:
    """Explain why the parser stopped between an opening bracket and its end."""
    opening, found = source.character(opener), source.character(at)
    if opening not in _CLOSERS:
        return None
    stop = source.stretch(at, 1)
    if found in ("]", "}"):
        return _wrong_bracket(source, found, opener, stop)
    if 0 in _unclosed(source, opener, source.end):
        return _open_bracket(source, opener, at)
    head = source.lines[at.line][: at.column].rstrip()
    above = source.line_before(at.line)
    if above is not None and above >= opener.line and (not head or (found == ":" and _NAME.fullmatch(head))):
        end = source.stretch(Position(above, len(_without_comment(source.lines[above]))), 1)
        return say.COMMA_MISSING_AT.at(end, others=(Label(stop, "reading stopped here"),))
    if found == ":":
        return say.COLON_IN_BRACKETS.at(stop)
    if head.endswith(('"', "'")):
        return _opened_above(source, at, head) or _after_closing(head[-1], stop)
    if found in ("[", "{"):
        return say.BRACKET_IN_TEXT.at(stop, found=found)
    return say.COMMA_MISSING_BEFORE.at(stop)


def no_content(source: SourceText, at: Position, *, in_flow: bool) -> Diagnostic | None:
    """Explain a character that stands where a value should begin."""
    found, where = source.character(at), source.stretch(at, 1)
    if _is_end(source, at):
        opener = _last_open(source)
        return None if opener is None else _open_bracket(source, opener, at)
    if found == ":":
        return say.EMPTY_KEY.at(where)
    if found in ("]", "}"):
        opener = _last_open(source, at) if in_flow else None
        if opener is not None:
            return _wrong_bracket(source, found, opener, where)
        return bad_start(found, where, in_flow=True) if in_flow else say.STRAY_BRACKET.at(where, found=found)
    if in_flow and found == ",":
        return say.NOTHING_BETWEEN.at(where, found=found)
    return bad_start(found, where, in_flow=in_flow)


def out_of_place(source: SourceText, at: Position) -> Diagnostic | None:
    """Explain something that can't belong to what stands before it."""
    line, found, where = source.lines[at.line], source.character(at), source.stretch(at, 1)
    head = line[: at.column].rstrip()
    above = source.line_before(at.line)
    if line.startswith("... ") or (above is not None and source.lines[above].startswith("...")):
        return say.SEVERAL_DOCUMENTS.at(where)
    if found in ("]", "}"):
        return say.STRAY_BRACKET.at(where, found=found)
    if found == ":" and not head.strip(" -"):
        return say.EMPTY_KEY.at(where)
    if head.strip(" -"):
        if head[-1] in "'\"]}":
            value = _VALUE.match(line)
            if (opened := _opened_above(source, at, head)) is not None:
                return opened
            return _after_closing(head[-1], where, _without_comment(line[value.end() :]) if value else "")
        word = re.search(r"[*]\S+$", head)
        if not word:
            return None
        span = source.stretch(Position(at.line, word.start()), len(word.group()))
        return say.ALIAS.at(span, name=word.group())
    if not found:
        return None
    levels = _levels(source, at.line)
    for number, column in levels:
        if column == at.column:
            if found == "-":
                return say.ITEM_AMONG_NAMES.at(where)
            is_item = source.lines[number][column] == "-"
            return (say.NAME_AMONG_ITEMS if is_item else say.AFTER_THE_END).at(where)
    return _misaligned(source, at, levels[:2])


# --- diagnostics with advice of their own -----------------------------------------------------------


def bad_start(character: str, where: Span, *, in_flow: bool = False) -> Diagnostic:
    advice = "put the text in quotes"
    if character == "-":
        advice += "; in brackets, items have no dashes" if in_flow else "; a list begins on the next line"
    return say.BAD_START.at(where, sign="a backtick" if character == "`" else f"`{character}`", advice=advice)


def _after_closing(closer: str, where: Span, whole: str = "") -> Diagnostic:
    """``whole``: all of the value as written, if it is known."""
    is_quote = closer in ("'", '"')
    if is_quote and len(whole) > 1 and whole[0] == whole[-1] == closer:
        whole = whole[1:-1]
    advice = in_quotes(whole) if whole else "put the whole text in quotes, of the other kind than those in it"
    return say.AFTER_CLOSING.at(where, kind="quote" if is_quote else "bracket", advice=advice)


def _opened_above(source: SourceText, at: Position, head: str) -> Diagnostic | None:
    """Explain a quote at the end of ``head`` that closes a text of a line above, which lacks its own."""
    quote = head[-1]
    if quote not in ("'", '"') or head.count(quote) % 2 == 0:
        return None
    for line in range(at.line - 1, -1, -1):
        if source.lines[line].count(quote) % 2:
            where = source.stretch(Position(line, source.lines[line].rindex(quote)), 1)
            end = source.stretch(Position(at.line, len(head) - 1), 1)
            return say.OPEN_QUOTE.at(where, others=(Label(end, "so the text goes on to here"),), quote=quote)
    return None


def _open_bracket(source: SourceText, opener: Position, at: Position) -> Diagnostic:
    bracket = source.character(opener)
    end = "the file ends here" if _is_end(source, at) else "reading stopped here"
    others = (Label(source.stretch(at, 1), end),)
    where = source.stretch(opener, 1)
    return say.OPEN_BRACKET.at(where, others=others, bracket=bracket, closer=_CLOSERS[bracket])


def _wrong_bracket(source: SourceText, found: str, opener: Position, where: Span) -> Diagnostic:
    others = (Label(source.stretch(opener, 1), "opened here"),)
    closer = _CLOSERS[source.character(opener)]
    return say.WRONG_BRACKET.at(where, others=others, found=found, closer=closer)


def _misaligned(source: SourceText, at: Position, levels: list[tuple[int, int]]) -> Diagnostic:
    """``levels``: the lines and columns at which this line could begin."""
    columns = " or ".join(str(column + 1) for _, column in levels)
    advice = (
        f"begin it at column {columns}" if columns else "give it the indentation of the lines it belongs to"
    )
    others = tuple(
        Label(source.stretch(Position(line, column), 1), f"begins at column {column + 1}")
        for line, column in levels
    )
    where = source.stretch(at, 1)
    return say.MISALIGNED.at(where, others=others, column=where.column, advice=advice)


# --- looking around ---------------------------------------------------------------------------------


def _levels(source: SourceText, line: int) -> list[tuple[int, int]]:
    """Return the lines above that this one could belong to: line and indentation, the nearest first."""
    levels: list[tuple[int, int]] = []
    before = source.line_before(line)
    while before is not None:
        indent = _indent(source.lines[before])
        if not levels or indent < levels[-1][1]:
            levels.append((before, indent))
        before = source.line_before(before) if indent else None
    return levels


def _is_end(source: SourceText, at: Position) -> bool:
    return not source.between(at, source.end).strip()


def _unclosed(source: SourceText, start: Position, end: Position) -> list[int]:
    """Return the offsets of the brackets that are opened between two places and not closed.

    Brackets in quotes and comments don't count.
    """
    unclosed: list[int] = []
    for found in _STRUCTURE.finditer(source.between(start, end)):
        if found.group() in ("[", "{"):
            unclosed.append(found.start())
        elif found.group() in ("]", "}") and unclosed:
            unclosed.pop()
    return unclosed


def _last_open(source: SourceText, end: Position | None = None) -> Position | None:
    """Return the last bracket that is opened and not closed."""
    start, end = Position(0, 0), end or source.end
    unclosed = _unclosed(source, start, end)
    if not unclosed:
        return None
    before = source.between(start, end)[: unclosed[-1]]
    return Position(before.count("\n"), len(before) - before.rfind("\n") - 1)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _uncommented(source: SourceText, start: Position) -> Span:
    """Return the span to the end of the line without its comment."""
    return source.stretch(start, len(_without_comment(source.rest_of_line(start))))


def _without_comment(text: str) -> str:
    return re.split(r"\s#\s", text)[0].rstrip()
