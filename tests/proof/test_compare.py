"""A comparison finds what is newly allowed with its story, and proves that there is nothing else."""

from __future__ import annotations

from time import process_time  # noqa: TID251 - it measures this program

import pytest
from attrs import evolve

import postinterview as pi
from postinterview.core.rules.definitions import FirstKnown, Guard, Moment, NotBefore, OfDate, Transition
from postinterview.proof.compare import Comparer
from postinterview.proof.comparison import Comparison
from postinterview.proof.explain import with_guard
from tests.cli.helpers import ROOT
from tests.proof.helpers import patient
from tests.proof.packaged import DEFINITION
from tests.proof.test_default_rules import looser
from tests.strategies.scale import one_in

TEXT = (ROOT / "tests" / "rules" / "default-1.yaml").read_text(encoding="utf-8")
RULEBOOK = pi.load_rulebook(text=TEXT, name="default.yaml")
PACKAGED = pi.load_rulebook()
ACTS = {kind.name for kind in RULEBOOK.acts}
RULES = [rule for machine in DEFINITION.machines.values() for rule in machine.transitions]
MANY_GUARDS = ("follow_up", "missed_call")
"""Acts of so many guards that a comparison takes seconds."""

LOOSENED = [
    pytest.param(
        rule,
        guard,
        instead,
        id=f"{rule.id}-{guard.id}-{number}",
        marks=[pytest.mark.slow] if rule.event in MANY_GUARDS else [],
    )
    for rule in RULES
    if DEFINITION.events[rule.event].contact not in (None, "none")
    for guard in rule.guards
    if (rule.id, guard.id) != ("answer_their_question", "reply_to_a_message")  # which never refuses alone
    for number, instead in enumerate([None, *looser(guard)])
]


