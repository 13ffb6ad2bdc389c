"""One history for two rulebooks: the events of both, and why they may not be comparable.

Each rulebook is told as much of the history as it knows: an event or field that only one of them has is not
there for the other. What an event is (who does it, whether it names a person, opens a round, carries a date)
decides where it lies. If the two rulebooks say that differently of one event, no single place can be followed
in both. A difference that is found is real all the same, because both engines are asked; but "none" can't be
said.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, frozen

from postinterview.core.definitions import Definition, EventKind
from postinterview.proof.model.machine_states import facts_of, moves_of


@frozen
class Joint:
    """``definition``: the new one, with all events of both. ``differences``: why "none" can't be said."""

    definition: Definition
    differences: tuple[str, ...]


def joint(old: Definition, new: Definition) -> Joint:
    """Return the events of both, those of the old rulebook if the new one lacks them."""
    both = {name: _both(kind, old.events.get(name)) for name, kind in new.events.items()}
    events = both | {name: kind for name, kind in old.events.items() if name not in both}
    differences = dict.fromkeys((*_told_apart(old, new), *_told_apart(new, old, only_one_sided=True)))
    return Joint(evolve(new, events=events), tuple(differences))


def _both(kind: EventKind, other: EventKind | None) -> EventKind:
    """Return the event with the fields of both; a field is optional if it is so in both."""
    if other is None:
        return kind
    fields = {**other.fields, **kind.fields}
    for name, field in kind.fields.items():
        if name in other.fields:
            fields[name] = evolve(field, optional=field.optional and other.fields[name].optional)
    return evolve(kind, fields=fields)


def _told_apart(one: Definition, two: Definition, *, only_one_sided: bool = False) -> Iterator[str]:
    for name, kind in one.events.items():
        other = two.events.get(name)
        if other is None:
            if kind.opens_round:
                yield f"`{name}` opens a round in one of the files, and is not in the other"
            elif kind.names_people and _counts_known_people(one, two):
                yield f"`{name}` names people in one of the files, and is not in the other"
        elif not only_one_sided:
            for said, mine, its in zip(_SAYS, _shape(kind), _shape(other), strict=True):
                if mine != its:
                    yield f"the files disagree {said} `{name}`"
    if not only_one_sided and one.calendar != two.calendar:
        yield "the calendars differ"


_SAYS = (
    "who does",
    "whether a person is named by `to:` of",
    "whether a round is opened by",
    "whether the employer as a whole is concerned by",
    "about the people named by",
    "about the dates named by",
)


def _shape(kind: EventKind) -> tuple[object, ...]:
    """Return what decides where an event lies."""
    fields = kind.fields.values()
    people = sorted(field.name for field in fields if field.type == "people")
    dates = sorted((field.name, field.sets, field.optional) for field in fields if field.sets is not None)
    by = "candidate" if kind.is_act else kind.by
    return by, kind.to_person, kind.opens_round, kind.employer_wide, people, dates


def _counts_known_people(one: Definition, two: Definition) -> bool:
    """Return whether a machine of both is moved by a fact that reaches everyone who was ever named."""
    for name in one.machines.keys() & two.machines.keys():
        kind, other = one.machines[name], two.machines[name]
        moving = (one.events[rule.event] for rule in kind.transitions)
        reaches_all = kind.scope.interviewer and any(not e.is_act and not e.to_person for e in moving)
        if reaches_all and moves_of(kind, facts_of(one)) == moves_of(other, facts_of(two)):
            return True
    return False
