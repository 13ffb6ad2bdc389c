"""The benchmark of growth runs, and knows how a cost grew."""

from __future__ import annotations

import json

import pytest

from benchmarks.growth import SHAPES, Grown, main


def test_the_exponent_is_that_of_the_last_sizes_that_were_measured() -> None:
    assert Grown("square", [9.0, 1.0, 100.0, None]).exponent([1, 10, 100, 1000]) == pytest.approx(2)
    assert Grown("flat", [1.0, 1.0]).exponent([10, 100]) == 0
    assert Grown("too long", [1.0, None]).exponent([10, 100]) is None


def test_every_shape_of_a_history_is_timed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--sizes", "1", "2", "--json", "--budget", "0"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found["seconds"]) == [*SHAPES, "page"]
    for grown in found["seconds"].values():
        assert all(each > 0 for taken in grown.values() for each in taken)
    assert found["peak_bytes"]["events"][1] > 0