def changed(*changes: tuple[str, str]) -> pi.Rulebook:
    """The packaged rules with words replaced."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return pi.load_rulebook(text=text, name="mine.yaml")


def found(comparison: Comparison) -> dict[str, set[str]]:
    """The acts newly allowed, with the ids of the guards for which the old rules refused them."""
    for each in comparison.acts:
        assert (each.allowed is not None) is (each.verdict == "some")
        assert each.allowed is None or each.allowed.verdict.allowed
        assert each.refused is None or not each.refused.verdict.allowed
    return {
        each.act: {reason.id for reason in each.refused.verdict.reasons} if each.refused else set()
        for each in comparison.acts
        if each.verdict == "some"
    }


def test_the_same_rules_allow_nothing_new() -> None:
    comparison = patient(RULEBOOK, changed()).compare()

    assert {each.act: each.verdict for each in comparison.acts} == dict.fromkeys(ACTS, "none")
    assert comparison.verdict == "none"


@pytest.mark.parametrize(("rule", "guard", "instead"), one_in(6, LOOSENED))
def test_a_guard_that_was_loosened_or_dropped_is_found_and_the_other_way_round_there_is_nothing(
    rule: Transition, guard: Guard, instead: Guard | None
) -> None:
    loose = pi.Rulebook(with_guard(DEFINITION, rule, guard, instead))
    newly = patient(PACKAGED, loose).compare([rule.event])
    back = patient(loose, PACKAGED).compare([rule.event])

    wanted = "some" if forgets_their_date(instead) else "none"
    if (rule.id, guard.id) == ("call_in_vain", "no_talk_ahead") and instead is not None:
        assert newly.verdict == "none"  # only days without office hours lie before the next business day
    else:
        assert guard.id in found(newly).get(rule.event, ())
    assert back.verdict == wanted


def forgets_their_date(guard: Guard | None) -> bool:
    """Without the date that they named, a week or a month is waited for: longer where it was sooner."""
    return (
        isinstance(guard, NotBefore)
        and guard.moment.text in ("answer_due", "hold_over")
        and not dated(guard.moment)
    )


def dated(moment: Moment) -> bool:
    options = moment.anchor.options if isinstance(moment.anchor, FirstKnown) else (moment,)
    return any(
        isinstance(option.anchor, OfDate) or (option is not moment and dated(option)) for option in options
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([("apart: 7 days, from: message", "apart: 6 days, from: message")], {"let_them_speak"}),
        ([("at_most: 1, of: follow_up", "at_most: 2, of: follow_up")], {"one_follow_up"}),
        ([("- interview + 7 days", "- interview + 6 days")], {"wait_for_the_answer"}),
        ([("[waiting, followed_up]        #", "[waiting, followed_up, accepted] #")], {"state"}),
    ],
)
def test_a_number_or_state_that_was_loosened_is_found_for_the_follow_up(
    changes: list[tuple[str, str]], expected: set[str]
) -> None:
    newly = patient(RULEBOOK, changed(*changes)).compare(["follow_up"])

    assert found(newly) == {"follow_up": expected}
    assert patient(changed(*changes), RULEBOOK).compare(["follow_up"]).verdict == "none"


def test_hours_for_a_business_day_are_less_at_a_weekend_and_more_within_the_week() -> None:
    hours = changed(("- promised + 1 business day", "- promised + 24 hours"))
    there = patient(RULEBOOK, hours).compare(["follow_up"]).acts[0].allowed
    back = patient(hours, RULEBOOK).compare(["follow_up"]).acts[0].allowed

    assert there is not None
    assert back is not None
    assert there.at.weekday() >= 5 > back.at.weekday()


def test_the_story_of_a_day_less_is_the_shortest_and_dated() -> None:
    newly = patient(RULEBOOK, changed(("- interview + 7 days", "- interview + 6 days")))
    story = newly.compare(["follow_up"]).acts[0].allowed
    assert story is not None

    happened = [(line.happening.event, f"{line.happening.at:%m-%d %H:%M}") for line in story.lines]
    assert happened == [("interview", "03-02 09:00")]
    assert f"{story.at:%m-%d %H:%M}" == "03-08 09:00"


def test_an_act_that_asks_for_less_is_newly_allowed_without_the_field() -> None:
    newly = changed(("[thanks, topic, looking_forward]", "[thanks, topic]"))
    story = patient(RULEBOOK, newly).compare(["thank_you"]).acts[0].allowed
    assert story is not None
    assert set(story.story.act.fields) == {"thanks", "topic"}


def test_hours_that_were_widened_are_found_at_the_hour_between() -> None:
    hours = "let_them_speak: {apart: 7 days, from: message}"
    narrow = changed((hours, hours + "\n          office: {hours: 09:00-17:00}"))
    wide = changed((hours, hours + "\n          office: {hours: 08:00-17:00}"))
    story = patient(narrow, wide).compare(["follow_up"]).acts[0].allowed

    assert story is not None
    assert 8 <= story.at.hour < 9
    assert patient(wide, narrow).compare(["follow_up"]).verdict == "none"


def test_a_custom_guard_that_was_dropped_is_found_supposing_that_it_says_no() -> None:
    guard = "let_them_speak: {apart: 7 days, from: message}"
    text = TEXT.replace(guard, guard + "\n          asked: {custom: a_friend}")
    asks = pi.load_rulebook(text=text, custom={"a_friend": lambda _: pi.CustomAnswer(holds=True)})
    found_ = patient(asks, RULEBOOK).compare(["follow_up"]).acts[0]

    assert found_.verdict == "some"
    assert found_.supposing == ("a_friend",)
    assert patient(asks, asks).compare(["follow_up"]).verdict == "none"


def test_an_act_that_the_old_rules_did_not_know_was_refused_by_them() -> None:
    nudge = "  complete_profile: {by: candidate"
    act = "      # -- answering the employer"
    rule = "      nudge: {event: nudge, from: waiting, guards: {wait: {not_before: interview + 3 days}}}\n"
    knows = changed((nudge, "  nudge: {by: candidate}\n" + nudge), (act, rule + act))
    newly = patient(RULEBOOK, knows).compare(["nudge"]).acts[0]

    assert (newly.verdict, newly.refused) == ("some", None)
    assert newly.allowed is not None
    assert newly.allowed.verdict.allowed
    back = patient(knows, RULEBOOK).compare(["follow_up"])
    assert found(back) == {"follow_up": {"one_chase"}}  # what the new rules do not know they do not count


def test_a_fact_that_only_the_new_rules_know_is_not_there_for_the_old_ones() -> None:
    fact = "  message: {by: employer"
    rule = "      # -- answering the employer"
    heard = "      newsletter_came: {event: newsletter, from: any}\n"
    knows = changed((fact, "  newsletter: {by: employer}\n" + fact), (rule, heard + rule))
    newly = found(patient(RULEBOOK, knows).compare(["counter_offer"]))

    assert newly == {"counter_offer": {"one_chase"}}


def test_an_event_that_somebody_else_does_now_is_another_one_for_each_of_the_rules() -> None:
    otherwise = changed(("  message: {by: employer, gives: reply", "  message: {by: world"))
    for old, new in ((RULEBOOK, otherwise), (otherwise, RULEBOOK)):
        assert patient(old, new).compare(["rejection_reply"]).verdict == "none"
    assert found(patient(otherwise, RULEBOOK).compare(["reply"])).keys() == {"reply"}


def test_a_limit_is_unknown_and_never_none() -> None:
    later = changed(("- interview + 7 days", "- interview + 10 business days"))
    comparison = Comparer(later, RULEBOOK, process_time, max_seconds=1e-9).compare(["follow_up"])

    assert comparison.verdict == "unknown"
    assert all(each.why_unknown for each in comparison.acts if each.verdict == "unknown")


def test_an_act_counts_as_contact_by_the_word_of_either_file() -> None:
    silent = {**DEFINITION.events, "follow_up": evolve(DEFINITION.events["follow_up"], contact="none")}
    new = pi.Rulebook(evolve(DEFINITION, events=silent))
    comparison = Comparer(RULEBOOK, new, process_time, max_seconds=0.1)

    assert [each.act for each in comparison.compare(["follow_up"]).acts] == ["follow_up"]


# --- what is not told by the history in the act's place -------------------------------------------

ONE_CALL = """
format: 1
title: One call
events:
  message: {by: employer}
  interview: {by: employer}
  word: {by: employer}
  call: {by: candidate, contact: attempt, fields: {channel: [phone, email, letter], urgent: bool}}
  note: {by: candidate, contact: none}
