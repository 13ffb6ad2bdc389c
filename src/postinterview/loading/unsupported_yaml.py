"""What YAML offers and a rule file may not use: one diagnostic each, in plain words."""

from __future__ import annotations

import unicodedata

from attrs import evolve

from postinterview.loading.diagnostics import Diagnostic, Fix, Label, Span

LONGEST_ADVICE = 60
MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_FINDINGS = 1000
MAX_REPEATS = 20
"""So many findings of one kind in the raw text at most; who mends these sees the rest."""


def quoted(text: str) -> str:
    """The text in quotes, as a rule file may write it: in single ones where that is plainer."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def in_quotes(text: str) -> str:
    """The advice to quote a text, with the quoted text where it is short."""
    return (
        f"put the text in quotes: {quoted(text)}" if len(text) <= LONGEST_ADVICE else "put the text in quotes"
    )


def with_tabs(diagnostic: Diagnostic, stand_in: str) -> Diagnostic:
    """The diagnostic with the user's tabs again, where the text has stand-ins for them."""

    def restored(text: str) -> str:
        return text.replace(stand_in, "\t")

    fix = diagnostic.fix and evolve(diagnostic.fix, text=restored(diagnostic.fix.text))
    return evolve(
        diagnostic,
        message=restored(diagnostic.message),
        path=restored(diagnostic.path),
        help=restored(diagnostic.help),
        fix=fix,
    )


def empty(file: str) -> Diagnostic:
    return Diagnostic(
        code="PI001",
        message="the file says nothing",
        where=Span(file, 1, 1, 1, 1),
        label="there are no lines, or only comments",
        help="rule files and scenario files begin with `format: 1`",
    )


def too_large(file: str, most: int = MAX_BYTES) -> Diagnostic:
    return Diagnostic(
        code="PI002",
        message=f"the file is larger than {most // 1_000_000} MB",
        where=Span(file, 1, 1, 1, 1),
        help="a rule file has a few hundred lines; check that this is the right file",
    )


def other_encoding(file: str, encoding: str) -> Diagnostic:
    return Diagnostic(
        code="PI003",
        message=f"the file is written in {encoding}, not in UTF-8",
        where=Span(file, 1, 1, 1, 1),
        help="save it again as UTF-8 (in most editors: save with encoding)",
    )


def not_utf8(where: Span, byte: int, offset: int) -> Diagnostic:
    guess = bytes([byte]).decode("cp1252", "replace")
    guessed = guess.isprintable() and guess != "\ufffd"
    return Diagnostic(
        code="PI003",
        message=f"the file is not in UTF-8: the byte 0x{byte:02X} can't stand here",
        where=where,
        label=f"byte {offset + 1} of the file" + (f"; in Windows-1252 it is `{guess}`" if guessed else ""),
        help="save it again as UTF-8 (in most editors: save with encoding)",
    )


def binary(where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI004",
        message="this isn't text: it holds a zero byte",
        where=where,
        help="check that this is the right file",
    )


def hidden(character: str, where: Span) -> Diagnostic:
    name = unicodedata.name(character, "a control character").lower()
    return Diagnostic(
        code="PI004",
        message=f"a character that can't be seen stands here: U+{ord(character):04X}, {name}",
        where=where,
        help="delete it, or write a plain space",
    )


def tab(where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI005",
        message="a tab stands where only spaces may stand",
        where=where,
        label="this is a tab",
        help="use spaces, two for each level; most editors can replace all tabs",
    )


def too_deep(where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI006",
        message=f"more than {MAX_DEPTH} levels stand inside each other here",
        where=where,
        label=f"this would be level {MAX_DEPTH + 1}",
        help="a rule file needs fewer than ten; look for brackets or dashes that repeat by mistake",
    )


def several_documents(where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI007",
        message="a second document begins here",
        where=where,
        label="only what stands above this line would be read",
        help="write one file for each, or delete the line `---`",
    )


def directive(where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI008",
        message="a line that begins with `%` tells how to read the file, and rule files have no such lines",
        where=where,
        help="delete the line; rule files and scenario files begin with `format: 1`",
    )


def duplicate(name: str, where: Span, first: Span, path: str) -> Diagnostic:
    return Diagnostic(
        code="PI010",
        message=f"`{name}` is given twice",
        where=where,
        path=path,
        label="given again here",
        others=(Label(first, "given here first"),),
        help="keep one of them; if both are meant, give them different names",
    )


def anchor(name: str, where: Span, path: str) -> Diagnostic:
    return Diagnostic(
        code="PI011",
        message=f"`{name}` marks a part to be repeated elsewhere, which rule files don't do",
        where=where,
        path=path,
        help="delete the mark and write each part out; if `&` belongs to the text, put the text in quotes",
    )


def alias(name: str, where: Span, path: str) -> Diagnostic:
    return Diagnostic(
        code="PI012",
        message=f"`{name}` repeats a part written elsewhere, which rule files don't do",
        where=where,
        path=path,
        help="write the part out here; if `*` belongs to the text, put the text in quotes",
    )


def merge_key(where: Span, path: str) -> Diagnostic:
    return Diagnostic(
        code="PI013",
        message="`<<` takes over the values of another part, which rule files don't do",
        where=where,
        path=path,
        help="write the values out here",
    )


def type_name(name: str, where: Span, path: str) -> Diagnostic:
    return Diagnostic(
        code="PI014",
        message=f"`{name}` names a type for the value, which rule files don't do",
        where=where,
        path=path,
        help="delete it; if `!` belongs to the text, put the text in quotes",
    )


def key_not_text(where: Span, path: str) -> Diagnostic:
    return Diagnostic(
        code="PI015",
        message="a list or a group stands where a name belongs",
        where=where,
        path=path,
        label="one name is expected before the colon",
        help="write a name before the colon; if the brackets belong to it, put it in quotes",
    )


def empty_key(where: Span, path: str) -> Diagnostic:
    return Diagnostic(
        code="PI016",
        message="nothing stands before the colon",
        where=where,
        path=path,
        label="the name is missing",
        help="write the name, then the colon",
    )


def cut_short(kept: str, value: Span, where: Span, lost: str, path: str) -> Diagnostic:
    """A text that ends where its author wrote a ``#``; ``value`` is the part that was kept."""
    whole = f"{kept} {lost}" if kept else lost
    fixed = Span(value.file, value.line, value.column, where.end_line, where.end_column) if kept else where
    return Diagnostic(
        code="PI017",
        message="the text is cut short here: a space and `#` begin a comment",
        where=where,
        path=path,
        label="read as a comment",
        help=f"{in_quotes(whole)}; if a comment is meant, leave a space after the `#`",
        fix=Fix(fixed, quoted(whole)),
    )


def no_blank_after_colon(name: str, where: Span, path: str) -> Diagnostic:
    before, _, after = name.partition(":")
    return Diagnostic(
        code="PI025",
        message=f"`{name}` is read as one word: a space is missing after the colon",
        where=where,
        path=path,
        help=f"write `{before}: {after}`",
        fix=Fix(where, f"{before}: {after}"),
    )


def swallowed_item(where: Span, text: Span, path: str) -> Diagnostic:
    return Diagnostic(
        code="PI020",
        message="this list item is read as more of the text above it",
        where=where,
        path=path,
        label="indented too far for an item",
        others=(Label(text, "the text begins here"),),
        help="begin it where the other items begin; if the dash belongs to the text, put the text in quotes",
    )
