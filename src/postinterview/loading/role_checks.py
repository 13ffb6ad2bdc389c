"""Stage four, roles and scopes: keys that belong to acts or to facts only, and scopes with a key missing."""

from __future__ import annotations

import re

from postinterview.core.rules.definitions import EventKind, Guard, InState, Scope, Spends
from postinterview.core.values.suggest import help_for
from postinterview.loading.diagnostics import Fix
from postinterview.loading.link import LinkedFile
from postinterview.loading.link_machines import LinkedMachine, LinkedTransition
from postinterview.loading.nodes import Scalar
from postinterview.loading.records import Record
from postinterview.loading.report import part_of

_OF_EMPLOYER = ("PI309", "an event of the employer", "only the employer gives one")
_OF_FACTS = ("PI309", "a fact", "the candidate's own events can't do that")
_OPENS = ("PI309", "an event of the employer", "only what the employer does opens a round")
_OF_ACTS = {
    "contact": ("PI308", "an act", "only the candidate gets in contact"),
    "starts": ("PI308", "an act", "the employer's events do so anyway, and nothing else does"),
}
_NOT_IN_ACTS = {"opens": _OPENS, "gives": _OF_FACTS, "sign_of_life": _OF_EMPLOYER}
_MISPLACED = {
    "candidate": _NOT_IN_ACTS,
    "employer": _OF_ACTS,
    "world": {**_OF_ACTS, "opens": _OPENS, "sign_of_life": _OF_EMPLOYER},
}
"""By the side that does an event: the keys it must not have, with the code and why."""

_NOT_IN_FACTS = {"breach_from": "a fact is never a breach", "due": "nobody can be reminded of what others do"}
_PLACEHOLDERS = ("to", "employer", "application")
_IN_BRACES = re.compile(r"\{([^{}]*)\}")


def check(linked: LinkedFile) -> None:
    """Report keys on the wrong side, and scopes with a key that nothing fills."""
    for name, record in linked.events.records.items():
        kind = linked.kinds[name]
        _check_role(linked, kind, record)
        if "{" in kind.title:
            _check_title(linked, kind, record)
        _check_buckets(linked, kind, record)
    for machine in linked.machines.values():
        _check_outside(linked, machine)
        unnamed: set[str] = set()
        for each in machine.transitions:
            event = linked.kinds.get(each.transition.event)
            if event is None:
                continue
            if not event.is_act:
                for key, label in _NOT_IN_FACTS.items():
                    if key in each.record.values:
                        message = f"`{key}` belongs to an act, and `{event.name}` is a fact"
                        where = each.record.key_of(key)
                        linked.report.add("PI308", where, message, label, f"delete `{key}`")
            elif machine.scope is not None and machine.scope.interviewer and not event.to_person:
                if event.name not in unnamed:
                    _report_no_person(linked, machine, each)
                unnamed.add(event.name)
                continue
            if machine.scope is not None and not linked.misses_scopes:
                _check_scopes(linked, machine.scope, each, event)


def _check_role(linked: LinkedFile, kind: EventKind, record: Record) -> None:
    for key, (code, needs, label) in _MISPLACED[kind.by].items():
        if key in record.values:
            linked.report.add(
                code,
                record.key_of(key),
                f"`{key}` belongs to {needs}, and `{kind.name}` is by the {kind.by}",
                label,
                f"delete `{key}`, or correct `by`",
                others=((record.node_of("by"), "said here"),),
            )


def _check_outside(linked: LinkedFile, machine: LinkedMachine) -> None:
    """Report a state that is outside the rules, and from which the rules know every act."""
    outside = [state for state in machine.states.values() if state.outside]
    if not outside or machine.misses_edges:
        return
    acts = {event for event in machine.events if event in linked.kinds and linked.kinds[event].is_act}
    for state in outside:
        leaving = [each.transition for each in machine.transitions if state.name in each.transition.sources]
        if acts <= {transition.event for transition in leaving}:
            record = machine.record.get("states").values[state.name]
            known = "every act has a transition from here" if acts else "no act moves this machine"
            linked.report.add(
                "PI311",
                record.node_of("outside"),
                f"no act is outside the rules in the state `{state.name}`",
                known,
                "delete `outside`, or take the state out of the `from` of some act",
            )


