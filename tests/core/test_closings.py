"""When an allowed act closes, where more than one guard closes it."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

import postinterview as pi
from tests.core.helpers import at

US = timedelta(microseconds=1)
RULES = """
format: 1
title: Two guards that close
events:
  interview: {by: employer, opens: round}
  message: {by: employer}
  ask: {by: candidate, contact: chase}
machines:
  talk:
    per: application
    start: quiet
    states: {quiet: }
    transitions:
      held: {event: interview, from: quiet}
      heard: {event: message, from: quiet}
      asked:
        event: ask
        from: quiet
        guards:
          %s
          %s
"""
SOONER = "sooner: {not_after: message + 3 days}"
LATER = "later: {not_after: interview + 30 days}"


@pytest.mark.parametrize("guards", [(SOONER, LATER), (LATER, SOONER)], ids=["sooner-first", "later-first"])
def test_of_two_guards_that_close_the_first_to_close_decides_whichever_is_written_first(
    guards: tuple[str, str],
) -> None:
    process = pi.load_rulebook(text=RULES % guards).start(employer="acme", timezone="UTC")
    process = process.record("interview", at=at("2026-03-02 10:00")).process
    process = process.record("message", at=at("2026-03-04 10:00")).process

    verdict = process.may("ask", at=at("2026-03-05 10:00"))
    closes_at = verdict.closes_at
    assert closes_at == at("2026-03-07 10:00")
    assert process.may("ask", at=closes_at.astimezone(UTC) - US)
    assert [reason.id for reason in process.may("ask", at=closes_at).reasons] == ["sooner"]
