"""A small rule file without a fault, to be spoilt or extended by a test."""

from __future__ import annotations

from collections.abc import Collection

from postinterview.core.rules.definitions import Definition
from postinterview.loading import load
from postinterview.loading.diagnostics import Diagnostic

SMALL = """\
format: 1
title: A small rule file

events:
  interview: {by: employer, opens: round}
  follow_up: {by: candidate}

machines:
  application:
    per: application
    start: waiting
    states:
      waiting: {title: Waiting}
      asked: {title: Asked once}
    transitions:
      ask:
        event: follow_up
        from: waiting
        to: asked
        guards:
          be_patient: {not_before: interview + 7 days}
"""


def small(*changes: tuple[str, str], guards: str = "") -> str:
    """The small file, each first text replaced by the second once; ``guards``: more lines of them."""
    text = SMALL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text + "".join(f"          {line}\n" for line in guards.splitlines())


def found_in(text: str, custom: Collection[str] | None = None) -> tuple[Diagnostic, ...]:
    return load(text, "small.yaml", name="small", custom=custom).diagnostics


def codes_in(text: str) -> list[str]:
    return [found.code for found in found_in(text)]


def definition_of(text: str) -> Definition:
    """The definition of a text without a fault."""
    loaded = load(text, "small.yaml", name="small")
    assert loaded.diagnostics == ()
    assert loaded.definition is not None
    return loaded.definition
