"""States, transitions and guards that can't mean what they say; what is sound passes."""

from __future__ import annotations

import pytest

from postinterview.loading import conduct
from tests.loading.small import codes_in, definition_of, found_in, small

PLAN = (
    (
        "machines:",
        """machines:
  plan:
    per: application
    start: missing
    states: {missing: , sketched: , ready: }
    transitions:
      sketch: {event: write_plan, from: missing, to: sketched}
      finish: {event: write_plan, from: sketched, to: ready}""",
    ),
    ("{by: candidate}", "{by: candidate}\n  write_plan: {by: candidate, contact: none}"),
)
MESSAGE = ("{by: candidate}", "{by: candidate}\n  message: {by: employer}")


def two_ways(first: str, second: str, event: str = "follow_up", to: str = "done", extra: str = "") -> str:
    """Two transitions from one state on one event, the second to ``to``."""
    return small(
        MESSAGE,
        *PLAN,
        (
            "      asked: {",
            f"      {to}: {{title: Done}}\n      asked: {{" if to == "done" else "      asked: {",
        ),
        (
            "      ask:",
            f"""      left: {{event: {event}, from: waiting, to: asked, guards: {{a: {first}{extra}}}}}
      right: {{event: {event}, from: waiting, to: {to}, guards: {{b: {second}}}}}
      heard: {{event: message, from: asked}}
      ask:""",
        ),
        ("event: follow_up\n        from: waiting", "event: message\n        from: done")
        if to == "done"
        else ("event: follow_up\n        from: waiting", "event: message\n        from: waiting"),
        ("        guards:\n          be_patient: {not_before: interview + 7 days}\n", ""),
    )


OPPOSITES = [
    ("{state: {plan: ready}}", "{not_state: {plan: ready}}"),
    ("{happened: message}", "{not_happened: message}"),
    ("{happened: message, since: interview}", "{not_happened: message, since: interview}"),
    ("{not_before: interview + 7 days}", "{not_after: interview + 1 week}"),
    ("{not_before: interview + 7 days, if_never: holds}", "{not_after: interview + 7 days}"),
    ("{happened: message, per: application}", "{not_happened: message}"),
]
NO_OPPOSITES = [
    ("{state: {plan: ready}}", "{not_state: {plan: missing}}"),
    ("{happened: message}", "{not_happened: interview}"),
    ("{happened: message, since: interview}", "{not_happened: message}"),
    ("{not_before: interview + 7 days}", "{not_after: interview + 8 days}"),
    ("{not_before: interview, if_never: holds}", "{not_after: interview, if_never: holds}"),
    ("{happened: message, per: employer}", "{not_happened: message}"),
    ("{at_most: 1, of: follow_up}", "{at_most: 2, of: follow_up}"),
]


@pytest.mark.parametrize(("first", "second"), [*OPPOSITES, *(pair[::-1] for pair in OPPOSITES)])
def test_transitions_with_opposite_guards_may_lead_to_different_states(first: str, second: str) -> None:
    assert codes_in(two_ways(first, second)) == []


@pytest.mark.parametrize(("first", "second"), NO_OPPOSITES)
def test_transitions_without_opposite_guards_may_not(first: str, second: str) -> None:
    assert codes_in(two_ways(first, second)) == ["PI303"]


@pytest.mark.parametrize(("first", "second"), OPPOSITES)
def test_the_guards_of_a_fact_may_choose_between_opposites(first: str, second: str) -> None:
    text = two_ways(first, second, event="interview").replace("event: message", "event: follow_up")
    assert (
        codes_in(text.replace("  message: {by: employer}", "  message: {by: employer, opens: round}")) == []
    )


def test_alternatives_to_one_state_need_no_opposites() -> None:
    assert codes_in(two_ways("{happened: message}", "{happened: interview}", to="asked")) == []


def test_an_alternative_with_all_guards_of_another_and_more_can_never_matter() -> None:
    text = two_ways(
        "{happened: message}", "{happened: message}", to="asked", extra=", c: {happened: interview}"
    )
    [found] = found_in(text)
    assert (found.code, "`left`" in found.message) == ("PI304", True)


def test_of_two_alternatives_that_ask_the_same_the_second_is_idle() -> None:
    [found] = found_in(two_ways("{happened: message}", "{happened: message}", to="asked"))
    assert (found.code, "`right`" in found.message) == ("PI304", True)


