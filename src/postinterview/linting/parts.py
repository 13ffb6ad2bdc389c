"""Find what entries of a copy have lost by a slip: keys such as `due` and `ends`, and fields of events."""

from __future__ import annotations

from collections.abc import Iterator

from postinterview.linting.compared import Path, Rules, Slip, slip
from postinterview.loading.diagnostics import Label
from postinterview.loading.report import span_of
from postinterview.loading.source_text import in_one_line

_PARTS = {
    "contact": "so it counts as no contact",
    "to": "so it is meant for nobody in particular",
    "opens": "so it opens no round",
    "starts": "so it starts no application",
    "gives": "so it gives no credit",
    "ends": "so the dates that it ended stay",
    "sets": "so it sets no date",
    "optional": "so it must be given",
    "sign_of_life": "so it counts as a sign of life",
    "emptied_by": "so nothing empties it",
    "over": "so nothing is over there",
    "outside": "so acts are judged there",
    "due": "so the agenda never asks for it",
    "breach_from": "so an act against the rules changes no state",
    "country": "so public holidays are business days",
    "weekend": "so it is Saturday and Sunday",
    "holidays": "so these days are business days",
}
"""The keys that a copy of an entry loses by a slip, where nothing else says so, and what follows."""


def parts_gone(mine: Rules, theirs: Rules) -> Iterator[Slip]:
    """Yield what entries of a copy have lost: keys that matter, and fields of events."""
    if mine.extends(theirs):
        return
    migrations = mine.definition.migrations.values()
    renamed = {("events", event, "fields", old) for each in migrations for event, old in each.fields}
    for path, (key, value) in theirs.entries.items():
        above, name = path[:-1], path[-1]
        is_field = len(path) == 4 and path[0] == "events" and path[2] == "fields"
        if not (is_field or name in _PARTS) or path in mine.entries or path in renamed:
            continue
        lost = path
        while above not in mine.entries and len(above) > 2:  # of a field that is gone, only the field is told
            above, lost = above[:-1], above
        if above not in mine.entries or lost != path or not _is_of_one_event(mine, theirs, above):
            continue
        owner = above[-2] if above[-1] == "fields" else above[-1]
        yield slip(
            "PI514",
            owner,
            span_of(mine.entries[above][0]),
            f"`{owner}` has no `{name}`, and has it in {theirs.file}",
            "so nobody can say it" if is_field else _PARTS[name],
            f"write it again: `{name}: {in_one_line(value)}`",
            path=path,
            others=(Label(span_of(key), "there"),),
        )


def _is_of_one_event(mine: Rules, theirs: Rules, path: Path) -> bool:
    """Return whether an entry is no transition, or a transition on the same event."""
    events = [rules.leaves.get((*path, "event")) for rules in (mine, theirs)]
    return (events[0] and events[0].text) == (events[1] and events[1].text)
