"""Describe dates, classes, credits, promises and migrations, as plain data."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from postinterview.core.rules.definitions import (
    BUILT_IN_CLASSES,
    Acknowledged,
    Credit,
    Definition,
    FirstKnown,
    LatestKnown,
    Migration,
    Moment,
    Origin,
)
from postinterview.describing.mentions import Mentions
from postinterview.describing.phrases import Phrases
from postinterview.loading.link_events import origin_of
from postinterview.loading.nodes import Mapping
from postinterview.loading.written_sets import value_at
from postinterview.proof.promises.promise import Promise, Promises

CLASSES = (*BUILT_IN_CLASSES, "none")
"""The classes that every rule file has, and the word for acts that reach nobody."""


@frozen
class Words:
    """The words of a rule file."""

    definition: Definition
    promises: Promises
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
        phrases = Phrases(definition)
        return {
            "meaning": phrases.date(name) if moment is None else phrases.moment(moment),
            "moments": [each.text for each in moments],
            "latest": latest,
            "named_by": self.mentions.of("date", name),
            **self._written_in("dates", name),
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
        return {
            "meaning": "acts that don't reach the employer" if known is None else known.title,
            "events": members,
            "named_by": self.mentions.of("class", name),
            **self._written_in("classes", name),
        }

    def credit(self, credit: Credit | None) -> dict[str, Any] | None:
        if credit is None:
            return None
        emptied_by = credit.emptied_by.members
        return {
            "max": credit.max,
            "per": str(credit.scope),
            "emptied_by": [name for name in self.definition.events if name in emptied_by],
            "named_by": self.mentions.of("credit", credit.name),
            **place_of(credit.origin),
        }

    def promise(self, promise: Promise) -> dict[str, Any]:
        loosened = self.definition.loosens.get(promise.id)
        return {
            "title": promise.title,
            "packaged": promise.origin.file == self.promises.sources[0].name,
            "loosened": None if loosened is None else {"why": loosened.why, **place_of(loosened.origin)},
            "forbids": [str(clause) for clause in promise.clauses],
            "why": promise.why,
            **place_of(promise.origin),
        }

    def _written_in(self, section: str, name: str) -> dict[str, Any]:
        """Return the place of a name in a section of the rules; None if it has no line of its own."""
        entries = value_at(self.mentions.whole, section)
        keys = [key for key, _ in entries.entries if key.text == name] if isinstance(entries, Mapping) else ()
        return place_of(origin_of(keys[0])) if keys else {"file": None, "line": None}


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


def trust_data(trust: Acknowledged | None) -> dict[str, Any] | None:
    return None if trust is None else {"why": trust.why, **place_of(trust.origin)}


def place_of(origin: Origin) -> dict[str, Any]:
    return {"file": origin.file, "line": origin.line}
