"""`explain` knows every word of a rule file: fields, dates, classes, contacts and credits."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.helpers import Caller


def test_an_event_is_explained_with_its_fields(call: Caller) -> None:
    said = call("explain", "interview").out
    assert "\n  Field interviewers: people, optional. Left out where nobody knows who it was.\n" in said
    assert "\n  Field decide_by: date, optional, sets the date promised\n" in said
    assert "\n  Field channel: call, email or message\n" in call("explain", "follow_up").out
    fields = json.loads(call("explain", "thank_you", "--format", "json").out)["event"]["fields"]
    assert [(each["name"], each["type"]) for each in fields] == [
        ("thanks", "bool"),
        ("topic", "text"),
        ("looking_forward", "bool"),
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "answer_due",
            "  The first of these that is known:\n    promised + 1 business day\n    waited_from + 7 days\n",
        ),
        ("promised", "\n  Set by the fields: interview.decide_by, promise.date.\n"),
        ("chase", "\nchase  a class of events\n  Events: follow_up, counter_offer.\n"),
        (
            "none",
            "acts that don't reach the employer\n  Events: complete_profile, write_plan, assume_closed.\n",
        ),
        ("a_no", "a class of events: a no  rules/default.yaml:"),
        (
            "reply",
            "a credit, at most 3 per application  rules/default.yaml:175\n  Given by the events: scheduled, ",
        ),
    ],
)
def test_dates_classes_contacts_and_credits_are_explained(call: Caller, name: str, said: str) -> None:
    assert said in call("explain", name).out


def test_the_name_of_a_pack_leads_to_what_it_changes(call: Caller) -> None:
    assert "`postinterview packs germany` says what they change" in call("explain", "germany").err


def test_a_misspelt_date_is_put_right(call: Caller) -> None:
    assert "did you mean `answer_due`" in call("explain", "answer_deu").err


SHARING = """\
format: 1
title: Sharing
events:
  interview: {by: employer, opens: round}
  message: {by: employer}
  apply: {by: candidate, contact: courtesy, starts: application}
  follow_up: {by: candidate, fields: {channel: [call, email]}}
trust: {apply: Everybody applies.}
dates: {heard: {latest_of: [interview, message]}}
guard_sets:
  rare:
    few: {at_most: 3, of: [follow_up, apply], within: 14 days, per: employer}
  polite:
    use: rare
    awake: {hours: "09:00-17:00", unless: {channel: email}}
    patient: {not_before: heard, in_every: application}
machines:
  application:
    per: application
    start: new
    states: {new: {outside: true}, waiting: }
    transitions:
      apply: {event: apply, from: new, to: waiting}
      ask: {event: follow_up, from: waiting, guards: {use: polite}}
"""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rare", "rare  a set of guards  mine.yaml:11\n  - An apply or follow-up may come at most 3 times"),
        ("rare", "  Used by the sets of guards: polite.\n"),
        ("polite", "  First those of: rare.\n  - Only from 09:00 to 17:00"),
        ("polite", "  Used by the transitions: ask.\n"),
        ("few", "few  a guard of `rare`  mine.yaml:12\n"),
        ("heard", "  The latest of these that is known:\n    interview\n    message\n"),
        ("new", "  Outside the rules: an act that no transition leaves it on is refused"),
        ("event:apply", ", starts an application  mine.yaml:6\n  Trusted: Everybody applies.\n"),
    ],
)
def test_sets_windows_states_outside_and_trust_are_explained(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(SHARING, encoding="utf-8")
    assert said in call("explain", name, "mine.yaml").out


def test_a_guard_says_its_window_its_exceptions_and_its_set(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(SHARING, encoding="utf-8")
    told = json.loads(call("explain", "ask", "mine.yaml", "--format", "json").out)
    guards = told["transitions"][0]["guards"]

    assert [(each["id"], each["set"], each["line"]) for each in guards] == [
        ("few", "rare", 12),
        ("awake", "polite", 15),
        ("patient", "polite", 16),
    ]
    assert "in any 14 days" in guards[0]["sentence"]
    assert guards[1]["sentence"].endswith(" This is not asked if the channel is email.")
    assert guards[2]["sentence"].endswith(" It must hold in each of the applications with them.")


def test_a_misspelt_set_is_put_right(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(SHARING, encoding="utf-8")
    assert "did you mean `polite`" in call("explain", "polit", "mine.yaml").err


def test_a_keyword_is_explained_where_it_may_stand(call: Caller) -> None:
    said = call("explain", "apart").out
    assert said.startswith("apart  a key of an `apart` guard\n  The last one was at least this long ago.\n")
    said = call("explain", "keyword:contact").out
    assert "contact  a key of an event\n" in said


def test_a_whole_act_is_told_in_sentences_with_their_places(call: Caller) -> None:
    said = call("explain", "hand_in").out
    assert "  You may hand in the task while the application is " in said
    assert "  - It uses up one task credit: a task to do at home gives one" in said
    assert "task_given, rules/default.yaml:" in said
    assert "  It is due at the end of the day they named with a task to do at home.\n" in said


def test_a_name_of_another_owner_is_refused_with_the_likely_one(call: Caller) -> None:
    result = call("explain", "application.wating")
    assert result.code == 2
    assert "did you mean `application.waiting`" in result.err


def test_the_functions_of_guards_and_steps_are_shown(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(
        """\
format: 1
title: Small
events:
  message: {by: employer}
  answer: {by: candidate, contact: courtesy, fields: {note: text}}
