"""``postinterview diff``: what it prints, reads, and ends with."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.helpers import SMALL, Caller, start

STORY = """\
format: 1
rules: old.yaml
scenarios:
  - name: A <b>week</b> later
    timezone: UTC
    steps:
      - {at: 2026-03-02 09:00, event: interview}
      - {at: 2026-03-09 09:00, event: follow_up}
      - {at: 2026-03-10 09:00, event: follow_up, expect: refused}
      - {at: 2026-03-16 09:00, event: message}
      - {at: 2026-03-16 10:00, event: follow_up, expect: refused}
"""


@pytest.fixture
def folder(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("old.yaml").write_text(SMALL, encoding="utf-8")
    Path("story.yaml").write_text(STORY, encoding="utf-8")
    write(
        "new.yaml",
        "a_week: {not_before: interview + 7 days}",
        "a_week: {not_before: interview + 14 days}",
    )
    return tmp_path


def write(name: str, old: str, new: str) -> None:
    assert old in SMALL
    Path(name).write_text(SMALL.replace(old, new), encoding="utf-8")


def test_a_later_date_is_told_with_its_acts_rules_example_and_stories(call: Caller, folder: Path) -> None:
    answer = call("diff", "old.yaml", "new.yaml", "story.yaml")

    assert (answer.code, answer.err) == (0, "")
    assert (
        answer.out
        == """\
stricter: `new` refuses 1 act that `old` allows, and allows nothing that `old` refuses.

Newly allowed: 0 of 2 acts
  nothing: `new` allows only what was allowed before

Newly refused: 1 of 2 acts
  - follow_up: follow up: newly refused, such as on Mon 9 Mar 2026 09:00
    1. Mon 2 Mar 2026 09:00 interview (recorded; application: before to waiting)
    2. Mon 9 Mar 2026 09:00 follow_up (newly refused)
      refused by `new`: `a_week`: interview on Mon 2 Mar 2026 09:00; needed: Mon 16 Mar 2026 09:00
      or later (`interview + 14 days`) (new.yaml:25)

Rules
  ~ guard a_week of follow_up_once: not_before: interview + 7 days -> not_before: interview + 14
      days new.yaml:25
      example: interview on Mon 2 Mar 2026 09:00: Mon 9 Mar 2026 09:00 -> Mon 16 Mar 2026 09:00

Stories that go otherwise: 1 of 1
  ~ A <b>week</b> later story.yaml:4
      step 2, Mon 9 Mar 2026 09:00, follow_up: allowed -> refused (`a_week`, opens
      Mon 16 Mar 2026 09:00)
      2 later steps only because of that

