"""The exceptions, with their parts as attributes. A refusal is a value and never an exception."""

from __future__ import annotations

from attrs import frozen


class PostInterviewError(Exception):
    """The root of every exception that this package raises on purpose."""


class HelpfulError(PostInterviewError):
    """An error with ``message``, what is wrong, and ``help``, what to do.

    The message has lower case and no full stop.
    """

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message, help)
        self.message = message
        self.help = help

    def __str__(self) -> str:
        return f"{self.message} ({self.help})" if self.help else self.message


class MisuseError(HelpfulError):
    """The call can't mean anything: an unknown event, a naive time, time running backwards."""


class UnknownNameError(MisuseError):
    """An event, machine, application, person or field that the rulebook or process doesn't have."""


class UnknownStatusError(UnknownNameError):
    """A status that the map of a host's board doesn't have; ``status`` is what was given."""

    def __init__(self, message: str, help: str, status: object) -> None:
        super().__init__(message, help)
        self.args = (message, help, status)
        self.status = status


class UnknownKeyError(UnknownNameError):
    """A key under which a store has no process."""


class TakenKeyError(MisuseError):
    """A key that belongs to another process."""


class TimeError(MisuseError):
    """A time without a zone, out of range, or running backwards."""


class FieldError(MisuseError):
    """A field that is missing, unknown, or of the wrong type."""


class SavedError(HelpfulError):
    """A saved process that is damaged, or that this version or these rules can't read.

    ``path`` is the place in what was saved, such as ``history[3].at``, or ``line 3, column 7`` where the text
    is no JSON.
    """

    def __init__(self, message: str, help: str = "", path: str = "") -> None:
        super().__init__(message, help)
        self.args = (message, help, path)
        self.path = path

    def __str__(self) -> str:
        said = super().__str__()
        return f"{self.path}: {said}" if self.path else said


@frozen(kw_only=True)
class Difference:
    """One thing that is no longer as it was saved.

    Attributes:
        text: the difference in words.
        entry: the number of the entry that it is about, if any.
        machine: the machine that is in another state, if any.
        fits: whether the rules can take the history as it is, and only judge it differently.
    """

    text: str
    entry: int | None = None
    machine: str | None = None
    fits: bool = True

    def __str__(self) -> str:
        return self.text


class RulesChangedError(SavedError):
    """A process that the rules judge otherwise than when it was saved.

    ``differences`` has each that touches the process, in words.
    """

    def __init__(self, message: str, help: str, differences: tuple[Difference, ...]) -> None:
        super().__init__(message, help)
        self.args = (message, help, differences)
        self.differences = differences

    def __str__(self) -> str:
        return "\n".join((super().__str__(), *(f"  - {each}" for each in self.differences)))


class StoreError(HelpfulError):
    """The store can't be read or written: it is locked, full, read-only or gone.

    A write is done wholly or not at all. If the store was lost before it answered, nobody knows which; the
    message says so. In either case you can repeat the call: with the same ``once`` it records one event.
    """


class ConflictError(StoreError):
    """The process exists already, or somebody wrote it since it was loaded."""
