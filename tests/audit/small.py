"""Maps and histories that are small enough to be read in a test."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from postinterview.audit import Audit, Map, audit, load_map

ENTRIES = """
  talk: {event: interview, when: {What: talk}, at: Date, with: {interviewers: {column: Who, split: ","}}}
  nudge: {event: follow_up, when: {What: nudge}, at: Date, with: {channel: email}}
  wrote: {event: message, when: {What: wrote}, at: Date}
  thanks:
    event: thank_you
    when: {What: thanks}
    at: Date
    to: {column: Who}
    with: {thanks: true, topic: true, looking_forward: true}
  applied: {nothing: true, when: {What: applied}}
"""
HEAD = """
format: 1
timezone: Europe/Zurich
dates: ["%Y-%m-%d %H:%M"]
as_of: 2026-04-01
employer: Company
"""
NEVER = (
    "promise, answer, a_no, missed_call, reply, rejection_reply, counter_offer, accept, decline, withdraw, "
    "assume_closed, scheduled, cancelled, question, auto_reply, on_hold, assignment, hand_in, notice"
)


@cache
def small_map(head: str = "", entries: str = ENTRIES, never: str = NEVER, base: str = HEAD) -> Map:
    """The map of a log with the columns Company, What, Date and Who."""
    unknown = "unknown: [linkedin_invite, invite_accepted, complete_profile, write_plan]"
    return load_map(text=f"{base}{head}\nread:{entries}\n{unknown}\nnever: [{never}]\n")


def told(
    rows: str | Sequence[str], by: Map | None = None, *, header: str | None = "Company,What,Date,Who"
) -> Audit:
    """The audit of rows below the usual header, or another one or none, written as a text."""
    lines = rows.strip("\n").split("\n") if isinstance(rows, str) else rows
    above = [] if header is None else [header]
    return audit([f"{line}\n" for line in (*above, *lines)], by or small_map())


def said(made: Audit) -> list[tuple[str, int, str]]:
    """Of each finding its kind, line, and guards or message."""
    return [(each.kind, each.line, ", ".join(r.id for r in each.reasons) or each.message) for each in made]
