"""Stories as a Mermaid Gantt chart: a section for each act, with the times at which it was allowed.

Mermaid's dates have no zone, so they are those of the employer's clock. Source:
https://mermaid.js.org/syntax/gantt.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from postinterview.drawing.mermaid import escape
from postinterview.drawing.story import Mark, Story

_SHORTEST = 60
"""Mermaid draws nothing of a time shorter than this, in seconds."""


def gantt(story: Story) -> str:
    """Return the story as a Mermaid Gantt chart. The text ends with a newline."""
    return "\n".join(_lines(story)) + "\n"


def _lines(story: Story) -> Iterator[str]:
    zone = story.process.calendar.zone

    def at(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%dT%H:%M}"

    def milestone(mark: Mark, said: str) -> str:
        kind = "crit, milestone" if mark.kind in ("refused", "breach") else "milestone"
        return f"    {_text(said)} :{kind}, {at(mark.at)}, 0d"

    yield "gantt"
    yield f"    title {_text(story.played.scenario.name)}"
    yield "    dateFormat YYYY-MM-DDTHH:mm"
    yield "    axisFormat %d %b"
    yield "    section What happened"
    for mark in story.facts:
        yield milestone(mark, mark.text)
    for row in story.rows:
        yield f"    section {_text(row.title)}"
        for each in row.allowed:
            if (each.end - each.start).total_seconds() >= _SHORTEST:
                yield f"    allowed :active, {at(each.start)}, {at(each.end)}"
        for mark in row.marks:
            yield milestone(mark, mark.text or mark.kind)


def _text(said: str) -> str:
    """Return a text that Mermaid shows as it is: on one line, and never empty."""
    return escape(" ".join(said.replace(":", " ").split()).replace("#", " ")) or "-"
