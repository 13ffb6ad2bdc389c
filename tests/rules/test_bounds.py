"""The stored worst cases of the packaged packs are what a search finds now."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from postinterview.packs import STORED, pack_names, read_pack, searched_bounds

FILE = Path(__file__).parents[2] / "rules" / STORED


@pytest.mark.slow
def test_the_stored_worst_cases_are_those_of_the_packs_as_they_are() -> None:
    """``UPDATE_GOLDEN=1`` stores them again."""
    found = searched_bounds(read_pack(name) for name in pack_names(folder=""))
    if os.environ.get("UPDATE_GOLDEN") == "1":
        FILE.write_text(found, encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == found