def test_an_alternative_may_be_idle_in_one_state_only() -> None:
    text = two_ways("{happened: message}", "{happened: interview}", to="asked")
    text = text.replace(
        "left: {event: follow_up, from: waiting", "left: {event: follow_up, from: [asked, waiting]"
    )
    assert codes_in(text) == []
    [found] = found_in(text.replace(", guards: {b: {happened: interview}}", ""))
    assert found.code == "PI304"
    assert found.message.endswith("`left` can never matter in the state `waiting`")


@pytest.mark.parametrize(("to", "code"), [("asked", "PI304"), ("waiting", "PI303")])
def test_a_transition_in_the_way_of_several_is_reported_once_for_each(to: str, code: str) -> None:
    more = "".join(f"      ask_{n}: {{event: follow_up, from: waiting, to: {to}}}\n" for n in range(3))
    assert codes_in(small(("      ask:", f"{more}      ask:"))) == [*["PI304"] * 2, code]


def test_of_states_in_a_row_that_can_not_be_reached_the_first_is_reported() -> None:
    states = "".join(f"      {name}: {{title: Over}}\n" for name in ("third", "second", "first"))
    ways = "".join(
        f"      to_{target}: {{event: interview, from: {source}, to: {target}}}\n"
        for source, target in (("first", "second"), ("second", "third"))
    )
    [found] = found_in(small(("      asked:", f"{states}      asked:"), ("      ask:", f"{ways}      ask:")))
    assert (found.code, found.path) == ("PI301", "machines.application.states.first")


def test_a_state_that_only_breaches_lead_to_is_reached() -> None:
    text = small(
        ("      asked: {", "      ended: {title: Ended}\n      asked: {"),
        (
            "      ask:",
            "      end: {event: leave, from: ended, to: ended, breach_from: any}\n      ask:",
        ),
        ("{by: candidate}", "{by: candidate}\n  leave: {by: candidate}"),
    )
    assert codes_in(text) == []


def test_nothing_is_called_unreachable_where_a_way_to_it_may_have_been_lost() -> None:
    assert codes_in(small(("to: asked", "to: [asked]"))) == ["PI106"]
    assert codes_in(small(("from: waiting", "from: xyz"))) == ["PI203"]


def test_no_act_is_called_unheard_where_its_transition_may_have_been_lost() -> None:
    assert codes_in(small(("        event: follow_up\n", ""))) == ["PI102"]
    assert codes_in(small(("event: follow_up", "event: xyz"))) == ["PI201"]


def test_an_act_is_unheard_whatever_is_wrong_with_the_scope_of_a_machine() -> None:
    text = small(
        ("per: application", "per: team"), ("{by: candidate}", "{by: candidate}\n  call: {by: candidate}")
    )
    assert codes_in(text) == ["PI302", "PI108"]


def test_what_an_event_concerns_is_not_judged_where_a_scope_is_unknown() -> None:
    text = small(
        ("per: application", "per: team"), guards="once: {at_most: 1, of: follow_up, per: application}"
    )
    assert codes_in(text) == ["PI108"]


def test_only_the_dates_of_a_circle_are_named_and_not_what_leads_into_it() -> None:
    text = small(
        ("machines:", "dates: {first: second, second: third + 1 day, third: second + 1 day}\nmachines:"),
        ("interview + 7 days", "first"),
    )
    [found] = found_in(text)
    assert found.code == "PI212"
    assert found.message.endswith(": `third` -> `second`")


def test_a_person_is_known_to_a_guard_by_the_event_or_by_the_machine() -> None:
    text = small(
        ("per: application", "per: [round, interviewer]"),
        ("{by: candidate}", "{by: candidate, to: interviewer}"),
        guards="once: {at_most: 1, of: follow_up, per: interviewer}",
    )
    assert codes_in(text) == []


IMPOSSIBLE = [
    ("{not_before: interview + 7 days}", "{not_after: interview + 168 hours}", "PI402"),
    ("{not_before: interview + 1 business day}", "{not_after: interview}", "PI402"),
    ("{not_before: interview + 3 business days}", "{not_after: interview + 2 business days}", "PI402"),
    ("{happened: message}", "{not_happened: sign_of_life}", "PI403"),
    ("{state: {plan: ready}}", "{state: {plan: missing}}", "PI404"),
    ('{hours: "09:00-12:00"}', '{hours: "12:00-18:00"}', "PI405"),
]
POSSIBLE = [
    ("{not_before: interview + 7 days}", "{not_after: interview + 169 hours}"),
    ("{not_before: interview + 7 days}", "{not_after: message + 3 days}"),
    ("{not_before: interview + 7 days}", "{not_after: interview + 3 days, per: round}"),
    ("{not_before: interview + 8 days, if_never: holds}", "{not_after: interview + 3 days, if_never: holds}"),
    ("{not_before: interview + 8 days}", "{not_after: interview + 7 business days}"),
    ("{happened: sign_of_life}", "{not_happened: message}"),
    ("{happened: message}", "{not_happened: message, since: interview}"),
    ("{state: {plan: [ready, sketched]}}", "{not_state: {plan: ready}}"),
    ('{hours: "09:00-12:00"}', '{hours: "11:59-18:00"}'),
]


