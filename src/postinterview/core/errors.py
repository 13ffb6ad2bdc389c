"""Misuse is an exception, with its parts as attributes; a refusal never is."""

from __future__ import annotations


class PostInterviewError(Exception):
    """The root of every exception that this package raises on purpose."""


class MisuseError(PostInterviewError):
    """The call can't mean anything: an unknown event, a naive time, time running backwards.

    ``message`` says what is wrong, lower case, without a full stop; ``help`` what to write instead.
    """

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message, help)
        self.message = message
        self.help = help

    def __str__(self) -> str:
        return f"{self.message} ({self.help})" if self.help else self.message


class UnknownNameError(MisuseError):
    """An event, machine, application, person or field that the rulebook or process doesn't have."""


class TimeError(MisuseError):
    """A time without a zone, out of range, or running backwards."""


class FieldError(MisuseError):
    """A field that is missing, unknown, or of the wrong type."""
