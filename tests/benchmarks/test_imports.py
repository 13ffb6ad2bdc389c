"""The benchmark of imports times the same applications, written in three ways."""

from __future__ import annotations

import pytest

from benchmarks.imports import DATED, HEAD, UNDATED, main, rows
from postinterview.audit import audit, load_map


def test_each_way_of_writing_is_timed_and_nothing_is_left_unread(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--quick"])
    assert len(capsys.readouterr().out.splitlines()) == 2 + 3
    hours = audit(rows(30, "%Y-%m-%d %H:%M"), load_map(text=HEAD + DATED))
    none = audit(rows(30, "%Y-%m-%d"), load_map(text=HEAD + UNDATED))
    assert hours.found["unread"] == none.found["unread"] == 0
    assert list(hours.processes) == list(none.processes)
    assert any(event.event.undated for each in none.processes.values() for event in each.timeline)
    assert not any(event.event.undated for each in hours.processes.values() for event in each.timeline)
