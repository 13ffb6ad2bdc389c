"""What would become of a saved process under rules, said before anything is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import frozen

from postinterview.core.errors import RulesChangedError, SavedError
from postinterview.saving.differences import Difference
from postinterview.saving.resume import resume
from postinterview.saving.saved import Saved, read

if TYPE_CHECKING:
    from postinterview.core.process import Process
    from postinterview.core.rulebook import Rulebook

Fate: TypeAlias = Literal["unchanged", "goes_on", "carried_over", "refused", "damaged"]


@frozen(kw_only=True)
class Answer:
    """What becomes of one saved process.

    ``unchanged``: the rules are those it was saved under. ``goes_on``: they are others, and judge it as those
    did. ``carried_over``: by ``migration``, with ``differences`` where the past is judged anew. ``refused``:
    ``differences`` says why. ``damaged``: ``message``, ``help`` and ``path`` say where.
    ``process``: what it is under the rules, if it can go on.
    """

    fate: Fate
    process: Process | None = None
    migration: str = ""
    differences: tuple[Difference, ...] = ()
    message: str = ""
    help: str = ""
    path: str = ""

    @property
    def can_be(self) -> bool:
        """Whether the process can be restored under the rules."""
        return self.fate not in ("refused", "damaged")

    @property
    def changes(self) -> bool:
        """Whether something else is to be kept instead."""
        return self.fate in ("goes_on", "carried_over")

    def as_json(self) -> dict[str, Any]:
        """The answer in plain types, without the process."""
        return {
            "outcome": self.fate,
            "migration": self.migration or None,
            "differences": [
                {"text": each.text, "entry": each.entry, "machine": each.machine} for each in self.differences
            ],
            "message": self.message,
            "help": self.help,
            "path": self.path,
        }


def answer(rulebook: Rulebook, text: str | bytes) -> Answer:
    """What becomes of the saved process under these rules."""
    return answer_to(rulebook, lambda: read(text))


def answer_to(rulebook: Rulebook, read: Callable[[], Saved]) -> Answer:
    """What becomes of what ``read`` answers with, or finds damaged."""
    try:
        resumed = resume(rulebook, read())
    except RulesChangedError as error:
        return Answer(fate="refused", differences=error.differences, message=error.message, help=error.help)
    except SavedError as error:
        return Answer(fate="damaged", message=error.message, help=error.help, path=error.path)
    if not resumed.rules_changed:
        return Answer(fate="unchanged", process=resumed.process)
    return Answer(
        fate="carried_over" if resumed.migration else "goes_on",
        process=resumed.process,
        migration=resumed.migration,
        differences=resumed.judged_anew,
    )


def may_be_saved(text: bytes) -> bool:
    """Whether it may be a saved process, a damaged one too, and not something else altogether."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return b'"history"' in text
    return isinstance(data, dict) and {"history", "rulebook", "snapshot"} & set(data) != set()