Assumed: both see the same history, without events that one of them lacks; errors are corrected
before an act is asked for; the clock is not set back; an hours or custom guard that both have gives
both the same answer. Compared for every breach, by the calendars of the files (a country's from
2000 to 2099) and not by a calendar that a process has of its own, with days of 24 hours.
0 acts looser, 1 stricter; rules: 0 added, 1 changed, 0 removed; stories that go otherwise: 1 of 1.
"""
    )


def test_the_exit_code_tells_a_difference_only_if_asked(call: Caller, folder: Path) -> None:
    words = SMALL.replace("title: Waiting", "title: Patience")
    Path("words.yaml").write_text(f"# A comment.\n{words}", encoding="utf-8")

    assert call("diff", "old.yaml", "new.yaml", "--exit-code").code == 1
    answer = call("diff", "old.yaml", "words.yaml", "--exit-code")
    assert answer.code == 0
    assert answer.out.startswith("equal by meaning: only words differ.\n")


def test_renames_by_migrations_order_and_ids_are_no_change(call: Caller, folder: Path) -> None:
    text = SMALL.replace("follow_up:", "nudge:").replace("of: follow_up", "of: nudge")
    text = text.replace("event: follow_up", "event: nudge").replace("from: follow_up", "from: nudge")
    text = text.replace("a_week: {", "seven_days: {").replace("follow_up_once", "nudge_once")
    digits = sha256(SMALL.encode()).hexdigest()[:12]
    renamed = f'{text}migrations:\n  names: {{from: "{digits}", events: {{follow_up: nudge}}}}\n'
    Path("renamed.yaml").write_text(renamed, encoding="utf-8")

    for pair in (("old.yaml", "renamed.yaml"), ("renamed.yaml", "old.yaml")):
        assert call("diff", *pair).out.startswith("equal by meaning: only words differ.\n")
    answer = call("diff", "old.yaml", "renamed.yaml", "story.yaml")
    assert "stories that go otherwise: 0 of 1" in answer.out
    Path("ours.yaml").write_text(KEEPS, encoding="utf-8")
    held = f"{SMALL}keeps: ./ours.yaml\n"
    Path("held.yaml").write_text(held, encoding="utf-8")
    Path("renamed.yaml").write_text(renamed.replace(digits, sha256(held.encode()).hexdigest()[:12]))
    assert "few: broken, no longer promised" in call("diff", "held.yaml", "renamed.yaml").out


def test_markdown_reads_nothing_of_a_file_as_a_sign(call: Caller, folder: Path) -> None:
    answer = call("diff", "old.yaml", "new.yaml", "story.yaml", "--format", "markdown")

    assert "### stricter: `new` refuses 1 act that `old` allows" in answer.out
    assert "<details><summary>why, with a story</summary>" in answer.out
    assert "| A &lt;b&gt;week&lt;/b&gt; later | step 2" in answer.out
    assert "<b>" not in answer.out


def test_in_json_each_act_has_both_directions_its_story_and_reasons(call: Caller, folder: Path) -> None:
    answer = call("diff", "old.yaml", "new.yaml", "story.yaml", "--bounds", "--format", "json")
    data = json.loads(answer.out)

    assert (answer.code, answer.err, data["verdict"]) == (0, "", "stricter")
    refused = {each["act"]: each for each in data["refused"]}
    assert [step["event"] for step in refused["follow_up"]["scenario"]["steps"]] == ["interview", "follow_up"]
    assert [reason["id"] for reason in refused["follow_up"]["reasons"]] == ["a_week"]
    assert {each["verdict"] for each in data["allowed"]} == {"none"}
    assert data["changes"][0]["example"]["after"] == "2026-03-16T09:00:00+00:00"
    assert data["stories"]["otherwise"][0]["consequences"] == 2
    assert [each["changed"] for each in data["bounds"]] == [False] * 4


def test_either_rules_may_come_from_standard_input(folder: Path) -> None:
    answer = start("diff", "-", "new.yaml", stdin=SMALL, cwd=folder)

    assert (answer.code, answer.err) == (0, "")
    assert "`new` refuses 1 act that `<stdin>` allows" in answer.out


def test_a_story_that_neither_rules_can_tell_is_an_error_and_skipped_in_a_folder(
    call: Caller, folder: Path
) -> None:
    Path("stories").mkdir()
    Path("stories/other.yaml").write_text(STORY.replace("event: message", "event: letter"), encoding="utf-8")

    alone = call("diff", "old.yaml", "old.yaml", "stories/other.yaml")
    assert (alone.code, "unknown event `letter`" in alone.err) == (1, True)
    among = call("diff", "old.yaml", "old.yaml", "stories")
    assert (among.code, among.err) == (0, "")
    assert among.out.endswith(
        "skipped, since both rules lack its names: `A <b>week</b> later` (stories/other.yaml:4)\n"
    )


TWO = """\
  - name: A call
    timezone: UTC
    steps:
      - {at: 2026-03-02 09:00, event: interview}
      - {at: 2026-03-04 09:00, event: ring, with: {who: boss}}
      - {at: 2026-03-09 09:00, event: follow_up, expect: refused, because: [a_week]}
