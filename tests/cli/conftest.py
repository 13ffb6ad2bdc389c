"""Commands are called from the folder of the stories, without the colours of whoever runs the tests."""

from __future__ import annotations

import pytest

from tests.cli.helpers import STORIES, Caller
from tests.sharing import shared_proofs

__all__ = ["call", "shared_proofs"]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Caller:
    monkeypatch.chdir(STORIES)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return Caller(capsys)
