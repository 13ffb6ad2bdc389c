"""What else has to go with a removed entry is said once, in lines that work."""

from __future__ import annotations

import re

import pytest

from postinterview.files import named_parent_of, read_packaged
from postinterview.loading import LoadedRules, load
from postinterview.loading.nodes import Mapping

HEAD = "format: 1\nextends: default\ntitle: Mine\n"
SETS = ("events", "classes", "credits", "dates", "guard_sets", "machines")


def loaded(rules: str) -> LoadedRules:
    return load(HEAD + rules, "mine.yaml", name="mine", finder=named_parent_of)


def names() -> list[tuple[str, str]]:
    """Every entry of the packaged rules: the set that it is in, and its id."""
    file, text = read_packaged("default")
    whole = load(text, file, name="default").whole
    assert isinstance(whole, Mapping)
    sets = {key.text: value for key, value in whole.entries}
    return [(each, key.text) for each in SETS for key, _ in sets[each].entries]  # type: ignore[union-attr]


def check_lines(where: str, name: str) -> str:
    """Remove an entry, write what is advised, and return the code of what was found at first."""
    found = loaded(f"{where}: {{remove: {name}}}\n")
    errors = [each for each in found.diagnostics if each.severity == "error"]
    if not errors:
        return "none"
    (error,) = errors
    if error.code == "PI609":
        again = loaded("\n".join(error.notes) + "\n")
        assert again.definition is not None, (error.notes, again.diagnostics)
        return "PI609"
    assert error.others[0].text == "removed here"
    assert re.search(
        r"change or remove `.*`( and \d+ more places?)? in your file, too, or keep `", error.help
    )
    return error.code


SOME = [
    ("events", "hand_in"),
    ("events", "message"),
    ("classes", "exchange"),
    ("credits", "task"),
    ("dates", "answer_due"),
    ("guard_sets", "one_reply"),
    ("machines", "profile"),
]


@pytest.mark.parametrize(("where", "name"), SOME)
def test_the_lines_that_are_advised_leave_nothing_behind(where: str, name: str) -> None:
    assert check_lines(where, name) == "PI609"


@pytest.mark.slow
def test_whatever_is_removed_leads_to_one_finding_and_a_way_out() -> None:
    codes = [check_lines(where, name) for where, name in names()]
    assert codes.count("PI609") >= 0.9 * (len(codes) - codes.count("none"))


def test_a_whole_section_can_go() -> None:
    (error,) = loaded("remove: credits\n").diagnostics
    assert (error.code, error.notes[0]) == ("PI609", "remove: credits")
    assert loaded("\n".join(error.notes)).definition is not None


def test_an_event_goes_with_its_transitions_and_what_counts_it_is_no_error_of_its_own() -> None:
    (error,) = loaded("events: {remove: missed_call}\n").diagnostics
    assert (error.code, str(error.where)) == ("PI609", "mine.yaml:4:18")
    assert error.label == "removed here, and 4 more places needed it"
    assert error.notes == (
        "events: {remove: missed_call}",
        "classes: {nudge: [follow_up]}",
        "machines:",
        "  application: {transitions: {remove: call_in_vain}}",
        "  position: {transitions: {remove: [call_while_open, call_on_hold]}}",
    )


def test_what_the_file_itself_does_about_it_is_not_advised() -> None:
    (error,) = loaded("events: {remove: missed_call}\nclasses: {nudge: [follow_up]}\n").diagnostics
    assert not any("classes" in line for line in error.notes)


def test_a_use_in_the_file_itself_is_shown_first_and_stays_a_fault() -> None:
    mine = "machines: {plan: {transitions: {write: {due: missed_call + 1 day}}}}\n"
    (error,) = loaded(f"events: {{remove: missed_call}}\n{mine}").diagnostics
    assert (error.code, str(error.others[0].span)) == ("PI609", "mine.yaml:5:46")
    assert {each.code for each in loaded("\n".join(error.notes)).diagnostics} == {"PI206"}


def test_the_lines_have_what_the_file_says_under_the_same_keys() -> None:
    """A key stands once, so what is pasted below the file's own would be read as written twice."""
    mine = """\
events:
  remove: missed_call
  question: {title: "a question, or two"}
dates: {answer_due: waited_from + 9 days}
machines:
  application:
    states: {waiting: {title: Waiting for them}}
    transitions:
      remove: thank
      call_in_vain: {due: interview + 9 days}
      assume_closed: {guards: {month_of_silence: {apart: 40 days}}}
"""
    (error,) = (each for each in loaded(mine).diagnostics if each.code == "PI609")
    assert error.notes == (
        'events: {remove: missed_call, question: {title: "a question, or two"}}',
        "classes: {nudge: [follow_up]}",
        "machines:",
        "  application:",
        "    states: {waiting: {title: Waiting for them}}",
        "    transitions:",
        "      remove: [thank, call_in_vain]",
        "      assume_closed: {guards: {month_of_silence: {apart: 40 days}}}",
        "  position: {transitions: {remove: [call_while_open, call_on_hold]}}",
    )
    assert error.help == (
        "write these lines, instead of yours under `events` in line 4 and `machines` in line 8; "
        "or keep `missed_call`"
    )


def test_where_a_transition_leads_is_not_decided_for_the_file() -> None:
    rules = "machines: {application: {states: {remove: followed_up}}}\n"
    (error,) = loaded(rules).diagnostics
    assert error.code == "PI203"
    assert error.help.endswith("and 20 more places in your file, too, or keep `followed_up`")
