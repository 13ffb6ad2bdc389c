"""Keep what an agent says and may not record by itself, until a person confirms it.

An agent could invent a question in order to answer it. So an employer's word, a retraction, and what is known
or unknown are only proposed. When a person confirms a proposal, the keeper records it; its id is the
idempotency key, so that it is recorded once, however often it is confirmed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, TypeAlias, get_args

from attrs import asdict, field, frozen

from postinterview.calls import Call, moment_of, when_of
from postinterview.core.answers.outcome import Outcome
from postinterview.core.past.events import say_when
from postinterview.core.process import Process
from postinterview.core.rules.rule_text import with_application
from postinterview.core.values.errors import MisuseError, TimeError
from postinterview.core.values.formatting import say_list, shorten
from postinterview.core.values.moments import in_utc, is_day
from postinterview.core.values.names import is_name
from postinterview.core.values.suggest import instead_of
from postinterview.stores import Keeper, MemoryStore

Operation: TypeAlias = Literal["record", "retract", "known", "unknown", "change"]
State: TypeAlias = Literal["pending", "confirming"]

MOST_PENDING = 20
"""Words that may wait under one key: more than a person reads, and they would be confirmed unread."""
LONGEST_REASON = 500


@frozen(kw_only=True)
class Word:
    """Something that an agent says and a person has to confirm.

    Attributes:
        id: what to confirm or decline it by.
        key: the key of the process.
        operation: the method of the keeper that records it.
        arguments: the arguments of the method in plain types, moments as text.
        because: why the agent says so, in its own words, such as a line of a mail. Don't trust it.
        proposed: when it was proposed.
        state: ``confirming`` if a confirmation was begun and not finished: confirm it again.
    """

    id: str
    key: str
    operation: Operation
    arguments: Mapping[str, Any] = field(hash=False)
    because: str
    proposed: datetime
    state: State = "pending"

    def as_json(self) -> dict[str, Any]:
        """Return the word in plain types."""
        return {**asdict(self), "proposed": self.proposed.isoformat()}

    def same(self, other: Word) -> bool:
        """Return whether it says what the other says."""
        return (self.operation, self.arguments) == (other.operation, other.arguments)


def to_text(word: Word) -> str:
    """Return the word as a note keeps it: without its key and id, which the note has."""
    said = word.as_json()
    del said["id"], said["key"]
    return json.dumps(said)


def of_text(key: str, id: str, text: str) -> Word:
    """Return the word of a note."""
    said = json.loads(text)
    return Word(**said | {"id": id, "key": key, "proposed": datetime.fromisoformat(said["proposed"])})


# --- arguments ----------------------------------------------------------------------------------------


@frozen
class _Wanted:
    """The form of an argument, in words and as a check. None stands for an argument that is left out."""

    words: str
    fits: Callable[[Any], bool]


_TEXT = _Wanted("a text", lambda value: isinstance(value, str))
_NAME = _Wanted("a text or a whole number", lambda value: isinstance(value, str | int))
_MOMENT = _Wanted("a moment with its zone, as ISO 8601", lambda value: isinstance(value, datetime))
_WHEN = _Wanted("a moment with its zone or a day, as ISO 8601", lambda value: isinstance(value, date))
_NUMBER = _Wanted("the number of an entry", lambda value: type(value) is int)
_FLAG = _Wanted("true or false", lambda value: type(value) is bool)
_EVENTS = _Wanted(
    "a list of events", lambda value: isinstance(value, list) and all(isinstance(each, str) for each in value)
)
_FIELDS = _Wanted("the fields of the event, by their names", lambda value: isinstance(value, dict))
_ARGUMENTS: dict[Operation, dict[str, _Wanted]] = {
    "record": {"event": _TEXT, "happened": _WHEN, "to": _NAME, "fields": _FIELDS, "application": _NAME},
    "retract": {"number": _NUMBER, "not_sent": _FLAG},
    "known": {"of": _EVENTS, "application": _NAME, "until": _MOMENT},
    "unknown": {"of": _EVENTS, "application": _NAME, "until": _MOMENT},
    "change": {"at": _MOMENT, "employer": _TEXT, "timezone": _TEXT, "country": _TEXT},
}
_DEFAULTS: dict[Operation, dict[str, Any]] = {
    "record": {"to": None, "application": None, "fields": {}},
    "retract": {"not_sent": False},
    "known": {"application": None, "until": None},
    "unknown": {"application": None},
    "change": {"employer": None, "timezone": None, "country": None},
}
_FIRST_OFFSET = timedelta(hours=14)
"""A day begins nowhere earlier than so long before it does in UTC."""
_MOMENTS = ("happened", "until", "at")


def arguments_of(operation: object, given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the arguments of an operation in plain types.

    A moment may be a `datetime` or its text, and has to be in the past. ``happened`` may be a day.

    Raises:
        MisuseError: there is no such operation, or an argument is missing, unknown or of another type.
        TimeError: a moment has no zone, or is in the future.
    """
    if operation not in _ARGUMENTS:
        message = f"{shorten(repr(operation))} can't be proposed"
        raise MisuseError(message, f"propose to {say_list(get_args(Operation))}")
    wanted = _ARGUMENTS[operation]
    said = {**_DEFAULTS[operation], **({"at": now} if operation == "change" else {}), **given}
    unknown = next((name for name in said if name not in wanted), None)
    if unknown is not None:
        free = [name for name in wanted if name not in given]
        raise MisuseError(f"`{operation}` has no argument `{shorten(unknown)}`", instead_of(unknown, free))
    missing = next((name for name in wanted if name not in said), None)
    if missing is not None:
        raise MisuseError(f"the arguments of `{operation}` lack `{missing}`", f"give {wanted[missing].words}")
    for name in said.keys() & set(_MOMENTS):
        said[name] = _read_moment(name, said[name], now)
    if isinstance(said.get("of"), tuple):
        said["of"] = list(said["of"])
    optional = _DEFAULTS[operation]
    for name, each in wanted.items():
        left_out = said[name] is None and optional.get(name, name) is None
        if not left_out and not each.fits(said[name]):
            raise MisuseError(f"`{name}` can't be {shorten(repr(said[name]))}", f"give {each.words}")
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
    try:
        copy: dict[str, Any] = json.loads(json.dumps(plain, allow_nan=False))
    except (RecursionError, TypeError, ValueError) as error:
        raise MisuseError(f"the arguments of `{operation}` can't be written as JSON: {error}") from None
    return copy


