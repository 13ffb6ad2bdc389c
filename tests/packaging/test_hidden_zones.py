"""Time zones on a system that has no zone files: Windows, WebAssembly, slim images of Linux."""

from __future__ import annotations

import os
import subprocess
import sys

PROGRAM = """
import sys, zoneinfo
import postinterview as pi
assert zoneinfo.TZPATH == ()
if "without" in sys.argv:
    sys.modules["tzdata"] = None
try:
    print(pi.load_rulebook().start(employer="acme", timezone="Europe/Zurich").timezone)
except pi.TimeError as error:
    print(error)
"""


def start_a_process(*args: str) -> str:
    environment = {**os.environ, "PYTHONTZPATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *args], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout.strip()


def test_a_process_starts_where_the_system_has_no_zone_files() -> None:
    assert start_a_process() == "Europe/Zurich"


def test_without_tzdata_there_would_be_no_zone() -> None:
    answer = start_a_process("without")
    assert "Europe/Zurich" in answer
    assert answer != "Europe/Zurich"
