"""Commands are called from the folder of the stories, without the colours of whoever runs the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from postinterview import Rulebook
from postinterview.bounds import bounds
from postinterview.judging import compare, prove
from tests.cli.helpers import STORIES, Caller


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Caller:
    monkeypatch.chdir(STORIES)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return Caller(capsys)


_ANSWERS: dict[object, Any] = {}


def _once(answer: Callable[..., Any]) -> Callable[..., Any]:
    """The same answer without searching again, for rules and promises of the same names and bytes."""

    def answered(*asked: Any, promises: tuple[str, ...] = (), **limits: object) -> Any:
        what = [each.definition.sources if isinstance(each, Rulebook) else each for each in asked]
        read = [(path, Path(path).read_bytes()) for path in promises if Path(path).is_file()]
        key = (answer, *what, promises, *read, *sorted(limits.items()))
        if key not in _ANSWERS:
            more = {"promises": promises} if promises else {}
            _ANSWERS[key] = answer(*asked, **more, **limits)
        return _ANSWERS[key]

    return answered


@pytest.fixture
def shared_proofs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands of this process prove the same files once. The texts that they print are their own."""
    monkeypatch.setattr("postinterview.cli.check.prove", _once(prove))
    monkeypatch.setattr("postinterview.cli.prove.prove", _once(prove))
    monkeypatch.setattr("postinterview.cli.prove.compare", _once(compare))
    listed = _once(_listed)
    monkeypatch.setattr(
        "postinterview.cli.prove.bounds", lambda *asked, **limits: iter(listed(*asked, **limits))
    )


def _listed(*asked: Any, **limits: Any) -> list[Any]:
    return list(bounds(*asked, **limits))