def _read_moment(name: str, value: object, now: datetime) -> object:
    if isinstance(value, str):
        form = _WHEN if name == "happened" else _MOMENT
        try:
            value = when_of(value) if form is _WHEN else datetime.fromisoformat(value)
        except ValueError:
            raise TimeError(f"`{name}` can't be {shorten(repr(value))}", f"give {form.words}") from None
    if is_day(value):
        begins = in_utc(datetime.combine(value, time(0), UTC)) - _FIRST_OFFSET
    else:
        begins = in_utc(value) if isinstance(value, datetime) else now
    if begins > now:
        raise TimeError(f"{value} is in the future", "propose it when it has happened")
    return value


def reason_of(because: object) -> str:
    """Return the agent's reason on one line.

    Raises:
        MisuseError: it is too long, or has characters that can't be seen.
    """
    said = " ".join(because.split()) if isinstance(because, str) else None
    if said is None or len(said) > LONGEST_REASON or not (said == "" or is_name(said)):
        help_ = f"write a text of {LONGEST_REASON} visible characters at most"
        raise MisuseError("this can't be the reason of a proposal", help_)
    return said


# --- recording ----------------------------------------------------------------------------------------


def perform(keeper: Keeper, key: str, word: Word, at: datetime) -> Outcome:
    """Record what a word says, once.

    Args:
        keeper: where to record it.
        key: the keeper's key of the process.
        word: the word.
        at: the moment by the server's clock.
    """
    once = f"pending {word.id}"
    said: dict[str, Any] = dict(word.arguments)
    moments = {
        name: None if said[name] is None else when_of(said[name]) for name in said.keys() & set(_MOMENTS)
    }
    said |= moments
    match word.operation:
        case "record":
            return keeper.perform(key, Call(**said), at=at, once=once)
        case "retract":
            return keeper.retract(key, said["number"], at=at, not_sent=said["not_sent"], once=once)
        case "change":
            return keeper.change(key, once=once, **said)
        case _:
            of = said.pop("of")
            method = keeper.known if word.operation == "known" else keeper.unknown
            return method(key, *of, once=once, **said)


@frozen
class Preview:
    """What would become of a process if a word was confirmed.

    Attributes:
        text: what would be recorded, and how it fits the rules.
        opens: the acts that would be allowed now and are not, as a person calls them.
        closes: the acts that are allowed now and would not be.
    """

    text: str
    opens: tuple[str, ...]
    closes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the preview in plain types."""
        return {"text": self.text, "opens": list(self.opens), "closes": list(self.closes)}


def preview(keeper: Keeper, process: Process, word: Word, at: datetime) -> Preview:
    """Return what would become of a process if a word was confirmed at ``at``. Nothing is written.

    Raises:
        MisuseError: it can't be recorded, or changes nothing.
    """
    trial = Keeper(keeper.rulebook, MemoryStore(), leeway=keeper.leeway)
    trial.add("trial", process)
    outcome = perform(trial, "trial", word, at)
    if len(outcome.process.history) == len(process.history):
        raise MisuseError("there is nothing to record: the history says so already", "leave it")
    _, _, text = outcome.text.partition(": ")
    if outcome.event is not None and outcome.event.day is None:  # else the text says it
        text = f"{say_when(outcome.event, process.calendar.zone)}: {text}"
    before, after = (_allowed(each, at) for each in (process, outcome.process))
    opens, closes = ([each for each in a if each not in b] for a, b in ((after, before), (before, after)))
    return Preview(text, tuple(opens), tuple(closes))


def _allowed(process: Process, at: datetime) -> list[str]:
    found = process.allowed(at=moment_of(process, at))
    return [with_application(verdict.title, verdict.application) for verdict in found]
