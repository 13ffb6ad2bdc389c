"""The lint finds each slip that changes the meaning without an error, in a copy and in a pack."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from postinterview.files import packaged, parent_of, read_rules
from postinterview.judging import lint
from postinterview.loading import load
from postinterview.loading.code_pages import CodePage, read_pages
from tests.linting.rules import DEFAULT, edited, line_of, pack, slips, told

ROOT = Path(__file__).parents[2]
PUSHY = sorted(each.name for each in (ROOT / "examples" / "pushy").glob("*.yaml"))
THANKS = "one_thank_you: {at_most: 1, of: thank_you, per: [round, interviewer]}"
SPEAK = "          let_them_speak: {apart: 7 days, from: exchange}\n"
THANK = "machines.application.transitions.thank"
FOLLOW_UP = "machines.application.transitions.follow_up_once"


@pytest.mark.parametrize("file", [*packaged(), *PUSHY])
def test_nothing_that_is_shipped_looks_like_a_slip(file: str) -> None:
    shown, text = read_rules(ROOT / "examples" / "pushy" / file if file in PUSHY else file)
    assert lint(load(text, shown, name="shipped", finder=parent_of)) == ()


def test_a_copy_without_a_change_has_no_slips() -> None:
    assert slips(DEFAULT) == ()


@pytest.mark.parametrize(
    ("was", "now", "code", "path"),
    [
        (THANKS, "one_thank_you: {at_most: 1, of: thank_you}", "PI512", f"{THANK}.guards.one_thank_you"),
        (
            "one_follow_up: {at_most: 1, of: follow_up, per: round}",
            "one_follow_up: {at_most: 1, of: follow_up}",
            "PI512",
            "guard_sets.before_any_nudge.one_follow_up",
        ),
        ("due: answer_due + 1 day", "due: interview + 1 day", "PI510", f"{FOLLOW_UP}.due"),
        ("- waited_from + 7 days", "- waited_from + 70 days", "PI516", "dates.answer_due.1"),
        (
            "of: chase, since: sign_of_life, per: employer",
            "of: chase, since: message, per: employer",
            "PI517",
            "guard_sets.one_at_a_time.one_chase",
        ),
    ],
)
def test_a_slip_of_one_value_is_named_on_its_line(was: str, now: str, code: str, path: str) -> None:
    assert told(edited(was, now)) == [(code, path, line_of(was))]


def test_an_act_that_opens_after_a_month_and_is_due_after_a_day_is_told_twice() -> None:
    text = edited("{not_after: wrote + 14 days}", "{not_before: wrote + 30 days}")
    at = line_of("{not_after: wrote + 14 days}")
    rule = "machines.application.transitions.answer_them"
    assert told(text) == [
        ("PI514", f"{rule}.guards.while_it_is_fresh", at),
        ("PI510", f"{rule}.due", at + 1),
    ]


def test_a_guard_that_is_deleted_is_named_where_it_was_asked() -> None:
    (found,) = slips(edited(SPEAK, ""))
    assert (found.code, found.where.line) == ("PI514", line_of("      follow_up_once:\n"))
    assert found.message == "the guard `let_them_speak` of `follow_up_once` is gone"
    assert "`let_them_speak: {apart: 7 days, from: exchange}`" in found.help
    assert [(each.span.file, each.span.line) for each in found.others] == [
        ("rules/default.yaml", line_of(SPEAK))
    ]


def test_a_guard_of_a_shared_set_is_told_once_for_all_that_ask_it() -> None:
    (found,) = slips(
        edited("    no_talk_ahead: {not_before: next_talk + 1 business day, if_never: holds}\n", "")
    )
    assert found.message == "the guard `no_talk_ahead` of `follow_up_once` and `call_in_vain` is gone"


def test_a_guard_that_moved_is_named_with_both_transitions() -> None:
    text = edited(SPEAK, "").replace("          month_of_silence:", SPEAK + "          month_of_silence:")
    (found,) = slips(text)
    assert found.message == "the guard `let_them_speak` moved from `follow_up_once` to `let_it_rest`"
    assert found.where.line == line_of(SPEAK, text)


def test_a_set_that_one_transition_no_longer_uses_is_told_guard_by_guard() -> None:
    rules = "machines: {application: {transitions: {call_in_vain: {guards: {use: one_at_a_time}}}}}"
    found = slips(pack(f"{rules}\n"))
    assert {each.code for each in found} == {"PI514"}
    assert "the guard `decent_hours` of `call_in_vain` is gone" in {each.message for each in found}
    assert "one_chase" not in " ".join(each.message for each in found)


def test_a_field_that_a_migration_renames_is_no_slip() -> None:
    text = edited("      channel: [call", "      by_means: [call").replace(
        "{channel: email}", "{by_means: email}"
    )
    assert [each.code for each in slips(text)] == ["PI514"]
    renamed = "    fields: {follow_up: {channel: by_means}}\n    refold: true\n"
    assert slips(text.replace("    refold: true\n", renamed)) == ()


def test_a_guard_that_a_pack_moves_is_told() -> None:
    rules = """\