def _check_title(linked: LinkedFile, kind: EventKind, record: Record) -> None:
    """Check the words in braces: a title may name the person, the employer and the application."""
    node = record.node_of("title")
    known = [name for name in _PLACEHOLDERS if name != "to" or kind.to_person]
    for match in _IN_BRACES.finditer(kind.title):
        if match[1] in known or not isinstance(node, Scalar):
            continue
        found = () if match[1] == "to" else linked.report.guesses.closest(match[1], known)
        label = "no such word in braces"
        help = help_for(tuple(f"{{{name}}}" for name in found), [f"{{{name}}}" for name in known])
        if match[1] == "to":
            label = f"`{kind.name}` names no person"
            help = f"add `to: interviewer` to `{kind.name}`, or delete it"
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


def _report_no_person(linked: LinkedFile, machine: LinkedMachine, each: LinkedTransition) -> None:
    event = each.transition.event
    linked.report.add(
        "PI305",
        each.record.node_of("event"),
        f"`{event}` names no person, and `{machine.name}` is kept for each interviewer",
        "nobody could tell whose machine moves",
        f"add `to: interviewer` to `{event}`, or keep `{machine.name}` by something else",
        others=(
            (linked.events.records[event].key, "the event"),
            (machine.record.node_of("per"), "one machine for each person"),
        ),
    )


def _check_scopes(linked: LinkedFile, own: Scope, each: LinkedTransition, kind: EventKind) -> None:
    """Check that each key a guard counts by comes from the machine's instance, or from the event."""
    for guard in each.transition.guards:
        if guard.in_every_application:
            _check_in_every(linked, own, each, guard)
        scope, key, subject = guard.scope, "per", "this counts by"
        match guard:
            case InState(machine=name):
                machine = linked.machines.get(name)
                scope = None if machine is None else machine.scope
                key = "not_state" if guard.negated else "state"
                subject = f"`{name}` is kept by"
            case Spends(credit=credit):
                bucket = linked.credits.get(credit)
                scope = None if bucket is None else bucket.scope
                key, subject = "spends", f"`{credit}` is kept by"
            case _:
                pass
        if scope is None:
            continue
        if scope.interviewer and not own.interviewer and not kind.to_person:
            unit, lacks = "interviewer", "names no person"
            help = f"add `to: interviewer` to `{kind.name}`, or count by something else"
        elif scope.application and kind.employer_wide:
            unit, lacks = "round" if scope.round else "application", "concerns the employer as a whole"
            help = "write `per: employer`, or move a machine of the application"
        else:
            continue
        linked.report.add(
            "PI306",
            each.guard(guard.id).node_of(key),
            f"{subject} {unit}, and `{kind.name}` {lacks}",
            f"no {unit} is known here",
            help,
            others=((linked.events.records[kind.name].key, "the event"),),
        )


def _check_in_every(linked: LinkedFile, own: Scope, each: LinkedTransition, guard: Guard) -> None:
    """Check that a guard which is asked in every application has an answer for each."""
    scope: Scope | None = guard.scope or own
    kept = "this counts by"
    if isinstance(guard, InState):
        machine = linked.machines.get(guard.machine)
        scope, kept = None if machine is None else machine.scope, f"`{guard.machine}` is kept by"
    if scope is not None and (scope.round or not scope.application):
        linked.report.add(
            "PI312",
            each.guard(guard.id).node_of("in_every"),
            f"`{guard.id}` can't be asked in every application",
            f"{kept} {scope}",
            "delete `in_every`"
            if isinstance(guard, InState)
            else "write `per: application` beside it, or delete `in_every`",
        )


def _check_buckets(linked: LinkedFile, kind: EventKind, record: Record) -> None:
    """Check that an event which gives a credit says into whose bucket it goes."""
    for credit in kind.gives:
        bucket = linked.credits.get(credit)
        if bucket is not None and bucket.scope.interviewer and not kind.names_people:
            linked.report.add(
                "PI306",
                record.node_of("gives"),
                f"`{credit}` is kept by interviewer, and `{kind.name}` names no person",
                "no interviewer is known here",
                f"add `to: interviewer` to `{kind.name}`, or keep `{credit}` by something else",
            )
