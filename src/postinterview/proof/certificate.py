"""A certificate: what a proof found, as JSON that can be kept and checked again without a search.

For each clause of each promise and each act it may forbid, a certificate lists the conditions that the proof
rests on and a set of states: values of the view's variables with a zone of its clocks. `checker` asks whether
no move leads out of that set and nothing bad is allowed inside. The rule files are named with their SHA-256,
so a certificate speaks of these bytes and no others.

Reading is strict: a text that `write_certificate` would not have written is refused, with the place of the
fault.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from typing import Any, NoReturn, TypeAlias

from attrs import frozen

from postinterview.core.definitions import Definition, Source
from postinterview.core.errors import PostInterviewError
from postinterview.core.strict_json import Strict
from postinterview.proof.checker import NO_BOUND, objections
from postinterview.proof.labels import TooManyError
from postinterview.proof.promises import Promises, broken_by, judges
from postinterview.proof.prove import Proof
from postinterview.proof.relation import VERSION, ConditionKey, Relations
from postinterview.proof.search import State
from postinterview.proof.tags import Milder
from postinterview.proof.variables import Value
from postinterview.proof.view import View, view_of

FORMAT = 1
KIND = "postinterview"
_NAME_ONE = "name the file that `postinterview prove --certificate FILE` wrote"


class CertificateError(PostInterviewError):
    """A certificate that can't be read, is about other files, or proves nothing.

    ``message`` says which, in lower case and without a full stop, ``help`` what to do. ``line`` and
    ``column`` are where the text stops being JSON, else 0.
    """

    def __init__(self, message: str, help: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message, help, line, column)
        self.message, self.help, self.line, self.column = message, help, line, column

    def __str__(self) -> str:
        return f"{self.message} ({self.help})" if self.help else self.message


@frozen
class ProvedFile:
    """A file that the proof is about.

    ``name``: as `prove` was given it. ``file``: the name of packaged rules, or the path from the
    certificate's folder.
    """

    name: str
    file: str
    sha256: str


Claim: TypeAlias = tuple[frozenset[ConditionKey], tuple[State, ...]]


@frozen
class Certificate:
    """The content of a certificate.

    ``claims``: for each promise, number of a clause, and act, the conditions that the proof rests on, and the
    states that it reaches.
    """

    rules: tuple[ProvedFile, ...]
    promises: tuple[ProvedFile, ...]
    claims: Mapping[tuple[str, int, str], Claim]


# --- writing ------------------------------------------------------------------------------------


def write_certificate(proof: Proof, files: Mapping[str, str] | None = None) -> str:
    """Return the certificate of a proof, as JSON text.

    ``files``: for the name of each source its ``ProvedFile.file``; a source that is left out keeps its name.

    Raises:
        CertificateError: not everything is proved, or the file tags packaged events more mildly.
    """
    if proof.verdict != "proved":
        raise CertificateError(f"the verdict is {proof.verdict}", "only what is proved has a certificate")
    refuse_milder(proof.milder)
    found = files or {}

    def listed(sources: tuple[Source, ...]) -> list[dict[str, str]]:
        return [{"name": s.name, "file": found.get(s.name, s.name), "sha256": s.sha256} for s in sources]

    parts = [
        {
            "promise": result.id,
            "clause": part.clause,
            "act": part.act,
            "rests_on": [list(key) for key in part.rests_on],
            "states": [
                [list(values), [None if bound >= NO_BOUND else bound for bound in zone]]
                for values, zone in part.reached
            ],
        }
        for result in proof.results
        for part in result.parts
    ]
    head = {"certificate": KIND, "format": FORMAT, "relation": VERSION}
    about = {"rules": listed(proof.definition.sources), "promises": listed(proof.promises.sources)}
    return json.dumps({**head, **about, "parts": parts}, indent=1) + "\n"


def refuse_milder(found: tuple[Milder, ...]) -> None:
    """Refuse certificates of rules that tag packaged events more mildly.

    Raises:
        CertificateError: they do.
    """
    if found:
        raise CertificateError(str(found[0]), "postinterview check says where")


# --- reading ------------------------------------------------------------------------------------


def _refuse(way: str, message: str, help: str = "") -> NoReturn:
    raise CertificateError(f"the certificate is damaged: {f'at `{way}`, ' if way else ''}{message}", help)


_READER = Strict(_refuse)


def read_certificate(text: str) -> Certificate:
    """Read a certificate.

    Raises:
        CertificateError: it is not JSON, no certificate, of another version, or not as it was written.
    """
    try:
        data = _READER.parse(text)
    except json.JSONDecodeError as error:
        message = f"this is no JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise CertificateError(message, _NAME_ONE, error.lineno, error.colno) from None
    except RecursionError:
        _refuse("", "brackets in brackets without end")
    if not isinstance(data, dict) or data.get("certificate") != KIND:
        raise CertificateError("this is not a certificate", _NAME_ONE)
    for what, known in (("format", FORMAT), ("relation", VERSION)):
        said = _READER.whole(data.get(what), what)
        if said != known:
            raise CertificateError(f"the certificate is of another version: {what} {said}, not {known}")
    _READER.mapping(data, "", ("certificate", "format", "relation", "rules", "promises", "parts"))
    claims: dict[tuple[str, int, str], Claim] = {}
    for each, way in _items(data["parts"], "parts"):
        part = _READER.mapping(each, way, ("promise", "clause", "act", "rests_on", "states"))
        promise, act = (_READER.text(part[name], f"{way}.{name}") for name in ("promise", "act"))
        key = promise, _READER.whole(part["clause"], f"{way}.clause"), act
        states = tuple(_state(*each) for each in _items(part["states"], f"{way}.states"))
        rests_on = _rests_on(part["rests_on"], f"{way}.rests_on")
        if key in claims:
            _refuse(way, f"a second part about `{key[0]}` and `{key[2]}`")
        claims[key] = rests_on, states
    rules, promises = (tuple(_file(*each) for each in _items(data[k], k)) for k in ("rules", "promises"))
    return Certificate(rules, promises, claims)


def _items(data: Any, way: str, length: int | None = None) -> list[tuple[Any, str]]:
    return [(each, f"{way}[{number}]") for number, each in enumerate(_READER.items(data, way, length))]


def _file(data: Any, way: str) -> ProvedFile:
    keys = ("name", "file", "sha256")
    found = _READER.mapping(data, way, keys)
    return ProvedFile(*(_READER.text(found[key], f"{way}.{key}") for key in keys))


def _rests_on(data: Any, way: str) -> frozenset[ConditionKey]:
    found: set[ConditionKey] = set()
    for each, place in _items(data, way):
        machine, transition, id = (_READER.text(part, place) for part in _READER.items(each, place, 3))
        if (machine, transition, id) in found:
            _refuse(place, f"`{id}` is named a second time")
        found.add((machine, transition, id))
    return frozenset(found)


def _state(data: Any, way: str) -> State:
    values, zone = (_items(*each) for each in _items(data, way, 2))
    return tuple(_value(*each) for each in values), tuple(_bound(*each) for each in zone)


def _value(data: Any, way: str) -> Value:
    if isinstance(data, str):
        return data
    if not isinstance(data, list):
        return _READER.whole(data, way)
    here, floor = (_READER.whole(each, way) for each in _READER.items(data, way, 2))
    return here, floor


def _bound(data: Any, way: str) -> int:
    if data is None:
        return NO_BOUND
    bound = _READER.whole(data, way)
    if not -NO_BOUND < bound < NO_BOUND:
        _refuse(way, "a number that large is no bound; `null` is none at all")
    return bound


_NO_VALUES = (KeyError, TypeError, ValueError, IndexError, AttributeError)
"""The exceptions that a view raises if it is asked about values that its variables can't have."""