dates: {last: {latest_of: [message, interview]}, first: [message, interview]}
machines:
  line:
    per: application
    start: open
    states: {open: {}}
    transitions:
      met: {event: message, from: open}
      talked: {event: interview, from: open}
      heard: {event: word, from: open}
      ring: {event: call, from: open, guards: {g: {GUARD}}}
      wrote: {event: note, from: open, guards: {a: {not_before: last}, b: {not_before: first}}}
"""
FEW = "at_most: 2, of: call, within: 3 days"
MANY = "at_most: 9, of: call, within: 3 days"
WEEK = "apart: 7 days, from: message"
LATEST, FIRST = "not_before: last", "not_before: first"
EMAIL, EITHER = "unless: {channel: email}", "unless: {channel: [email, letter]}"
EVERY = "in_every: application"
HOURS, CHANNEL = 'hours: "08:00-20:00, weekdays"', "fields: [channel]"

COMPARED = [
    (FEW, FEW, "none"),
    (FEW, "at_most: 2, of: call, within: 2 days", "some"),
    (FEW, "at_most: 3, of: call, within: 3 days", "some"),
    (FEW, "at_most: 1, of: call, within: 4 days", "none"),
    (FEW, "at_most: 2, of: call", "none"),
    ("at_most: 2, of: call", FEW, "some"),
    (MANY, MANY, "none"),
    (MANY, "at_most: 8, of: call, within: 4 days", "none"),
    (MANY, "at_most: 8, of: call, within: 2 days", "some"),
    (MANY, "at_most: 10, of: call, within: 3 days", "some"),
    (f"{WEEK}, {EMAIL}", f"{WEEK}, {EMAIL}", "none"),
    (f"{WEEK}, {EITHER}", f"{WEEK}, {EMAIL}", "none"),
    (f"{WEEK}, {EMAIL}", WEEK, "none"),
    (WEEK, f"{WEEK}, {EMAIL}", "some"),
    (f"{WEEK}, {EMAIL}", "apart: 6 days, from: message", "some"),
    (f"{WEEK}, {EVERY}", f"{WEEK}, {EVERY}", "none"),
    (WEEK, f"{WEEK}, {EVERY}", "none"),
    (f"{WEEK}, {EVERY}", WEEK, "some"),
    (f"{HOURS}, {EITHER}", f"{HOURS}, {EMAIL}", "none"),
    (f"{HOURS}, {EMAIL}", f"{HOURS}, {EITHER}", "some"),
    (CHANNEL, CHANNEL, "none"),
    (CHANNEL, f"{CHANNEL}, unless: {{urgent: true}}", "some"),
    (LATEST, LATEST, "none"),
    (f"{LATEST}, if_never: blocks", f"{LATEST}, if_never: holds", "some"),
    (f"{LATEST}, if_never: holds", f"{LATEST}, if_never: blocks", "none"),
    ("not_after: last, if_never: blocks", "not_after: last, if_never: holds", "some"),
    (FIRST, LATEST, "none"),
    (LATEST, "not_after: last", "none"),
]


@pytest.mark.parametrize(("old", "new", "expected"), COMPARED)
def test_windows_exceptions_and_latest_dates_are_compared(old: str, new: str, expected: str) -> None:
    one, other = (pi.load_rulebook(text=ONE_CALL.replace("{GUARD}", f"{{{guard}}}")) for guard in (old, new))
    assert patient(one, other).compare().verdict == expected


def test_what_holds_in_every_application_may_fail_in_one_of_which_only_the_old_rules_know() -> None:
    """A visit makes an application known to the old rules; there no message came."""
    guard = f"happened: message, {EVERY}"
    new = pi.load_rulebook(text=ONE_CALL.replace("{GUARD}", f"{{{guard}}}"))
    more = ONE_CALL.replace("  note:", "  visit: {by: employer}\n  note:", 1)
    more = more.replace("      wrote:", "      visited: {event: visit, from: open}\n      wrote:")
    old = pi.load_rulebook(text=more.replace("{GUARD}", f"{{{guard}}}"))

    assert patient(new, new).compare().verdict == "none"
    assert patient(old, new).compare().verdict == "unknown"