"""


def test_a_story_with_an_event_or_a_value_of_one_of_the_rules_is_told_beside_the_others(
    call: Caller, folder: Path
) -> None:
    ring = "  ring: {by: candidate, contact: none, fields: {who: [boss, desk]}}\n"
    hears = "      ring: {event: ring, from: any}\n"
    text = SMALL.replace("\nevents:\n", f"\nevents:\n{ring}").replace(
        "transitions:\n", f"transitions:\n{hears}", 1
    )
    Path("ring.yaml").write_text(text, encoding="utf-8")
    Path("desk.yaml").write_text(text.replace("[boss, desk]", "[desk]"), encoding="utf-8")
    Path("both.yaml").write_text(STORY + TWO, encoding="utf-8")

    for pair in (("new.yaml", "ring.yaml"), ("ring.yaml", "new.yaml")):
        answer = call("diff", *pair, "both.yaml")
        assert (answer.code, answer.err) == (0, "")
        assert "Stories that go otherwise: 2 of 2\n  ~ A <b>week</b> later both.yaml:4\n" in answer.out
        assert "no such event" in answer.out
    answer = call("diff", "ring.yaml", "desk.yaml", "both.yaml")
    assert "Stories that go otherwise: 1 of 2\n  ~ A call both.yaml:12\n" in answer.out
    assert "ring: allowed -> " in answer.out

    Path("both.yaml").write_text(STORY + TWO.replace("ring", "letter"), encoding="utf-8")
    answer = call("diff", "old.yaml", "new.yaml", "both.yaml")
    assert answer.code == 1
    assert "the rules `old` and `new` have no event of this name" in answer.err
    Path("both.yaml").write_text(STORY + TWO.replace("ring", "folow_up"), encoding="utf-8")
    shown = call("diff", "old.yaml", "new.yaml", "both.yaml").err
    assert "  follow_up: {by: candidate" in shown  # the line of the rules with the closest name
    assert "Stories that go otherwise: 1 of 1\n" in answer.out


def test_a_custom_guard_is_not_known_with_what_to_do(call: Caller, folder: Path) -> None:
    write("free.yaml", "a_week: {not_before: interview + 7 days}", "free: {custom: free}")

    answer = call("diff", "old.yaml", "free.yaml")

    assert answer.out.startswith("looser")
    assert "- guard a_week of follow_up_once" in answer.out
    assert "+ guard free of follow_up_once: custom: free" in answer.out


def test_an_act_that_is_not_known_has_its_reason_and_what_to_do(call: Caller, folder: Path) -> None:
    answer = call("diff", "old.yaml", "new.yaml", "--max-seconds", "1e-9")

    assert answer.code == 4
    assert answer.out.startswith("not known: 1 act could not be compared fully.\n")
    said = " ".join(answer.out.split())
    assert "~ not known for `follow_up`: the time is up; try `--max-seconds 120" in said
    written = call("diff", "old.yaml", "new.yaml", "--max-seconds", "1e-9", "--format", "markdown").out
    assert "could not be compared fully" in written


def test_a_step_that_a_story_shows_otherwise_is_known_without_a_search(call: Caller, folder: Path) -> None:
    asked = ("diff", "old.yaml", "new.yaml", "story.yaml", "--max-seconds", "1e-9")
    answer = call(*asked)

    said = " ".join(answer.out.split())
    assert answer.out.startswith("stricter: `new` refuses 1 act that `old` allows")
    assert "- follow_up: " in said
    assert "newly refused, as step 2 of `A <b>week</b> later` (story.yaml:8) shows" in said
    acts = json.loads(call(*asked, "--format", "json").out)["refused"]
    (refused,) = (each for each in acts if each["act"] == "follow_up")
    assert (refused["verdict"], refused["why"]) == ("some", "")
    assert refused["shown_by"] == "step 2 of `A <b>week</b> later` (story.yaml:8)"
    assert "as step 2 of" in call(*asked, "--format", "markdown").out


KEEPS = """\
format: 1
title: Ours
promises:
  two: {title: a second follow-up, never: follow_up, more_than: 1, per: round}
  few: {title: a follow-up at all, never: follow_up, more_than: 0}
