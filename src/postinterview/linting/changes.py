"""Find slips by a look at the rules that a file extends, or is a copy of."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from postinterview.core import definitions as d
from postinterview.core.suggest import ticked
from postinterview.linting.compared import Path, Rules, Slip, place, slip
from postinterview.linting.strength import is_weaker
from postinterview.linting.times import facts_of
from postinterview.loading.diagnostics import Label
from postinterview.loading.guard_checks import is_slip
from postinterview.loading.guard_equality import content
from postinterview.loading.merged_values import in_one_line
from postinterview.loading.report import span_of

_MOST_COMPARED = 40_000
"""So many pairs of ids are compared; more would take too long."""
_FEW = 2
"""An anchor forgets most events if fewer than one in so many is left."""


def guards_gone(mine: Rules, theirs: Rules) -> Iterator[Slip]:
    """Yield the guards of the other rules that a transition has no more, and those that stand elsewhere now.

    A guard that a file takes away with `remove` is gone on purpose, unless another transition asks it now.
    """
    removes = mine.extends(theirs)
    reported = set[d.Origin]()
    for key, known in theirs.transitions.items():
        rule = mine.transitions.get(key)
        if rule is None or rule.event != known.event:
            continue
        scope = mine.definition.machines[rule.machine].scope
        said = {content(guard, scope) for guard in rule.guards}
        ids = {guard.id for guard in rule.guards}
        for guard in known.guards:
            if guard.id in ids or guard.origin in reported or content(guard, scope) in said:
                continue
            moved = _moved(mine, theirs, guard)
            if moved is None and removes and theirs.path_of(guard.origin) not in mine.entries:
                continue
            reported.add(guard.origin)
            yield _gone(mine, theirs, rule, guard, moved)


def _moved(mine: Rules, theirs: Rules, guard: d.Guard) -> tuple[d.Transition, d.Guard] | None:
    """Return where a guard of this id is asked now that the other rules don't ask it."""
    for rule, each in mine.asked.get(guard.id, ()):
        known = theirs.transitions.get((rule.machine, rule.id))
        had = known is not None and any(other.id == guard.id for other in known.guards)
        if not had and type(each) is type(guard):
            return rule, each
    return None


def _gone(
    mine: Rules, theirs: Rules, rule: d.Transition, guard: d.Guard, moved: tuple[d.Transition, d.Guard] | None
) -> Slip:
    there = Label(place(guard.origin, guard.id), "the guard there")
    path = (*mine.path_of(rule.origin), "guards", guard.id)
    asking = {(each.machine, each.id) for each, _ in mine.asked.get(guard.id, ())}
    holders = [(each.machine, each.id) for each in theirs.holders(guard)]
    lost = [key[1] for key in holders if key in mine.transitions and key not in asking]
    ids = ticked(dict.fromkeys(lost), "and")
    if moved is not None:
        return slip(
            "PI514",
            guard.id,
            place(moved[1].origin, moved[1].id),
            f"the guard `{guard.id}` moved from `{rule.id}` to `{moved[0].id}`",
            "so the one asks it no more, and the other does",
            f"move it back to `{rule.id}`",
            path=path,
            others=(there,),
        )
    return slip(
        "PI514",
        guard.id,
        place(rule.origin, rule.id),
        f"the guard `{guard.id}` of {ids} is gone",
        "nothing here asks the same",
        f"write it again: `{guard.id}: {theirs.written(guard.origin)}`",
        path=path,
        others=(there,),
    )


def guards_weakened(mine: Rules, theirs: Rules, loosened: Collection[str]) -> Iterator[Slip]:
    """Yield the guards that ask for less than those of the same id there, or for something else.

    A guard that asks less of one of the ``loosened`` acts is meant.
    """
    reported = set[d.Origin]()
    for key, known in theirs.transitions.items():
        rule = mine.transitions.get(key)
        if rule is None or rule.event != known.event:
            continue
        scopes = [rules.definition.machines[rule.machine].scope for rules in (mine, theirs)]
        here = {guard.id: guard for guard in rule.guards}
        for guard in known.guards:
            own = here.get(guard.id)
            if (
                own is None
                or own.origin in reported
                or mine.written(own.origin) == theirs.written(guard.origin)
            ):
                continue  # where a class or a date is what changed, that is judged
            found = _weakened(mine, theirs, own, guard, scopes)
            if found is not None and not (found.diagnostic.code == "PI515" and rule.event in loosened):
                reported.add(own.origin)
                yield found


