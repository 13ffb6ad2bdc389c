"""The edits that people make to the packaged rules: words replaced in a copy, or a pack of a few lines."""

from __future__ import annotations

from pathlib import Path

RULES = Path(__file__).resolve().parents[2] / "rules"
TEXT = (RULES / "default.yaml").read_text(encoding="utf-8")
PACK = 'format: 1\nextends: default\ntitle: Mine\nversion: "9"\n'

EDITS = {
    "business days for days": ("- waited_from + 7 days", "- waited_from + 10 business days"),
    "business days for hours": ("interview + 24 hours", "interview + 2 business days"),
    "a limit": ("at_most: 1, of: follow_up, per: round", "at_most: 2, of: follow_up, per: round"),
    "a forgotten scope": ("of: thank_you, per: [round, interviewer]", "of: thank_you"),
    "another forgotten scope": ("at_most: 1, of: follow_up, per: round", "at_most: 1, of: follow_up"),
    "the other side of a moment": ("not_after: interview + 14 days", "not_before: interview + 14 days"),
    "the other side of a reply": ("not_after: wrote + 14 days", "not_before: wrote + 14 days"),
    "ten times as much": ("apart: 7 days, from: exchange", "apart: 70 days, from: exchange"),
    "due too early": ("due: answer_due + 1 day", "due: interview + 1 day"),
    "another anchor": (
        "at_most: 2, of: attempt, since: sign_of_life",
        "at_most: 2, of: attempt, since: message",
    ),
    "a field that sets another date": (
        "decide_by: {type: date, optional: true, sets: promised}",
        "decide_by: {type: date, optional: true, sets: hold}",
    ),
    "another date table": ("- promised + 1 business day", "- hold + 1 business day"),
    "only one's own application": (", in_every: application", ""),
    "a date that an offer leaves": (
        "ends: [promised, next_talk, hold, answer_by]\n    title: an offer\n",
        "ends: [promised, next_talk, answer_by]\n    title: an offer\n",
    ),
    "a date that nothing calls off": (
        "{by: employer, gives: reply, ends: next_talk, ",
        "{by: employer, gives: reply, ",
    ),
    "hours for business days": ("not_before: next_talk + 1 business day", "not_before: next_talk + 24 hours"),
}
PACKS = {
    "a country": "calendar: {country: DE}\n",
    "another country": "calendar: {country: US}\n",
    "a weekend": "calendar: {weekend: [friday, saturday]}\n",
    "a holiday": "calendar: {holidays: [2026-03-10]}\n",
    "two holidays": "calendar: {holidays: [2026-03-10, 2026-03-17]}\n",
    "a removed machine": "machines: {remove: thanks}\n",
    "a removed event": (
        "events: {remove: auto_reply}\nmachines: {application: {transitions: {remove: wrote_by_machine}}}\n"
    ),
    "an added event": (
        "events: {newsletter: {by: employer}}\n"
        "machines: {application: {transitions: {came: {event: newsletter, from: any}}}}\n"
    ),
    "fewer answers to a question": "classes: {answer_to_a_question: [reply, interview]}\n",
    "a machine that starts elsewhere": "machines: {position: {start: on_hold}}\n",
    "a plan for all applications": "machines: {plan: {per: employer}}\n",
    "a profile for each application": "machines: {profile: {per: application}}\n",
    "a connection in each application": "machines: {network: {per: [application, interviewer]}}\n",
    "a pause that opens no round": "events: {on_hold: {remove: opens}}\n",
    "a task that opens no round": "events: {assignment: {remove: opens}}\n",
    "a promise that is no word": (
        "classes: {wrote: {of: [message, offer, offer_revised, scheduled, cancelled, question, on_hold, "
        "assignment]}}\n"
    ),
    "a promise that ends none before": "events: {promise: {ends: promised}}\n",
    "no talk lately": (
        'guard_sets: {before_any_nudge: {no_talk_ahead: {not_before: "interview + 1 business day"}}}\n'
    ),
    "a no that opens a round": "events: {rejection: {opens: round}}\n",
    "one answer fewer": (
        "classes: {answer_to_a_question: [reply, interview, promise, scheduled, assignment, on_hold, offer, "
        "offer_revised, offer_withdrawn, rejection, counter_offer, accept, decline]}\n"
    ),
    "a counter-offer that answers no question": (
        "classes: {answer_to_a_question: [reply, interview, promise, scheduled, assignment, on_hold, offer, "
        "offer_revised, offer_withdrawn, rejection, accept, decline, withdraw]}\n"
    ),
    "a longer bound in business days": (
        "guard_sets: {while_open: {not_too_late: {not_after: last_word + 60 business days}}, "
        "while_on_hold: {not_too_late: {not_after: last_chance + 60 business days}}}\n"
    ),
    "a bound on words anywhere": "guard_sets: {while_open: {not_too_late: {per: employer}}}\n",
    "a bound on words anywhere during a pause": (
        "guard_sets: {while_on_hold: {not_too_late: {per: employer}}}\n"
    ),
    "a no of theirs that starts anew": (
        "machines: {application: {transitions: {take_the_no_well: {to: before_interview}}}}\n"
    ),
    "a no of one's own that starts anew": (
        "machines: {application: {transitions: {say_no_while_they_think: {to: before_interview}}}}\n"
    ),
    "a message that opens a round": "events: {message: {opens: round}}\n",
    "a question that ends a pause": "events: {question: {ends: hold}}\n",
    "an offer that ends no date": "events: {offer: {remove: ends}}\n",
    "a no that ends one date": "events: {rejection: {ends: [promised]}}\n",
    "a task that ends another date": "events: {assignment: {ends: next_talk}}\n",
    "a follow-up that ends a pause": (
        "machines: {position: {transitions: {follow_up_on_hold: {to: open}}}}\n"
    ),
    "a follow-up that pauses": (
        "machines: {position: {transitions: {follow_up_while_open: {to: on_hold}}}}\n"
    ),
    "one word fewer": (
        "classes: {wrote: [message, promise, offer, scheduled, cancelled, question, on_hold, assignment]}\n"
    ),
    "a no in any application": (
        "machines: {application: {transitions: {take_the_no_well: {guards: {while_it_is_fresh: "
        "{in_every: application}}}}}}\n"
    ),
    "an offer among the nudges": "classes: {nudge: [follow_up, missed_call, offer]}\n",
    "any word before a talk": (
        'guard_sets: {before_any_nudge: {no_talk_ahead: {not_before: "wrote + 1 business day"}}}\n'
    ),
    "a chase that answers a question": "guard_sets: {before_any_nudge: {answer_first: {since: chase}}}\n",
    "a shorter bound in business days": (
        "guard_sets: {while_open: {not_too_late: {not_after: last_word + 40 business days}}}\n"
    ),
}


def edited(name: str) -> str:
    """The text of the file after an edit."""
    if name in PACKS:
        return PACK + PACKS[name]
    old, new = EDITS[name]
    if old not in TEXT:
        raise ValueError(f"the packaged rules no longer say {old!r}")
    return TEXT.replace(old, new)
