"""What may be given to the public functions: what is of another type than the hint says is misuse."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from math import isnan

from postinterview.core.errors import MisuseError

_FUNCTIONS = 'give functions by the name that the guards use: custom={"free": free}'


def check_path(path: object) -> None:
    """Raise `MisuseError` for what is no path of a file."""
    if not isinstance(path, str | os.PathLike) or not isinstance(os.fspath(path), str):
        raise MisuseError(
            f"`{path!r}` is no path of a file", 'give a text such as "mine.yaml", or a pathlib.Path'
        )


def check_rules(text: object, name: object, custom: object) -> None:
    """Raise `MisuseError` for what can't describe rules."""
    if text is not None and not isinstance(text, str | bytes):
        raise MisuseError(f"`text` can't be {text!r}", "give the rules as a text or as bytes")
    if name is not None and not isinstance(name, str):
        raise MisuseError(f"`name` can't be {name!r}", 'give a text such as name="mine.yaml"')
    if custom is None:
        return
    if not isinstance(custom, Mapping):
        raise MisuseError(f"`custom` can't be {custom!r}", _FUNCTIONS)
    for key, function in custom.items():
        if not isinstance(key, str) or not callable(function):
            raise MisuseError(f"`custom` can't hold {key!r}: {function!r}", _FUNCTIONS)


def check_proof(rulebook: object, promises: object, max_zones: object, max_seconds: object) -> None:
    """Raise `MisuseError` for what nothing can be proved of, or with."""
    from postinterview.core.process import Rulebook

    if not isinstance(rulebook, Rulebook):
        raise MisuseError(f"`{rulebook!r}` is no rulebook", "give what load_rulebook answers with")
    if isinstance(promises, str | bytes | os.PathLike) or not isinstance(promises, Iterable):
        raise MisuseError(f"`promises` can't be {promises!r}", 'give a list of paths: promises=["mine.yaml"]')
    if max_zones is not None and (isinstance(max_zones, bool) or not isinstance(max_zones, int)):
        raise MisuseError(f"`max_zones` can't be {max_zones!r}", "give a whole number")
    if max_seconds is not None and (
        isinstance(max_seconds, bool) or not isinstance(max_seconds, int | float) or isnan(max_seconds)
    ):
        raise MisuseError(f"`max_seconds` can't be {max_seconds!r}", "give a number of seconds")