def _weakened(mine: Rules, theirs: Rules, own: d.Guard, guard: d.Guard, scopes: list[d.Scope]) -> Slip | None:
    if type(own) is not type(guard) or getattr(own, "negated", None) != getattr(guard, "negated", None):
        code, message = "PI514", f"the guard `{own.id}` asks for something else than in {theirs.file}"
        label = "another kind of guard under the same id"
        help = f"write `{own.id}: {theirs.written(guard.origin)}`, or give yours an id of its own"
    elif forgets := _forgets(own, guard):
        code, message = "PI517", f"`{own.id}` forgets most events that it has in {theirs.file}"
        label, help = forgets, f"write `{own.id}: {theirs.written(guard.origin)}`"
    elif scope := _coarser(own, guard, scopes):
        code, message = "PI512", f"`{own.id}` counts together what {theirs.file} counts apart"
        label, help = f"here what one {scope} uses up is gone for every other", f"write `{_per(guard)}`"
    elif is_weaker(own, guard, *scopes):
        code, message = "PI515", f"`{own.id}` asks for less than in {theirs.file}"
        label = "so more is allowed"
        help = f"write `{own.id}: {theirs.written(guard.origin)}`"
    else:
        return None
    others = (Label(place(guard.origin, guard.id), "the guard there"),)
    path = mine.path_of(own.origin)
    return slip(code, own.id, place(own.origin, own.id), message, label, help, path=path, others=others)


def _coarser(own: d.Guard, guard: d.Guard, scopes: list[d.Scope]) -> str:
    """Return the key by which a count without an end is kept no more: ``person`` or ``round``."""
    if not isinstance(own, d.AtMost) or own.since is not None or own.within is not None:
        return ""
    here, there = own.scope or scopes[0], guard.scope or scopes[1]
    if there.interviewer and not here.interviewer:
        return "person"
    return "round" if there.round and not here.round else ""


def _per(guard: d.Guard) -> str:
    """Return how a file says by what a guard counts."""
    named = str(guard.scope).split(" and ")
    return f"per: {named[0] if len(named) == 1 else '[' + ', '.join(named) + ']'}"


def _forgets(own: d.Guard, guard: d.Guard) -> str:
    """Return which set of events lost most of them, as words for a label; empty if none did."""
    sets = [
        (key, getattr(own, name, None), getattr(guard, name, None))
        for key, name in (("from" if isinstance(own, d.Apart) else "of", "of"), ("since", "since"))
    ]
    for key, here, there in sets:
        if (
            isinstance(here, d.EventSet)
            and isinstance(there, d.EventSet)
            and _lost(here.members, there.members)
        ):
            return f"`{key}: {here}` has {len(here.members)} of the {len(there.members)} events of `{there}`"
    return ""


def _lost(here: frozenset[object], there: frozenset[object]) -> bool:
    return here < there and _FEW * len(here) < len(there)


def classes_emptied(mine: Rules, theirs: Rules) -> Iterator[Slip]:
    """Yield the classes that have lost most of the events that the file still knows."""
    for name, known in theirs.definition.classes.items():
        own = mine.definition.classes.get(name)
        path = ("classes", name)
        if own is None or path not in mine.entries or path not in theirs.entries:
            continue
        there = known.members & mine.definition.events.keys()
        if _lost(own.members, there):
            yield slip(
                "PI517",
                name,
                span_of(mine.entries[path][0]),
                f"`{name}` forgets most events that it has in {theirs.file}",
                f"{len(own.members)} of {len(there)} are left",
                f"write `{name}: {in_one_line(theirs.entries[path][1])}`",
                path=path,
                others=(Label(span_of(theirs.entries[path][0]), "the class there"),),
            )


