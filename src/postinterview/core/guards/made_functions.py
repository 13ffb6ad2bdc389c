"""Make functions of sources that were written, with their lines in tracebacks."""

from __future__ import annotations

import re
from typing import Any
from zlib import crc32

from postinterview.core.rules.definitions import Origin


class _Loader:
    """Gives tracebacks the source of a function, and goes with it (see `linecache.lazycache`)."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get_source(self, _: str) -> str:
        return self._text


def made_of(text: str, names: dict[str, object], function: str, origin: Origin) -> Any:
    """Return the function of a source. Tracebacks show its lines; ``origin``: the rule that it is for."""
    # The same rules have the same file, whenever they are loaded; others have another.
    file = f"{said(origin)} {function} {crc32(text.encode()):08x}"
    names |= {"__name__": function, "__loader__": _Loader(text)}
    exec(compile(text, file, "exec"), names)  # noqa: S102 - it is made of rules, and of no text of a file
    return names[function]


def function_name(what: str, name: str) -> str:
    """Return the name of the function of a transition or an event: no keyword, and no name that it uses."""
    return f"{what}_" + re.sub(r"\W", "_", name)


def said(origin: Origin) -> str:
    """Return the place in a rule file on one line."""
    return f"{ascii(origin.file)[1:-1]}:{origin.line}"
