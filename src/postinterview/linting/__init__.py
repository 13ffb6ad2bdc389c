"""Find slips that change what rules mean without an error: a lint for rule files.

`lint` looks at the rules alone (`times`, `counts`), and at what differs from the rules that a file extends or
is a copy of (`changes`, `numbers`, `parts`), or does not (`unchanged`). Each finding is a warning. With
`meant:` a file says which are meant so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from postinterview.linting.changes import (
    classes_emptied,
    dues_moved,
    guards_gone,
    guards_weakened,
    misspelt_ids,
)
from postinterview.linting.compared import Rules, Slip, beside
from postinterview.linting.counts import forgotten_signs, never_refusing, once_for_all
from postinterview.linting.numbers import tenfold
from postinterview.linting.parts import parts_gone
from postinterview.linting.times import late_and_early
from postinterview.linting.unchanged import changing_nothing
from postinterview.loading.diagnostics import Diagnostic, Span

__all__ = ["Rules", "lint"]


def lint(rules: Rules, known: Rules | None, *, loosened: Collection[str] = ()) -> tuple[Diagnostic, ...]:
    """Return a warning for each slip, in reading order.

    ``known``: the rules that they are compared with. ``loosened``: the acts of which the file says that it
    does not keep a promise, so that a guard on them which asks for less is meant.
    """
    inherited = set()
    if known is not None and rules.extends(known):
        inherited = {each.place for each in _by_meaning(known)}
    found = [each for each in _by_meaning(rules, known) if each.place not in inherited]
    if known is not None:
        found = [beside(each, rules, known) for each in found]
        found += guards_weakened(rules, known, loosened)
        for compare in (
            guards_gone,
            parts_gone,
            classes_emptied,
            dues_moved,
            misspelt_ids,
            tenfold,
            changing_nothing,
        ):
            found += compare(rules, known)
    far = {each.name for each in found if each.diagnostic.code == "PI516"}
    found = [each for each in found if each.diagnostic.code != "PI515" or each.name not in far]
    meant = rules.definition.meant
    first: dict[tuple[Span, str], Slip] = {}
    for each in found:
        first.setdefault(
            (each.diagnostic.where, each.name), each
        )  # of two, the one that needs no other rules
    said = {each.name for each in found}
    told = [each.diagnostic for each in first.values() if each.name not in meant]
    idle = [
        _idle(each.name, Span.at(each.origin, each.name)) for name, each in meant.items() if name not in said
    ]
    return tuple(sorted([*told, *idle], key=lambda each: (each.where, each.code, each.message)))


def _by_meaning(rules: Rules, known: Rules | None = None) -> Iterator[Slip]:
    yield from once_for_all(rules, known)
    yield from never_refusing(rules, known)
    for judge in (late_and_early, forgotten_signs):
        yield from judge(rules)


def _idle(name: str, where: Span) -> Diagnostic:
    return Diagnostic(
        code="PI518",
        severity="warning",
        message=f"nothing about `{name}` looks like a slip",
        where=where,
        path=f"meant.{name}",
        label="so there is nothing to be meant",
        help=f"delete `{name}` here",
    )
