"""A certificate: what a proof found, as data that can be kept, and checked again without a search."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from postinterview.core.definitions import Definition, Source
from postinterview.core.errors import PostInterviewError
from postinterview.proof.checker import NO_BOUND, objections
from postinterview.proof.promises import Promises, broken_by, judges
from postinterview.proof.prove import Part, Proof
from postinterview.proof.relation import VERSION, relation_of
from postinterview.proof.search import State
from postinterview.proof.tags import Milder
from postinterview.proof.variables import Value
from postinterview.proof.view import view_of

FORMAT = 1


class CertificateError(PostInterviewError):
    """A certificate that can't be read, is about something else, or proves nothing.

    ``message`` says which, lower case, without a full stop; ``help`` what to do.
    """

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message, help)
        self.message = message
        self.help = help

    def __str__(self) -> str:
        return f"{self.message} ({self.help})" if self.help else self.message


def write_certificate(proof: Proof) -> str:
    """The certificate of a proof, as JSON text.

    Raises:
        CertificateError: not everything is proved, or the file tags packaged events more mildly.
    """
    if proof.verdict != "proved":
        raise CertificateError(f"the verdict is {proof.verdict}", "only what is proved has a certificate")
    refuse_milder(proof.milder)
    data = {
        "certificate": "postinterview",
        "format": FORMAT,
        "relation": VERSION,
        "rules": [_source(source) for source in proof.definition.sources],
        "promises": [_source(source) for source in proof.promises.sources],
        "parts": [_part(result.id, part) for result in proof.results for part in result.parts],
    }
    return json.dumps(data, indent=1) + "\n"


def refuse_milder(found: tuple[Milder, ...]) -> None:
    """Let no certificate stand for rules that tag packaged events more mildly.

    Raises:
        CertificateError: they do.
    """
    if found:
        raise CertificateError(
            f"`{found[0].kind.name}` is tagged more mildly than in the packaged rules",
            "postinterview check says where",
        )


def verify(definition: Definition, promises: Promises, text: str) -> int:
    """Check a certificate against rules and promises; how many states it holds.

    Raises:
        CertificateError: it can't be read, was made for other files, or the checker objects.
    """
    data = _read(text)
    _same(data, "rules", definition.sources)
    _same(data, "promises", promises.sources)
    try:
        parts = {(p["promise"], p["clause"], p["act"]): p for p in data["parts"]}
        states = 0
        for promise in promises.promises:
            for number, clause in enumerate(promise.clauses):
                for act in definition.events.values():
                    if not judges(definition, clause, act):
                        continue
                    part = parts.get((promise.id, number, act.name))
                    if part is None:
                        raise CertificateError(
                            f"nothing is said about `{promise.id}` and `{act.name}`", _AGAIN
                        )
                    keys = {(key[0], key[1], key[2]) for key in part["rests_on"]}
                    reached = [_state(state) for state in part["states"]]
                    view = view_of(relation_of(definition, act), keys, broken_by(definition, clause, act))
                    found = objections(view, reached)
                    if found:
                        raise CertificateError(
                            f"`{promise.id}` is not proved for `{act.name}`: {found[0]}", _AGAIN
                        )
                    states += len(reached)
    except (KeyError, TypeError, ValueError, IndexError, AssertionError, AttributeError):
        raise CertificateError("the certificate is damaged", _AGAIN) from None
    return states


_AGAIN = "make it anew: postinterview prove --certificate FILE"


def _read(text: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise CertificateError("the certificate is no whole JSON text", _AGAIN) from None
    if not isinstance(data, dict) or data.get("certificate") != "postinterview":
        raise CertificateError("this is not a certificate", "give the file that `--certificate` wrote")
    if (data.get("format"), data.get("relation")) != (FORMAT, VERSION):
        raise CertificateError("the certificate is of another version of the proof", _AGAIN)
    return data


def _same(data: Mapping[str, Any], what: str, sources: tuple[Source, ...]) -> None:
    written = data.get(what)
    hashes = (
        [each.get("sha256") for each in written if isinstance(each, dict)]
        if isinstance(written, list)
        else []
    )
    if hashes != [source.sha256 for source in sources]:
        raise CertificateError(f"the {what} have changed since the certificate was made", _AGAIN)


def _source(source: Source) -> dict[str, str]:
    return {"name": source.name, "sha256": source.sha256}


def _part(promise: str, part: Part) -> dict[str, Any]:
    return {
        "promise": promise,
        "clause": part.clause,
        "act": part.act,
        "rests_on": [list(key) for key in part.rests_on],
        "states": [
            [list(values), [None if bound >= NO_BOUND else bound for bound in zone]]
            for values, zone in part.reached
        ],
    }


def _state(data: Any) -> State:
    values, zone = data
    return tuple(_value(each) for each in values), tuple(
        NO_BOUND if bound is None else int(bound) for bound in zone
    )


def _value(data: Any) -> Value:
    if isinstance(data, list):
        here, floor = data
        return int(here), int(floor)
    if isinstance(data, str | int):
        return data
    raise TypeError
