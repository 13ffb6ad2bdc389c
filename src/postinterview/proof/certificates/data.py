"""The pieces that certificates are made of: files, conditions and states, read strictly and written.

A text that would not have been written is refused, with the place of the fault.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from attrs import frozen

from postinterview.core.rules.definitions import Source
from postinterview.core.values.errors import HelpfulError
from postinterview.core.values.strict_json import Strict
from postinterview.proof.model.checker import NO_BOUND
from postinterview.proof.model.relation import ConditionKey
from postinterview.proof.model.variables import Value
from postinterview.proof.search.search import State


class CertificateError(HelpfulError):
    """A certificate that can't be read, is about other files, or proves nothing.

    ``line`` and ``column`` are where the text stops being JSON, else 0.
    """

    def __init__(self, message: str, help: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message, help)
        self.args = (message, help, line, column)
        self.line, self.column = line, column


@frozen
class ProvedFile:
    """A file that the proof is about.

    ``name``: as `prove` was given it. ``file``: the name of packaged rules, or the path from the
    certificate's folder.
    """

    name: str
    file: str
    sha256: str


# --- reading ------------------------------------------------------------------------------------


def refuse(way: str, message: str, help: str = "") -> NoReturn:
    raise CertificateError(f"the certificate is damaged: {f'at `{way}`, ' if way else ''}{message}", help)


READER = Strict(refuse)


def items(data: Any, way: str, length: int | None = None) -> list[tuple[Any, str]]:
    return [(each, f"{way}[{number}]") for number, each in enumerate(READER.items(data, way, length))]


def read_file(data: Any, way: str) -> ProvedFile:
    keys = ("name", "file", "sha256")
    found = READER.mapping(data, way, keys)
    return ProvedFile(*(READER.text(found[key], f"{way}.{key}") for key in keys))


def read_rests_on(data: Any, way: str) -> frozenset[ConditionKey]:
    found: set[ConditionKey] = set()
    for each, place in items(data, way):
        machine, transition, id = (READER.text(part, place) for part in READER.items(each, place, 3))
        if (machine, transition, id) in found:
            refuse(place, f"`{id}` is named a second time")
        found.add((machine, transition, id))
    return frozenset(found)


def read_state(data: Any, way: str) -> State:
    values, zone = (items(*each) for each in items(data, way, 2))
    return tuple(read_value(*each) for each in values), tuple(read_bound(*each) for each in zone)


def read_value(data: Any, way: str) -> Value:
    if isinstance(data, str):
        return data
    if not isinstance(data, list):
        return READER.whole(data, way)
    here, floor = (READER.whole(each, way) for each in READER.items(data, way, 2))
    return here, floor


def read_bound(data: Any, way: str) -> int:
    if data is None:
        return NO_BOUND
    bound = READER.whole(data, way)
    if not -NO_BOUND < bound < NO_BOUND:
        refuse(way, "a number that large is no bound; `null` is none at all")
    return bound


def same_files(what: str, named: tuple[ProvedFile, ...], sources: tuple[Source, ...]) -> None:
    """Refuse files that are not those of the proof, byte for byte."""
    if [each.sha256 for each in named] == [source.sha256 for source in sources]:
        return
    if len(named) == len(sources):
        for then, now in zip(named, sources, strict=True):
            if then.sha256 != now.sha256 and posixpath.basename(then.name) == posixpath.basename(now.name):
                raise CertificateError(f"`{now.name}` has changed since the certificate was made")
    theirs, ours = (" and ".join(f"`{each.name}`" for each in files) or "none" for files in (named, sources))
    raise CertificateError(f"the certificate is of other {what}: {theirs}, not {ours}")


# --- writing ------------------------------------------------------------------------------------


def written_files(sources: Iterable[Source], found: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the files that the sources were read from, as JSON data."""
    return [{"name": s.name, "file": found.get(s.name, s.name), "sha256": s.sha256} for s in sources]


def written_proof(rests_on: Iterable[ConditionKey], reached: Iterable[State]) -> dict[str, Any]:
    """Return the conditions that a proof rests on and the states it reaches, as JSON data."""
    states = [
        [list(values), [None if bound >= NO_BOUND else bound for bound in zone]] for values, zone in reached
    ]
    return {"rests_on": [list(key) for key in rests_on], "states": states}
