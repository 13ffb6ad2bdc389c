"""Each slip that once changed the meaning of rules without a word shows what a coach understands."""

from __future__ import annotations

from functools import cache

import pytest

import postinterview as pi
from postinterview.diffing.difference import Difference
from tests.proof.helpers import PATIENT, ROOT

DEFAULT = (ROOT / "rules" / "default.yaml").read_text(encoding="utf-8")
SLIPS = {
    "a second person can never be thanked": (
        "one_thank_you: {at_most: 1, of: thank_you, per: [round, interviewer]}",
        "one_thank_you: {at_most: 1, of: thank_you}",
    ),
    "a second round loses its follow-up": (
        "one_follow_up: {at_most: 1, of: follow_up, per: round}",
        "one_follow_up: {at_most: 1, of: follow_up}",
    ),
    "a reply opens when it is stale": (
        "{not_after: wrote + 14 days}",
        "{not_before: wrote + 14 days}",
    ),
    "it is due before it is allowed": ("due: answer_due + 1 day", "due: interview + 1 day"),
    "a guard is gone": ("          month_of_silence: {apart: 30 days, from: sign_of_life}\n", ""),
    "ten times the days": ("let_them_speak: {apart: 7 days,", "let_them_speak: {apart: 70 days,"),
    "most signs of life are forgotten": (
        "one_chase: {at_most: 1, of: chase, since: sign_of_life,",
        "one_chase: {at_most: 1, of: chase, since: message,",
    ),
}
SAID = {
    "a second person can never be thanked": (
        "stricter: `slip` refuses 1 act that `default` allows",
        "thank_you to bo",
        "thank_you to ana (thanks: yes; looking_forward: yes) (newly refused)",
        "refused by `slip`: `one_thank_you`: 1 thank-you in this application",
        "per: round and interviewer -> at_most: 1, of: thank_you, per: application",
    ),
    "a second round loses its follow-up": (
        "stricter: `slip` refuses 2 acts",
        "refused by `slip`: `one_follow_up`: 1 follow-up in this application",
        "guard one_follow_up of follow_up_once and call_in_vain",
    ),
    "a reply opens when it is stale": (
        "looser and stricter:",
        "- reply: answer the employer: newly refused",
        "+ reply: answer the employer: newly allowed",
        "not_after: wrote + 14 days -> not_before: wrote + 14 days",
    ),
    "it is due before it is allowed": (
        "the same acts are allowed at the same times: only suggestions differ.",
        "~ suggestion follow_up: answer_due + 1 day -> interview + 1 day",
        "Tue 10 Mar 2026 09:00 -> Tue 3 Mar 2026 09:00",
    ),
    "a guard is gone": (
        "looser: `slip` allows 1 act that `default` refuses",
        "+ assume_closed: assume the application closed: newly allowed",
        "refused by `default`: `month_of_silence`: 1 h since the interview",
        "- guard month_of_silence of let_it_rest: apart: 30 days, from: sign_of_life",
    ),
    "ten times the days": (
        "stricter: `slip` refuses 1 act",
        "needed: 70 days since the last exchange",
        "apart: 7 days, from: exchange -> apart: 70 days, from: exchange",
    ),
    "most signs of life are forgotten": (
        "stricter: `slip` refuses 3 acts",
        "refused by `slip`: `one_chase`: 1 chase since the last message",
        "guard one_chase of follow_up_once, call_in_vain and negotiate",
    ),
}


@cache
def default() -> pi.Rulebook:
    return pi.load_rulebook()


@cache
def edited(old: str, new: str) -> Difference:
    """What an edit of the packaged rules does. The promises are judged elsewhere."""
    assert old in DEFAULT
    mine = pi.load_rulebook(text=DEFAULT.replace(old, new, 1), name="slip.yaml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("postinterview.diffing.searches.Searches.promises", lambda *_: ())
        return pi.diff(default(), mine, max_seconds=PATIENT)


QUICK = ("it is due before it is allowed", "ten times the days")
"""A suggestion and a number; the others take longer and are said in the same words."""


@pytest.mark.parametrize(
    "slip", [each if each in QUICK else pytest.param(each, marks=pytest.mark.slow) for each in SLIPS]
)
def test_a_slip_shows_what_it_does(slip: str) -> None:
    said = " ".join(edited(*SLIPS[slip]).text.split())

    for part in SAID[slip]:
        assert part in said
