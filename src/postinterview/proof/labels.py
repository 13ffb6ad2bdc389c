"""The alphabet of the proof: each event, by how it lies relative to the place of the act judged.

**One tracked place is enough.** An act is judged in its place: an application, a round of it, and
perhaps a person. Every guard and every promise looks at the history through ``lies_in`` with a
projection of that one place: whether an event is in the same application, in the same round, and
whether it names that person, somebody else, or nobody. Two histories that agree on this for each of
their events answer alike, however many applications, rounds and interviewers there are. So a label
is an event and its relation to the place; any number of others is any number of labels that say
``elsewhere``, ``other`` or ``others``. By scope:

- *employer*: every event counts; ``elsewhere`` stands for all the other applications at once.
- *application*: what lies elsewhere drops out; what belongs to no application counts everywhere.
- *round*: an act to nobody belongs to the latest round, so the tracked round is always the latest
  one, and an opener begins it anew. An act to a person belongs to the latest round in which the
  person interviewed: an opener that names the person begins it anew, another one leaves it behind,
  and from then on what is said to nobody in particular lies in another round.
- *interviewer*: what names others drops out; what names nobody counts for everybody.

Acts in other places move what is kept per employer or per person, and breaches can happen anywhere,
so no label waits for a guard: only the judged act does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Literal, TypeAlias

from attrs import evolve, frozen

from postinterview.core.definitions import Definition, EventKind, Scope

Where: TypeAlias = Literal["here", "elsewhere", "nowhere"]
"""In the act's application, in another one, or in none: it concerns the employer as a whole."""

InRound: TypeAlias = Literal["same", "zero", "other", "none"]
"""In the act's round (``zero``: as long as none was opened), in another one, or in no round at all:
what concerns the employer as a whole, and acts to people who never interviewed there."""

Who: TypeAlias = Literal["them", "others", "nobody"]
"""Names the act's person (perhaps with others), only others, or nobody."""

Stage: TypeAlias = Literal["before", "unmet", "current", "past"]
"""How far the place has come: no round was opened; none with the person; the tracked round is the
latest; it is not the latest any more."""


@frozen
class EventLabel:
    """One event and its relation to the tracked place. ``begins``: it begins the tracked round anew.

    ``opens``: it opens a round of the act's application. ``dates``: those that it sets. ``aside``: it names
    the act's person, but is to somebody else, and so lies where that one's events do.
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
        """Whether the event lies in the projection of the tracked place, as ``core`` has it."""
        if scope.application and self.where == "elsewhere":
            return False
        if scope.round and self.round == "other":
            return False
        return not (scope.interviewer and self.who == "others")

    def is_of(self, scope: Scope) -> bool:
        """Whether the event's own place has just the keys of the tracked one that ``scope`` counts by."""
        return (
            (not scope.application or self.where == "here")
            and (not scope.round or self.round in ("same", "zero"))
            and (not scope.interviewer or (self.who == "them" and not self.aside))
        )


def scope_of(act: EventKind, scope: Scope) -> Scope:
    """The part of ``scope`` for which the place of the act has a key."""
    inside = not act.employer_wide
    return Scope(scope.application and inside, scope.round and inside, scope.interviewer and act.to_person)


def start_stage(act: EventKind) -> Stage:
    return "unmet" if act.employer_wide else "before"


def stages_of(act: EventKind) -> tuple[Stage, ...]:
    """The stages that the place of the act goes through."""
    if act.employer_wide:
        return ("unmet", "current") if act.to_person else ("unmet",)
    return ("before", "unmet", "current", "past") if act.to_person else ("before", "current")


def next_stage(act: EventKind, stage: str, label: EventLabel) -> str:
    """Where the place is after the label."""
    if act.employer_wide:
        met = act.to_person and label.opens and label.who == "them"
        return "current" if met else stage
    if not label.opens:
        return stage
    if label.begins:
        return "current"
    return "past" if stage in ("current", "past") else "unmet"


def labels_at(definition: Definition, act: EventKind, stage: Stage) -> tuple[EventLabel, ...]:
    """Every label that can happen in the stage, those nearest to the place first."""
    found: dict[EventLabel, None] = {}
    for where in ("here", "elsewhere"):
        for kind in definition.events.values():
            if kind.employer_wide and where == "elsewhere":
                continue
            for label in _placed(act, kind, stage, where):
                found |= dict.fromkeys(_dated(kind, label))
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
    """Whom the event can name, and whether aside."""
    if act.to_person and kind.names_people:
        yield "them", False
        if kind.to_person and any(each.type == "people" for each in kind.fields.values()):
            yield "them", True
    if kind.names_people:
        yield "others", False
    if not kind.to_person:
        yield "nobody", False


def _rounds(act: EventKind, kind: EventKind, stage: Stage, who: Who) -> tuple[InRound, ...]:
    """The rounds in which an event of the act's application can lie, relative to the act's."""
    if not kind.to_person:  # in the latest round
        if act.to_person:
            return ("same",) if stage == "current" else ("other",)
        return ("zero",) if stage == "before" else ("same",)
    met = stage in ("current", "past")
    if who == "them":
        return ("same",) if met else ("none",) if kind.is_act else ("other",)
    if act.to_person:
        own: tuple[InRound, ...] = ("same",) if met else ()
    else:
        own = ("zero",) if stage == "before" and not kind.is_act else ("same",) if met else ()
    elsewhere: tuple[InRound, ...] = () if stage == "before" and not act.to_person else ("other",)
    return (*own, *elsewhere, *(("none",) if kind.is_act else ()))


def _dated(kind: EventKind, label: EventLabel) -> Iterator[EventLabel]:
    """The label with every combination of the dates that the event can set, the fewest first."""
    setting: dict[str, bool] = {}
    for field in kind.fields.values():
        if field.sets is not None:
            setting[field.sets] = (field.optional or kind.is_act) and setting.get(field.sets, True)
    choices = [((), (name,)) if optional else ((name,),) for name, optional in setting.items()]
    for chosen in product(*choices):
        dates = frozenset(name for names in chosen for name in names)
        yield evolve(label, dates=dates)


def alphabet(definition: Definition, act: EventKind) -> Mapping[str, tuple[EventLabel, ...]]:
    """The labels of each stage; under no stage all of them."""
    found: dict[str, tuple[EventLabel, ...]] = {}
    for stage in stages_of(act):
        found[stage] = labels_at(definition, act, stage)
    found[""] = tuple(dict.fromkeys(label for labels in found.values() for label in labels))
    return found
