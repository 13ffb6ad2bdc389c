"""Find what a change of rules does. Bad arguments are misuse.

The proof is imported where it is used: `import postinterview` imports this module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from postinterview.judging import check_limits, check_rulebook

if TYPE_CHECKING:
    from postinterview.core.process import Rulebook
    from postinterview.diffing.difference import Difference
    from postinterview.scenario.model import Scenario

MAX_SECONDS = 12.0
"""How long all searches together may take, in processor time, unless asked otherwise."""


def diff(
    old: Rulebook,
    new: Rulebook,
    *,
    stories: Iterable[Scenario] = (),
    bounds: bool = False,
    max_zones: int | None = None,
    max_seconds: float | None = None,
    progress: Callable[[], None] | None = None,
) -> Difference:
    """Find what the new rules do otherwise: allow, refuse, suggest, promise, and make of stories.

    ``stories`` are played under both, and what they show is known. With ``bounds`` the most contacts are
    compared as well. Every act gets a definite answer in both directions, unless a search would take more
    than ``max_zones`` states, all together more than ``max_seconds`` of processor time, or a custom function
    decides. ``progress`` is called after each step of the work.

    Raises `MisuseError` for what is no rulebook, and for limits that no search can keep.
    """
    from time import thread_time  # noqa: TID251 - it measures the search, and decides nothing in it

    from postinterview.countries import with_holidays
    from postinterview.diffing.declared import declared_changes
    from postinterview.diffing.difference import Difference
    from postinterview.diffing.examples import with_examples
    from postinterview.diffing.renames import renamed, renames_between
    from postinterview.diffing.searches import Searches
    from postinterview.diffing.stories import differing, with_stories
    from postinterview.diffing.words import is_alike

    for each in (old, new):
        check_rulebook(each)
    check_limits(max_zones, max_seconds)
    begun = thread_time()
    told = tuple(stories)
    step = progress or _nothing
    names = renames_between(old.definition, new.definition)
    before = with_holidays(renamed(old.definition, names), old.engine.custom)
    after = with_holidays(new.definition, new.engine.custom)
    changes = with_examples(declared_changes(before.definition, after.definition), before, after)
    same = is_alike(before.definition, after.definition)
    searching = Searches(before, after, thread_time, max_zones, max_seconds or MAX_SECONDS, step)
    promises = () if same else searching.promises(old, names)
    allowed, refused = ((), ()) if same else searching.compared()
    otherwise = differing(told, with_holidays(old.definition, old.engine.custom), after, names, step)
    return Difference(
        old=old.definition,
        new=new.definition,
        allowed=with_stories(allowed, otherwise, newly="allowed"),
        refused=with_stories(refused, otherwise, newly="refused"),
        changes=changes,
        choices=() if same else searching.choices(),
        promises=promises,
        bounds=searching.bounds() if bounds else (),
        stories=otherwise,
        played=len(told),
        seconds=thread_time() - begun,
    )


def _nothing() -> None:
    """Show no progress."""
