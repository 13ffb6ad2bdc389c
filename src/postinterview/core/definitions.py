"""What a rulebook says: frozen declarations, without behaviour.

The loader builds them, the engine, the agenda and the proof read them. Nothing here knows of YAML,
of a process, or of the present moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from attrs import field, fields, frozen

By: TypeAlias = Literal["employer", "candidate", "world"]
Contact: TypeAlias = Literal["chase", "courtesy", "attempt", "reply", "none"]
FieldType: TypeAlias = Literal["text", "bool", "number", "date", "people", "choice"]

CONTACTS: tuple[Contact, ...] = ("chase", "courtesy", "attempt", "reply", "none")


class _Declaration:
    """Survives pickling: a view of a mapping does not, so what it shows is sent, and shown again."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        kind: Any = type(self)
        return _declared, (kind, tuple(_sent(getattr(self, f.name)) for f in fields(kind)))


def _sent(value: object) -> tuple[bool, object]:
    """A value as it is pickled, and whether it was a view."""
    return (True, dict(value)) if isinstance(value, MappingProxyType) else (False, value)


def _declared(cls: Any, sent: tuple[tuple[bool, Any], ...]) -> _Declaration:
    names = [f.name for f in fields(cls)]
    values = [MappingProxyType(value) if viewed else value for viewed, value in sent]
    made: _Declaration = cls(**dict(zip(names, values, strict=True)))
    return made


@frozen
class Origin:
    """Where a value was written: file as the user named it, line and column from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@frozen
class Scope:
    """The keys by which something is kept or counted: any of application, round, interviewer.

    None of them: the employer as a whole. A round lies in its application, so ``round`` implies
    ``application``; a person stays the same person across rounds and applications.
    """

    application: bool = False
    round: bool = False
    interviewer: bool = False

    def __str__(self) -> str:
        named = [
            "round" if self.round else "application" if self.application else "",
            "interviewer" if self.interviewer else "",
        ]
        return " and ".join(name for name in named if name) or "employer"


EMPLOYER = Scope()
APPLICATION = Scope(application=True)
ROUND = Scope(application=True, round=True)
INTERVIEWER = Scope(interviewer=True)
SCOPES: Mapping[str, Scope] = {
    "employer": EMPLOYER,
    "application": APPLICATION,
    "round": ROUND,
    "interviewer": INTERVIEWER,
}


@frozen
class EventSet:
    """One event or a class of events: the name as written, and the events it stands for."""

    name: str
    members: frozenset[str]

    def __str__(self) -> str:
        return self.name


@frozen(kw_only=True)
class FieldKind:
    """A field of an event. ``sets`` names the date that the field's value becomes."""

    name: str
    type: FieldType
    choices: tuple[str, ...] = ()
    optional: bool = False
    sets: str | None = None
    why: str = ""
    origin: Origin


@frozen(kw_only=True)
class EventKind(_Declaration):
    """An event that can happen. By the candidate: an act; by the employer or the world: a fact.

    ``contact`` is None for a fact. ``to_person``: the event names one person with ``to``.
    ``opens_round``: it opens the next round of its application. ``employer_wide``: it concerns the
    employer as a whole, so it belongs to no application.
    """

    name: str
    by: By
    contact: Contact | None
    sign_of_life: bool
    to_person: bool = False
    opens_round: bool = False
    employer_wide: bool = False
    gives: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    fields: Mapping[str, FieldKind] = field(factory=dict)
    title: str = ""
    why: str = ""
    origin: Origin

    @property
    def is_act(self) -> bool:
        return self.by == "candidate"

    @property
    def names_people(self) -> bool:
        """Whether the event can name a person, by ``to`` or by a field of people."""
        return self.to_person or any(f.type == "people" for f in self.fields.values())


# --- moments ------------------------------------------------------------------------------------


@frozen
class BusinessDays:
    """So many business days, by the process's calendar."""

    count: int


@frozen
class OfEvents:
    """The latest of these events in scope."""

    events: EventSet


@frozen
class OfDate:
    """The end of a date that a field set, while it stands, in the act's application."""

    name: str


@frozen
class FirstKnown:
    """The first of these moments that is known."""

    options: tuple[Moment, ...]


@frozen
class Moment:
    """``anchor + plus``. ``text`` is the moment as written."""

    text: str
    anchor: OfEvents | OfDate | FirstKnown
    plus: timedelta | BusinessDays | None = None


# --- guards: a closed union ---------------------------------------------------------------------


@frozen(kw_only=True)
class AtMost:
    """Fewer than ``limit`` of the events so far, in scope, since the last ``since``."""

    id: str
    limit: int
    of: EventSet
    since: EventSet | None = None
    scope: Scope | None = None
    origin: Origin


@frozen(kw_only=True)
class NotBefore:
    """The moment has come. Never happened: refused, unless ``if_never_holds``."""

    id: str
    moment: Moment
    if_never_holds: bool = False
    scope: Scope | None = None
    origin: Origin


@frozen(kw_only=True)
class NotAfter:
    """The moment has not come yet. Never happened: refused, unless ``if_never_holds``."""

    id: str
    moment: Moment
    if_never_holds: bool = False
    scope: Scope | None = None
    origin: Origin


