"""Histories made with the engine, laid down under many keys: all that a store holds is valid and sealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from attrs import frozen

import postinterview as pi
from benchmarks.story import PATH, TIMEZONE
from postinterview.stores import Standing, StoredEntry
from postinterview.stores.texts import stored_parts

BY = datetime(2026, 6, 1, tzinfo=UTC)
"""Some processes are due by then, all others later or never."""

SHORTEST, LONGEST = 4, 16
"""Entries of a history: ten in the mean."""


@frozen
class Template:
    """A process, and what a store keeps of it."""

    process: pi.Process
    standing: Standing
    entries: tuple[StoredEntry, ...]


@frozen
class Templates:
    """``due`` by the moment, and ``later`` or never."""

    due: Sequence[Template]
    later: Sequence[Template]

    def under_keys(self, first: int, until: int, every: int) -> Iterator[tuple[str, Template]]:
        """Those of the numbers from ``first``, each with its key; one in ``every`` is due."""
        for number in range(first, until):
            yield key_of(number), self.of(number, every)

    def of(self, number: int, every: int) -> Template:
        kind = self.later if number % every else self.due
        return kind[number * 7919 % len(kind)]


def key_of(number: int) -> str:
    return f"process {number:09d}"


def make(rulebook: pi.Rulebook, count: int) -> Templates:
    """So many of each sort, no two alike."""
    random = Random(3)  # noqa: S311
    due, later = list[Template](), list[Template]()
    for number in range(count):
        entries = SHORTEST + number % (LONGEST + 1 - SHORTEST)
        for kind, weeks in ((due, random.randint(-60, -6)), (later, random.randint(30, 90))):
            kind.append(_template(rulebook, f"employer {number}", entries, timedelta(weeks=weeks)))
    return Templates([each for each in due if _is_due(each)], [each for each in later if not _is_due(each)])


def _is_due(template: Template) -> bool:
    return template.standing.due is not None and template.standing.due <= BY


def _template(rulebook: pi.Rulebook, employer: str, entries: int, later: timedelta) -> Template:
    """The beginning of the story, at another time."""
    process = rulebook.start(employer, TIMEZONE)
    for told in PATH[:entries]:
        fields: dict[str, Any] = {
            name: value + later if isinstance(value, date) else value for name, value in told.fields.items()
        }
        process = process.record(told.event, at=told.at + later, to=told.to, **fields).process
    stored, standing = stored_parts(process, None)
    return Template(process, standing, stored)
