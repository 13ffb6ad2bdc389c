"""A certificate: what a proof found, as data that can be kept, and checked again without a search."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from typing import Any

from postinterview.core.definitions import Definition, Source
from postinterview.proof.checker import NO_BOUND, objections
from postinterview.proof.claims import (
    FORMAT,
    KIND,
    Certificate,
    CertificateError,
    Claim,
    Named,
    read_certificate,
)
from postinterview.proof.promises import Promises, broken_by, judges
from postinterview.proof.prove import Proof
from postinterview.proof.refinement import Part
from postinterview.proof.relation import VERSION, Relation, relation_of
from postinterview.proof.tags import Milder
from postinterview.proof.view import View, view_of


def write_certificate(proof: Proof, files: Mapping[str, str] | None = None) -> str:
    """The certificate of a proof, as JSON text.

    ``files``: for the name of each source how it is found again, which is the name of packaged rules, or
    the path from the folder that the certificate is put in. Without, the name itself.

    Raises:
        CertificateError: not everything is proved, or the file tags packaged events more mildly.
    """
    if proof.verdict != "proved":
        raise CertificateError(f"the verdict is {proof.verdict}", "only what is proved has a certificate")
    refuse_milder(proof.milder)
    found = files or {}
    data = {
        "certificate": KIND,
        "format": FORMAT,
        "relation": VERSION,
        "rules": [_source(source, found) for source in proof.definition.sources],
        "promises": [_source(source, found) for source in proof.promises.sources],
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
    return verify_read(definition, promises, read_certificate(text))


def verify_read(definition: Definition, promises: Promises, certificate: Certificate) -> int:
    """Check a certificate that was read already, like `verify`."""
    _same("rules", certificate.rules, definition.sources)
    _same("promises", certificate.promises, promises.sources)
    claims = dict(certificate.claims)
    states = 0
    for promise in promises.promises:
        for number, clause in enumerate(promise.clauses):
            for act in definition.events.values():
                if not judges(definition, clause, act):
                    continue
                claim = claims.pop((promise.id, number, act.name), None)
                if claim is None:
                    raise CertificateError(f"nothing is said about `{promise.id}` and `{act.name}`")
                atoms = broken_by(definition, clause, act)
                relation = relation_of(definition, act)
                _check_names(relation, claim, promise.id)
                found = _objections(view_of(relation, claim.rests_on, (atoms,)), claim)
                if found:
                    raise CertificateError(f"`{promise.id}` is not proved for `{act.name}`: {found[0]}")
                states += len(claim.reached)
    for name, _, act_name in claims:
        raise CertificateError(f"it speaks of `{name}` and `{act_name}`, and no promise does")
    return states


def _check_names(relation: Relation, claim: Claim, promise: str) -> None:
    """Raise where a claim rests on a guard that the rules don't have there: nobody would ask it."""
    for machine, transition, id in sorted(
        claim.rests_on - relation.conditions.keys() - relation.gates.keys()
    ):
        where = ".".join(each for each in (machine, transition) if each) or "the act"
        raise CertificateError(
            f"`{promise}` rests on `{id}` of `{where}` for `{relation.act.name}`, "
            "and the rules ask no such thing"
        )


def _objections(view: View, claim: Claim) -> list[str]:
    try:
        return objections(view, claim.reached)
    except (KeyError, TypeError, ValueError, IndexError, AssertionError, AttributeError):
        return ["a state is none that these rules can be in"]


def _same(what: str, named: tuple[Named, ...], sources: tuple[Source, ...]) -> None:
    """Raise where the files are not those that the proof was made of, byte for byte."""
    if [each.sha256 for each in named] == [source.sha256 for source in sources]:
        return
    if len(named) == len(sources):
        for then, now in zip(named, sources, strict=True):
            if then.sha256 != now.sha256 and posixpath.basename(then.name) == posixpath.basename(now.name):
                raise CertificateError(f"`{now.name}` has changed since the certificate was made")
    raise CertificateError(
        f"the certificate is of other {what}: {_names(named)}, not {_names(sources)}",
    )


def _names(files: tuple[Named, ...] | tuple[Source, ...]) -> str:
    return " and ".join(f"`{each.name}`" for each in files) or "none"


def _source(source: Source, files: Mapping[str, str]) -> dict[str, str]:
    return {"name": source.name, "file": files.get(source.name, source.name), "sha256": source.sha256}


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
