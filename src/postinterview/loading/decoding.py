"""Bytes to text that a YAML parser reads the same way an editor shows it.

Everything that would confuse the parsers, or make the C one and the pure one differ, is settled
here: the size, the encoding, characters nobody sees, tabs, line ends, and what JSON may write and
YAML may not.
"""

from __future__ import annotations

import json
import re
from itertools import islice

from postinterview.layout import HIDDEN
from postinterview.loading import unsupported_yaml
from postinterview.loading.diagnostics import Findings, Span
from postinterview.loading.text import Text
from postinterview.loading.unsupported_yaml import MAX_BYTES, MAX_REPEATS

TAB = "\ufdd0"
"""Stands for a tab inside a line while the text is parsed; no text uses this character."""

ODD_BLANK = re.compile(r"(?:^ *|(?<=[:,\-\[{]))([\xa0\u1680\u2000-\u200a\u202f\u205f\u3000])")
"""A space that isn't one, where a plain space would divide what stands there."""

_SEEN_ASCII = bytes([9, 10, 13, *range(0x20, 0x7F)])
_LEADING_TAB = re.compile(r"^ *(\t)[ \t]*(?=[^\s#])", re.MULTILINE)
_IDLE_TABS = re.compile(r"^[ \t]+(?=#)|(?<![ \t])[ \t]+$", re.MULTILINE)
_CUT = re.compile(rf"(?<=\S) #(?=[^\s#{TAB}])")
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def take_in(source: bytes | str, file: str, findings: Findings, *, most: int = MAX_BYTES) -> Text | None:
    """The text of ``source``, or None with the reasons in ``findings``. ``most``: so many bytes."""
    size = len(source)
    if size > most or (isinstance(source, str) and _utf8_size(source) > most):
        findings.add(unsupported_yaml.too_large(file, most))
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
        if _find_leading_tabs(text, file, findings):
            return None
        text = _IDLE_TABS.sub(lambda m: " " * len(m.group()), text).replace("\t", TAB)
    return Text(file, text, shifts, _cuts(text))


def _character(file: str, text: str, offset: int) -> Span:
    """One character of the text, before anything in it was moved."""
    line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
    return Span(file, line, column, line, column + 1)


def _utf8_size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _decode(data: bytes, file: str, findings: Findings) -> str | None:
    encoding = _wide_encoding(data)
    if encoding:
        findings.add(unsupported_yaml.other_encoding(file, encoding))
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = _one_line_end(data[: error.start].decode("utf-8").removeprefix("\ufeff"))
        where = _character(file, before, len(before))
        findings.add(unsupported_yaml.not_utf8(where, data[error.start], error.start))
        return None


def _wide_encoding(data: bytes) -> str:
    """UTF-16 or UTF-32 by its mark, or by the zero bytes that they put beside plain letters."""
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
        findings.add(unsupported_yaml.binary(_character(file, text, text.index("\0"))))
        return True
    offsets = [m.start() for m in islice(HIDDEN.finditer(text), MAX_REPEATS)]
    for offset in offsets:
        findings.add(unsupported_yaml.hidden(text[offset], _character(file, text, offset)))
    return bool(offsets)


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return True


def _settle_json(text: str, shifts: dict[int, list[int]]) -> str:
    """JSON as YAML reads it: tabs between values are blanks, a pair of escapes is one character."""
    pieces: list[str] = []
    last = 0
    for match in _JSON_STRING.finditer(text):
        pieces.append(text[last : match.start()].replace("\t", " "))
        pieces.append(match.group() if "\\u" not in match.group() else _join_pairs(match.group()))
        last = match.end()
    pieces.append(text[last:].replace("\t", " "))
    joined = "".join(pieces)
    if len(joined) != len(text):
        for number, line in enumerate(text.split("\n")):
            ends = [m.end() - 2 * (i + 1) for i, m in enumerate(_PAIR.finditer(line))]
            if ends:
                shifts[number] = ends
    return joined


def _join_pairs(string: str) -> str:
    def join(match: re.Match[str]) -> str:
        high, low = int(match[2], 16), int(match[3], 16)
        return f"{match[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"

    return _PAIR.sub(join, string)


def _find_leading_tabs(text: str, file: str, findings: Findings) -> bool:
    offsets = [m.start(1) for m in islice(_LEADING_TAB.finditer(text), MAX_REPEATS)]
    for offset in offsets:
        findings.add(unsupported_yaml.tab(_character(file, text, offset)))
    return bool(offsets)


def _cuts(text: str) -> frozenset[tuple[int, int]]:
    if " #" not in text:
        return frozenset()
    return frozenset(
        (number, match.start())
        for number, line in enumerate(text.split("\n"))
        if " #" in line
        for match in _CUT.finditer(line)
    )
