"""The alphabet of the model: each event, by how it lies relative to the place of the judged act.

An act is judged in its place: an application, a round of it, and perhaps a person. Every guard and every
promise asks of an event only whether it is in the same application, in the same round, and whether it names
that person, somebody else, or nobody. Two histories that agree on this for each event get the same answers,
however many applications, rounds and interviewers there are. So one tracked place is enough, and a label is
an event with its relation to the place. Any number of others is any number of labels that say ``elsewhere``,
``other`` or ``others``. By scope:

- employer: every event counts; ``elsewhere`` stands for all other applications at once.
- application: events elsewhere drop out; events of no application count everywhere.
- round: an act to nobody belongs to the latest round, so an opener begins the tracked round anew. An act to a
  person belongs to the latest round with that person: an opener that names the person begins it anew, and any
  other one leaves it behind. Before that the act is refused, and so nothing needs to be known of its round.
- interviewer: events that name others drop out; events that name nobody count for everybody.

Acts in other places move what is kept per employer or per person, and breaches can happen anywhere. So no
label waits for a guard: only the judged act does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Literal, TypeAlias, get_args

from attrs import evolve, frozen

from postinterview.core.rules.definitions import Definition, EventKind, Scope

Where: TypeAlias = Literal["here", "elsewhere", "nowhere"]
"""In the act's application, in another one, or in none, if it concerns the employer as a whole."""

InRound: TypeAlias = Literal["same", "zero", "other", "none"]
"""In the act's round (``zero``: before the first), in another one, or in none: what concerns the employer as
a whole."""

Who: TypeAlias = Literal["them", "others", "nobody"]
"""Names the act's person (perhaps with others), only others, or nobody."""

Stage: TypeAlias = Literal["before", "unmet", "current", "past"]
"""The stage of the place: no round yet; none with the person; the tracked round is the latest one; it is
not the latest any more."""

STAGES: frozenset[Stage] = frozenset(get_args(Stage))


@frozen
class EventLabel:
    """One event and its relation to the tracked place.

    ``opens``: it opens a round of the act's application. ``begins``: it begins the tracked round anew.
    ``dates``: the named dates that the event sets. ``aside``: the event is addressed to somebody else but
    mentions the act's person in a field, so it counts among that person's events.
    """

    event: str
    where: Where
    round: InRound
    who: Who
    opens: bool = False
    begins: bool = False
    dates: frozenset[str] = frozenset()
    aside: bool = False

    def lies_in(self, scope: Scope) -> bool:
        """Return whether the event counts in the scope at the tracked place, as in `placed.lies_in`."""
        return (
            not (scope.application and self.where == "elsewhere")
            and not (scope.round and self.round == "other")
            and not (scope.interviewer and self.who == "others")
        )

    def is_of(self, scope: Scope) -> bool:
        """Return whether the event's own place has the keys of the tracked one that the scope counts by."""
        return (
            (not scope.application or self.where == "here")
            and (not scope.round or self.round in ("same", "zero"))
            and (not scope.interviewer or (self.who == "them" and not self.aside))
        )


_SCOPES = {parts: Scope(*parts) for parts in product((False, True), repeat=3)}


def scope_of(act: EventKind, scope: Scope) -> Scope:
    """Return the part of the scope for which the place of the act has a key."""
    inside = not act.employer_wide
    return _SCOPES[scope.application and inside, scope.round and inside, scope.interviewer and act.to_person]


MOST_LABELS = 10_000
"""The most labels of a stage: each optional date that an event can set doubles those of the event."""


class TooManyError(Exception):
    """The model of the rules would be too large; the message says of what there is too much."""


def start_stage(act: EventKind) -> Stage:
    """Return the stage before anything has happened."""
    return "unmet" if act.employer_wide else "before"


def stages_of(act: EventKind) -> tuple[Stage, ...]:
    """Return the stages that the place of the act goes through."""
    if act.employer_wide:
        return ("unmet", "current") if act.to_person else ("unmet",)
    return ("before", "unmet", "current", "past") if act.to_person else ("before", "current")