@frozen(kw_only=True)
class Apart:
    """At least ``duration`` since the last of the events. Never happened: holds, unless not."""

    id: str
    duration: timedelta
    of: EventSet
    if_never_holds: bool = True
    scope: Scope | None = None
    origin: Origin


@frozen(kw_only=True)
class InState:
    """The other machine is in one of ``states`` (``negated``: in none of them)."""

    id: str
    machine: str
    states: tuple[str, ...]
    negated: bool = False
    scope: Scope | None = None
    origin: Origin


@frozen(kw_only=True)
class Happened:
    """One of the events was seen in scope, since the last ``since`` (``negated``: none was)."""

    id: str
    of: EventSet
    since: EventSet | None = None
    negated: bool = False
    scope: Scope | None = None
    origin: Origin


@frozen(kw_only=True)
class Spends:
    """The credit's bucket is not empty; the act takes one."""

    id: str
    credit: str
    scope: Scope | None = None
    origin: Origin


@frozen(kw_only=True)
class Carries:
    """The act carries these fields, neither empty nor false."""

    id: str
    fields: tuple[str, ...]
    scope: Scope | None = None
    origin: Origin


@frozen(kw_only=True)
class Hours:
    """The employer's local time is inside ``[opens, closes)`` on one of ``weekdays`` (Monday 0).

    ``business_days_only``: holidays of the process's calendar are out as well.
    """

    id: str
    opens: time
    closes: time
    weekdays: frozenset[int]
    business_days_only: bool = False
    text: str = ""
    scope: Scope | None = None
    origin: Origin


@frozen(kw_only=True)
class Custom:
    """A Python function that the embedder registered says so."""

    id: str
    function: str
    scope: Scope | None = None
    origin: Origin


Guard: TypeAlias = (
    AtMost | NotBefore | NotAfter | Apart | InState | Happened | Spends | Carries | Hours | Custom
)


# --- machines -----------------------------------------------------------------------------------


@frozen(kw_only=True)
class State:
    """``over``: nothing is left to prepare for the instance that stands here."""

    name: str
    title: str = ""
    over: bool = False
    why: str = ""
    origin: Origin


@frozen(kw_only=True)
class Transition:
    """On ``event``, from one of ``sources`` to ``target`` (None: it stays where it is).

    ``breach_from_any``: recorded against the rules, the event moves the machine from every state.
    """

    id: str
    machine: str
    event: str
    sources: tuple[str, ...]
    target: str | None = None
    guards: tuple[Guard, ...] = ()
    due: Moment | None = None
    breach_from_any: bool = False
    why: str = ""
    origin: Origin


@frozen(kw_only=True)
class MachineKind(_Declaration):
    """One small machine; the process keeps an instance of it for each key of its scope."""

    name: str
    scope: Scope
    start: str
    states: Mapping[str, State]
    transitions: tuple[Transition, ...]
    title: str = ""
    why: str = ""
    origin: Origin


@frozen(kw_only=True)
class Credit:
    """A bucket that employer's events fill, one each, up to ``max``, and replies spend."""

    name: str
    max: int
    scope: Scope = APPLICATION
    emptied_by: EventSet = EventSet("", frozenset())
    origin: Origin


@frozen(kw_only=True)
class Calendar:
    """Which days are business days: neither ``weekend`` (Monday 0) nor a holiday."""

    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[date] = frozenset()
    country: str | None = None


@frozen(kw_only=True)
class Migration(_Declaration):
    """What became of earlier rules, so that processes saved under them go on under these.

    ``sources``: the versions that it comes from, or the beginnings of their files' hashes. The rest leads
    from old names to those of now: ``fields`` by event and old name, ``states`` by machine and old name,
    the event and the machine as they are called now. ``refold``: past acts are judged anew.
    """

    id: str
    sources: tuple[str, ...]
    events: Mapping[str, str] = field(factory=dict)
    fields: Mapping[tuple[str, str], str] = field(factory=dict)
    machines: Mapping[str, str] = field(factory=dict)
    states: Mapping[tuple[str, str], str] = field(factory=dict)
    refold: bool = False
    why: str = ""
    origin: Origin


@frozen
class Source:
    """A file that the rulebook was read from: its name, and the SHA-256 of its bytes in hex."""

    name: str
    sha256: str


@frozen(kw_only=True)
class Definition(_Declaration):
    """All that the rule files say, linked: every name resolved, every position kept.

    Mappings keep the order of the file. ``classes`` holds the built-in ones too. ``dates`` are the
    names that fields set; ``moments`` the named dates of ``dates:``.
    """

    name: str
    title: str
    version: str = ""
    why: str = ""
    sources: tuple[Source, ...] = ()
    events: Mapping[str, EventKind]
    classes: Mapping[str, EventSet]
    credits: Mapping[str, Credit]
    dates: tuple[str, ...]
    moments: Mapping[str, Moment]
    machines: Mapping[str, MachineKind]
    calendar: Calendar = Calendar()
    migrations: Mapping[str, Migration] = MappingProxyType({})
    meta: Mapping[str, Any] = field(factory=dict)
