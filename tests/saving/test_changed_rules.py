"""Rules that change under a saved process: refused with what differs, or carried over, and never silently."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

import postinterview as pi
from postinterview.core.steps.fold import steps
from postinterview.core.steps.step_parts import Step
from postinterview.saving import forecast, read
from postinterview.saving.resume import Resumed, resume
from postinterview.saving.saved import snapshot_of
from tests.laws.twins import examples, rulebook, told
from tests.saving.edits import CARRIED, RENAMED, TEXT, chased, edited, migration
from tests.saving.stories import DAY, START, STORIES, corrected, fresh, rules
from tests.strategies.runs import Case, cases


def refused(rulebook: pi.Rulebook, process: pi.Process) -> tuple[str, list[str]]:
    with pytest.raises(pi.RulesChangedError) as caught:
        rulebook.restore(process.to_json())
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - what was pickled just now
    assert str(again) == str(caught.value)
    assert all(str(each) in str(caught.value) for each in caught.value.differences)
    return f"{caught.value.message} ({caught.value.help})", [str(each) for each in caught.value.differences]


def told_by(rulebook: pi.Rulebook, process: pi.Process) -> Resumed:
    return resume(rulebook, read(process.to_json()))


def fate(rulebook: pi.Rulebook, process: pi.Process) -> str:
    return forecast(rulebook, lambda: read(process.to_json())).fate


# --- no difference ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STORIES)
def test_rules_that_changed_in_their_words_alone_take_every_process(name: str) -> None:
    process = STORIES[name]()
    other = edited(more="# a comment\n")
    restored = told_by(other, process)

    assert fate(other, process) == "goes_on"
    assert (restored.migration, restored.differences) == ("", ())
    assert restored.process.history == process.history
    assert restored.process.rulebook is other
    assert other.restore(restored.process.to_json()) == restored.process


def test_rules_that_changed_in_what_did_not_happen_take_the_process() -> None:
    other = edited(("30 days", "40 days"), ("counter_offer", "ask_for_more"))
    assert other.restore(chased().to_json()).history == chased().history


def test_a_machine_that_the_rules_did_not_have_is_no_difference() -> None:
    machine = (
        "machines:\n  contact_made: {per: application, start: no_one, states: {no_one: , met: }, "
        "transitions: {met: {event: interview, from: no_one, to: met}}}\n"
    )
    other = pi.load_rulebook(
        text=re.sub(r"^machines:\n", machine, TEXT, flags=re.MULTILINE), name="mine.yaml"
    )
    assert other.restore(chased().to_json()).state("contact_made") == "met"


# --- differences --------------------------------------------------------------------------------------


def test_an_act_that_the_rules_no_longer_allow_is_named_with_the_guard_and_its_line() -> None:
    other = edited(("7 days, from: message", "9 days, from: message"))
    line = next(n for n, text in enumerate(TEXT.splitlines(), 1) if "let_them_speak: {apart" in text)
    message, found = refused(other, chased())

    assert found == [
        (
            "entry 3 (call acme, Wed 11 Mar 2026) was allowed, and is now a breach of "
            f"`let_them_speak` (rules/mine.yaml:{line})"
        )
    ]
    now, then = (each.definition.sources[0].sha256[:12] for each in (other, rules()))
    assert message == (
        f"the rules changed from (rules version 1 {then}) to (mine version 2 {now}), and they judge "
        "this history differently (under `migrations:`, add "
        '`my_change: {from: "1", refold: true, why: ...}`, '
        "or keep the earlier rules)"
    )


def test_a_breach_that_the_rules_now_allow_is_named() -> None:
    process = fresh().record("interview", at=START, interviewers=["ana"]).process
    process = process.record("follow_up", at=START + 3 * DAY, channel="call").process
    assert refused(edited(("interview + 7 days", "interview + 2 days")), process)[1] == [
        "entry 2 (call acme, Thu 5 Mar 2026) was a breach, and is now allowed"
    ]


def test_a_state_that_is_called_otherwise_is_named_with_its_machine_and_key() -> None:
    assert refused(edited(("followed_up", "chased_once")), chased())[1] == [
        "machine `application` of application main was `followed_up`, and the rules have no such state"
    ]
    assert refused(edited(("before_interview", "early")), chased())[1] == [
        "machine `application` started in `before_interview`, and starts now in `early`"
    ]


def test_a_machine_that_is_gone_is_named() -> None:
    process = fresh().record("complete_profile", at=START).process
    assert refused(edited(("profile", "linkedin_page")), process)[1] == [
        "machine `profile` was `complete`, and the rules have no such machine"
    ]


def test_an_event_and_a_field_that_are_gone_are_named_with_their_entries() -> None:
    assert refused(edited(("message", "note"), ("channel", "by_means")), corrected())[1] == [
        "entry 2 (`follow_up`, Wed 11 Mar 2026): unknown field `channel` of `follow_up` (write `by_means`)",
        "entry 3 (`message`, Wed 4 Mar 2026): the rules have no event `message`",
        "entry 4 (`follow_up`, Thu 12 Mar 2026): unknown field `channel` of `follow_up` (write `by_means`)",
        "entry 6: the rules have no event `message`",
    ]


SMALL = """
format: 1
title: Small
events:
  interview: {by: employer, opens: round, gives: answer, fields: {on: {type: date, sets: promised}}}
  meeting: {by: employer, opens: round}
  follow_up: {by: candidate}
