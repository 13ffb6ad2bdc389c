"""Find the most acts that rules ever allow. Bad arguments are misuse.

`import postinterview` imports this module, so the proof is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from postinterview.core.rules.definitions import BUILT_IN_CLASSES, SCOPES
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.suggest import instead_of
from postinterview.judging import check_limits, check_rulebook, held_to_packaged

if TYPE_CHECKING:
    from postinterview.core.process import Rulebook
    from postinterview.core.rules.definitions import Definition
    from postinterview.proof.bound import Bound, BoundQuestion


COUNTED = ("chase", "attempt")
"""What is counted where nothing is named: what asks the employer for something."""


def bound(
    rulebook: Rulebook,
    *,
    of: str | Iterable[str] = COUNTED,
    but: str | Iterable[str] = (),
    per: str = "employer",
    within: timedelta | None = None,
    silence: bool = False,
    max_zones: int | None = None,
    max_seconds: float | None = None,
) -> Bound:
    """Find the most acts that the rules ever allow: proved from above, and by a story from below.

    ``of`` and ``but`` are events and classes: those counted, and those left out. They are counted ``per``
    employer, application or interviewer, in any time ``within`` (else ever), and with ``silence`` after the
    last event that is not the candidate's. The answer is a number, or a formula in the number of people and
    applications; ``unbounded`` with the turn of events that repeats; or ``unknown`` where a search would take
    more than ``max_zones`` states or the whole more than ``max_seconds`` of processor time.

    Raises `MisuseError` where the arguments can't mean anything.
    """
    check_rulebook(rulebook)
    question = question_of(rulebook.definition, of, but, per, within, silence)
    return next(bounds(rulebook, (question,), max_zones=max_zones, max_seconds=max_seconds))


def question_of(
    definition: Definition,
    of: str | Iterable[str],
    but: str | Iterable[str],
    per: str,
    within: Any,
    silence: Any,
) -> BoundQuestion:
    """Return the question that the arguments of `bound` ask.

    Raises `MisuseError` where they can't mean anything.
    """
    from postinterview.proof.bound import BoundQuestion
    from postinterview.proof.bounder import events_counted

    if per not in ("employer", "application", "interviewer"):
        help_ = 'give "employer", "application" or "interviewer"'
        raise MisuseError(f"`per` can't be {per!r}", help_)
    if within is not None and (not isinstance(within, timedelta) or within <= timedelta(0)):
        raise MisuseError(
            f"`within` can't be {within!r}", "give a length of time, such as timedelta(days=14)"
        )
    if not isinstance(silence, bool):
        raise MisuseError(f"`silence` can't be {silence!r}", "give True or False")
    counted, left = (_events_named(definition, *each) for each in (("of", of), ("but", but)))
    question = BoundQuestion(counted, left, SCOPES[per], within, silence)
    if not events_counted(definition, question):
        whom = " that is addressed to a person" if question.per.interviewer else ""
        raise MisuseError(f"no act{whom} is counted", f"name an act{whom} that is not left out")
    return question


def bounds(
    rulebook: Rulebook,
    questions: Iterable[BoundQuestion],
    *,
    progress: Callable[[str], None] | None = None,
    max_zones: int | None = None,
    max_seconds: float | None = None,
) -> Iterator[Bound]:
    """Yield the bound that answers each question; ``progress`` is told what is searched.

    Raises `MisuseError` for limits that no search can keep.
    """
    from time import thread_time  # noqa: TID251 - it measures the search, and decides nothing in it

    from postinterview.proof.bounder import MAX_SECONDS, Bounder
    from postinterview.proof.prove import MAX_ZONES
    from postinterview.proof.search.replay import willing

    check_limits(max_zones, max_seconds)
    bounder = Bounder(
        willing(held_to_packaged(rulebook.definition)[0], rulebook),
        thread_time,
        max_zones=MAX_ZONES if max_zones is None else max_zones,
        max_seconds=MAX_SECONDS if max_seconds is None else max_seconds,
        progress=progress,
    )
    return map(bounder.bound, questions)


def _events_named(definition: Definition, argument: str, names: str | Iterable[str]) -> tuple[str, ...]:
    """Return built-in classes and events that the names stand for; a class of the file is its events."""
    found: dict[str, None] = {}
    for name in (names,) if isinstance(names, str) else names:
        if name in BUILT_IN_CLASSES or name in definition.events:
            found[name] = None
        elif name in definition.classes:
            members = definition.classes[name].members
            found |= dict.fromkeys(event for event in definition.events if event in members)
        else:
            known = (*BUILT_IN_CLASSES, *definition.classes, *definition.events)
            help_ = instead_of(str(name), known) or "name an event or a class of the rules"
            raise MisuseError(f"`{argument}` names `{name}`, which the rules do not have", help_)
    if argument == "of" and not found:
        raise MisuseError("`of` names nothing to count", 'give such as of=("chase", "attempt")')
    return tuple(found)