machines:
  application:
    per: application
    start: here
    states: {here: }
    transitions:
      wrote: {event: message, from: here}
      answered:
        event: answer
        from: here
        guards:
          twice: {at_most: 2, of: answer, since: message}
          soon: {not_after: message + 2 days}
          with_a_note: {fields: [note]}
""",
        encoding="utf-8",
    )
    shown = call("explain", "--compiled", "answer", str(tmp_path / "small.yaml"))
    assert shown.code == 0
    guards, done, question, allowed, step = re.split(
        "answer: (?:do it|may it be done|where is it allowed|its step)",
        shown.out.replace(str(tmp_path), "TMP"),
    )
    assert (
        guards
        == """\
answer: answered  TMP/small.yaml:13
def rule_answered(situation, at):
    snapshot = situation.snapshot
    if snapshot.unknowns:
        return interpreted(situation, at)
    streams, place = snapshot.streams, situation.place
    application, round_, to = place
    # twice
    cell = streams[2]
    since = None if cell is None else cell.top
    if since is not None and (since.application != application):
        since = latest_in(cell, 2, key1(place))  # TMP/small.yaml:17
    application_key = key1(place)  # TMP/small.yaml:17
    if len(events_since(streams[1], 1, application_key, since, 2)) == 2:  # TMP/small.yaml:17
        return False
    # soon
    cell = streams[2]
    found = None if cell is None else cell.top
    if found is not None and (found.application != application):
        found = latest_in(cell, 2, key1(place))  # TMP/small.yaml:18
    if found is None:
        return False
    if at - found.at >= plus1:
        return False
    # with_a_note
    said = situation.carried
    if said is not None and (is_blank1(said.get('note'))):  # TMP/small.yaml:19
        return False
    return True

def span_answered(situation):
    snapshot = situation.snapshot
    if snapshot.unknowns:
        return interpreted(situation)
    streams, place = snapshot.streams, situation.place
    application, round_, to = place
    opens, closes = BEGINNING, FOREVER
    # twice
    cell = streams[2]
    since = None if cell is None else cell.top
    if since is not None and (since.application != application):
        since = latest_in(cell, 2, key1(place))  # TMP/small.yaml:17
    application_key = key1(place)  # TMP/small.yaml:17
    if len(events_since(streams[1], 1, application_key, since, 2)) == 2:  # TMP/small.yaml:17
        return None
    # soon
    cell = streams[2]
    found = None if cell is None else cell.top
    if found is not None and (found.application != application):
        found = latest_in(cell, 2, key1(place))  # TMP/small.yaml:18
    if found is None:
        return None
    turns = later(found.at, plus1)  # TMP/small.yaml:18
    if turns < closes:
        closes = turns
    # with_a_note
    said = situation.carried
    if said is not None and (is_blank1(said.get('note'))):  # TMP/small.yaml:19
        return None
    return (opens, closes) if opens < closes else None

"""
    )
    none = call("explain", "--compiled", "message", str(tmp_path / "small.yaml"))
    assert none.out.startswith("No transition on message has a guard.\n\nmessage: its step")
    assert step.startswith(
        "  TMP/small.yaml:5\ndef step_answer(snapshot, event, zone, calendar, employer):\n"
    )
    assert done.startswith("  TMP/small.yaml:5\ndef do_answer(process, shown, to, application, fields):\n")
    for each in (done, question, allowed, step):
        assert "    # answered  TMP/small.yaml:13\n" in each
        assert "latest_in(cell, 2, key1(place))  # TMP/small.yaml:18\n" in each
    assert "def may_answer(process, shown, to, application, fields):\n" in question
    assert "def allowed_answer(snapshot, places, at, zone, calendar, employer):\n" in allowed
    assert "moves.append" not in done + step  # it leaves the machine where it is
    told = json.loads(call("explain", "--compiled", "rejection_reply", "--format", "json").out)
    (function,), (question_of_it,), (step_of_it,) = told["functions"], told["questions"], told["steps"]
    (found_where,), (done_so,) = told["allowed"], told["acts"]
    assert (function["event"], function["transition"]) == ("rejection_reply", "take_the_no_well")
    assert step_of_it["event"] == question_of_it["event"] == "rejection_reply"
    compile(function["source"], "shown", "exec")
    compile(step_of_it["source"], "shown", "exec")
    compile(found_where["source"], "shown", "exec")
    assert done_so["source"].startswith("def do_rejection_reply(")


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (("business", "day"), "business day  a term"),
        (("sign", "of", "life"), "sign of life  a term"),
        (("sign", "of", "life", "germany"), "sign of life  a term"),
        (("answer", "due"), "answer_due  a date  rules/default.yaml:"),
        (("answer", "due", "germany"), "answer_due  a date  rules/germany.yaml:"),
        (("a", "pause"), "on_hold  a pause"),
        (("follow_up", "germany"), "follow_up  follow up with the employer"),
    ],
)
def test_a_name_of_several_words_needs_no_quotes(call: Caller, words: tuple[str, ...], title: str) -> None:
    assert call("explain", *words).out.startswith(title)


def test_what_is_no_name_and_no_file_is_told(call: Caller) -> None:
    assert "no packaged rules are called `nofile`" in call("explain", "follow_up", "nofile").err
    assert "`sign of live` is no code, no keyword" in call("explain", "sign", "of", "live").err
    assert "leave `other.yaml` out" in call("explain", "s.yaml", "other.yaml", "germany", "--step", "1").err
