from __future__ import annotations

import pytest

from benchmarks.instructions import counted, main


def walked(count: int) -> int:
    total = 0
    for number in range(count):
        total += number
    return total


def test_each_round_of_a_loop_is_counted_once() -> None:
    ten, twenty, thirty = (counted(lambda count=count: walked(count)) for count in (10, 20, 30))  # type: ignore[misc]
    added = twenty.instructions.total() - ten.instructions.total()
    assert added >= 10
    assert thirty.instructions.total() - twenty.instructions.total() == added
    assert twenty.calls["test_instructions.py:walked"] == 1


def test_a_step_executes_more_than_one_by_hand_and_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["do"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.startswith("do: ")
    assert any(line.endswith("happenings.py:do") for line in lines)
    assert main([]) == 0
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "do",
        "refused",
        "may",
        "allowed",
        "path",
    ]
