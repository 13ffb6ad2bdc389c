"""Judge a history as a hiring manager would: a list of what happened, and numbers of its own.

Nothing here comes from the package: no promise, no guard, no scope and no clock. A history is what reached
the employer and what came from there. `pushy` says what is too much about the last line of it.

The numbers are the least that a person would call pushy. They lie at or above those of the packaged
promises, and are written down apart from them: a promise that is loosened or deleted is found by this judge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeAlias

from attrs import frozen

Nature: TypeAlias = Literal["word", "no", "fact", "chase", "attempt", "courtesy", "reply", "none"]
"""What an event is to the employer: their word, their no, nothing they said, or a contact of this kind."""

Natures: TypeAlias = Mapping[str, Nature]


@frozen
class Line:
    """One line of a history. ``people``: who was there; ``answer_by``: the day by which they will answer."""

    event: str
    at: datetime
    application: str | None = None
    to: str | None = None
    people: tuple[str, ...] = ()
    answer_by: date | None = None


History: TypeAlias = Sequence[Line]
NUDGES = ("chase", "attempt")
CONTACTS = ("chase", "attempt", "courtesy", "reply")
NOS = ("rejection", "offer_withdrawn")
ANSWERS = ("offer", "offer_revised", *NOS)


def pushy(history: History, natures: Natures) -> str:
    """Return what is pushy about the last line, in words; empty if nothing is."""
    last, past = history[-1], history[:-1]
    if natures[last.event] not in CONTACTS:
        return ""
    return next((said for judge in _JUDGES if (said := judge(last, past, natures))), "")


def _often(last: Line, past: History, natures: Natures) -> str:
    """Nudges are few, whatever is heard in between."""
    if last.event == "counter_offer":
        counters = [line for line in past if line.event == "counter_offer" and _days(line, last) < 60]
        return "a fourth counter-offer in 60 days" if len(counters) >= 3 else ""
    if natures[last.event] not in NUDGES:
        return ""
    nudges = [line for line in past if natures[line.event] in NUDGES and line.event != "counter_offer"]
    for most, days in ((3, 14), (6, 60)):
        if sum(_days(line, last) < days for line in nudges) >= most:
            return f"more than {most} nudges in {days} days"
    return ""


def _again(last: Line, past: History, natures: Natures) -> str:
    """Without a word from them there is one chase, or two calls in vain."""
    silence = _since(past, lambda line: natures[line.event] == "word")
    chases, attempts = (sum(natures[line.event] == each for line in silence) for each in NUDGES)
    if natures[last.event] == "chase" and chases:
        return "a second chase in one silence"
    if natures[last.event] == "attempt" and attempts >= 2:
        return "a third call in vain in one silence"
    return ""


def _after_a_no(last: Line, past: History, natures: Natures) -> str:
    """After a no there is one kind answer, until they speak again."""
    here = _here(past, last)
    after = _since(here, lambda line: _is_no(line, natures))
    if len(after) == len(here) or any(_is_free(line, natures) for line in after):
        return ""
    answered = any(line.event == "rejection_reply" for line in after)
    return "a contact after a no" if last.event != "rejection_reply" or answered else ""


def _too_early(last: Line, past: History, natures: Natures) -> str:
    """While the day by which they will answer is not over, nobody asks."""
    if natures[last.event] not in NUDGES:
        return ""
    named: date | None = None
    for line in _here(past, last):
        if line.event in (*ANSWERS, "interview") or line.answer_by is not None:
            named = line.answer_by  # a new talk would keep a day to come: this judge is mild
    over = None if named is None else datetime.combine(named, time(), UTC) + timedelta(days=1)
    return "a nudge before the day they named was over" if over is not None and last.at < over else ""


def _notes(last: Line, past: History, natures: Natures) -> str:
    """One person gets two notes a talk, one invitation, and none when the talk is long past."""
    if last.to is None:
        return _words(last, past, natures)
    to_them = [line for line in past if line.to == last.to]
    if last.event == "linkedin_invite" and any(line.event == last.event for line in to_them):
        return "a second invitation"
    talks = [line for line in past if line.event == "interview" and _was_there(last.to, line)]
    late = {"thank_you": 15, "linkedin_invite": 31}.get(last.event)
    if late is not None and talks and _days(talks[-1], last) >= late:
        return "a note when the talk is long past"
    here = _since(_here(past, last), lambda line: last.to in line.people)
    notes = [line for line in here if line.to == last.to and natures[line.event] == "courtesy"]
    if natures[last.event] == "courtesy" and len(notes) >= 2:
        return "a third note to one person after one talk"
    return ""


def _words(last: Line, past: History, natures: Natures) -> str:
    """To nobody in particular, three courtesies are enough until they speak."""
    silence = _since(_here(past, last), lambda line: natures[line.event] == "word")
    words = [line for line in silence if line.to is None and natures[line.event] == "courtesy"]
    if natures[last.event] == "courtesy" and len(words) >= 3:
        return "a fourth courtesy to nobody in particular in one silence"
    return ""


def _in_silence(last: Line, past: History, natures: Natures) -> str:
    """In silence the contacts of any kind are few: so many, and more for each application and person."""
    silence = _since(past, lambda line: natures[line.event] == "word")
    contacts = sum(natures[line.event] in CONTACTS for line in silence) + 1
    lines = [*past, last]
    applications = len({line.application for line in lines} - {None}) or 1
    people = len({name for line in lines for name in (*line.people, line.to)} - {None})
    if contacts > 3 + 6 * applications + 2 * people * applications:
        return f"{contacts} contacts in one silence"
    return ""


_JUDGES = (_often, _again, _after_a_no, _too_early, _notes, _in_silence)


def _was_there(person: str, talk: Line) -> bool:
    """Whether a person took part in a talk, or may have: nobody knows who was there if nobody is named."""
    return person in talk.people or not talk.people


def _is_no(line: Line, natures: Natures) -> bool:
    return line.event in NOS or natures[line.event] == "no"


def _is_free(line: Line, natures: Natures) -> bool:
    """Whether they spoke again, and not to say no."""
    return natures[line.event] == "word" and not _is_no(line, natures)


def _here(past: History, last: Line) -> list[Line]:
    """The lines of the application, and those of none."""
    return [line for line in past if line.application in (None, last.application)]


def _since(lines: History, ends: Callable[[Line], bool]) -> list[Line]:
    """The lines after the last one that ends what was before; all of them if none does."""
    found: list[Line] = []
    for line in lines:
        found = [] if ends(line) else [*found, line]
    return found


def _days(line: Line, last: Line) -> float:
    return (last.at - line.at) / timedelta(days=1)
