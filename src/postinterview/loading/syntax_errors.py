"""What no parser can read: one diagnostic each, in plain words."""

from __future__ import annotations

from postinterview.loading.diagnostics import Diagnostic, Fix, Label, Span
from postinterview.loading.unsupported_yaml import in_quotes, quoted


def bad_start(character: str, where: Span, *, in_brackets: bool = False) -> Diagnostic:
    help = "put the text in quotes"
    if character == "-":
        help += "; in brackets, items have no dashes" if in_brackets else "; a list begins on the next line"
    return Diagnostic(
        code="PI024",
        message=f"a text can't begin with {'a backtick' if character == '`' else f'`{character}`'}",
        where=where,
        label="the value begins here",
        help=help,
    )


def bad_line(where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI024",
        message="a line of a text can't begin with `?`",
        where=where,
        label="this line belongs to the text above",
        help="put the whole text in quotes",
    )


def open_bracket(bracket: str, closer: str, where: Span, stop: Span, *, at_end: bool) -> Diagnostic:
    return Diagnostic(
        code="PI021",
        message=f"`{bracket}` is never closed",
        where=where,
        label="opened here",
        others=(Label(stop, "the file ends here" if at_end else "reading stopped here"),),
        help=f"write `{closer}` where it ends; if `{bracket}` belongs to a text, put the text in quotes",
    )


def wrong_bracket(found: str, wanted: str, where: Span, opened: Span) -> Diagnostic:
    return Diagnostic(
        code="PI021",
        message=f"`{found}` closes nothing here; `{wanted}` is expected",
        where=where,
        others=(Label(opened, "opened here"),),
        help=f"write `{wanted}`, or open the other bracket first",
    )


def stray_bracket(found: str, where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI021",
        message=f"`{found}` closes nothing: no bracket is open",
        where=where,
        help="delete it, or write the opening bracket; if it belongs to a text, put the text in quotes",
    )


def open_quote(quote: str, where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI022",
        message=f"the quote {quote} is never closed",
        where=where,
        label="opened here",
        help="write the same quote at the end of the text",
    )


def colon_in_text(text: str, where: Span, whole: Span) -> Diagnostic:
    return Diagnostic(
        code="PI023",
        message="a text with a colon and a space in it needs quotes",
        where=where,
        label="this would begin a second value",
        help=in_quotes(text),
        fix=Fix(whole, quoted(text)),
    )


def colon_in_brackets(where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI023",
        message="a colon stands where a comma or the closing bracket is expected",
        where=where,
        label="not expected here",
        help="if the colon belongs to a text, put the text in quotes; else a comma is missing",
    )


def no_colon(where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI025",
        message="this line has no colon: it is neither `name: value` nor part of the text above",
        where=where,
        help="write `name: value`; a text over several lines is indented further than its name",
    )


def tight_colon(where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI025",
        message="a space is missing after the colon",
        where=where,
        label="this colon divides a name from its value",
        help="write a space after it; if the colon belongs to a text, put the text in quotes",
    )


def after_closing(closer: str, where: Span, whole: str = "") -> Diagnostic:
    """``whole``: all of the value as written, where that is known."""
    kind = "quote" if closer in ("'", '"') else "bracket"
    if kind == "quote" and len(whole) > 1 and whole[0] == whole[-1] == closer:
        whole = whole[1:-1]
    return Diagnostic(
        code="PI026",
        message=f"something follows the closing {kind}",
        where=where,
        label="the value had ended before this",
        help=in_quotes(whole)
        if whole
        else "put the whole text in quotes, of the other kind than those in it",
    )


def after_the_end(where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI026",
        message="something follows what seemed to be the whole file",
        where=where,
        label="what stands above is complete",
        help="write all of it in lines of `name: value`, or all of it in one pair of brackets",
    )


def bracket_in_text(bracket: str, where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI026",
        message=f"`{bracket}` can't stand in a text between brackets",
        where=where,
        help="put the text in quotes; or a comma is missing before the bracket",
    )


def no_comma(where: Span, after: Span | None = None) -> Diagnostic:
    return Diagnostic(
        code="PI026",
        message="a comma is missing" if after else "a comma or the closing bracket is missing before this",
        where=after or where,
        label="a comma belongs here" if after else "",
        others=(Label(where, "reading stopped here"),) if after else (),
        help="put commas between what stands in brackets",
    )


def nothing_between(found: str, where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI026",
        message=f"nothing stands before this `{found}`",
        where=where,
        help="delete the comma, or write what is missing",
    )


def block_header(written: str, where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI028",
        message=f"`{written[:1]}` must stand alone on its line",
        where=where,
        help=f"begin the text on the next line, indented; if `{written[:1]}` belongs to it, use quotes",
    )


def indented_below_value(where: Span, above: Span, name: str) -> Diagnostic:
    return Diagnostic(
        code="PI020",
        message=f"this line stands under `{name}`, which has a value already",
        where=where,
        label="indented further than the line above",
        others=(Label(above, "the value is here"),),
        help="indent it like the line above; or, if these lines are to be the value, delete the one there",
    )


def item_or_name(is_item: bool, where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI020",
        message="a list item stands among names" if is_item else "a name stands among list items",
        where=where,
        label="this begins an item" if is_item else "this begins a name",
        help="put a list below a name that has no value yet, with `- ` before each item"
        if is_item
        else "begin each item with `- `, or move this line out of the list",
    )


def misaligned(where: Span, levels: tuple[tuple[Span, int], ...]) -> Diagnostic:
    columns = " or ".join(str(column) for _, column in levels)
    return Diagnostic(
        code="PI020",
        message="this line doesn't line up with the lines above",
        where=where,
        label=f"begins at column {where.column}",
        others=tuple(Label(span, f"begins at column {column}") for span, column in levels),
        help=f"begin it at column {columns}"
        if columns
        else "give it the indentation of the lines it belongs to",
    )


def bad_escape(raw: str, where: Span, *, hidden: bool) -> Diagnostic:
    why = "it writes a character that can't be seen" if hidden else "it means nothing"
    return Diagnostic(
        code="PI027",
        message=f"`{raw}` can't stand between double quotes: {why}",
        where=where,
        label="a backslash has a meaning in double quotes",
        help="for a backslash itself write two, or put the text in single quotes",
    )


def unreadable(where: Span) -> Diagnostic:
    """The net under everything else: the parser stopped and nobody knows more."""
    return Diagnostic(
        code="PI029",
        message="this can't be read",
        where=where,
        label="reading stopped here",
        help="look at this line and the one above; putting a text in quotes often mends it",
    )
