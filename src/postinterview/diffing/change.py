"""One difference between what two rule files declare, and an example of a moment that moved."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from attrs import evolve, frozen

from postinterview.core.rules.definitions import APPLICATION, Moment, Origin, Scope

Mark: TypeAlias = Literal["+", "-", "~"]
Part: TypeAlias = Literal[
    "date",
    "due",
    "guard",
    "transition",
    "state",
    "machine",
    "event",
    "class",
    "credit",
    "calendar",
    "words",
]


@frozen
class Example:
    """One story in which a moment moves. ``story``: its events; a moment is None if it is not known."""

    story: str
    before: datetime | None
    after: datetime | None


@frozen
class MovedMoment:
    """A moment of either file, and the event and scope for which it is asked."""

    before: Moment
    after: Moment
    act: str = ""
    scope: Scope = APPLICATION


@frozen(kw_only=True)
class Change:
    """A difference between two files, by what they mean.

    ``mark``: added, removed or changed. ``part`` is what changed, and ``name`` its name; a guard is named
    with the transitions that ask it, in ``where``. ``before`` and ``after`` are texts; one is empty for what
    was added or removed. ``moves``: what is judged otherwise only because of it. ``moment``: a moment that
    moved. ``example``: a story in which it does.
    """

    mark: Mark
    part: Part
    name: str
    before: str = ""
    after: str = ""
    old: Origin | None = None
    new: Origin | None = None
    where: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    moment: MovedMoment | None = None
    example: Example | None = None

    def joined(self, other: Change) -> Change | None:
        """Return this and another change as one, if both come from the same line of the files."""
        alike = evolve(other, where=self.where, moment=self.moment, example=self.example) == self
        places = None not in (self.old or self.new, other.old or other.new)
        return evolve(self, where=(*self.where, *other.where)) if alike and places else None