_OF_EVENTS = {"contact", "to", "opens", "starts", "gives", "ends", "sets", "optional", "sign_of_life"}
_PARTS = _OF_EVENTS | {
    "emptied_by",
    "over",
    "outside",
    "due",
    "breach_from",
    "country",
    "weekend",
    "holidays",
}
"""The keys that a copy of an entry loses by a slip, and nothing else says so."""


def parts_gone(mine: Rules, theirs: Rules) -> Iterator[Slip]:
    """Yield what entries of a copy have lost: keys that matter, and fields of events."""
    if mine.extends(theirs):
        return
    for path, (key, value) in theirs.entries.items():
        above, name = path[:-1], path[-1]
        is_field = len(path) == 4 and path[0] == "events" and path[2] == "fields"
        if not (is_field or name in _PARTS) or path in mine.entries:
            continue
        lost = path
        while above not in mine.entries and len(above) > 2:  # of a field that is gone, only the field is told
            above, lost = above[:-1], above
        if above not in mine.entries or lost != path or not _is_of_one_event(mine, theirs, above):
            continue
        owner = above[-2] if above[-1] == "fields" else above[-1]
        yield slip(
            "PI514",
            owner,
            span_of(mine.entries[above][0]),
            f"`{owner}` has no `{name}`, and has it in {theirs.file}",
            f"`{name}` is gone",
            f"write it again: `{name}: {in_one_line(value)}`",
            path=path,
            others=(Label(span_of(key), "there"),),
        )


def _is_of_one_event(mine: Rules, theirs: Rules, path: Path) -> bool:
    """Return whether an entry is no transition, or a transition on the same event."""
    events = [rules.leaves.get((*path, "event")) for rules in (mine, theirs)]
    return (events[0] and events[0].text) == (events[1] and events[1].text)


def dues_moved(mine: Rules, theirs: Rules) -> Iterator[Slip]:
    """Yield the due moments that hang on few of the events that they hang on in the other rules."""
    for key, known in theirs.transitions.items():
        rule = mine.transitions.get(key)
        if rule is None or known.due is None or rule.due is None or rule.event != known.event:
            continue
        path = (*mine.path_of(rule.origin), "due")
        here, there = facts_of(rule.due), facts_of(known.due)
        if rule.due.text != known.due.text and _lost(here, there):
            yield slip(
                "PI517",
                rule.id,
                span_of(mine.entries[path][1]),
                f"`{rule.id}` is due after few of the events that it is due after in {theirs.file}",
                f"after {len(here)} of {len(there)}",
                f"write `due: {known.due.text}`",
                path=path,
                others=(Label(span_of(theirs.entries[path][0]), "the due moment there"),),
            )


_NAMED = (
    "events",
    "classes",
    "credits",
    "dates",
    "guard_sets",
    "machines",
    "states",
    "transitions",
    "guards",
)
"""The sets of entries whose ids a slip of the keyboard makes into new ones."""


def misspelt_ids(mine: Rules, theirs: Rules) -> Iterator[Slip]:
    """Yield new ids that are an id of the other rules but for a letter; of a copy, if it lacks that one."""
    left = _MOST_COMPARED
    siblings: dict[Path, list[str]] = {}
    for path in theirs.entries:
        siblings.setdefault(path[:-1], []).append(path[-1])
    for path, (key, _) in mine.entries.items():
        above = path[:-1]
        named = bool(above) and (above[-1] in _NAMED or above[0] == "guard_sets")
        if not named or path in theirs.entries or key.source.file != mine.file:
            continue
        left -= len(siblings.get(above, ()))
        if left < 0:
            return  # such a file is no pack
        gone = (
            each
            for each in siblings.get(above, ())
            if mine.extends(theirs) or (*above, each) not in mine.entries
        )
        meant = next((each for each in gone if is_slip(each, path[-1])), None)
        if meant is not None:
            yield slip(
                "PI519",
                path[-1],
                span_of(key),
                f"`{path[-1]}` is nearly `{meant}`, which {theirs.file} has here",
                "a new id, and so another thing",
                f"did you mean `{meant}`?",
                path=path,
                others=(Label(span_of(theirs.entries[(*above, meant)][0]), "there"),),
            )
