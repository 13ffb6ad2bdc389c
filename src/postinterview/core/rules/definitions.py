"""The declarations that a rulebook is made of: frozen, and without behaviour.

The loader builds them; the engine, the agenda and the proof read them. Nothing here depends on YAML, on a
process or on the present moment. A declaration is hashed without its mappings, which Python can't hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from attrs import field, fields, frozen

from postinterview.core.values.formatting import shorten

By: TypeAlias = Literal["employer", "candidate", "world"]
Contact: TypeAlias = Literal["chase", "courtesy", "attempt", "reply", "none"]
FieldType: TypeAlias = Literal["text", "bool", "number", "date", "people", "choice"]

CONTACTS: tuple[Contact, ...] = ("chase", "courtesy", "attempt", "reply", "none")
BUILT_IN_CLASSES = ("chase", "courtesy", "attempt", "reply", "contact", "sign_of_life")
"""The classes of events that every rulebook has."""


class _Declaration:
    """Pickles read-only views of mappings, which Python can't, and has a repr of one line."""

    __slots__ = ()

    def __repr__(self) -> str:
        said = [type(self).__name__]
        if type(self).__str__ is not object.__str__:
            said.append(str(self))
        else:
            said += [str(getattr(self, each)) for each in ("id", "name", "text") if hasattr(self, each)]
        origin = getattr(self, "origin", None)
        return shorten(f"<{' '.join(filter(None, said))}{'' if origin is None else f' ({origin})'}>")

    def __reduce__(self) -> tuple[Any, ...]:
        kind: Any = type(self)
        return _declared, (kind, tuple(_sent(getattr(self, f.name)) for f in fields(kind)))


def _sent(value: object) -> tuple[bool, object]:
    """Return whether a value is a view, and the value as it is pickled."""
    return (True, dict(value)) if isinstance(value, MappingProxyType) else (False, value)


def _declared(cls: Any, sent: tuple[tuple[bool, Any], ...]) -> _Declaration:
    names = [f.name for f in fields(cls)]
    values = [MappingProxyType(value) if viewed else value for viewed, value in sent]
    made: _Declaration = cls(**dict(zip(names, values, strict=True)))
    return made


@frozen(repr=False)
class Origin(_Declaration):
    """The place where a value was written: file as the user named it, line and column from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@frozen(repr=False)
class Scope(_Declaration):
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


@frozen(repr=False)
class EventSet(_Declaration):
    """One event or a class of events: the name as written, and the events it stands for.

    ``title``: what people see instead of the name of a class. ``origin``: where a file lists its events.
    """

    name: str
    members: frozenset[str]
    title: str = field(default="", eq=False)
    origin: Origin | None = field(default=None, eq=False)

    def __str__(self) -> str:
        return self.name


@frozen(kw_only=True, repr=False)
class _Named(_Declaration):
    """The fields of what has a name. ``title``: what people see instead of the name."""

    name: str
    title: str = ""
    why: str = ""
    origin: Origin


@frozen(kw_only=True, repr=False)
class FieldKind(_Declaration):
    """A field of an event. ``sets`` names the date that the field's value becomes."""

    name: str
    type: FieldType
    choices: tuple[str, ...] = ()
    optional: bool = False
    sets: str | None = None
    why: str = ""
    origin: Origin

    def takes(self, value: str | bool | float) -> bool:
        """Return whether an act can carry this value, as ``unless`` names it, in the field."""
        match self.type:
            case "choice":
                return value in self.choices
            case "bool":
                return isinstance(value, bool)
            case "number":
                return isinstance(value, int | float) and not isinstance(value, bool)
            case "text":
                return isinstance(value, str)
            case "date" | "people":
                return False


@frozen(kw_only=True, repr=False)
class EventKind(_Named):
    """An event that can happen. By the candidate: an act; by the employer or the world: a fact.

    ``contact`` is None for a fact. ``to_person``: the event names one person with ``to``.
    ``opens_round``: it opens the next round of its application. ``starts_application``: before one of these,
    no act that reaches the employer may be done in an application. ``employer_wide``: it concerns the
    employer as a whole, and so it belongs to no application.
    """

    by: By
    contact: Contact | None
    sign_of_life: bool
    to_person: bool = False
    opens_round: bool = False
    starts_application: bool = False
    employer_wide: bool = False
    gives: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    fields: Mapping[str, FieldKind] = field(factory=dict, hash=False)

    @property
    def is_act(self) -> bool:
        return self.by == "candidate"

    @property
    def reaches_them(self) -> bool:
        """Return whether it is an act that reaches the employer."""
        return self.contact not in (None, "none")

    @property
    def needs_a_start(self) -> bool:
        """Return whether it is an act that something must have started the application for.

        What reaches nobody, such as a plan written before the first talk, may come first.
        """
        exempt = self.employer_wide or self.starts_application or self.contact == "none"
        return self.is_act and not exempt

    @property
    def names_people(self) -> bool:
        """Return whether the event can name a person, by ``to`` or by a field of people."""
        return self.to_person or any(f.type == "people" for f in self.fields.values())


