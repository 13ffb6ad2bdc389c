"""No size of a rule file makes the loader recurse, and nothing is compared with everything else."""

from __future__ import annotations

import pytest

from tests.loading.small import codes_in, found_in, small

MANY = 2000
"""Deeper than Python may recurse; and squared, more than a second of comparing."""


def dated(dates: dict[int, str]) -> str:
    """The small file with dates ``d0``, ``d1`` and so on, as they are written."""
    section = "".join(f"  d{number}: {written}\n" for number, written in dates.items())
    return small(
        ("\nmachines:", f"\ndates:\n{section}\nmachines:"),
        ("interview + 7 days", f"d{max(dates)}"),
    )


FORWARD = {number: f"d{number - 1} + 1 day" if number else "interview" for number in range(MANY)}
BACKWARD = dict(reversed(FORWARD.items()))
CIRCLE = {number: f"d{(number + 1) % MANY} + 1 day" for number in range(MANY)}
DOUBLED = {n: f"[d{n - 1} + 1 day, d{n - 1}]" if n else "interview" for n in range(MANY)}


@pytest.mark.parametrize(
    ("dates", "code"),
    [(FORWARD, "PI220"), (BACKWARD, "PI220"), (DOUBLED, "PI220"), (CIRCLE, "PI212")],
    ids=["forward", "backward", "doubled", "circle"],
)
def test_a_chain_of_dates_of_any_length_is_one_finding_of_bounded_length(
    dates: dict[int, str], code: str
) -> None:
    (found,) = found_in(dated(dates))

    assert found.code == code
    assert len(repr(found)) < 2000


def test_a_chain_of_fifty_dates_loads() -> None:
    assert codes_in(dated({number: FORWARD[number] for number in range(50)})) == []


def test_a_machine_of_any_length_is_walked_through() -> None:
    states = "".join(f"      s{at}:\n" for at in range(MANY))
    steps = "".join(
        f"      t{at}: {{event: follow_up, from: s{at}, to: s{at + 1}}}\n" for at in range(MANY - 1)
    )
    found = found_in(small(("      asked: {title: Asked once}\n", f"      asked:\n{states}")) + steps)

    assert [(each.code, each.path) for each in found] == [("PI301", "machines.application.states.s0")]


def test_of_many_guards_on_a_transition_the_first_fifty_are_compared_with_each_other() -> None:
    late = "".join(f"g{at}: {{not_before: interview + {at + 8} days}}\n" for at in range(80))
    found = found_in(small(guards=f"soon: {{not_after: interview + 1 day}}\n{late}"))

    assert [each.code for each in found] == ["PI402"] * 49


@pytest.mark.parametrize("written", ["9" * 5000, f"{'9' * 5000} days", f"{'9' * 5000} d"])
def test_a_number_with_thousands_of_digits_is_no_duration(written: str) -> None:
    assert codes_in(small(("+ 7 days", f"+ {written}"))) == ["PI112"]


# --- sets of guards, and lists of what counts ---------------------------------------------------


def with_sets(sets: str, *, use: str) -> str:
    return small(("machines:", f"guard_sets:\n{sets}\nmachines:"), guards=f"use: {use}")


ONE_MORE_EACH = "".join(
    f"  s{n}: {{{f'use: s{n - 1}, ' if n else ''}g{n}: {{apart: {n + 1} minutes, from: interview}}}}\n"
    for n in range(MANY)
)
EACH_OTHER = "".join(f"  s{n}: {{use: s{(n + 1) % MANY}}}\n" for n in range(MANY))
DOUBLED_SETS = "  s0: {g: {apart: 1 day, from: interview}}\n  t0: {use: s0}\n" + "".join(
    f"  s{n}: {{use: [s{n - 1}, t{n - 1}]}}\n  t{n}: {{use: [s{n - 1}, t{n - 1}]}}\n" for n in range(1, 500)
)


@pytest.mark.parametrize(
    ("sets", "use", "codes"),
    [
        (ONE_MORE_EACH, f"s{MANY - 1}", ["PI231"]),
        (EACH_OTHER, "s0", ["PI226"]),
        (DOUBLED_SETS, "[s499, t499]", []),
    ],
    ids=["one more each", "circle", "doubled"],
)
def test_sets_that_use_sets_neither_recurse_nor_multiply(sets: str, use: str, codes: list[str]) -> None:
    assert codes_in(with_sets(sets, use=use)) == codes


@pytest.mark.parametrize(("shared", "codes"), [(100, []), (101, ["PI231"])])
def test_a_file_takes_ten_thousand_guards_out_of_sets(shared: int, codes: list[str]) -> None:
    guards = "".join(f"    g{n}: {{apart: {n + 1} minutes, from: interview}}\n" for n in range(shared))
    sets = f"  s0:\n{guards}" + "".join(f"  s{n}: {{use: s{n - 1}}}\n" for n in range(1, 100))
    assert codes_in(with_sets(sets, use="s99")) == codes


def test_lists_that_name_a_large_class_are_not_compared_with_each_other() -> None:
    events = "".join(f"  e{n}: {{by: candidate}}\n" for n in range(MANY))
    counts = "".join(f"g{n}: {{at_most: 1, of: [interview, contact, e{n}]}}\n" for n in range(45))
    found = found_in(small(("  follow_up", f"{events}  follow_up"), guards=counts))

    assert {each.code for each in found} == {"PI009", "PI228", "PI302"}