"""


def promises(call: Caller, old: str, new: str) -> dict[str, dict[str, object]]:
    data = json.loads(call("diff", old, new, "--format", "json").out)
    return {each["id"]: each for each in data["promises"]}


def test_promises_that_one_file_makes_are_judged_of_both(call: Caller, folder: Path) -> None:
    Path("ours.yaml").write_text(KEEPS, encoding="utf-8")
    Path("held.yaml").write_text(f"{SMALL}keeps: ./ours.yaml\n", encoding="utf-8")
    twice = SMALL.replace("at_most: 1, of: chase", "at_most: 2, of: chase")
    twice = twice.replace("at_most: 1, of: follow_up", "at_most: 2, of: follow_up")
    Path("twice.yaml").write_text(twice, encoding="utf-8")

    found = promises(call, "held.yaml", "twice.yaml")
    assert (found["two"]["before"], found["two"]["after"]) == ("kept", "broken")
    assert (found["few"]["before"], found["few"]["after"]) == ("broken", "broken")
    assert found["few"]["promised"] == {"before": True, "after": False}
    out = call("diff", "old.yaml", "held.yaml").out
    assert out.startswith("equal by meaning: only words and promises differ.\n")
    assert "  ~ keeps\n" in out
    assert "  + two: kept, promised now: never a second follow-up\n" in out


def test_a_promise_that_forbids_less_is_said_though_it_is_kept(call: Caller, folder: Path) -> None:
    for name, promised in (("strict", KEEPS), ("mild", KEEPS.replace("more_than: 1", "more_than: 2"))):
        Path(f"{name}-promises.yaml").write_text(promised, encoding="utf-8")
        Path(f"{name}.yaml").write_text(f"{SMALL}keeps: ./{name}-promises.yaml\n", encoding="utf-8")

    found = promises(call, "strict.yaml", "mild.yaml")
    assert list(found) == ["two"]
    assert (found["two"]["before"], found["two"]["after"]) == ("kept", "kept")
    assert "more than 1" in str(found["two"]["was"])
    assert "more than 2" in str(found["two"]["says"])
    Path("elsewhere").mkdir()
    Path("elsewhere/promises.yaml").write_text(KEEPS, encoding="utf-8")
    Path("moved.yaml").write_text(f"{SMALL}keeps: ./elsewhere/promises.yaml\n", encoding="utf-8")
    assert call("diff", "strict.yaml", "moved.yaml").out == "equal: the rules mean the same.\n"


def test_what_an_extending_file_leaves_out_is_no_change_of_words(call: Caller, folder: Path) -> None:
    Path("full.yaml").write_text(
        f'{SMALL}version: "2"\ntrust: {{message: It is only read.}}\n', encoding="utf-8"
    )
    Path("child.yaml").write_text("format: 1\nextends: ./full.yaml\n", encoding="utf-8")
    Path("said.yaml").write_text('format: 1\nextends: ./full.yaml\nversion: "3"\n', encoding="utf-8")
    for pair in (("full.yaml", "child.yaml"), ("child.yaml", "full.yaml")):
        assert call("diff", *pair).out == "equal: the rules mean the same.\n"
    assert "\nWords\n  ~ version\n" in call("diff", "full.yaml", "said.yaml").out
    assert "\nWords\n  ~ version\n" in call("diff", "old.yaml", "full.yaml").out.replace(
        "version and trust.message", "version"
    )


def test_a_choice_that_is_gone_is_newly_refused_with_a_story(call: Caller, folder: Path) -> None:
    asks = "follow_up: {by: candidate, contact: chase, fields: {channel: [email, post]}}"
    with_choice = SMALL.replace("follow_up: {by: candidate, contact: chase}", asks)
    assert asks in with_choice
    Path("by-post.yaml").write_text(with_choice, encoding="utf-8")
    Path("by-mail.yaml").write_text(with_choice.replace("email, post", "email, letter"), encoding="utf-8")

    out = call("diff", "by-post.yaml", "by-mail.yaml").out
    assert out.startswith("looser and stricter: `by-mail` allows 1 act that `by-post` refuses")
    allowed, refused = out.split("Newly refused: 1 of 2 acts")
    assert "  + follow_up: newly allowed with `channel: letter`, such as on " in allowed
    assert "`by-post` has no `channel: letter`" in allowed
    assert "  - follow_up: newly refused with `channel: post`, such as on " in refused
    assert "follow_up (channel: post) (newly refused)" in refused
    assert "1 act looser, 1 stricter" in refused
    data = json.loads(call("diff", "by-post.yaml", "by-mail.yaml", "--format", "json").out)
    assert [(each["newly"], each["choices"]) for each in data["choices"]] == [
        ("allowed", ["letter"]),
        ("refused", ["post"]),
    ]
    assert data["choices"][1]["scenario"]["steps"][-1]["with"] == {"channel": "post"}
    assert (
        "newly refused with `channel: post`"
        in call("diff", "by-post.yaml", "by-mail.yaml", "--format", "markdown").out
    )


def test_dates_and_suggestions_are_cited_at_their_own_lines(call: Caller, folder: Path) -> None:
    due = "        due: interview + 1 day\n        guards:"
    text = SMALL.replace("        guards:", due, 1).replace(
        "not_before: interview + 7 days", "not_before: soon"
    )
    Path("due.yaml").write_text(f"{text}dates:\n  soon: interview + 7 days\n", encoding="utf-8")
    moved = f"{text}dates:\n  soon: interview + 8 days\n".replace("+ 1 day", "+ 2 days")
    Path("later.yaml").write_text(moved, encoding="utf-8")
    lines = {line.strip(): number for number, line in enumerate(moved.splitlines(), 1)}
    out = call("diff", "due.yaml", "later.yaml").out
    assert f"interview + 2 days later.yaml:{lines['due: interview + 2 days']}\n" in out
    assert f"interview + 8 days later.yaml:{lines['soon: interview + 8 days']}\n" in out
