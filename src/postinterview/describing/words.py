"""Describe dates, classes, credits, promises and migrations, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from postinterview.core.definitions import (
    Credit,
    Definition,
    FirstKnown,
    LatestKnown,
    Migration,
    Moment,
    Origin,
    Trust,
)
from postinterview.describing.mentions import Mentions
from postinterview.describing.phrases import Phrases
from postinterview.proof.promises.promise import Promise

CLASSES = {
    "chase": "contacts that want an answer",
    "courtesy": "contacts that ask for nothing",
    "attempt": "calls that nobody took, without a message",
    "reply": "contacts that answer a message of the employer",
    "none": "acts that don't reach the employer",
    "contact": "acts that reach the employer: chases, courtesies, attempts and replies",
    "sign_of_life": "events by the employer that show that they are busy with the candidate",
}
"""The classes and contacts that every rule file has."""


@frozen
class Words:
    """The words of a rule file. ``sources``: the text of each file by its name."""

    definition: Definition
    sources: Mapping[str, str]
    mentions: Mentions

    def date(self, name: str) -> dict[str, Any] | None:
        """Return the moments of a named date, of which the first or the latest one known counts.

        Of a date that is no named one, the fields that set it.
        """
        definition = self.definition
        moment = definition.moments.get(name)
        if moment is None and name not in definition.dates:
            return None
        moments: tuple[Moment, ...] = () if moment is None else (moment,)
        latest = moment is not None and isinstance(moment.anchor, LatestKnown)
        if moment is not None and isinstance(moment.anchor, FirstKnown | LatestKnown) and moment.text == name:
            moments = moment.anchor.options
        events = definition.events.values()
        phrases = Phrases(definition)
        return {
            "meaning": phrases.date(name) if moment is None else phrases.moment(moment),
            "moments": [each.text for each in moments],
            "latest": latest,
            "set_by": [f"{e.name}.{f.name}" for e in events for f in e.fields.values() if f.sets == name],
            "ended_by": [each.name for each in events if name in each.ends],
            "used_by": self.mentions.of_date(name),
            **_written_in("dates", name, self.sources),
        }

    def event_class(self, name: str) -> dict[str, Any] | None:
        """Return the events of a class, or those whose contact is this word."""
        known = self.definition.classes.get(name)
        if known is None and name not in CLASSES:
            return None
        members = [
            each.name
            for each in self.definition.events.values()
            if (each.contact == name if known is None else each.name in known.members)
        ]
        meaning = CLASSES.get(name, "") if known is None or not known.title else known.title
        counted = [] if known is None else self.mentions.of_class(known)
        return {
            "meaning": meaning,
            "events": members,
            "counted_by": counted,
            **_written_in("classes", name, self.sources),
        }

    def credit(self, credit: Credit | None) -> dict[str, Any] | None:
        if credit is None:
            return None
        events = self.definition.events.values()
        return {
            "max": credit.max,
            "per": str(credit.scope),
            "given_by": [each.name for each in events if credit.name in each.gives],
            "emptied_by": [each.name for each in events if each.name in credit.emptied_by.members],
            "spent_by": self.mentions.of_credit(credit.name),
            **place_of(credit.origin),
        }

    def promise(self, promise: Promise) -> dict[str, Any]:
        loosened = self.definition.loosens.get(promise.id)
        return {
            "title": promise.title,
            "packaged": promise.origin.file == self.mentions.promises.sources[0].name,
            "loosened": None if loosened is None else {"why": loosened.why, **place_of(loosened.origin)},
            "forbids": [str(clause) for clause in promise.clauses],
            "why": promise.why,
            **place_of(promise.origin),
        }


def migration_data(migration: Migration | None) -> dict[str, Any] | None:
    if migration is None:
        return None
    renamed = {
        "events": dict(migration.events),
        "fields": {f"{event}.{old}": new for (event, old), new in migration.fields.items()},
        "machines": dict(migration.machines),
        "states": {f"{machine}.{old}": new for (machine, old), new in migration.states.items()},
    }
    return {
        "from": list(migration.sources),
        "refold": migration.refold,
        **renamed,
        "why": migration.why,
        **place_of(migration.origin),
    }


def _written_in(section: str, name: str, sources: Mapping[str, str]) -> dict[str, Any]:
    """Return the place of a name in a section of a rule file; None if it has no line of its own."""
    for file, text in sources.items():
        inside = False
        for number, row in enumerate(text.split("\n"), 1):
            key = row.partition(":")[0].strip().strip("\"'")
            if row[:1].strip() not in ("", "#", "{"):
                inside = key == section
            elif inside and key == name:
                return {"file": file, "line": number}
    return {"file": None, "line": None}


def trust_data(trust: Trust | None) -> dict[str, Any] | None:
    return None if trust is None else {"why": trust.why, **place_of(trust.origin)}


def place_of(origin: Origin) -> dict[str, Any]:
    return {"file": origin.file, "line": origin.line}
