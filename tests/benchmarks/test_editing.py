"""The benchmark of editing runs the real commands on a pack, and watches a file that it saves."""

from __future__ import annotations

import pytest

from benchmarks.editing import CHECKED, PACK, PROVED, Wait, held, main


@pytest.mark.slow
def test_each_command_and_each_kind_of_save_is_timed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick"]) == 0
    printed = capsys.readouterr().out
    assert f"postinterview {PACK}" in printed
    assert "the promises are proved" in printed


def test_a_check_may_cost_one_and_a_half_times_the_check_of_the_default_and_the_proof() -> None:
    waits = {name: [Wait(3.0, 0.25, 2.75)] for name in ("a fault", "checked", "proved")}

    def share(pack: float) -> tuple[float, bool | None]:
        first = held({PACK: [pack], CHECKED: [1.0], PROVED: [3.0]}, waits)[0]
        assert first.measured is not None
        return first.measured.median, first.holds

    assert share(3.5) == (1.0, True)
    assert share(7.0) == (2.0, False)


def test_the_time_in_the_queue_of_a_busy_machine_is_no_wait() -> None:
    taken = {PACK: [1.0], CHECKED: [1.0], PROVED: [1.0]}
    slow, busy = [Wait(3.0, 2.9, 0.1)], [Wait(3.0, 0.25, 2.75)]
    found = held(taken, {"a fault": busy, "checked": slow, "proved": slow})
    assert [each.holds for each in found[-3:]] == [True, False, False]
