"""What the columns and the words of trackers usually mean, as closed tables. English and German.

A name is compared without case, spaces and signs, and a word by its beginning. Words with two meanings
("declined": by whom?) are in no table: a person must say what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def _names(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.replace("\n", " ").split(","))


def _table(text: str) -> tuple[tuple[str, str], ...]:
    """Return each name of a line with the event that begins the line."""
    lines = (line.strip().partition(": ") for line in text.strip().split("\n"))
    return tuple((name, event) for event, _, names in lines for name in _names(names))


EMPLOYER = _names(
    """company, employer, organization, organisation, firm, companyname, employername, company.name, firma,
    unternehmen, arbeitgeber, account"""
)
APPLICATION = _names(
    """position, role, jobtitle, job, title, vacancy, opening, positiontitle, rolename, stelle, rolle"""
)
LOG = _names("""event, whathappened, what, activity, action, eventtype, type, step, ereignis""")
"""The columns of a log, which says in each row what happened then."""
STANDING = _names("""status, stage, phase, currentstatus, state, outcome, result, stand, ergebnis""")
"""The columns that say where an application stands now, perhaps on each of its rows."""
DATE = _names(
    """date, on, when, at, day, eventdate, timestamp, datetime, dateofevent, happenedat, occurredat, datum,
    am, wann"""
)
PEOPLE = _names(
    """interviewer, interviewers, interviewedby, who, with, person, people, contact, contactperson, contacts,
    gesprachspartner, ansprechpartner, wer"""
)
CHANNEL = _names("channel, via, medium, how, method, kanal")
ZONE = _names("timezone, tz, zone, zeitzone")
NOT_DONE = _names("next, planned, due, deadline, reminder, todo, remind, scheduled")
"""What a column of plans is called: they are no events."""

_COLUMNS = _table(
    """
    follow_up: followup, followedup, nudge, nachgefasst, nachgefragt
    thank_you: thankyou, thanked, thanks, bedankt
    interview: interview, onsite, phonescreen, gesprach
    rejection: rejected, rejection, absage
    offer: offer, angebot
    accept: accepted
    withdraw: withdrew, withdrawn
    message: response, reply, heardback, antwort
    """
)
"""The beginnings of columns' names that hold the date, or the number, of an event."""

NOTHING = "nothing"
_WORDS = _table(
    """
    interview: phone interview, phone screen, video interview, technical interview, onsite, on site, on-site
    interview: interviewed, interview, final round, vorstellungsgesprach, gesprach
    follow_up: followed up, follow-up sent, follow up sent, follow-up, follow up, followup, nudge
    follow_up: emailed to ask, nachgefasst
    thank_you: thank-you, thank you, thanked, bedankt
    rejection: rejection, rejected, absage
    offer: offer, angebot
    offer_withdrawn: offer withdrawn
    accept: accepted, offer accepted
    decline: offer declined
    withdraw: withdrew, withdrawn, rejected by me
    message: they wrote, reply received, response received, heard back
    on_hold: on hold
    assignment: take-home, take home
    nothing: applied, application sent, application submitted, submitted, saved, bookmarked, wishlist
    nothing: wish list, draft, to apply, interested, researching, archived, ghosted, no response, no answer
    nothing: interview scheduled, follow-up scheduled, follow up scheduled, to follow up, beworben, gemerkt
    """
)
_FOLDED = str.maketrans("äöüß", "aous")


def plain(name: str) -> str:
    """Return the name of a column without case, spaces and signs."""
    return re.sub(r"[^a-z0-9.]", "", name.casefold().translate(_FOLDED))


def event_of_word(word: str) -> str:
    """Return the event that a word of a tracker usually means, `nothing`, or an empty text."""
    text = word.casefold().translate(_FOLDED).strip()
    found = [
        (begin, event)
        for begin, event in _WORDS
        if text == begin or text.startswith((f"{begin} ", f"{begin}:", f"{begin},"))
    ]
    return max(found, key=lambda each: len(each[0]), default=("", ""))[1]


def event_id(word: str, events: Iterable[str]) -> str:
    """Return the event whose name in the rules the word is, but for case and signs, or an empty text.

    So a log that was written with these rules at hand needs no table.
    """
    said = re.sub(r"[\W_]+", "_", word.strip().casefold())
    return said if said in events else ""


def event_of_column(name: str) -> str:
    """Return the event whose date or number a column usually holds, or an empty text."""
    text = plain(name).removeprefix("dateof").removeprefix("last")
    if any(word in plain(name) for word in NOT_DONE):
        return ""
    return next((event for begin, event in _COLUMNS if text.startswith(begin)), "")


def named(columns: Iterable[str], names: tuple[str, ...]) -> str | None:
    """Return the column with the first of these names that there is."""
    known = {plain(each): each for each in reversed(list(columns))}
    return next((known[name] for name in names if name in known), None)
