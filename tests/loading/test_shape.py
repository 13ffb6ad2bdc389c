"""Shape: what is held back, what is read as something else, and where a fault is said to be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postinterview.core.rules.definitions import BusinessDays
from postinterview.core.values.suggest import closest, nearly_same
from postinterview.loading import load, text_values
from tests.loading.small import codes_in, found_in, small


def test_the_small_file_has_no_fault() -> None:
    assert found_in(small()) == ()


def test_all_faults_are_found_at_once_in_the_order_of_the_file() -> None:
    text = small(
        ("format: 1\n", ""),
        ("{by: candidate}", "{by: candidate, contact: cahse}"),
        ("start: waiting", "start: wating"),
        ("to: asked", "too: asked"),
        ("7 days", "7 dys"),
    )
    assert [(found.code, found.where.line) for found in found_in(text)] == [
        ("PI103", 1),
        ("PI108", 5),
        ("PI203", 10),
        ("PI101", 18),
        ("PI112", 20),
    ]


def test_a_day_that_does_not_exist_is_a_fault_at_its_line() -> None:
    text = small(("events:", "calendar:\n  holidays:\n    - 2028-02-29\n    - 2026-02-30\nevents:"))
    [found] = found_in(text)
    assert (found.code, found.where.line, found.path) == ("PI111", 7, "calendar.holidays[1]")


def test_a_misspelt_key_is_read_as_the_right_one() -> None:
    text = small(("event: follow_up", "evnt: folow_up"), ("to: asked", "To: askd"))
    assert codes_in(text) == ["PI101", "PI201", "PI101", "PI203"]


def test_of_several_likely_keys_the_first_is_taken() -> None:
    [found] = found_in(small(("per: application", "per: application\n    tit: A")))
    assert found.help.startswith("did you mean `title`")
    assert found.fix is not None
    assert found.fix.text == "title"
    [found] = found_in(
        small(("to: asked", "to: asked\n        fro: waiting"), ("        from: waiting\n", ""))
    )
    assert found.help.startswith("did you mean `from`")
    assert found.fix is not None
    assert found.fix.text == "from"


def test_a_misspelt_key_is_not_read_as_one_that_is_given() -> None:
    [found] = found_in(small(("event: follow_up", "event: follow_up\n        evnt: interview")))
    assert found.code == "PI101"
    assert found.fix is None


def test_a_fault_behind_a_misspelt_key_is_kept_in_mind() -> None:
    assert codes_in(small(("to: asked", "too: [asked]"))) == ["PI101", "PI106"]


def test_a_misspelt_kind_of_guard_is_read_as_the_right_one() -> None:
    assert codes_in(small(guards="once: {at_mots: 1, of: folow_up}")) == ["PI101", "PI202"]


def test_nothing_is_said_of_names_in_a_part_that_could_not_be_read() -> None:
    text = small(
        ("{by: candidate}", "{by: candidate}\n  message: {by: employer}"),
        ("machines:", "classes: {wrote: [message]}\nmachines:"),
        guards="let_them_speak: {at_most: 1, apart: 7 days, from: wrote}",
    )
    assert codes_in(text) == ["PI118"]


def test_nothing_is_called_unused_where_a_name_is_missing() -> None:
    text = small(
        ("{by: candidate}", "{by: candidate}\n  message: {by: employer}"),
        guards="let_them_speak: {apart: 7 days}",
    )
    assert codes_in(text) == ["PI102"]


def test_nothing_is_called_unknown_where_the_part_that_defines_it_could_not_be_read() -> None:
    text = small(
        ("machines:", "classes: [nudge, follow_up]\nmachines:"),
        guards="once: {at_most: 1, of: nudge}",
    )
    assert codes_in(text) == ["PI106"]


def test_a_file_for_a_later_version_is_not_judged_further() -> None:
    assert codes_in(small(("format: 1", "format: 3"), ("events:", "happenings:"))) == ["PI104"]


def test_a_file_that_builds_on_another_is_not_judged_further() -> None:
    assert codes_in("format: 1\nextends: default\nwhat: ever\n") == ["PI601"]


@pytest.mark.parametrize("text", ["[]", "{}", "- a", "a", "a: b", '"quoted"', "{a: {b: [c, {d: }]}}"])
def test_whatever_a_file_holds_it_is_answered_with_a_line(text: str) -> None:
    loaded = load(text, "any.yaml", name="any")
    assert loaded.definition is None
    assert loaded.diagnostics
    assert all(found.where.line >= 1 for found in loaded.diagnostics)


@pytest.mark.parametrize("name", ["any", "never"])
def test_any_and_never_are_no_names_of_states(name: str) -> None:
    assert codes_in(small(("asked:", f"{name}:"), ("to: asked", f"to: {name}"))) == ["PI116"]


def test_none_may_be_the_name_of_a_state_and_of_nothing_else() -> None:
    assert codes_in(small(("asked:", "none:"), ("to: asked", "to: none"))) == []
    assert codes_in(small(("be_patient", "none"))) == ["PI116"]


def test_a_state_is_not_told_by_a_text() -> None:
    assert codes_in(small(("{title: Waiting}", "Waiting"))) == ["PI106"]


def test_a_state_needs_no_title() -> None:
    assert codes_in(small(("{title: Waiting}", ""))) == []


def test_every_diagnostic_says_where_what_and_what_to_do() -> None:
    text = small(
        ("by: employer", "by: boss"), ("per: application", "per: [round, employer]"), guards="x: {y: z}"
    )
    for found in found_in(text):
        assert found.message == found.message.rstrip(".")
        assert found.message[0] == found.message[0].lower()
        assert found.label
        assert found.help
        assert found.path


# --- values ---------------------------------------------------------------------------------------

UNITS = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}


@given(st.integers(1, 5000), st.sampled_from(sorted(UNITS)), st.booleans())
def test_a_duration_is_so_many_of_a_unit(count: int, unit: str, plural: bool) -> None:
    read = text_values.duration(f"{count} {unit}{'s' if plural else ''}")
    assert read == timedelta(minutes=count * UNITS[unit])


@given(st.integers(1, 36_500))
def test_business_days_can_be_added_to_a_moment_only(count: int) -> None:
    written = f"{count} business days"
    moment = text_values.moment(f"promised + {written}")
    assert moment == text_values.WrittenMoment("promised", BusinessDays(count))
    assert isinstance(text_values.duration(written), text_values.Fault)


@given(st.text(max_size=12))
def test_any_text_is_a_value_or_a_fault_that_says_what_to_do(text: str) -> None:
    read = (
        text_values.duration,
        text_values.moment,
        text_values.day,
        text_values.hours,
        text_values.flag,
        text_values.country,
    )
    for value in (*(function(text) for function in read), text_values.number(text, 1)):
        if isinstance(value, text_values.Fault):
            assert value.help
            assert value.label


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("7d", "7 days"),
        ("1 d", "1 day"),
        ("24h", "24 hours"),
        ("3 Wochen", None),
        ("2 bussiness days", "2 business days"),
        ("90min", "90 minutes"),
        ("7", "7 days"),
        ("7 Days", "7 days"),
        ("a day", None),
        ("-1 day", None),
        ("1.5 days", None),
        ("0 d", None),
    ],
)
def test_a_duration_in_other_words_is_answered_with_the_right_ones(written: str, meant: str | None) -> None:
    fault = text_values.duration(written)
    assert isinstance(fault, text_values.Fault)
    assert fault.instead == meant


@pytest.mark.parametrize(
    "text", ["12:00-12:00", "9-17", "09:00 to 17:00", "09:00-25:00", "09:00-17:00 weekdays", ""]
)
def test_what_is_no_stretch_of_hours_is_a_fault(text: str) -> None:
    assert isinstance(text_values.hours(text), text_values.Fault)


# --- suggestions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("Follow-Up", ("follow_up", "follow"), "follow_up"),
        ("followUp", ("follow", "follow_up"), "follow_up"),
        ("ofer", ("offer_revised", "offer"), "offer"),
        ("wait", ("waiting", "accepted"), "waiting"),
        ("fo", ("from", "of"), "of"),
        ("b", ("by", "to"), "by"),
        ("rejcted", ("accepted", "rejected"), "rejected"),
    ],
)
def test_the_likeliest_name_comes_first(name: str, known: tuple[str, ...], meant: str) -> None:
    assert closest(name, known)[0] == meant


NAMES = st.text("abcde_", min_size=1, max_size=8)


@given(NAMES, st.lists(NAMES, max_size=12, unique=True))
def test_at_most_three_known_names_are_suggested_each_once(name: str, known: list[str]) -> None:
    found = closest(name, known)
    assert len(found) <= 3
    assert len(set(found)) == len(found)
    assert set(found) <= set(known)


@given(st.text("abcde", min_size=2, max_size=8), st.data())
def test_one_slip_of_the_finger_is_nearly_the_same(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 2))
    assert nearly_same(name, name[:at] + name[at + 1 :])
    assert nearly_same(name, name[:at] + "x" + name[at:])
    assert nearly_same(name, name[:at] + "x" + name[at + 1 :])
    assert nearly_same(name, name[:at] + name[at + 1] + name[at] + name[at + 2 :])
    assert not nearly_same(name, name + "xy")
