"""Decode bytes to a text that every YAML parser reads in the same way, and as an editor shows it.

Whatever would confuse a parser, or make libyaml and PyYAML's own parser differ, is refused or rewritten
here: the size, the encoding, invisible characters, tabs, line ends, and the few things that JSON allows in a
text and YAML does not. A rewritten character keeps its column, or ``SourceText.shifts`` says how it moved.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

from attrs import evolve

from postinterview.layout import HIDDEN
from postinterview.loading import syntax_messages as say
from postinterview.loading.diagnostics import Diagnostic, Findings, Fix, Span
from postinterview.loading.source_text import SourceText

MAX_BYTES = 1_000_000

MAX_REPEATS = 20
"""So many invisible characters or tabs are reported; a replacement in the editor mends all of them."""

TAB = "\ufdd0"
"""Stands for a tab inside a line while the text is parsed. No text holds it: HIDDEN matches it."""

ODD_BLANK = re.compile(r"(?:^ *|(?<=[:,\-\[{]))([\xa0\u1680\u2000-\u200a\u202f\u205f\u3000])")
"""A space that YAML doesn't take for one, where a plain space would be a separator."""

_SEEN_ASCII = bytes([9, 10, 13, *range(0x20, 0x7F)])
_LEADING_TAB = re.compile(r"^ *(\t)[ \t]*(?=[^\s#])", re.MULTILINE)
_IDLE_TABS = re.compile(r"^[ \t]+(?=#)|(?<![ \t])[ \t]+$", re.MULTILINE)
_CUT = re.compile(rf"(?<=\S) #(?=[^\s#{TAB}])")
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def take_in(
    source: bytes | str, file: str, findings: Findings, *, most: int = MAX_BYTES
) -> SourceText | None:
    """Return the text of ``source``, or None with the reasons in ``findings``. ``most``: a limit in bytes."""
    size = len(source)
    if size > most or (isinstance(source, str) and len(source.encode("utf-8", "surrogatepass")) > most):
        findings.add(say.TOO_LARGE.at(Span(file, 1, 1, 1, 1), megabytes=most // 1_000_000))
        return None
    text = source if isinstance(source, str) else _decode(source, file, findings)
    if text is None:
        return None
    text = _one_line_end(text.removeprefix("\ufeff"))
    if _find_hidden(text, file, findings):
        return None
    shifts: dict[int, list[int]] = {}
    if ("\t" in text or "\\u" in text) and _is_json(text):
        text = _settle_json(text, shifts)
    elif "\t" in text:
        offsets = [m.start(1) for m in islice(_LEADING_TAB.finditer(text), MAX_REPEATS)]
        for offset in offsets:
            findings.add(say.TAB.at(_character(file, text, offset)))
        if offsets:
            return None
        text = _IDLE_TABS.sub(lambda m: " " * len(m.group()), text).replace("\t", TAB)
    return SourceText(file, text, shifts, _cuts(text))


def hidden(character: str, where: Span) -> Diagnostic:
    """Return the diagnostic for an invisible character, with its number and its name in Unicode."""
    name = unicodedata.name(character, "a control character").lower()
    return say.HIDDEN.at(where, number=ord(character), name=name)


def _character(file: str, text: str, offset: int) -> Span:
    """Return the span of one character of the text as it was before any rewriting."""
    line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
    return Span(file, line, column, line, column + 1)


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _decode(data: bytes, file: str, findings: Findings) -> str | None:
    encoding = _wide_encoding(data)
    if encoding:
        findings.add(say.OTHER_ENCODING.at(Span(file, 1, 1, 1, 1), encoding=encoding))
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = _one_line_end(data[: error.start].decode("utf-8").removeprefix("\ufeff"))
        byte = data[error.start]
        guess = bytes([byte]).decode("cp1252", "replace")
        label = f"byte {error.start + 1} of the file"
        if guess.isprintable() and guess != "\ufffd":
            label += f"; in Windows-1252 it is `{guess}`"
        where = _character(file, before, len(before))
        findings.add(say.NOT_UTF8.at(where, byte=byte, label=label))
        return None


def _wide_encoding(data: bytes) -> str:
    """Return UTF-16 or UTF-32 by the byte order mark, or by the zero bytes beside plain letters."""
    head = data[:4]
    if head in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return "UTF-32"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "UTF-16"
    zeros = [byte == 0 for byte in head]
    if zeros in ([False, True, False, True], [True, False, True, False]):
        return "UTF-16"
    return "UTF-32" if zeros in ([False, True, True, True], [True, True, True, False]) else ""


def _find_hidden(text: str, file: str, findings: Findings) -> bool:
    if text.isascii() and not text.encode("ascii").translate(None, _SEEN_ASCII):
        return False
    if "\0" in text:
        findings.add(say.BINARY.at(_character(file, text, text.index("\0"))))
        return True
    offsets = [m.start() for m in islice(HIDDEN.finditer(text), MAX_REPEATS)]
    for offset in offsets:
        findings.add(hidden(text[offset], _character(file, text, offset)))
    return bool(offsets)


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    import json

    try:
        json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return True


def _settle_json(text: str, shifts: dict[int, list[int]]) -> str:
    """Rewrite JSON for YAML: a tab between values is a space, a surrogate pair of escapes one escape."""
    pieces: list[str] = []
    last = 0
    for match in _JSON_STRING.finditer(text):
        pieces.append(text[last : match.start()].replace("\t", " "))
        pieces.append(_PAIR.sub(_joined, match.group()))
        last = match.end()
    pieces.append(text[last:].replace("\t", " "))
    joined = "".join(pieces)
    if len(joined) != len(text):
        for number, line in enumerate(text.split("\n")):
            ends = [m.end() - 2 * (i + 1) for i, m in enumerate(_PAIR.finditer(line))]
            if ends:
                shifts[number] = ends
    return joined


def _joined(pair: re.Match[str]) -> str:
    high, low = int(pair[2], 16), int(pair[3], 16)
    return f"{pair[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"


def _cuts(text: str) -> frozenset[tuple[int, int]]:
    if " #" not in text:
        return frozenset()
    return frozenset(
        (number, match.start())
        for number, line in enumerate(text.split("\n"))
        if " #" in line
        for match in _CUT.finditer(line)
    )


def with_tabs(diagnostic: Diagnostic) -> Diagnostic:
    """Return the diagnostic with the user's tabs in place of the character that stands for them."""
    texts = {name: getattr(diagnostic, name).replace(TAB, "\t") for name in ("message", "path", "help")}
    fix = diagnostic.fix and Fix(diagnostic.fix.span, diagnostic.fix.text.replace(TAB, "\t"))
    return evolve(diagnostic, **texts, fix=fix)