machines:
  application:
    transitions:
      follow_up_once: {guards: {remove: let_them_speak}}
      let_it_rest: {guards: {let_them_speak: {apart: 7 days, from: exchange}}}
"""
    (found,) = slips(pack(rules))
    assert found.message == "the guard `let_them_speak` moved from `follow_up_once` to `let_it_rest`"


def test_a_guard_under_another_id_is_not_gone() -> None:
    assert (
        told(
            edited(
                "let_them_speak: {apart: 7 days, from: exchange}", "breathe: {apart: 7 days, from: exchange}"
            )
        )
        == []
    )


def test_a_key_that_a_copy_lost_is_named_and_one_removed_on_purpose_is_not() -> None:
    assert told(edited("        due: a_no + 48 hours\n", "")) == [
        (
            "PI514",
            "machines.application.transitions.take_the_no_well.due",
            line_of("      take_the_no_well:\n"),
        )
    ]
    rule = "machines: {application: {transitions: {take_the_no_well: {remove: due}}}}\n"
    assert told(pack(rule)) == []


@pytest.mark.parametrize(
    "guard",
    [
        'decent_hours: {hours: "06:00-22:00, every day"}',
        "few_nudges: {at_most: 4}",
        "few_nudges: {within: 13 days}",
        "a_week_apart: {apart: 6 days}",
        "no_talk_ahead: {not_before: next_talk}",
    ],
)
def test_a_guard_of_a_pack_that_asks_for_less_is_named(guard: str) -> None:
    assert [code for code, *_ in told(pack(f"guard_sets: {{before_any_nudge: {{{guard}}}}}\n"))] == ["PI515"]


@pytest.mark.parametrize(
    "values",
    [
        'guard_sets: {before_any_nudge: {decent_hours: {hours: "09:00-17:00, business days"}}}',
        "guard_sets: {before_any_nudge: {few_nudges: {at_most: 2}}}",
        "guard_sets: {before_any_nudge: {patience: {not_before: interview + 14 days}}}",
        "dates: {answer_due: [promised + 1 business day, waited_from + 10 business days]}",
        "machines: {application: {transitions: {negotiate: {guards: {remove: plan_ready}}}}}",
        "machines: {thanks: {transitions: {thanked: {due: interview + 48 hours}}}}",
    ],
)
def test_what_packs_change_on_purpose_is_no_slip(values: str) -> None:
    assert told(pack(values + "\n")) == []


def test_what_is_meant_is_not_told_and_what_explains_nothing_is() -> None:
    slip = edited("- waited_from + 7 days", "- waited_from + 70 days")
    meant = slip.replace("format: 1", "format: 1\nmeant: {answer_due: They publish the date in their call.}")
    assert slips(meant) == ()
    assert told(DEFAULT.replace("format: 1", "format: 1\nmeant: {answer_due: Why not.}")) == [
        ("PI518", "meant.answer_due", 5)
    ]


def test_a_limit_of_the_whole_application_is_said_by_per() -> None:
    guard = "one_follow_up: {at_most: 1, of: follow_up, per: round}"
    small = (ROOT / "examples" / "pushy" / "one-a-stage.yaml").read_text("utf-8")
    bare = small.replace("of: follow_up, per: round", "of: follow_up")
    assert [code for code, *_ in told(bare)] == ["PI512"]
    assert told(small.replace("per: round", "per: application")) == []
    assert [code for code, *_ in told(edited(guard, guard.replace("round", "application")))] == ["PI512"]


def test_the_advice_on_a_forgotten_per_leads_to_no_other_slip() -> None:
    bare = edited(THANKS, "one_thank_you: {at_most: 1, of: thank_you}")
    (found,) = slips(bare)
    assert found.help.startswith("add `per: [round, interviewer]`; if it is meant so")
    meant = bare.replace("format: 1", "format: 1\nmeant: {one_thank_you: One talk is all they have.}")
    assert slips(meant) == ()
    small = (ROOT / "examples" / "pushy" / "one-a-stage.yaml").read_text("utf-8")
    (found,) = slips(small.replace("of: follow_up, per: round", "of: follow_up"))
    assert found.help == "add `per: round` (or write `per: application`, which is how it counts now)"


def test_a_loosened_promise_is_reason_enough_for_a_guard_that_several_acts_share() -> None:
    limit = "guard_sets: {before_any_nudge: {one_follow_up: {at_most: 2}}}\n"
    assert [code for code, *_ in told(pack(limit))] == ["PI515"]
    assert told(pack(f"loosens: {{one_follow_up: {{why: Two are usual there.}}}}\n{limit}")) == []


@pytest.mark.parametrize(
    ("due", "codes"),
    [
        ("thanks: {transitions: {thanked: {due: interview + 2 hours}}}", []),
        ("thanks: {transitions: {thanked: {due: interview + 24 days}}}", ["PI511"]),
        ("thanks: {transitions: {thanked: {due: interview + 240 hours}}}", ["PI516"]),
        ("application: {transitions: {follow_up_once: {due: answer_due + 10 days}}}", []),
        ("application: {transitions: {follow_up_once: {due: answer_due + 100 days}}}", ["PI516"]),
        ("plan: {transitions: {write: {due: interview + 24 days}}}", ["PI516"]),
    ],
)
def test_a_due_may_move_far_while_the_act_can_be_done(due: str, codes: list[str]) -> None:
    assert [code for code, *_ in told(pack(f"machines: {{{due}}}\n"))] == codes


@pytest.mark.parametrize(
    ("was", "now", "label"),
    [
        ("few_nudges: {at_most: 3,", "few_nudges: {at_most: 30,", "so far more is allowed"),
        ("since: sign_of_life, per: employer", "since: message, per: employer", "so more is refused"),
        ("{apart: 7 days, from: exchange}", "{apart: 70 days, from: exchange}", "so far more is refused"),
        ("since: [interview, offer, offer_revised]}", "since: interview}", "so more is refused"),
        ("{apart: 7 days, from: exchange}", "{apart: 7 days, from: reply}", "so more is allowed"),
        ("- waited_from + 7 days", "- waited_from + 70 days", "so `answer_due` comes far later"),
    ],
)
def test_what_a_slip_allows_or_refuses_is_said(was: str, now: str, label: str) -> None:
    (found,) = slips(DEFAULT.replace(was, now, 1))
    assert found.label.startswith(label)


def test_a_lower_limit_of_a_count_that_had_no_per_is_no_slip() -> None:
    counters = "two_counters: {at_most: 2, of: counter_offer}"
    once = counters.replace("2", "1")
    assert told(edited(counters, once)) == []
    changes = "{application: {transitions: {negotiate: {guards: {" + once + "}}}}}"
    assert told(pack(f"machines: {changes}\n")) == []


def test_business_days_and_days_are_compared_only_where_they_differ_for_sure() -> None:
    due = "due: answer_due + 1 day"
    wait = "- waited_from + 7 days"
    text = edited(wait, "- waited_from + 9 business days")
    assert told(edited(due, "due: waited_from + 5 business days", text)) == []
    text = edited(wait, "- waited_from + 40 business days")
    assert [code for code, *_ in told(edited(due, "due: waited_from + 5 business days", text))] == ["PI510"]


def test_a_due_moment_is_judged_through_named_dates() -> None:
    text = edited("due: answer_due + 1 day", "due: earlier").replace(
        "  # While the position is on hold:", "  earlier: [answer_by, waited_from + 2 days]\n  # While"
    )
    assert [code for code, *_ in told(text)] == []  # after an offer's date nothing is known
    text = text.replace("earlier: [answer_by, waited_from", "earlier: [waited_from")
    assert [code for code, *_ in told(text)] == ["PI510"]


PAGES = [page for page in read_pages().values() if "PI510" <= page.code <= "PI519" and len(page.code) == 5]


def replaced(right: str, wrong: str) -> str:
    """The packaged rules with the lines of ``right`` as those of ``wrong``, whatever their indentation."""
    lines = [rf"^( *){re.escape(right.splitlines()[0])}", *map(re.escape, right.splitlines()[1:])]
    found = re.search("\n *".join(lines) + "$", DEFAULT, re.MULTILINE)
    assert found is not None, right
    put = "\n".join(found[1] + each for each in wrong.splitlines())
    return DEFAULT[: found.start()] + put + DEFAULT[found.end() :]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_the_examples_on_a_page_show_its_slip_and_its_remedy(page: CodePage) -> None:
    if page.code == "PI518":
        open_late = edited('"08:00-20:00, business days"', '"06:00-22:00, every day"')
        wrong, right = (f"{page.wrong}\n{DEFAULT}", f"{page.right}\n{open_late}")
    else:
        wrong, right = replaced(page.right, page.wrong), DEFAULT
    assert page.code in [each.code for each in slips(wrong)]
    assert slips(right) == ()


def test_a_guard_of_a_pack_that_covers_no_more_is_to_be_written_as_it_was() -> None:
    (found,) = slips(pack(f"{FOLLOW_UP_IN} {{guards: {{let_them_speak: {{from: follow_up}}}}}}}}}}}}\n"))
    assert found.code == "PI513"
    assert found.label.endswith(", so more is allowed than in rules/default.yaml")
    assert found.help.startswith("write `let_them_speak: {apart: 7 days, from: exchange}`")


FOLLOW_UP_IN = "machines: {application: {transitions: {follow_up_once:"


@pytest.mark.parametrize(
    ("values", "help"),
    [
        ('guard_sets: {before_any_nudge: {decent_hours: {hours: "08:00-20:00, business days"}}}\n',
         "to drop `unless`, write `remove: unless` in it"),
        ("guard_sets: {before_any_nudge: {one_follow_up: {at_most: 1, of: follow_up}}}\n",
         "to drop `per`, write `remove: per` in it"),
        ("guard_sets: {one_at_a_time: {one_chase: {at_most: 1, of: chase}}}\n",
         "to drop `since` and `per`, write `remove: [since, per]` in it"),
        ("events: {message: {by: employer}}\n", "to drop `gives`, write `remove: gives` in it"),
        ("credits: {reply: {max: 3}}\n", "write `remove: [per, emptied_by]` in it"),
        ("machines: {thanks: {transitions: {thanked: {to: sent}}}}\n", "write `remove: due` in it"),
        ("guard_sets: {one_reply: {reply_to_a_message: {spends: reply}}}\n", None),
        ("guard_sets: {before_any_nudge: {decent_hours: {remove: unless}}}\n", None),
        ('guard_sets: {before_any_nudge: {decent_hours: {hours: "09:00-20:00, business days"}}}\n', None),
        ("dates: {answer_due: [promised + 1 business day, waited_from + 7 days]}\n", None),
    ],
)  # fmt: skip
def test_an_entry_of_a_pack_that_repeats_a_part_of_the_parent_is_told_how_to_drop_the_rest(
    values: str, help: str | None
) -> None:
    found = [each for each in slips(pack(values)) if each.code == "PI520"]
    assert [each.where.line for each in found] == [4] * (help is not None)
    assert help is None or all(help in each.help for each in found)


def test_what_the_advice_on_an_unchanged_entry_drops_is_dropped() -> None:
    page = next(page for page in read_pages().values() if page.code == "PI520")
    sets = "guard_sets:\n  before_any_nudge:\n    "
    assert [code for code, *_ in told(pack(f"{sets}{page.wrong}\n"))] == ["PI520"]
    assert [code for code, *_ in told(pack(f"{sets}{page.right}\n"))] == []
