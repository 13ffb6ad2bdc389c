from __future__ import annotations

import pytest

import postinterview as pi
from benchmarks.comparison import Compared, main


@pytest.mark.slow
def test_the_benchmark_says_what_it_compared_in_both_directions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick"]) == 0
    printed = capsys.readouterr().out
    assert "business days for hours" in printed
    assert "14 none, 1 some" in printed


def test_verdicts_are_counted() -> None:
    packaged = pi.load_rulebook()
    acts = len(list(packaged.acts))
    assert Compared.of(packaged, packaged, 2.0).text == f"{acts} none"
