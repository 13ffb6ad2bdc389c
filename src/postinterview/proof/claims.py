"""A certificate's text to what it claims, read strictly: a number is a whole number, a name is a text.

Whatever is not as ``certificate`` writes it is refused with the place at which it stands: a checker that
guesses what was meant proves nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from attrs import frozen

from postinterview.core.errors import PostInterviewError
from postinterview.core.strict_json import Strict
from postinterview.proof.checker import NO_BOUND
from postinterview.proof.relation import VERSION, ConditionKey
from postinterview.proof.search import State
from postinterview.proof.variables import Value

FORMAT = 1
KIND = "postinterview"


class CertificateError(PostInterviewError):
    """A certificate that can't be read, is about something else, or proves nothing.

    ``message`` says which, lower case, without a full stop; ``help`` what to do. ``line`` and ``column``
    are where the text is no JSON, else 0.
    """

    def __init__(self, message: str, help: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message, help, line, column)
        self.message = message
        self.help = help
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"{self.message} ({self.help})" if self.help else self.message


@frozen
class Named:
    """A file that the proof was made of.

    ``file``: the name of packaged rules, or the path from the certificate's folder.
    """

    name: str
    file: str
    sha256: str


@frozen
class Claim:
    """What is said of one clause of a promise and one act."""

    rests_on: frozenset[ConditionKey]
    reached: tuple[State, ...]


@frozen
class Certificate:
    """What a certificate says. ``claims``: by promise, number of the clause, and act."""

    rules: tuple[Named, ...]
    promises: tuple[Named, ...]
    claims: Mapping[tuple[str, int, str], Claim]


def _refuse(way: str, message: str, help: str = "") -> NoReturn:
    raise CertificateError(f"the certificate is damaged: {f'at `{way}`, ' if way else ''}{message}", help)


_READER = Strict(_refuse)
_whole, _text, _list = _READER.whole, _READER.text, _READER.items
_KEYS = ("certificate", "format", "relation", "rules", "promises", "parts")
_NAMED = ("name", "file", "sha256")
_OF_A_PART = ("promise", "clause", "act", "rests_on", "states")
_NAME_ONE = "name the file that `postinterview prove --certificate FILE` wrote"


def read_certificate(text: str) -> Certificate:
    """Read a certificate.

    Raises:
        CertificateError: it is no JSON, no certificate, of another version, or not as it was written.
    """
    data = _parse(text)
    if not isinstance(data, dict) or data.get("certificate") != KIND:
        raise CertificateError("this is not a certificate", _NAME_ONE)
    for what, known in (("format", FORMAT), ("relation", VERSION)):
        said = _whole(data.get(what), what)
        if said != known:
            raise CertificateError(f"the certificate is of another version: {what} {said}, not {known}")
    _READER.mapping(data, "", _KEYS)
    claims: dict[tuple[str, int, str], Claim] = {}
    for number, each in enumerate(_list(data["parts"], "parts")):
        key, claim = _claim(each, f"parts[{number}]")
        if key in claims:
            _refuse(f"parts[{number}]", f"a second part about `{key[0]}` and `{key[2]}`")
        claims[key] = claim
    return Certificate(_files(data, "rules"), _files(data, "promises"), claims)


def _parse(text: str) -> Any:
    try:
        return _READER.parse(text)
    except json.JSONDecodeError as error:
        message = f"this is no JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise CertificateError(message, _NAME_ONE, error.lineno, error.colno) from None
    except RecursionError:
        _refuse("", "brackets in brackets without end")


def _files(data: Mapping[str, Any], what: str) -> tuple[Named, ...]:
    return tuple(_named(each, f"{what}[{number}]") for number, each in enumerate(_list(data[what], what)))


def _named(data: Any, way: str) -> Named:
    found = _READER.mapping(data, way, _NAMED)
    return Named(*(_text(found[key], f"{way}.{key}") for key in _NAMED))


def _claim(data: Any, way: str) -> tuple[tuple[str, int, str], Claim]:
    part = _READER.mapping(data, way, _OF_A_PART)
    promise = _text(part["promise"], f"{way}.promise")
    clause = _whole(part["clause"], f"{way}.clause")
    act = _text(part["act"], f"{way}.act")
    rests_on: list[ConditionKey] = []
    for number, each in enumerate(_list(part["rests_on"], f"{way}.rests_on")):
        rests_on.append(_condition(each, f"{way}.rests_on[{number}]"))
        if rests_on[-1] in rests_on[:-1]:
            _refuse(f"{way}.rests_on[{number}]", f"`{rests_on[-1][2]}` is named a second time")
    reached = tuple(
        _state(each, f"{way}.states[{number}]")
        for number, each in enumerate(_list(part["states"], f"{way}.states"))
    )
    return (promise, clause, act), Claim(frozenset(rests_on), reached)


def _condition(data: Any, way: str) -> ConditionKey:
    machine, transition, id = (_text(each, way) for each in _list(data, way, 3))
    return machine, transition, id


def _state(data: Any, way: str) -> State:
    values, zone = _list(data, way, 2)
    return (
        tuple(_value(each, f"{way}[0][{number}]") for number, each in enumerate(_list(values, f"{way}[0]"))),
        tuple(_bound(each, f"{way}[1][{number}]") for number, each in enumerate(_list(zone, f"{way}[1]"))),
    )


def _value(data: Any, way: str) -> Value:
    if isinstance(data, str):
        return data
    if isinstance(data, list):
        here, floor = _list(data, way, 2)
        return _whole(here, way), _whole(floor, way)
    return _whole(data, way)


def _bound(data: Any, way: str) -> int:
    if data is None:
        return NO_BOUND
    bound = _whole(data, way)
    if not -NO_BOUND < bound < NO_BOUND:
        _refuse(way, "a number that large is no bound; `null` is none at all")
    return bound
