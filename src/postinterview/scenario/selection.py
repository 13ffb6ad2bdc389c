"""Choose scenarios by words in their names: the expression of ``-k``.

An expression is made of words, ``and``, ``or``, ``not`` and parentheses. A word is found anywhere in the
scenario's name or its file's, in capitals or not. Quotes make one word of several::

    thank and not "second round"
"""

from __future__ import annotations

import re
from collections.abc import Callable

from postinterview.core.values.errors import MisuseError

Selection = Callable[[str], bool]
"""Whether a scenario is chosen, by the text of its file and name."""

_TOKEN = re.compile(r"""\s*("[^"]*"|'[^']*'|[()]|[^\s()"']+|["'])""")
_EXAMPLE = 'write words with `and`, `or` and `not`, such as `thank and not "second round"`'
_DEEPEST = 100


def parse_selection(expression: str) -> Selection:
    """Return what the expression chooses.

    Raises:
        MisuseError: it is no expression.
    """
    tokens = [*_TOKEN.findall(expression), ""]
    for token in tokens:
        if token in ('"', "'"):
            raise MisuseError(f"a quotation mark ({token}) has no partner in `{expression}`", _EXAMPLE)
    parser = _Parser(expression, tokens)
    chosen = parser.either(0)
    if parser.next != "":
        raise parser.misuse("an operator")
    return lambda text: chosen(text.casefold())


class _Parser:
    """Reads tokens from left to right; ``not`` binds more than ``and``, and that more than ``or``."""

    def __init__(self, expression: str, tokens: list[str]) -> None:
        self._expression, self._tokens, self._at = expression, tokens, 0

    @property
    def next(self) -> str:
        return self._tokens[self._at]

    def either(self, depth: int) -> Selection:
        parts = [self._both(depth)]
        while self._takes("or"):
            parts.append(self._both(depth))
        return lambda text: any(part(text) for part in parts)

    def _both(self, depth: int) -> Selection:
        parts = [self._single(depth)]
        while self._takes("and"):
            parts.append(self._single(depth))
        return lambda text: all(part(text) for part in parts)

    def _single(self, depth: int) -> Selection:
        if depth > _DEEPEST:
            raise MisuseError(f"the expression is nested more than {_DEEPEST} times", _EXAMPLE)
        if self._takes("not"):
            negated = self._single(depth + 1)
            return lambda text: not negated(text)
        if self._takes("("):
            inner = self.either(depth + 1)
            if not self._takes(")"):
                raise self.misuse("`)`")
            return inner
        word = self.next
        if word in ("", ")", "and", "or"):
            raise self.misuse("a word")
        self._at += 1
        wanted = (word[1:-1] if word[0] in "\"'" else word).casefold()
        return lambda text: wanted in text

    def _takes(self, token: str) -> bool:
        taken = self.next == token
        self._at += taken
        return taken

    def misuse(self, expected: str) -> MisuseError:
        where = f"before `{self.next}`" if self.next else "at the end"
        return MisuseError(f"{expected} is missing {where} in `{self._expression}`", _EXAMPLE)