# --- checking -----------------------------------------------------------------------------------


def verify(definition: Definition, promises: Promises, certificate: Certificate) -> int:
    """Check a certificate against rules and promises, and return how many states it holds.

    The checker shares the model of the rules with the prover, and not the search; see `checker`.

    Raises:
        CertificateError: it is about other files, or the checker objects.
    """
    _same("rules", certificate.rules, definition.sources)
    _same("promises", certificate.promises, promises.sources)
    claims, relations = dict(certificate.claims), Relations(definition)
    states = 0
    for promise in promises.promises:
        for number, clause in enumerate(promise.clauses):
            for act in definition.events.values():
                if not judges(definition, clause, act):
                    continue
                claim = claims.pop((promise.id, number, act.name), None)
                if claim is None:
                    raise CertificateError(f"nothing is said about `{promise.id}` and `{act.name}`")
                rests_on, reached = claim
                try:
                    relation = relations.of(act)
                    view = view_of(relation, rests_on, (broken_by(definition, clause, act),))
                    _check_names(view, rests_on, promise.id)
                    found = objections(view, reached)
                except TooManyError as error:
                    found = [str(error)]
                except _NO_VALUES:
                    found = ["a state is none that these rules can be in"]
                if found:
                    raise CertificateError(f"`{promise.id}` is not proved for `{act.name}`: {found[0]}")
                states += len(reached)
    for name, _, act_name in claims:
        raise CertificateError(f"it speaks of `{name}` and `{act_name}`, and no promise does")
    return states


def _check_names(view: View, rests_on: frozenset[ConditionKey], promise: str) -> None:
    """Refuse a claim that rests on a guard that the rules don't have: nobody would ask that guard."""
    relation, counted = view.relation, {} if view.asked is None else view.asked.conditions
    asked = relation.conditions.keys() | relation.gates.keys() | counted.keys()
    for machine, transition, id in sorted(rests_on - asked):
        where = ".".join(each for each in (machine, transition) if each) or "the act"
        raise CertificateError(
            f"`{promise}` rests on `{id}` of `{where}` for `{relation.act.name}`, "
            "and the rules ask no such thing"
        )


def _same(what: str, named: tuple[ProvedFile, ...], sources: tuple[Source, ...]) -> None:
    """Refuse files that are not those of the proof, byte for byte."""
    if [each.sha256 for each in named] == [source.sha256 for source in sources]:
        return
    if len(named) == len(sources):
        for then, now in zip(named, sources, strict=True):
            if then.sha256 != now.sha256 and posixpath.basename(then.name) == posixpath.basename(now.name):
                raise CertificateError(f"`{now.name}` has changed since the certificate was made")
    theirs, ours = (" and ".join(f"`{each.name}`" for each in files) or "none" for files in (named, sources))
    raise CertificateError(f"the certificate is of other {what}: {theirs}, not {ours}")
