"""A program that is killed while it writes."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from random import Random
from threading import Event
from typing import Any, Protocol

from tests.stores import programs


class _Program(Protocol):
    def is_alive(self) -> bool: ...


class _Event(Protocol):
    def wait(self, timeout: float) -> bool: ...


def wait_for(happened: _Event, program: _Program) -> None:
    """Wait until a program did what is to happen before it is killed, however long a busy machine takes."""
    while not happened.wait(1):
        assert program.is_alive(), "the program ended before"


def killed(target: Callable[..., object], *arguments: object, chance: Random, most: int = 0) -> int:
    """Start a program, kill it at a moment by chance, and return the last number that it acknowledged.

    Its last argument is the end of a pipe into which it says each number. It is killed after the first and up
    to ``most`` further ones.
    """
    context: Any = get_context("forkserver")
    context.set_forkserver_preload([programs.__name__])
    heard, told = context.Pipe(duplex=False)
    program = context.Process(target=target, args=(*arguments, told))
    program.start()
    told.close()
    acknowledged: int = heard.recv()
    for _ in range(chance.randint(0, most)):
        acknowledged = heard.recv()
    Event().wait(chance.uniform(0, 0.02))
    program.kill()
    program.join()
    try:
        while True:
            acknowledged = heard.recv()
    except (EOFError, OSError):
        heard.close()
    return acknowledged
