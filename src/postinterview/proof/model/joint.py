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
from itertools import chain

from attrs import evolve, fields, frozen, has

from postinterview.core.rules.definitions import Definition, EventKind, EventSet, FieldKind
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
    doubts = dict(_disagreements(old, new))
    apart = {name: f"{name}{OLD}" for name in doubts}
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
    return evolve(kind, fields=fields, employer_wide=kind.employer_wide and other.employer_wide)


def _both_fields(field: FieldKind, other: FieldKind) -> FieldKind:
    sets = dict.fromkeys(each.sets for each in (field, other) if each.sets is not None)
    optional = field.optional and other.optional
    choices = tuple(each for each in field.choices if each in other.choices) or field.choices
    return evolve(field, optional=optional, sets=BOTH.join(sets) or None, choices=choices)


_SAYS = (
    "who does",
    "whether a person is named by `to:` of",
    "about the people named by",
)
_OPENS = "whether a round is opened by"
_WIDE = "whether the employer as a whole is concerned by"


def _shape(kind: EventKind) -> tuple[object, ...]:
    """Return what decides where an event lies."""
    people = sorted(field.name for field in kind.fields.values() if field.type == "people")
    by = "candidate" if kind.is_act else kind.by
    return by, kind.to_person, people


def _disagreements(old: Definition, new: Definition) -> Iterator[tuple[str, str]]:
    """Yield the events that the two say to lie elsewhere, and what they disagree about."""
    for name in new.events.keys() & old.events.keys():
        kind, known = new.events[name], old.events[name]
        said = [
            each for each, *two in zip(_SAYS, _shape(kind), _shape(known), strict=True) if two[0] != two[1]
        ]
        said += [_OPENS] if kind.opens_round != known.opens_round and kind.names_people else []
        if kind.employer_wide != known.employer_wide:
            is_fine = _needs_no_application(name, new if kind.employer_wide else old)
            said += [] if is_fine else [_WIDE]
        yield from ((name, f"the files disagree {each} `{name}`") for each in said)


def _needs_no_application(name: str, definition: Definition) -> bool:
    """Return whether an event that concerns the employer as a whole may as well lie in an application.

    It may if no guard looks at it in one application, so that it does not matter in which one it lies. An act
    to a person does not: whether they interviewed is asked in its application.
    """
    if definition.events[name].is_act and definition.events[name].to_person:
        return False
    for machine in definition.machines.values():
        for guard in chain.from_iterable(rule.guards for rule in machine.transitions):
            scope = guard.scope or machine.scope
            if scope.application and name in _events_in(guard):
                return False
    return not any(name in credit.emptied_by.members for credit in definition.credits.values())


def _events_in(value: object) -> frozenset[str]:
    """Return the events that a guard, or a part of one, looks at."""
    if isinstance(value, EventSet):
        return value.members
    if isinstance(value, tuple):
        return frozenset().union(*map(_events_in, value))
    kind = type(value)
    return _events_in(tuple(getattr(value, each.name) for each in fields(kind)) if has(kind) else ())


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
