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
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from attrs import frozen

from postinterview.core.rules.definitions import Definition
from postinterview.proof.bound import Bound
from postinterview.proof.certificates.bounds import ClaimedBound, check_bound, read_bound, written_bounds
from postinterview.proof.certificates.data import (
    READER,
    CertificateError,
    ProvedFile,
    items,
    read_file,
    read_rests_on,
    read_state,
    refuse,
    same_files,
    written_files,
    written_proof,
)
from postinterview.proof.model.checker import objections
from postinterview.proof.model.labels import TooManyError
from postinterview.proof.model.relation import VERSION, ConditionKey, Relations
from postinterview.proof.model.view import View, view_of
from postinterview.proof.promises.promise import Promises, broken_by, judges
from postinterview.proof.promises.tags import Milder
from postinterview.proof.prove import Proof
from postinterview.proof.search.search import State

FORMAT = 3
KIND = "postinterview"
_KEYS = ("certificate", "format", "relation", "rules", "promises", "loosened", "parts", "bounds")
_NAME_ONE = "name the file that `postinterview prove --certificate FILE` wrote"


Claim: TypeAlias = tuple[frozenset[ConditionKey], tuple[State, ...]]


@frozen
class Certificate:
    """The content of a certificate.

    ``claims``: for each promise, number of a clause, and act, the conditions that the proof rests on, and the
    states that it reaches. ``bounds``: what is said of the most acts that are allowed. ``loosened``: the
    promises of which nothing is claimed, because the rule file loosens them.
    """

    rules: tuple[ProvedFile, ...]
    promises: tuple[ProvedFile, ...]
    claims: Mapping[tuple[str, int, str], Claim]
    bounds: tuple[ClaimedBound, ...] = ()
    loosened: tuple[str, ...] = ()


# --- writing ------------------------------------------------------------------------------------


def write_certificate(proof: Proof, files: Mapping[str, str] | None = None) -> str:
    """Return the certificate of a proof, as JSON text.

    ``files``: for the name of each source its ``ProvedFile.file``; a source that is left out keeps its name.

    Raises:
        CertificateError: not all that the file keeps is proved, or the file tags packaged events more mildly.
    """
    if proof.verdict != "proved":
        raise CertificateError(f"the verdict is {proof.verdict}", "only what is proved has a certificate")
    refuse_milder(proof.milder)
    loosened = [each.name for each in proof.loosened]
    parts: list[dict[str, object]] = [
        {"promise": result.id, "clause": part.clause, "act": part.act}
        | written_proof(part.rests_on, part.reached)
        for result in proof.results
        if result.id not in loosened
        for part in result.parts
    ]
    return _written(proof.definition, proof.promises, files or {}, parts, [], loosened)


def write_bounds(
    definition: Definition, bounds: Iterable[Bound], files: Mapping[str, str] | None = None
) -> str:
    """Return the certificate of bounds, as JSON text; ``files`` as for `write_certificate`.

    Raises:
        CertificateError: one of them is not bounded.
    """
    return _written(definition, Promises(()), files or {}, [], written_bounds(bounds), definition.loosens)


def _written(
    definition: Definition,
    promises: Promises,
    files: Mapping[str, str],
    parts: list[dict[str, object]],
    bounds: list[dict[str, object]],
    loosened: Iterable[str],
) -> str:
    head = {"certificate": KIND, "format": FORMAT, "relation": VERSION}
    about = {
        "rules": written_files(definition.sources, files),
        "promises": written_files(promises.sources, files),
    }
    return (
        json.dumps({**head, **about, "loosened": [*loosened], "parts": parts, "bounds": bounds}, indent=1)
        + "\n"
    )


def refuse_milder(found: tuple[Milder, ...]) -> None:
    """Refuse certificates of rules that tag packaged events more mildly.

    Raises:
        CertificateError: they do.
    """
    if found:
        raise CertificateError(str(found[0]), "postinterview check says where")


# --- reading ------------------------------------------------------------------------------------


def read_certificate(text: str) -> Certificate:
    """Read a certificate.

    Raises:
        CertificateError: it is not JSON, no certificate, of another version, or not as it was written.
    """
    try:
        data = READER.parse(text)
    except json.JSONDecodeError as error:
        message = f"this is no JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise CertificateError(message, _NAME_ONE, error.lineno, error.colno) from None
    except RecursionError:
        refuse("", "brackets in brackets without end")
    if not isinstance(data, dict) or data.get("certificate") != KIND:
        raise CertificateError("this is not a certificate", _NAME_ONE)
    for what, known in (("format", FORMAT), ("relation", VERSION)):
        said = READER.whole(data.get(what), what)
        if said != known:
            raise CertificateError(f"the certificate is of another version: {what} {said}, not {known}")
    READER.mapping(data, "", _KEYS)
    claims: dict[tuple[str, int, str], Claim] = {}
    for each, way in items(data["parts"], "parts"):
        part = READER.mapping(each, way, ("promise", "clause", "act", "rests_on", "states"))
        promise, act = (READER.text(part[name], f"{way}.{name}") for name in ("promise", "act"))
        key = promise, READER.whole(part["clause"], f"{way}.clause"), act
        states = tuple(read_state(*each) for each in items(part["states"], f"{way}.states"))
        rests_on = read_rests_on(part["rests_on"], f"{way}.rests_on")
        if key in claims:
            refuse(way, f"a second part about `{key[0]}` and `{key[2]}`")
        claims[key] = rests_on, states
    rules, promises = (tuple(read_file(*each) for each in items(data[k], k)) for k in ("rules", "promises"))
    bounds = tuple(read_bound(*each) for each in items(data["bounds"], "bounds"))
    loosened = tuple(READER.text(*each) for each in items(data["loosened"], "loosened"))
    return Certificate(rules, promises, claims, bounds, loosened)


_NO_VALUES = (KeyError, TypeError, ValueError, IndexError, AttributeError)
"""The exceptions that a view raises if it is asked about values that its variables can't have."""


# --- checking -----------------------------------------------------------------------------------


def verify(definition: Definition, promises: Promises, certificate: Certificate) -> int:
    """Check a certificate against rules and promises, and return how many states it holds.

    A promise needs no proof if both the certificate and the rule file say that it is loosened.

    The checker shares the model of the rules with the prover, and not the search; see `checker`.

    Raises:
        CertificateError: it is about other files, or the checker objects.
    """
    same_files("rules", certificate.rules, definition.sources)
    same_files("promises", certificate.promises, promises.sources)
    for name in certificate.loosened:
        if name not in definition.loosens:
            raise CertificateError(f"it says that the rules loosen `{name}`, and they don't")
    claims, relations = dict(certificate.claims), Relations(definition)
    states = 0
    for promise in promises.promises:
        if promise.id in certificate.loosened:
            continue
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
    try:
        return states + sum(check_bound(definition, bound) for bound in certificate.bounds)
    except TooManyError as error:
        raise CertificateError(str(error)) from None
    except _NO_VALUES:
        raise CertificateError("a state of a bound is none that these rules can be in") from None


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