# --- moments ------------------------------------------------------------------------------------


@frozen(repr=False)
class BusinessDays(_Declaration):
    """So many business days, by the process's calendar."""

    count: int


@frozen(repr=False)
class OfEvents(_Declaration):
    """The latest of these events in scope."""

    events: EventSet


@frozen(repr=False)
class OfDate(_Declaration):
    """The end of a date that a field set, while it stands, in the act's application."""

    name: str


@frozen(repr=False)
class FirstKnown(_Declaration):
    """The first of these moments that is known."""

    options: tuple[Moment, ...]


@frozen(repr=False)
class LatestKnown(_Declaration):
    """The latest of those of these moments that are known."""

    options: tuple[Moment, ...]


@frozen(repr=False)
class Moment(_Declaration):
    """``anchor + plus``. ``text`` is the moment as written.

    ``origin``: where a due moment or a named date is written. It is no part of what the moment means.
    """

    text: str
    anchor: OfEvents | OfDate | FirstKnown | LatestKnown
    plus: timedelta | BusinessDays | None = None
    origin: Origin | None = field(default=None, eq=False)


# --- guards: a closed union ---------------------------------------------------------------------


@frozen(repr=False)
class ChangedValue(_Declaration):
    """A value that a guard names, and that a file changes which extends the guard's own.

    ``name``: such as ``answer_due`` or ``reply.max``. ``origin``: where that file says it, or removes it.
    """

    name: str
    origin: Origin

    def __str__(self) -> str:
        return f"`{self.name}` in {self.origin}"

    def as_json(self) -> dict[str, Any]:
        """Return its name and place in plain types."""
        return {"name": self.name, "file": self.origin.file, "line": self.origin.line}


@frozen(kw_only=True, repr=False)
class GuardKind(_Declaration):
    """The fields of every guard.

    ``scope``: the keys that it looks at, if not those of its machine. ``in_every_application``: it must hold
    in each application of the employer. ``unless``: fields with values; the guard does not apply to an act
    that carries one of them. ``changes``: the nearest of the changed values that it names. They are no part
    of what it means.
    """

    id: str
    scope: Scope | None = None
    in_every_application: bool = False
    unless: tuple[tuple[str, tuple[str | bool | int | float, ...]], ...] = ()
    changes: tuple[ChangedValue, ...] = field(default=(), eq=False)
    origin: Origin


@frozen(kw_only=True, repr=False)
class AtMost(GuardKind):
    """Fewer than ``limit`` of the events so far, in scope, since the last ``since``.

    ``within``: only those less than so long ago count. Never given together with ``since``.
    """

    limit: int
    of: EventSet
    since: EventSet | None = None
    within: timedelta | None = None


@frozen(kw_only=True, repr=False)
class NotBefore(GuardKind):
    """The moment has come. Never happened: refused, unless ``if_never_holds``."""

    moment: Moment
    if_never_holds: bool = False


@frozen(kw_only=True, repr=False)
class NotAfter(GuardKind):
    """The moment has not come yet. Never happened: refused, unless ``if_never_holds``."""

    moment: Moment
    if_never_holds: bool = False


@frozen(kw_only=True, repr=False)
class Apart(GuardKind):
    """At least ``duration`` since the last of the events. Never happened: holds, unless not."""

    duration: timedelta
    of: EventSet
    if_never_holds: bool = True


@frozen(kw_only=True, repr=False)
class InState(GuardKind):
    """The other machine is in one of ``states`` (``negated``: in none of them)."""

    machine: str
    states: tuple[str, ...]
    negated: bool = False


@frozen(kw_only=True, repr=False)
class Happened(GuardKind):
    """One of the events was seen in scope, since the last ``since`` (``negated``: none was)."""

    of: EventSet
    since: EventSet | None = None
    negated: bool = False


@frozen(kw_only=True, repr=False)
class Spends(GuardKind):
    """The credit's bucket is not empty; the act takes one."""

    credit: str


@frozen(kw_only=True, repr=False)
class Carries(GuardKind):
    """The act carries these fields, neither empty nor false."""

    fields: tuple[str, ...]


@frozen(kw_only=True, repr=False)
class Hours(GuardKind):
    """The employer's local time is inside ``[opens, closes)`` on one of ``weekdays`` (Monday 0).

    ``business_days_only``: holidays of the process's calendar are out as well.
    """

    opens: time
    closes: time
    weekdays: frozenset[int]
    business_days_only: bool = False
    text: str = ""


@frozen(kw_only=True, repr=False)
class Custom(GuardKind):
    """A Python function that the embedder registered says so."""

    function: str