def next_stage(act: EventKind, stage: str, label: EventLabel) -> str:
    """Return the stage after the label."""
    if act.employer_wide:
        met = act.to_person and label.opens and label.who == "them"
        return "current" if met else stage
    if not label.opens:
        return stage
    return "current" if label.begins else "past" if stage in ("current", "past") else "unmet"


def labels_at(definition: Definition, act: EventKind, stage: Stage) -> tuple[EventLabel, ...]:
    """Return every label that can happen in the stage, those nearest to the place first.

    Raises:
        TooManyError: there are more than `MOST_LABELS`.
    """
    found: dict[EventLabel, None] = {}
    kinds = definition.events.values()
    places: list[tuple[Where, EventKind]] = [("here", kind) for kind in kinds]
    places += [("elsewhere", kind) for kind in kinds if not kind.employer_wide]
    for where, kind in places:
        for label in _placed(act, kind, stage, where):
            for dated in _dated(kind, label):
                found[dated] = None
                if len(found) > MOST_LABELS:
                    raise TooManyError(f"`{kind.name}` can set dates in too many combinations")
    return tuple(found)


def _placed(act: EventKind, kind: EventKind, stage: Stage, where: Where) -> Iterator[EventLabel]:
    for who, aside in _who(act, kind):
        if kind.employer_wide:
            yield EventLabel(kind.name, "nowhere", "none", who, aside=aside)
        elif act.employer_wide:
            yield EventLabel(kind.name, where, "none", who, opens=kind.opens_round, aside=aside)
        elif where == "elsewhere":
            yield EventLabel(kind.name, where, "other", who, aside=aside)
        elif kind.opens_round:
            begins = who == "them" or not act.to_person
            round_: InRound = "same" if begins else "other"
            yield EventLabel(kind.name, where, round_, who, opens=True, begins=begins, aside=aside)
        else:
            for round_ in _rounds(act, kind, stage, "others" if aside else who):
                yield EventLabel(kind.name, where, round_, who, aside=aside)


def _who(act: EventKind, kind: EventKind) -> Iterator[tuple[Who, bool]]:
    """Yield whom the event can name, and whether aside."""
    if act.to_person and kind.names_people:
        yield "them", False
        if kind.to_person and any(each.type == "people" for each in kind.fields.values()):
            yield "them", True
    if kind.names_people:
        yield "others", False
    if not kind.to_person:
        yield "nobody", False


def _rounds(act: EventKind, kind: EventKind, stage: Stage, who: Who) -> tuple[InRound, ...]:
    """Return the rounds in which an event of the act's application can lie, relative to the act's."""
    if not kind.to_person:  # in the latest round
        if act.to_person:
            return ("same",) if stage == "current" else ("other",)
        return ("zero",) if stage == "before" else ("same",)
    if not act.to_person:  # a stranger's lies before the first round
        return ("zero",) if stage == "before" else ("same", "other")
    if stage not in ("current", "past"):  # the act has no round yet
        return ("other",)
    return ("same",) if who == "them" else ("same", "other")


BOTH = " and "
"""Between the names of two dates that one field sets, where two rulebooks call them so."""


def dates_in(sets: str | None) -> tuple[str, ...]:
    """Return the names of the dates that a field sets: one, or in a comparison one of each rulebook."""
    return () if sets is None else tuple(sets.split(BOTH))


def _dated(kind: EventKind, label: EventLabel) -> Iterator[EventLabel]:
    """Yield the label with every combination of the dates that the event can set, the fewest first."""
    setting: dict[str, bool] = {}
    for field in kind.fields.values():
        if field.sets is not None:
            setting[field.sets] = (field.optional or kind.is_act) and setting.get(field.sets, True)
    named = {sets: dates_in(sets) for sets in setting}
    choices = [((), named[sets]) if optional else (named[sets],) for sets, optional in setting.items()]
    for chosen in product(*choices):
        yield evolve(label, dates=frozenset().union(*chosen))


def alphabet(definition: Definition, act: EventKind) -> Mapping[str, tuple[EventLabel, ...]]:
    """Return the labels by stage, and all of them under the empty stage."""
    found: dict[str, tuple[EventLabel, ...]] = {
        stage: labels_at(definition, act, stage) for stage in stages_of(act)
    }
    every = dict.fromkeys(label for labels in found.values() for label in labels)
    return {**found, "": tuple(every)}
