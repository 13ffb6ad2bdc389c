"""The questions of an event's steps, as a tree that grows while steps are recorded (see `recorded_past`)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from postinterview.audit.clean.recording import NotRecordedError

MOST_ASKED = 120
"""The most questions of one step. A step that asks more looks far back, and seldom the same way twice."""


class Names:
    """The objects that questions name, and the questions: many branches ask the same."""

    def __init__(self, objects: Mapping[str, Any]) -> None:
        self._objects: dict[str, Any] = {**objects, "__builtins__": {"tuple": tuple, "len": len}}
        self._known: dict[object, str] = {}
        self._questions: dict[str, Callable[..., Any]] = {}

    def of(self, value: Hashable) -> str:
        """Return the name of an object in questions."""
        if value not in self._known:
            name = self._known[value] = f"k{len(self._known)}"
            self._objects[name] = value
        return self._known[value]

    def question(self, code: str) -> Callable[..., Any]:
        """Return the function that asks a question."""
        if code not in self._questions:
            # It is made of numbers, of names above, and of events and states of the rules as literals.
            self._questions[code] = eval(f"lambda s,e,c,z:{code}", self._objects)  # noqa: S307
        return self._questions[code]


class Fork:
    """A question that the engine asked, and what follows from each answer."""

    __slots__ = ("code", "test", "ways")

    def __init__(self, code: str, test: Callable[..., Any]) -> None:
        self.code = code
        self.test = test
        self.ways: dict[Any, Any] = {}


class NowFork(Fork):
    """A question that what stands answers alone, whenever something was."""

    __slots__ = ()


class StepPath:
    """The way of one step down the tree of its event, which grows where there is none.

    ``ways``: the root of the tree, under None; its leaves are what steps come to. ``asked``: what questions
    are asked of: the `Past`, the numbers of the event, the `Days`, and the moment until which events may be
    unknown; `s`, `e`, `c` and `z`. ``added``: how many questions are new.
    """

    def __init__(self, ways: dict[Any, Any], names: Names, asked: Sequence[Any]) -> None:
        self.names = names
        self.added = 0
        self._ways, self._key = ways, None
        self._asked = asked
        self._answers: dict[str, Any] = {}
        self._now: set[str] = set()

    def ask(self, code: str, kind: type[Fork] = Fork) -> Any:
        """Return the answer of this past to a question, and go down to what follows from it."""
        if code in self._answers:
            return self._answers[code]
        if len(self._answers) >= MOST_ASKED:
            raise NotRecordedError
        fork = self._ways.get(self._key)
        if type(fork) is not kind or fork.code != code:  # once guards are compiled, they ask in another way
            fork = self._ways[self._key] = kind(code, self.names.question(code))
            self.added += 1
        answer = self._answers[code] = fork.test(*self._asked)
        self._ways, self._key = fork.ways, answer
        return answer

    def ask_now(self, code: str) -> Any:
        """Return the answer of what stands."""
        self._now.add(code)
        return self.ask(code, NowFork)

    @property
    def condition(self) -> str:
        """The question whether another past, in which the same stands, answers as this one."""
        asked = ((code, answer) for code, answer in self._answers.items() if code not in self._now)
        return " and ".join([_is(f"({code})", answer, self.names) for code, answer in asked]) or "True"

    def end(self, leaf: object) -> None:
        """Say what each past comes to that answers as this one."""
        self._ways[self._key] = leaf


def _is(code: str, answer: Any, names: Names) -> str:
    """Return the question whether another one has this answer."""
    if isinstance(answer, bool):
        return code if answer else f"not {code}"
    return f"{code}=={names.of(answer)}"