Guard: TypeAlias = (
    AtMost | NotBefore | NotAfter | Apart | InState | Happened | Spends | Carries | Hours | Custom
)


# --- machines -----------------------------------------------------------------------------------


@frozen(kw_only=True, repr=False)
class State(_Named):
    """``over``: nothing is left to prepare for the instance that stands here.

    ``outside``: the rules do not speak of what happens here. An act that no transition here knows is refused,
    and no breach if it happened.
    """

    over: bool = False
    outside: bool = False


@frozen(kw_only=True, repr=False)
class Transition(_Declaration):
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


@frozen(kw_only=True, repr=False)
class MachineKind(_Named):
    """One small machine; the process keeps an instance of it for each key of its scope."""

    scope: Scope
    start: str
    states: Mapping[str, State] = field(hash=False)
    transitions: tuple[Transition, ...]


@frozen(kw_only=True, repr=False)
class Credit(_Declaration):
    """A bucket that employer's events fill, one each, up to ``max``, and replies spend."""

    name: str
    max: int
    scope: Scope = APPLICATION
    emptied_by: EventSet = EventSet("", frozenset())
    origin: Origin


@frozen(kw_only=True, repr=False)
class Calendar(_Declaration):
    """A calendar of business days: those that are neither in ``weekend`` (Monday 0) nor a holiday.

    ``origins``: where a file says each of them, by its key. They are no part of what it means.
    """

    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[date] = frozenset()
    country: str | None = None
    origins: Mapping[str, Origin] = field(default=MappingProxyType({}), eq=False)


@frozen(kw_only=True, repr=False)
class Migration(_Declaration):
    """A migration from earlier rules, so that processes saved under them go on under these.

    ``sources``: the versions that it comes from, or the beginnings of their files' hashes. The rest leads
    from old names to those of now: ``fields`` by event and old name, ``states`` by machine and old name,
    the event and the machine as they are called now. ``refold``: past acts are judged anew.
    """

    id: str
    sources: tuple[str, ...]
    events: Mapping[str, str] = field(factory=dict, hash=False)
    fields: Mapping[tuple[str, str], str] = field(factory=dict, hash=False)
    machines: Mapping[str, str] = field(factory=dict, hash=False)
    states: Mapping[tuple[str, str], str] = field(factory=dict, hash=False)
    refold: bool = False
    why: str = ""
    origin: Origin


@frozen(kw_only=True, repr=False)
class Acknowledged(_Declaration):
    """A name that a file vouches for, with the reason.

    Under ``trust`` it is an event whose tags are trusted, under ``loosens`` a promise that the file does not
    keep, and under ``meant`` what looks like a slip and is none.
    """

    name: str
    why: str
    origin: Origin


@frozen(kw_only=True, repr=False)
class PromiseFile(_Declaration):
    """A promise file that the rules name: its name in diagnostics, what is in it, and where it is named."""

    file: str
    text: bytes | str
    origin: Origin


@frozen(repr=False)
class Source(_Declaration):
    """A file that the rulebook was read from: its name, and the SHA-256 of its bytes in hex.

    The rule file itself is the first of several; each of the others is extended by the one before it.
    """

    name: str
    sha256: str


@frozen(kw_only=True, repr=False)
class Definition(_Declaration):
    """All that the rule files say, linked: every name resolved, every position kept.

    Mappings keep the order of the file. ``classes`` holds the built-in ones too. ``dates`` are the
    names that fields set; ``moments`` the named dates of ``dates:``. ``keeps``: the
    promise files that every proof holds the rules to, beside the packaged promises. ``loosened_above``: where
    files that this one extends loosen promises, by the promises. That excuses nothing here.
    ``removals``: where files remove what those say that they extend, by the path to it.
    """

    name: str
    title: str
    version: str = ""
    why: str = ""
    sources: tuple[Source, ...] = ()
    events: Mapping[str, EventKind] = field(hash=False)
    classes: Mapping[str, EventSet] = field(hash=False)
    credits: Mapping[str, Credit] = field(hash=False)
    dates: tuple[str, ...]
    moments: Mapping[str, Moment] = field(hash=False)
    machines: Mapping[str, MachineKind] = field(hash=False)
    calendar: Calendar = Calendar()
    migrations: Mapping[str, Migration] = field(default=MappingProxyType({}), hash=False)
    trust: Mapping[str, Acknowledged] = field(default=MappingProxyType({}), hash=False)
    keeps: tuple[PromiseFile, ...] = ()
    loosens: Mapping[str, Acknowledged] = field(default=MappingProxyType({}), hash=False)
    loosened_above: Mapping[str, Origin] = field(default=MappingProxyType({}), hash=False)
    removals: Mapping[tuple[str, ...], Origin] = field(default=MappingProxyType({}), eq=False)
    meant: Mapping[str, Acknowledged] = field(default=MappingProxyType({}), hash=False)
    meta: Mapping[str, Any] = field(factory=dict, hash=False)
