"""Tags of packaged events: a file may tag one more strictly than the packaged rules do, never more mildly.

Promises trust what a file says of its events. So a file could keep them all by words alone: call the
follow-up a courtesy, or the interview a gift of three replies. The events that the packaged rules know are
guarded in two ways.

- For promises, an act is in the class that the file gives it and also in the packaged one (`held`), and a
  fact is a sign of life only if both say so. Both classes are needed, because no two classes are judged by
  the same promises. With both, a file can only add: promises forbid and count more if more acts are in a
  class, and they begin anew less often if there are fewer signs of life.
- A milder tag is an error all the same (`milder`): people believe it, and so do the guards that name the
  class. `TAGS` says for each tag what counts as milder, and why.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve, frozen

from postinterview.core.definitions import Contact, Definition, EventKind, EventSet

STRICTNESS: dict[Contact, int] = {"none": 0, "reply": 1, "courtesy": 1, "attempt": 2, "chase": 3}
"""The demand of each contact on the employer. A chase wants an answer, and an act without a tag is one. An
attempt is a chase that nobody took. A courtesy asks for nothing and a reply was asked for, so neither is
stricter. Nobody hears of `none`."""


@frozen
class Tag:
    """One thing that an event says of itself. ``milder``: whether it is milder than a packaged one."""

    name: str
    says: Callable[[EventKind], str]
    milder: Callable[[EventKind, EventKind], bool]
    why: str


def _contact(kind: EventKind) -> Contact:
    return kind.contact or "none"


def _dates(kind: EventKind) -> dict[str, str]:
    return {name: field.sets for name, field in kind.fields.items() if field.sets is not None}


def _forgets_a_date(kind: EventKind, packaged: EventKind) -> bool:
    mine = _dates(kind)
    return any(name in kind.fields and mine.get(name) != date for name, date in _dates(packaged).items())


TAGS: tuple[Tag, ...] = (
    Tag(
        "by",
        lambda kind: kind.by,
        lambda kind, packaged: kind.by != packaged.by,
        "a fact is never judged, and what the employer does frees the candidate: who does it is no opinion",
    ),
    Tag(
        "contact",
        _contact,
        lambda kind, packaged: (
            packaged.is_act and STRICTNESS[_contact(kind)] < STRICTNESS[_contact(packaged)]
        ),
        "a milder contact escapes promises about chases",
    ),
    Tag(
        "sign_of_life",
        lambda kind: str(kind.sign_of_life).lower(),
        lambda kind, packaged: kind.sign_of_life and not packaged.sign_of_life,
        "after a sign of life the count begins anew",
    ),
    Tag(
        "gives",
        lambda kind: ", ".join(kind.gives) or "nothing",
        lambda kind, packaged: bool(kind.gives) and not packaged.gives,
        "each credit allows one more reply",
    ),
    Tag(
        "to",
        lambda kind: "interviewer" if kind.to_person else "nobody",
        lambda kind, packaged: packaged.is_act and kind.to_person != packaged.to_person,
        "an act to a person is counted for each person, any other act once: a change lets something through",
    ),
    Tag(
        "opens",
        lambda kind: "round" if kind.opens_round else "nothing",
        lambda kind, packaged: kind.opens_round and not packaged.opens_round,
        "in a new round a follow-up and a thank-you are counted anew",
    ),
    Tag(
        "sets",
        lambda kind: ", ".join(f"{name} sets {date}" for name, date in _dates(kind).items()) or "nothing",
        _forgets_a_date,
        "a date that no field sets is not waited for",
    ),
)


@frozen
class Milder:
    """An event that is tagged more mildly than in the packaged rules."""

    kind: EventKind
    packaged: EventKind
    tag: Tag

    def __str__(self) -> str:
        return f"`{self.kind.name}` is tagged more mildly than in the packaged rules"

    @property
    def says(self) -> str:
        return self.tag.says(self.kind)

    @property
    def packaged_says(self) -> str:
        return self.tag.says(self.packaged)


def milder(definition: Definition, packaged: Definition) -> tuple[Milder, ...]:
    """Return the milder tags of packaged events; of an event with another ``by``, that one alone."""
    found = []
    for name, known in packaged.events.items():
        kind = definition.events.get(name)
        if kind is not None:
            of_it = [Milder(kind, known, tag) for tag in TAGS if tag.milder(kind, known)]
            found += of_it[:1] if kind.by != known.by else of_it
    return tuple(found)


def held(definition: Definition, packaged: Definition) -> Definition:
    """Return the definition with the classes that promises read: those of the packaged tags too."""
    classes = dict(definition.classes)
    for name, kind in definition.events.items():
        known = packaged.events.get(name)
        if known is None:
            continue
        if kind.is_act and known.contact not in (None, "none", kind.contact):
            for each in (str(known.contact), "contact"):
                members = classes[each].members if each in classes else frozenset()
                classes[each] = EventSet(each, members | {name})
        if kind.sign_of_life and not known.sign_of_life:
            alive = classes["sign_of_life"]
            classes["sign_of_life"] = evolve(alive, members=alive.members - {name})
    return evolve(definition, classes=classes) if classes != dict(definition.classes) else definition
