"""Stage four, who and where: acts and facts in their roles, and keys that an event can't name."""

from __future__ import annotations

import re

from postinterview.core.definitions import EventKind, InState, Scope, Spends
from postinterview.core.suggest import closest, help_for
from postinterview.loading.diagnostics import Fix
from postinterview.loading.link import LinkedFile, LinkedMachine, LinkedTransition
from postinterview.loading.nodes import Scalar
from postinterview.loading.records import Record
from postinterview.loading.report import part_of

_OF_ACTS = ("contact",)
_OF_FACTS = ("opens", "gives", "sign_of_life")
_PLACEHOLDERS = ("to", "employer", "application")
_IN_BRACES = re.compile(r"\{([^{}]*)\}")


def check(linked: LinkedFile) -> None:
    """Report what stands on the wrong side, and scopes that nothing fills."""
    for name, record in linked.events.records.items():
        _check_role(linked, linked.kinds[name], record)
        if "{" in linked.kinds[name].title:
            _check_title(linked, linked.kinds[name], record)
    _check_buckets(linked)
    for machine in linked.machines.values():
        unnamed: set[str] = set()
        for way in machine.transitions:
            kind = linked.kinds.get(way.transition.event)
            if kind is None:
                continue
            if not kind.is_act:
                _check_fact(linked, way)
            elif machine.scope is not None and machine.scope.interviewer and not kind.to_person:
                if kind.name not in unnamed:
                    _report_no_person(linked, machine, way)
                unnamed.add(kind.name)
                continue
            if way.transition.guards and machine.scope is not None and not linked.misses_scopes:
                _check_scopes(linked, machine.scope, way, kind)


def _check_role(linked: LinkedFile, kind: EventKind, record: Record) -> None:
    wrong = _OF_FACTS if kind.is_act else _OF_ACTS
    for key in wrong if kind.by != "world" else (*wrong, "sign_of_life"):
        if key not in record.values:
            continue
        if key == "contact":
            code, needs, why = "PI308", "an act", "only the candidate gets in contact"
        elif key == "sign_of_life":
            code, needs, why = "PI309", "an event of the employer", "only the employer gives one"
        else:
            code, needs, why = "PI309", "a fact", "the candidate's own events can't do that"
        linked.report.add(
            code,
            record.key_of(key),
            f"`{key}` belongs to {needs}, and `{kind.name}` is by the {kind.by}",
            why,
            f"delete `{key}`, or correct `by`",
            others=((record.node_of("by"), "said here"),),
        )


def _check_title(linked: LinkedFile, kind: EventKind, record: Record) -> None:
    """A title may speak of the person, the employer and the application."""
    node = record.node_of("title")
    known = [name for name in _PLACEHOLDERS if name != "to" or kind.to_person]
    for match in _IN_BRACES.finditer(kind.title):
        if match[1] in known or not isinstance(node, Scalar):
            continue
        if match[1] == "to":
            label, help = (
                f"`{kind.name}` names no person",
                f"add `to: interviewer` to `{kind.name}`, or delete it",
            )
            found: tuple[str, ...] = ()
        else:
            found = closest(match[1], known)
            label = "no such word in braces"
            help = help_for(tuple(f"{{{name}}}" for name in found), [f"{{{name}}}" for name in known])
        where = part_of(node, match.start(), match.end())
        linked.report.add(
            "PI127",
            where,
            f"`{match[0]}` stands for nothing",
            label,
            help,
            path=linked.report.path(node),
            fix=Fix(where, f"{{{found[0]}}}") if found else None,
        )


def _check_fact(linked: LinkedFile, way: LinkedTransition) -> None:
    for key, why in (
        ("breach_from", "a fact is never a breach"),
        ("due", "nobody can be reminded of what others do"),
    ):
        if key in way.record.values:
            event = way.transition.event
            linked.report.add(
                "PI308",
                way.record.key_of(key),
                f"`{key}` belongs to an act, and `{event}` is a fact",
                why,
                f"delete `{key}`",
            )


def _report_no_person(linked: LinkedFile, machine: LinkedMachine, way: LinkedTransition) -> None:
    event = way.transition.event
    linked.report.add(
        "PI305",
        way.record.node_of("event"),
        f"`{event}` names no person, and `{machine.name}` is kept for each interviewer",
        "nobody could tell whose machine moves",
        f"add `to: interviewer` to `{event}`, or keep `{machine.name}` by something else",
        others=(
            (linked.events.records[event].key, "the event"),
            (machine.record.node_of("per"), "one machine for each person"),
        ),
    )


def _check_scopes(linked: LinkedFile, own: Scope, way: LinkedTransition, kind: EventKind) -> None:
    """A guard counts by keys: each must come from the machine's instance, or from the event."""
    for guard in way.transition.guards:
        match guard:
            case InState(machine=looked_at):
                other = linked.machines.get(looked_at)
                scope, key = None if other is None else other.scope, "not_state" if guard.negated else "state"
                whose = f"`{looked_at}` is kept by"
            case Spends(credit=credit):
                bucket = linked.credits.get(credit)
                scope, key = None if bucket is None else bucket.scope, "spends"
                whose = f"`{credit}` is kept by"
            case _:
                scope, key, whose = guard.scope, "per", "this counts by"
        if scope is None:
            continue
        lacks = _lacks(scope, own, kind)
        if lacks is not None:
            unit, say, help = lacks
            linked.report.add(
                "PI306",
                way.guard(guard.id).node_of(key),
                f"{whose} {unit}, and `{kind.name}` {say}",
                f"no {unit} is known here",
                help,
                others=((linked.events.records[kind.name].key, "the event"),),
            )


def _lacks(scope: Scope, own: Scope, kind: EventKind) -> tuple[str, str, str] | None:
    if scope.interviewer and not own.interviewer and not kind.to_person:
        return (
            "interviewer",
            "names no person",
            f"add `to: interviewer` to `{kind.name}`, or count by something else",
        )
    if scope.application and kind.employer_wide:
        unit = "round" if scope.round else "application"
        return (
            unit,
            "concerns the employer as a whole",
            "write `per: employer`, or move a machine of the application",
        )
    return None


def _check_buckets(linked: LinkedFile) -> None:
    """An event that gives a credit must say into whose bucket it goes."""
    for name, kind in linked.kinds.items():
        for credit in kind.gives:
            bucket = linked.credits.get(credit)
            if bucket is not None and bucket.scope.interviewer and not kind.names_people:
                record = linked.events.records[name]
                linked.report.add(
                    "PI306",
                    record.node_of("gives"),
                    f"`{credit}` is kept by interviewer, and `{name}` names no person",
                    "no interviewer is known here",
                    f"add `to: interviewer` to `{name}`, or keep `{credit}` by something else",
                )
