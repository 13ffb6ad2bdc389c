"""Where a step spends its instructions: those of Python that each function executes.

    python -m benchmarks.instructions            totals, beside the hand-written values
    python -m benchmarks.instructions do         by function; or refused, may, allowed, path

Unlike times, counts are the same on a busy machine and in every run, so a change of one in a hundred shows.
They say nothing of what an instruction costs: a call of C counts as one.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

from attrs import frozen

from benchmarks.by_hand import Immutable
from benchmarks.story import FOLLOW_UP, HISTORY, TOO_EARLY, first_rules
from benchmarks.subjects import Library

SHOWN = 40


@frozen
class Counted:
    """The instructions and the calls of each function, by its file and name."""

    instructions: Counter[str]
    calls: Counter[str]

    @property
    def total(self) -> str:
        return f"{self.instructions.total():,} instructions, {self.calls.total():,} calls"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.instructions", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("which", nargs="?", choices=("do", "refused", "may", "allowed", "path"))
    which = parser.parse_args(arguments).which
    for name, (library, by_hand) in operations().items():
        if which in (None, name):
            found = counted(library)
            print(f"{name}: {found.total}; hand-written values: {counted(by_hand).total}")
            for function, count in found.instructions.most_common(SHOWN if which else 0):
                print(f"{count:8,} {found.calls[function]:5,}  {function}")
    return 0


def operations() -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """Return the operations of the library, and the same of the hand-written values; all were done before."""
    library, values = Library(first_rules()), Immutable()
    for subject in (library, values):
        for name in ("do", "refused", "may", "allowed", "path"):
            subject.tasks()[name]()
    process, value = library._after(HISTORY), values._processes()[0]  # noqa: SLF001 - as they are timed
    not_asked = library._after(HISTORY)  # noqa: SLF001 - a process keeps what it found out

    def walk() -> None:
        told = library.fresh()
        for is_act, event, said in library.calls:
            told = (told.do if is_act else told.record)(event, **said).process

    def walk_by_hand() -> None:
        told: Any = values.fresh()
        for event, said in values.calls:
            told = getattr(told, event)(**said).process

    at, early = FOLLOW_UP.at, TOO_EARLY.at
    return {
        "do": (
            lambda: process.do("follow_up", at=at, channel="call"),
            lambda: value.follow_up(at=at, channel="call"),
        ),
        "refused": (
            lambda: process.do("follow_up", at=early, channel="call"),
            lambda: value.follow_up(at=early, channel="call"),
        ),
        "may": (
            lambda: process.may("follow_up", at=at, channel="call"),
            lambda: value.may_follow_up(at=at, channel="call"),
        ),
        "allowed": (lambda: not_asked.allowed(at=at), lambda: value.allowed(at=at)),
        "path": (walk, walk_by_hand),
    }


def counted(operation: Callable[[], object]) -> Counted:
    """Return what an operation executes."""
    found = Counted(Counter(), Counter())

    def enter(frame: FrameType, _: str, __: object) -> Callable[..., Any]:
        frame.f_trace_opcodes = True
        code = frame.f_code
        function = f"{code.co_filename.rsplit('/', 1)[-1]}:{code.co_name}"
        found.calls[function] += 1

        def execute(_: FrameType, event: str, __: object) -> Callable[..., Any]:
            if event == "opcode":
                found.instructions[function] += 1
            return execute

        return execute

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        operation()
    finally:
        sys.settrace(before)
    return found


if __name__ == "__main__":
    sys.exit(main())
