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
