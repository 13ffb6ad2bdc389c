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

An event that the packaged rules don't know is judged as strictly as can be if the file calls it a chase.
Whatever else the file says of it can only be trusted (`only_trusted`), and `check` names it.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve, frozen

from postinterview.core.rules.definitions import Acknowledged, Contact, Definition, EventKind, EventSet
from postinterview.core.values.formatting import say_list

STRICTNESS: dict[Contact, int] = {"none": 0, "reply": 1, "courtesy": 1, "attempt": 2, "chase": 3}
"""The demand of each contact on the employer. A chase wants an answer, and an act without a tag is one. An
attempt is a chase that nobody took. A courtesy asks for nothing and a reply was asked for, so neither is
stricter. Nobody hears of `none`."""


@frozen
class Tag:
    """One thing that an event says of itself.

    ``milder``: whether it is milder than a packaged one. ``trusted``: what promises believe of it, in words;
    empty if a lie would free nobody. ``says_no_more``: whether the packaged event says all that it says.
    ``doubt``: what to change if what it says is not so.
    """

    name: str
    says: Callable[[EventKind], str]
    milder: Callable[[EventKind, EventKind], bool]
    trusted: Callable[[EventKind], str]
    why: str

    says_no_more: Callable[[EventKind, EventKind], bool] = lambda *_: True
    doubt: str = "if it is a no, call it `rejection`"

    def is_known(self, kind: EventKind, packaged: EventKind) -> bool:
        """Return whether the packaged rules say the same, or what ``kind`` says is an error (`milder`)."""
        same = bool(self.trusted(packaged)) and self.says_no_more(kind, packaged)
        return same or self.milder(kind, packaged) or kind.by != packaged.by


def _contact(kind: EventKind) -> Contact:
    return kind.contact or "none"


def _dates(kind: EventKind) -> dict[str, str]:
    return {name: field.sets for name, field in kind.fields.items() if field.sets is not None}


def _forgets_a_date(kind: EventKind, packaged: EventKind) -> bool:
    """Return whether a date is lost that the packaged event sets, or a second field may put it off.

    A file may leave out a field that is optional. If it has fields of its own instead, the date may stand
    under another name, and nobody would wait for it.
    """
    mine, theirs = _dates(kind), _dates(packaged)
    own = kind.fields.keys() - packaged.fields.keys()
    for name, date in theirs.items():
        setting = [field for field, set_ in mine.items() if set_ == date]
        wanted = name in kind.fields or own or not packaged.fields[name].optional
        if len(setting) > 1 or (wanted and not setting):
            return True
    return False


def _sets_no_more(kind: EventKind, packaged: EventKind) -> bool:
    return set(_dates(kind).values()) <= set(_dates(packaged).values())


def _trusted_contact(kind: EventKind) -> str:
    if not kind.is_act or kind.contact == "chase":
        return ""
    if kind.contact == "none":
        return "is said to reach nobody"
    return f"is called {'an' if kind.contact == 'attempt' else 'a'} {kind.contact}"


def _trusted_dates(kind: EventKind) -> str:
    dates = dict.fromkeys(_dates(kind).values()) if kind.by == "employer" else ()
    return f"sets the date {say_list(tuple(dates), 'and')}" if dates else ""


TAGS: tuple[Tag, ...] = (
    Tag(
        "by",
        lambda kind: kind.by,
        lambda kind, packaged: kind.by != packaged.by,
        lambda _: "",
        "a fact is never judged, and what the employer does frees the candidate: who does it is no opinion",
    ),
    Tag(
        "contact",
        _contact,
        lambda kind, packaged: (
            packaged.is_act and STRICTNESS[_contact(kind)] < STRICTNESS[_contact(packaged)]
        ),
        _trusted_contact,
        "a milder contact escapes promises about chases",
        doubt="if it asks for an answer, delete `contact`",
    ),
    Tag(
        "sign_of_life",
        lambda kind: str(kind.sign_of_life).lower(),
        lambda kind, packaged: kind.sign_of_life and not packaged.sign_of_life,
        lambda kind: "is called a sign of life" if kind.sign_of_life else "",
        "after a sign of life the count begins anew",
    ),
    Tag(
        "gives",
        lambda kind: ", ".join(kind.gives) or "nothing",
        lambda kind, packaged: bool(kind.gives) and not packaged.gives,
        lambda kind: "gives a credit" if kind.gives and kind.by == "employer" else "",
        "each credit allows one more reply",
    ),
    Tag(
        "to",
        lambda kind: "interviewer" if kind.to_person else "nobody",
        lambda kind, packaged: packaged.is_act and kind.to_person != packaged.to_person,
        lambda _: "",
        "an act to a person is counted for each person, any other act once: a change lets something through",
    ),
    Tag(
        "opens",
        lambda kind: "round" if kind.opens_round else "nothing",
        lambda kind, packaged: kind.opens_round and not packaged.opens_round,
        lambda kind: "opens a round" if kind.opens_round else "",
        "in a new round a follow-up and a thank-you are counted anew",
    ),
    Tag(
        "sets",
        lambda kind: ", ".join(f"{name} sets {date}" for name, date in _dates(kind).items()) or "nothing",
        _forgets_a_date,
        _trusted_dates,
        "the date that was set last is waited for, and no other",
        _sets_no_more,
        "if it is another date than that, let it set one of another name",
    ),
    Tag(
        "starts",
        lambda kind: "application" if kind.starts_application else "nothing",
        lambda kind, packaged: (
            packaged.is_act and kind.starts_application and not packaged.starts_application
        ),
        lambda kind: "starts an application" if kind.is_act and kind.starts_application else "",
        "most budgets are kept for each application",
        doubt="if no application begins with it, delete `starts`",
    ),
)

_NAME = Tag(
    "name",
    lambda kind: kind.name,
    lambda *_: False,
    lambda _: "is called neither an act nor a no",
    "promises judge acts alone, and know a no by the names `rejection` and `offer_withdrawn`",
)
"""A fact that says nothing of itself is trusted all the same: it may be a no, or a contact."""


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


@frozen
class Trusted:
    """An event that promises believe: no packaged rules know it, or not that it does what ``tags`` say.

    ``trust``: where the file acknowledges it.
    """

    kind: EventKind
    tags: tuple[Tag, ...]
    trust: Acknowledged | None

    def __str__(self) -> str:
        return f"`{self.kind.name}` {say_list(tuple(tag.trusted(self.kind) for tag in self.tags), 'and')}"


def only_trusted(definition: Definition, packaged: Definition) -> tuple[Trusted, ...]:
    """Return the events of which promises believe something that the packaged rules don't say."""
    found = []
    for name, kind in definition.events.items():
        known = packaged.events.get(name)
        tags = tuple(tag for tag in TAGS if tag.trusted(kind) and not (known and tag.is_known(kind, known)))
        if not (tags or known or kind.is_act):
            tags = (_NAME,)
        if tags:
            found.append(Trusted(kind, tags, definition.trust.get(name)))
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
