"""Something that stands where it can't: colons, brackets, quotes, lines that don't line up."""

from __future__ import annotations

import re

from postinterview.loading import syntax_errors, unsupported_yaml
from postinterview.loading.diagnostics import Diagnostic, Span
from postinterview.loading.text import Place, Text

_KEY = re.compile(r"[ ]*(?:- +)*[^\s#&*!|>%@`'\"\[\]{},-][^#]*?:(?= |$)")
_VALUE = re.compile(r"""[ ]*(?:- +)*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s#'"\[\]{}][^#]*?): +(?=[^\s#])""")
_NAME = re.compile(r""" *(?:[\w-]+|"[^"]*"|'[^']*')""")
_STRUCTURE = re.compile(r"""(?<![^\s\[\]{},:])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|(?<!\S)#[^\n]*|[\[\]{}]""")
_CLOSERS = {"[": "]", "{": "}"}


def colon(source: Text, at: Place) -> Diagnostic | None:
    """A colon that would make a second name, where the first has its value already."""
    line = source.lines[at.line]
    if not line[: at.column].strip(" -"):
        return unsupported_yaml.empty_key(source.stretch(at, 1), "")
    value = _VALUE.match(line)
    if value and value.end() <= at.column:
        if line[value.end()] in "'\"" and line[: at.column].rstrip()[-1] in "'\"":
            text = _without_comment(line[value.end() :])
            return syntax_errors.after_closing(line[: at.column].rstrip()[-1], source.stretch(at, 1), text)
        text = _without_comment(line[value.end() :])
        whole = source.stretch(Place(at.line, value.end()), len(text))
        return syntax_errors.colon_in_text(text, source.stretch(at, 1), whole)
    before = source.line_before(at.line)
    if before is None:
        return None
    above = source.lines[before]
    if not _KEY.match(above):
        return no_colon(source, before)
    value = _VALUE.match(above)
    if value and _indent(line) > _indent(above):
        this, there = Place(at.line, _indent(line)), Place(before, value.end())
        name = value.group().strip(" -:")
        return syntax_errors.indented_below_value(source.rest(this), _uncommented(source, there), name)
    return syntax_errors.misaligned(source.stretch(Place(at.line, _indent(line)), 1), ())


def no_colon(source: Text, line: int) -> Diagnostic:
    """A line that should be ``name: value``."""
    start = Place(line, _indent(source.lines[line]))
    text, where = _without_comment(source.rest_of_line(start)), _uncommented(source, start)
    if re.match(r"[\w-]+:\S", text):
        return unsupported_yaml.no_blank_after_colon(text, where, "")
    return syntax_errors.no_colon(where)


def in_brackets(source: Text, opener: Place, at: Place) -> Diagnostic | None:
    """The parser stopped between an opening bracket and what should be its end."""
    opening, found = source.character(opener), source.character(at)
    if opening not in _CLOSERS:
        return None
    stop, start = source.stretch(at, 1), source.stretch(opener, 1)
    closer = _CLOSERS[opening]
    if found in ("]", "}"):
        return syntax_errors.wrong_bracket(found, closer, stop, start)
    if not _is_closed(source, opener):
        return syntax_errors.open_bracket(opening, closer, start, stop, at_end=_is_end(source, at))
    head = source.lines[at.line][: at.column].rstrip()
    above = source.line_before(at.line)
    if above is not None and above >= opener.line and (not head or (found == ":" and _NAME.fullmatch(head))):
        end = Place(above, len(_without_comment(source.lines[above])))
        return syntax_errors.no_comma(source.stretch(at, 1), source.stretch(end, 1))
    if found == ":":
        return syntax_errors.colon_in_brackets(stop)
    if head.endswith(('"', "'")):
        return syntax_errors.after_closing(head[-1], stop)
    if found in ("[", "{"):
        return syntax_errors.bracket_in_text(found, stop)
    return syntax_errors.no_comma(stop)