credits: {answer: {max: 1}}
machines:
  talks:
    per: application
    start: a
    states: {a: }
    transitions:
      ask: {event: follow_up, from: a, guards: {asked: {spends: answer}}, due: promised + 1 day}
      met: {event: meeting, from: a}
"""


def test_a_round_a_date_and_a_credit_that_are_otherwise_are_named() -> None:
    process = pi.load_rulebook(text=SMALL).start("acme", "UTC")
    process = process.record("meeting", at=START).process
    process = process.record("interview", at=START, on=START.date()).process
    process = process.do("follow_up", at=START + DAY).process
    other = (
        SMALL.replace("meeting: {by: employer, opens: round}", "meeting: {by: employer, gives: answer}")
        .replace("gives: answer, fields: {on: {type: date, sets: promised}}", "fields: {on: date}")
        .replace("due: promised", "due: interview")
    )
    differ = refused(pi.load_rulebook(text=other), process)[1]
    interview = "entry 2 (interview, Mon 2 Mar 2026)"
    assert differ == [
        "entry 1 (meeting, Mon 2 Mar 2026) was in round 1, and is now in round 0",
        f"{interview} was in round 2, and is now in round 1",
        f"{interview} set the date `promised` to 2026-03-02, and now sets it to no day",
        "entry 3 (follow up, Tue 3 Mar 2026) was in round 2, and is now in round 1",
    ]
    unpaid = SMALL.replace("guards: {asked: {spends: answer}}", "guards: {asked: {happened: interview}}")
    unpaid = unpaid.replace(", gives: answer", "").replace("credits: {answer: {max: 1}}\n", "")
    assert refused(pi.load_rulebook(text=unpaid), process)[1] == [
        "entry 3 (follow up, Tue 3 Mar 2026) spent answer, and now spends no credit"
    ]


# --- carried over -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STORIES)
def test_renamed_events_fields_machines_and_states_are_carried_over(name: str) -> None:
    process = STORIES[name]()
    other = edited(*RENAMED, more=CARRIED)
    restored = told_by(other, process)

    assert (restored.migration, restored.differences) == ("to_two", ())
    for application in process.applications or ("main",):
        state = process.state("application", application=application)
        now = restored.process.state("application", application=application)
        assert now == dict(RENAMED).get(state, state)
    named = [getattr(entry, "name", "") for entry in process.history]
    assert [getattr(entry, "name", "") for entry in restored.process.history] == [
        "note" if name == "message" else name for name in named
    ]
    assert told_by(other, restored.process).process == restored.process
    assert fate(other, restored.process) == "unchanged"


def test_a_past_is_judged_anew_where_the_migration_says_so() -> None:
    other = edited(
        ("7 days, from: message", "9 days, from: message"),
        more=migration("refold: true, why: Nine days are kinder.", "kinder"),
    )
    restored = told_by(other, chased())

    assert restored.migration == "kinder"
    assert [each.entry for each in restored.differences] == [3]
    assert [placed.event.number for placed in restored.process.breaches] == [3]
    assert other.restore(restored.process.to_json()) == restored.process


def test_a_migration_that_only_renames_does_not_judge_anew() -> None:
    other = edited(*RENAMED, ("7 days, from: note", "9 days, from: note"), more=CARRIED)
    message, found = refused(other, chased())

    assert "(the migration `to_two` (rules/mine.yaml:" in message
    assert [text.partition(" of ")[0] for text in found] == [
        "entry 3 (call acme, Wed 11 Mar 2026) was allowed, and is now a breach"
    ]


def test_what_a_migration_does_not_speak_of_is_still_refused() -> None:
    other = edited(*RENAMED, more=migration("events: {message: note}, refold: true, why: Names."))
    message, found = refused(other, corrected())

    line = other.definition.migrations["to_two"].origin.line
    assert message.endswith(
        f"(the migration `to_two` (rules/mine.yaml:{line}) does not cover this: "
        "add the new names, or `refold: true` with a `why:`)"
    )
    assert [text.partition(":")[0] for text in found] == [
        "entry 2 (`follow_up`, Wed 11 Mar 2026)",
        "entry 4 (`follow_up`, Thu 12 Mar 2026)",
    ]


def test_a_migration_comes_from_a_version_from_rules_of_a_name_or_from_a_hash() -> None:
    hash_ = rules().definition.sources[0].sha256
    for source in ('"1"', '["0", "1"]', hash_, f'"{hash_[:12]}"', f'"{hash_[:8].upper()}"'):
        other = edited(*RENAMED, more=CARRIED.replace('from: "1"', f"from: {source}"))
        assert told_by(other, chased()).migration == "to_two", source
    assert rules().definition.name == "rules"
    other = edited(*RENAMED, more=CARRIED.replace('from: "1"', "from: rules 1"))
    assert told_by(other, chased()).migration == "to_two"
    for source in ('"3"', '"2efeddce60c7"', f'"{hash_[:7]}"', "germany 1", "rules 3"):
        other = edited(*RENAMED, more=CARRIED.replace('from: "1"', f"from: {source}"))
        with pytest.raises(pi.RulesChangedError):
            told_by(other, chased())


def test_the_hash_says_more_than_the_version() -> None:
    hash_ = rules().definition.sources[0].sha256
    other = edited(
        ("message", "note"),
        more='migrations:\n  wrong: {from: "1", refold: true, why: None.}\n'
        f'  right: {{from: "{hash_[:12]}", events: {{message: note}}}}\n',
    )
    assert told_by(other, chased()).migration == "right"


def test_two_events_can_become_one_and_two_fields_can_not() -> None:
    text = (
        'format: 1\ntitle: T\nversion: "{version}"\n'
        "events: {{{events}}}\n"
        "machines: {{m: {{per: employer, start: a, states: {{a: , b: }}, transitions: {{{transitions}}}}}}}\n"
    )
    before = pi.load_rulebook(
        text=text.format(
            version=1,
            events="mail: {by: employer}, call: {by: employer}, "
            "say: {by: candidate, fields: {x: text, y: text}}",
            transitions="one: {event: mail, from: a, to: b}, two: {event: call, from: b, to: a}, "
            "say: {event: say, from: any}",
        )
    )
    process = (
        before.start("acme", "UTC")
        .record("mail", at=START)
        .process.unknown("mail", "call", until=START)
        .process
    )
    process = process.record("say", at=START + DAY, x="1", y="2").process
    after = pi.load_rulebook(
        text=text.format(
            version=2,
            events="word: {by: employer}, say: {by: candidate, fields: {y: text}}",
            transitions="one: {event: word, from: a, to: b}, say: {event: say, from: any}",
        )
        + 'migrations: {m: {from: "1", events: {mail: word, call: word}, fields: {say: {x: y}}}}\n'
    )
    assert refused(after, process)[1] == [
        "entry 3 (`say`, Tue 3 Mar 2026): unknown field `x` of `say` (did you mean `y`?)"
    ]
    told_ = told_by(
        after,
        before.start("acme", "UTC")
        .record("mail", at=START)
        .process.unknown("mail", "call", until=START)
        .process,
    )
    unknown = told_.process.history[1]
    assert isinstance(unknown, pi.Unknown)
    assert unknown.of == ("word",)


def test_many_acts_that_became_breaches_are_told_in_one_fold(monkeypatch: pytest.MonkeyPatch) -> None:
    process = fresh().record("interview", at=START, interviewers=["ana"]).process
    for day in range(40):
        process = process.record("message", at=START + day * DAY).process
        process = process.do("reply", at=START + day * DAY + DAY / 2).process
    taken: list[Step] = []

    def counted(*given: Any) -> Iterator[Step]:
        for made in steps(*given):
            taken.append(made)
            yield made

    monkeypatch.setattr("postinterview.saving.differences.steps", counted)
    other = edited(("wrote + 30 days", "wrote + 2 hours"))

    assert len(refused(other, process)[1]) == 40
    assert len(taken) == len(process.history)


# --- laws ---------------------------------------------------------------------------------------------


@settings(max_examples=examples(1))
@given(cases())
def test_under_stricter_or_milder_rules_a_process_is_what_it_was_or_refused(case: Case) -> None:
    process = told(case).process
    text = re.sub(r"\b1 day\b", "2 days", case.text).replace("at_most: 1", "at_most: 2")
    text = re.sub(r"\b5 business days\b", "1 business day", text)
    try:
        other = rulebook(text)
    except pi.RulesError:
        return  # two guards that say the same now
    try:
        restored = other.restore(process.to_json())
    except pi.RulesChangedError as error:
        seen = len(error.differences)
        anew = rulebook(
            f'{text}\nmigrations: {{anew: {{from: "{_hash(process)}", refold: true, why: A law.}}}}\n'
        )
        judged = told_by(anew, process)
        assert (len(judged.differences), seen > 0) == (seen, True)
        restored = judged.process
    else:
        assert _data(restored) == _data(process)
    later = START + timedelta(days=4000)
    again = restored.rulebook.restore(restored.to_json())
    assert (again, again.agenda(at=later)) == (restored, restored.agenda(at=later))
    assert again.history == process.history


def _hash(process: pi.Process) -> str:
    return process.rulebook.definition.sources[0].sha256


def _data(process: pi.Process) -> Any:
    return snapshot_of(process.rulebook.definition, process._snapshot)  # noqa: SLF001 - what is compared
