"""Read the rows of a JSON text that holds a list of objects, at the top or somewhere inside an object. Pure.

The text is parsed twice, an item at a time: first to find its lists and to see that it is complete, then for
the rows. So a file that was cut off is refused before anything was read from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator

from attrs import define, field, frozen

from postinterview.audit.short_text import short
from postinterview.audit.sources.rows import LONGEST, Row
from postinterview.audit.sources.text_rows import JsonObjects
from postinterview.core.values.suggest import closest, help_for, ticked

_DEEPEST = 5
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


class BadJsonError(Exception):
    """The text is not JSON, or holds no list of rows. ``help``: what to do."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message, help)
        self.message = message
        self.help = help


@frozen
class _List:
    """A list in the text. ``begin``: after its bracket. ``objects``: how many of its items are objects."""

    name: str
    begin: int
    items: int
    objects: int


@define
class JsonList:
    """A JSON text with a list of objects. ``table``: the name of the list if there are several."""

    text: str
    objects: JsonObjects
    table: str | None = None
    header: None = None
    _found: list[_List] = field(factory=list)
    _begin: int = 0

    @property
    def names(self) -> Collection[str]:
        return self.objects.names

    def rows(self) -> Iterator[Row]:
        at, line, counted = self._begin, 1, 0
        while self.text[at := self._space(at)] != "]":
            end = _DECODER.raw_decode(self.text, at)[1]
            line, counted = line + self.text.count("\n", counted, at), at
            last = line + self.text.count("\n", at, end)
            if end - at > LONGEST:
                yield Row(line, {}, f"the object is longer than {LONGEST} characters", last)
            else:
                yield self.objects.row(self.text[at:end], line, line)
            at = self._space(end)
            at += self.text[at] == ","

    def check(self) -> None:
        """Find the list of rows, or raise a BadJsonError."""
        self._begin = self._chosen().begin

    def _chosen(self) -> _List:
        try:
            end = self._space(self._walk(self._space(0), "", 0))
        except (json.JSONDecodeError, RecursionError) as error:
            raise self._broken(error) from None
        except ValueError:  # a number of thousands of digits
            raise BadJsonError("it holds a number that is too long", "correct it") from None
        if end < len(self.text):
            raise self._broken(json.JSONDecodeError("", self.text, end))
        named = {each.name: each for each in self._found}
        if self.table is not None:
            if self.table not in named:
                help = help_for(closest(self.table, named), named)
                raise BadJsonError(f"it has no list `{short(self.table)}`", help)
            return named[self.table]
        lists = [each for each in self._found if each.objects] or [
            each for each in self._found if not each.items
        ]
        if len(lists) == 1:
            return lists[0]
        if not lists:
            help = "give a list of objects, one for each row: `[{...}, {...}]`, or JSON Lines"
            raise BadJsonError("it holds no list of objects", help)
        names = [short(each.name) for each in lists]
        help = f"say in the map which one holds the rows: `table: {names[0]}`"
        raise BadJsonError(f"it holds {len(lists)} lists: {ticked(names[:12], 'and')}", help)

    def _walk(self, at: int, name: str, depth: int) -> int:
        """Note every list in the value that begins here, and return the end of the value."""
        sign = self.text[at : at + 1]
        if sign == "[":
            return self._list(at + 1, name)
        if sign != "{" or depth > _DEEPEST:
            return _DECODER.raw_decode(self.text, at)[1]
        at = self._space(at + 1)
        if self.text[at : at + 1] == "}":
            return at + 1
        while True:
            key, end = _DECODER.raw_decode(self.text, at)
            at = self._space(end)
            if not isinstance(key, str) or self.text[at : at + 1] != ":":
                raise json.JSONDecodeError("", self.text, at)
            at = self._walk(self._space(at + 1), f"{name}.{key}" if name else key, depth + 1)
            at = self._space(at)
            if self.text[at : at + 1] == "}":
                return at + 1
            at = self._comma(at)

    def _list(self, at: int, name: str) -> int:
        begin = at
        items = objects = 0
        at = self._space(at)
        while self.text[at : at + 1] != "]":
            value, end = _DECODER.raw_decode(self.text, at)
            items += 1
            objects += isinstance(value, dict)
            at = self._space(end)
            if self.text[at : at + 1] == "]":
                break
            at = self._comma(at)
        self._found.append(_List(name, begin, items, objects))
        return at + 1

    def _comma(self, at: int) -> int:
        if self.text[at : at + 1] != ",":
            raise json.JSONDecodeError("", self.text, at)
        return self._space(at + 1)

    def _space(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def _broken(self, error: json.JSONDecodeError | RecursionError) -> BadJsonError:
        if isinstance(error, RecursionError):
            return BadJsonError("it is nested too deep", "give a list of flat objects")
        if not self.text.strip():
            return BadJsonError("it is empty", "is it the right file?")
        if error.pos >= len(self.text.rstrip()) or error.msg.startswith("Unterminated"):
            return BadJsonError(
                "it is JSON that ends in the middle", "was it cut off? Export or copy it again"
            )
        where = f"line {error.lineno}, character {error.colno}"
        return BadJsonError(f"it is not JSON from {where} on", "export it again, or correct it there")
