"""One history for two rulebooks: the events of both, and the old rulebook in the words of the new one.

Each rulebook is told as much of the history as it knows: an event or field that only one of them has is not
there for the other. What an event is (who does it, whether it names a person, opens a round) decides where it
lies. If the two rulebooks say that differently of one event, it is two events here, one for each of them.
That allows more histories than there are. So "none" holds, and a difference counts if both engines follow it.

Example: the new rules renamed `phone` to `call`, and say so in `migrations:`. Then the old ones are read with
`call`. A field that sets `promised` in one file and `hold` in the other sets both, each for its rulebook.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve, frozen

from postinterview.core.definitions import Definition, EventKind, FieldKind
from postinterview.proof.model.labels import BOTH
from postinterview.proof.model.machine_states import facts_of, moves_of
from postinterview.proof.model.renaming import Renaming, renamed

OLD = " (old)"
"""After the name of an event or date of the old rulebook that the new one takes for something else."""


@frozen
class Joint:
    """``definition``: the new one, with all events. ``old``: the old one, in the words of the new one.

    ``doubts``: what the two say differently of one event. ``people``: why "none" can't be said of an act to a
    person.
    """

    definition: Definition
    old: Definition
    doubts: Mapping[str, str]
    people: tuple[str, ...]


def joint(old: Definition, new: Definition, names: Renaming) -> Joint:
    """Return one history for both; ``names``: how the new rulebook calls what the old one has."""
    old = renamed(old, names)
    apart = {
        name: f"{name}{OLD}" for name, kind in old.events.items() if _is_apart(kind, new.events.get(name))
    }
    doubts = dict(_disagreements(old, new))
    people = tuple(_of_people(old, new))
    old = renamed(old, Renaming(events=apart))
    old = renamed(old, Renaming(dates=_dates(old, new)))
    both = {name: _both(kind, old.events.get(name)) for name, kind in new.events.items()}
    known = {name: evolve(kind, opens_round=False) for name, kind in old.events.items() if name not in both}
    return Joint(evolve(new, events=both | known), old, doubts, people)


def openers(definition: Definition) -> frozenset[str]:
    """Return the events that open a round."""
    return frozenset(name for name, kind in definition.events.items() if kind.opens_round)


def _both(kind: EventKind, other: EventKind | None) -> EventKind:
    """Return the event with the fields of both; a field is optional if it is so in both."""
    if other is None:
        return kind
    fields = {**other.fields, **kind.fields}
    for name, field in kind.fields.items():
        if name in other.fields:
            fields[name] = _both_fields(field, other.fields[name])
    return evolve(kind, fields=fields)


def _both_fields(field: FieldKind, other: FieldKind) -> FieldKind:
    sets = dict.fromkeys(each.sets for each in (field, other) if each.sets is not None)
    optional = field.optional and other.optional
    choices = tuple(each for each in field.choices if each in other.choices) or field.choices
    return evolve(field, optional=optional, sets=BOTH.join(sets) or None, choices=choices)


def _is_apart(kind: EventKind, other: EventKind | None) -> bool:
    return other is not None and _shape(kind) != _shape(other)


_SAYS = (
    "who does",
    "whether a person is named by `to:` of",
    "whether a round is opened by",
    "whether the employer as a whole is concerned by",
    "about the people named by",
)


def _shape(kind: EventKind) -> tuple[object, ...]:
    """Return what decides where an event lies."""
    people = sorted(field.name for field in kind.fields.values() if field.type == "people")
    by = "candidate" if kind.is_act else kind.by
    return by, kind.to_person, kind.opens_round, kind.employer_wide, people


def _disagreements(old: Definition, new: Definition) -> Iterator[tuple[str, str]]:
    for name, kind in new.events.items():
        if name in old.events:
            pairs = zip(_SAYS, _shape(kind), _shape(old.events[name]), strict=True)
            told = (f"the files disagree {said} `{name}`" for said, mine, its in pairs if mine != its)
            yield from ((name, each) for each in told)


def _of_people(old: Definition, new: Definition) -> Iterator[str]:
    for one, two in ((old, new), (new, old)):
        for name in one.events.keys() - two.events.keys():
            kind = one.events[name]
            if kind.names_people and not kind.opens_round and _counts_known_people(one, two):
                yield f"`{name}` names people in one of the files, and is not in the other"


def _dates(old: Definition, new: Definition) -> Mapping[str, str]:
    """Return names for dates of the old rulebook that the new one calls by others."""
    theirs, ours = ({name: _set_by(each, name) for name in each.dates} for each in (old, new))
    found = {}
    for name, setting in theirs.items():
        if name in ours:
            shared = setting.keys() & ours[name].keys()
            if any(setting[event] != ours[name][event] for event in shared):
                found[name] = f"{name}{OLD}"
        else:
            alike = [other for other, its in ours.items() if its == setting and other not in theirs]
            if len(alike) == 1:
                found[name] = alike[0]
    return found


def _set_by(definition: Definition, date: str) -> dict[str, frozenset[str]]:
    """Return for each event that can set a date the fields that do."""
    fields = {
        name: frozenset(each.name for each in kind.fields.values() if each.sets == date)
        for name, kind in definition.events.items()
    }
    return {name: setting for name, setting in fields.items() if setting}


def _counts_known_people(one: Definition, two: Definition) -> bool:
    """Return whether a machine of both is moved by a fact that reaches everyone who was ever named."""
    for name in one.machines.keys() & two.machines.keys():
        kind, other = one.machines[name], two.machines[name]
        moving = (one.events[rule.event] for rule in kind.transitions)
        reaches_all = kind.scope.interviewer and any(not e.is_act and not e.to_person for e in moving)
        if reaches_all and moves_of(kind, facts_of(one)) == moves_of(other, facts_of(two)):
            return True
    return False