def no_content(source: Text, at: Place, *, in_flow: bool) -> Diagnostic | None:
    """A character where a value should begin."""
    found = source.character(at)
    where = source.stretch(at, 1)
    if _is_end(source, at):
        opener = _last_open(source)
        if opener is None:
            return None
        opening = source.character(opener)
        start = source.stretch(opener, 1)
        return syntax_errors.open_bracket(opening, _CLOSERS[opening], start, where, at_end=True)
    if found == ":":
        return unsupported_yaml.empty_key(where, "")
    if in_flow:
        if found in ("]", "}") and (opener := _last_open(source, at)):
            closer = _CLOSERS[source.character(opener)]
            return syntax_errors.wrong_bracket(found, closer, where, source.stretch(opener, 1))
        return (
            syntax_errors.nothing_between(found, where)
            if found == ","
            else syntax_errors.bad_start(found, where, in_brackets=True)
        )
    return (
        syntax_errors.stray_bracket(found, where)
        if found in ("]", "}")
        else syntax_errors.bad_start(found, where)
    )


def out_of_place(source: Text, at: Place) -> Diagnostic | None:
    """Something follows that can't belong to what stands before it."""
    line = source.lines[at.line]
    head, found = line[: at.column].rstrip(), source.character(at)
    where = source.stretch(at, 1)
    above = source.line_before(at.line)
    ended = above is not None and source.lines[above].startswith("...")
    if ended or line.startswith("... "):
        return unsupported_yaml.several_documents(where)
    if found in ("]", "}"):
        return syntax_errors.stray_bracket(found, where)
    if found == ":" and not head.strip(" -"):
        return unsupported_yaml.empty_key(where, "")
    if head.strip(" -"):
        if head[-1] in "'\"]}":
            value = _VALUE.match(line)
            whole = _without_comment(line[value.end() :]) if value else ""
            return syntax_errors.after_closing(head[-1], where, whole)
        written = re.search(r"[*]\S+$", head)
        if written:
            span = source.stretch(Place(at.line, written.start()), len(written.group()))
            return unsupported_yaml.alias(written.group(), span, "")
        return None
    if not found:
        return None
    levels = _levels(source, at.line)
    for number, column in levels:
        if column == at.column:
            is_item = source.lines[number][column] == "-"
            if found == "-" or is_item:
                return syntax_errors.item_or_name(found == "-", where)
            return syntax_errors.after_the_end(where)
    return syntax_errors.misaligned(
        where, tuple((source.stretch(Place(n, c), 1), c + 1) for n, c in levels[:2])
    )


def _levels(source: Text, line: int) -> list[tuple[int, int]]:
    """The lines above that this one could belong to: line and indentation, the nearest first."""
    levels: list[tuple[int, int]] = []
    before = source.line_before(line)
    while before is not None:
        indent = _indent(source.lines[before])
        if not levels or indent < levels[-1][1]:
            levels.append((before, indent))
        before = source.line_before(before) if indent else None
    return levels


def _is_end(source: Text, at: Place) -> bool:
    return not source.between(at, source.end).strip()


def _is_closed(source: Text, opener: Place) -> bool:
    """Whether a bracket has its partner: by counting, quotes and comments aside."""
    depth = 0
    for match in _STRUCTURE.finditer(source.between(opener, source.end)):
        sign = match.group()
        depth += (sign in "[{") - (sign in "]}")
        if depth == 0 and sign in "]}":
            return True
    return False


def _last_open(source: Text, end: Place | None = None) -> Place | None:
    """The last bracket that was opened and not closed."""
    open_at: list[int] = []
    text = source.between(Place(0, 0), end or source.end)
    for match in _STRUCTURE.finditer(text):
        if match.group() in "[{":
            open_at.append(match.start())
        elif match.group() in "]}" and open_at:
            open_at.pop()
    if not open_at:
        return None
    return Place(text.count("\n", 0, open_at[-1]), open_at[-1] - text.rfind("\n", 0, open_at[-1]) - 1)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _uncommented(source: Text, start: Place) -> Span:
    """The span to the end of the line, a comment there left out."""
    return source.stretch(start, len(_without_comment(source.rest_of_line(start))))


def _without_comment(text: str) -> str:
    return re.split(r"\s#\s", text)[0].rstrip()