@pytest.mark.parametrize(("first", "second", "code"), IMPOSSIBLE)
def test_guards_that_never_hold_together_are_a_fault(first: str, second: str, code: str) -> None:
    text = small(MESSAGE, *PLAN, guards=f"one: {first}\nother: {second}")
    assert code in codes_in(text.replace("          be_patient: {not_before: interview + 7 days}\n", ""))


@pytest.mark.parametrize(("first", "second"), POSSIBLE)
def test_guards_that_may_hold_together_are_none(first: str, second: str) -> None:
    text = small(
        MESSAGE, *PLAN, guards=f"one: {first}\nother: {second}\nheard: {{happened: message, per: round}}"
    )
    assert codes_in(text.replace("          be_patient: {not_before: interview + 7 days}\n", "")) == []


def test_one_condition_may_have_two_names_that_nobody_mistakes_for_each_other() -> None:
    text = small(
        ("from: waiting", "from: waiting\n        due: interview + 8 days"),
        (
            "      ask:",
            """      call: {event: call, from: asked, guards: {a_week: {not_before: interview + 7 days}}}
      ask:""",
        ),
        ("{by: candidate}", "{by: candidate}\n  call: {by: candidate}"),
    )
    assert codes_in(text) == []


@pytest.mark.parametrize(("id", "codes"), [("be_patent", ["PI410"]), ("be_patient2", []), ("wait", [])])
def test_one_condition_under_a_name_and_the_same_misspelt_is_a_fault(id: str, codes: list[str]) -> None:
    text = small(
        (
            "      ask:",
            f"""      call: {{event: call, from: asked, guards: {{{id}: {{not_before: interview + 7 days}}}}}}
      ask:""",
        ),
        ("{by: candidate}", "{by: candidate}\n  call: {by: candidate}"),
    )
    assert codes_in(text) == codes


# --- conduct: an act that may follow an event at once ---------------------------------------------


def manners(text: str) -> list[str]:
    return [found.code for found in conduct(definition_of(text))]


def test_an_act_that_waits_for_a_moment_has_manners() -> None:
    assert manners(small()) == []


WAITS = ["{apart: 3 days, from: interview}", "{not_before: interview}", "{custom: is_polite}"]
HURRIES = [
    "{apart: 3 days, from: follow_up}",
    "{at_most: 1, of: chase, per: employer}",
    "{not_after: interview + 30 days}",
    '{hours: "09:00-17:00"}',
]


@pytest.mark.parametrize(("guard", "codes"), [*((g, []) for g in WAITS), *((g, ["PI504"]) for g in HURRIES)])
def test_only_a_guard_that_asks_for_the_time_since_something_else_makes_an_act_wait(
    guard: str, codes: list[str]
) -> None:
    assert manners(small(("be_patient: {not_before: interview + 7 days}", f"guard: {guard}"))) == codes


def test_one_machine_that_waits_everywhere_is_enough_and_one_way_around_it_is_not() -> None:
    other = """  plan:
    per: application
    start: none_yet
    states: {none_yet: , made: }
    transitions: {planned: {event: follow_up, from: none_yet, to: made}}
"""
    assert manners(small(("machines:\n", f"machines:\n{other}"))) == []
    around = "      again: {event: follow_up, from: asked}\n      ask:"
    (found,) = conduct(definition_of(small(("      ask:", around))))
    assert (found.path, found.severity) == ("machines.application.transitions.again", "warning")


def test_an_attempt_must_wait_like_a_chase_and_a_courtesy_need_not() -> None:
    for contact, codes in {"attempt": ["PI504"], "courtesy": [], "none": []}.items():
        text = small(
            ("{by: candidate}", f"{{by: candidate, contact: {contact}}}"),
            ("not_before: interview + 7 days", "happened: interview"),
        )
        assert manners(text) == codes
