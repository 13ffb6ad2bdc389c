"""Find slips by a look at the rules that a file extends, or is a copy of."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from postinterview.core.rules import definitions as d
from postinterview.core.values.suggest import ticked
from postinterview.linting.compared import Path, Rules, Slip, few, per_text, place, slip
from postinterview.linting.strength import coarser_key, is_weaker
from postinterview.linting.times import facts_of
from postinterview.loading.diagnostics import Label
from postinterview.loading.extending import OWN
from postinterview.loading.guard_checks import is_slip
from postinterview.loading.guard_equality import content
from postinterview.loading.removals import is_of_a_set
from postinterview.loading.report import span_of
from postinterview.loading.source_text import in_one_line
from postinterview.loading.written_sets import by_use

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
            f"so `{rule.id}` allows more, and `{moved[0].id}` less",
            f"move it back to `{rule.id}`",
            path=path,
            others=(there,),
        )
    return slip(
        "PI514",
        guard.id,
        place(rule.origin, rule.id),
        f"the guard `{guard.id}` of {ids} is gone",
        "so more is allowed: nothing here asks the same",
        f"write it again: `{guard.id}: {theirs.written(guard.origin)}`",
        path=path,
        others=(there,),
    )


def guards_weakened(mine: Rules, theirs: Rules, loosened: Collection[str]) -> Iterator[Slip]:
    """Yield the guards that ask for less than those of the same id there, or for something else.

    A guard that asks less of one of the ``loosened`` acts is meant, for all acts that share it.
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
            if found is not None:
                reported.add(own.origin)
                is_meant = any(each.event in loosened for each in mine.holders(own))
                if not (found.diagnostic.code == "PI515" and is_meant):
                    yield found


def _weakened(mine: Rules, theirs: Rules, own: d.Guard, guard: d.Guard, scopes: list[d.Scope]) -> Slip | None:
    if type(own) is not type(guard) or getattr(own, "negated", None) != getattr(guard, "negated", None):
        code, message = "PI514", f"the guard `{own.id}` asks for something else than in {theirs.file}"
        label = "another kind of guard, so what it asked for there is not asked here"
        help = f"write `{own.id}: {theirs.written(guard.origin)}`, or give yours an id of its own"
    elif forgets := _forgets(own, guard):
        does, label = forgets
        code, message = "PI517", f"`{own.id}` {does} than in {theirs.file}"
        help = f"write `{own.id}: {theirs.written(guard.origin)}`"
    elif key := coarser_key(own, guard, *scopes):
        code, message = "PI512", f"`{own.id}` counts together what {theirs.file} counts apart"
        label = f"so more is refused: what one {key} uses up is gone for every other"
        help = f"write `{per_text(guard.scope or scopes[1])}`"
    elif is_weaker(own, guard, *scopes):
        code, message = "PI515", f"`{own.id}` asks for less than in {theirs.file}"
        label = f"so more is allowed than with `{theirs.written(guard.origin)}`"
        help = f"write `{own.id}: {theirs.written(guard.origin)}`"
    else:
        return None
    others = (Label(place(guard.origin, guard.id), "the guard there"),)
    path = mine.path_of(own.origin)
    return slip(code, own.id, place(own.origin, own.id), message, label, help, path=path, others=others)


def _forgets(own: d.Guard, guard: d.Guard) -> tuple[str, str] | None:
    """Return what a guard does after fewer events, and what follows, if a set of events lost most of them."""
    demands = isinstance(own, d.Happened) and not own.negated  # that something has happened
    for name in ("of", "since"):
        here, there = getattr(own, name, None), getattr(guard, name, None)
        if not (isinstance(here, d.EventSet) and isinstance(there, d.EventSet)):
            continue
        if _lost(here.members, there.members):
            lost = few(sorted(there.members - here.members))
            change = "refused" if (name == "of") == demands else "allowed"
            if name == "of":
                return "counts far fewer events", f"so more is {change}: it does not count {lost}"
            begins = "begins anew after far fewer events"
            return begins, f"so more is {change}: it does not begin anew after {lost}"
    return None


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
            lost = few(sorted(there - own.members))
            yield slip(
                "PI517",
                name,
                span_of(mine.entries[path][0]),
                f"`{name}` stands for far fewer events than in {theirs.file}",
                f"it stands for {len(own.members)} of {len(there)} events, and not for {lost}",
                f"write `{name}: {in_one_line(theirs.entries[path][1])}`",
                path=path,
                others=(Label(span_of(theirs.entries[path][0]), "the class there"),),
            )


def dues_moved(mine: Rules, theirs: Rules) -> Iterator[Slip]:
    """Yield the due moments that hang on few of the events that they hang on in the other rules."""
    for key, known in theirs.transitions.items():
        rule = mine.transitions.get(key)
        if rule is None or known.due is None or rule.due is None or rule.event != known.event:
            continue
        path = (*mine.path_of(rule.origin), "due")
        here, there = facts_of(rule.due), facts_of(known.due)
        if rule.due.text != known.due.text and _lost(here, there):
            lost = few(sorted(name for _, name in there - here))
            yield slip(
                "PI517",
                rule.id,
                span_of(mine.entries[path][1]),
                f"`{rule.id}` is due after few of the events that it is due after in {theirs.file}",
                f"so the agenda does not ask for `{rule.event}` after {lost}",
                f"write `due: {known.due.text}`",
                path=path,
                others=(Label(span_of(theirs.entries[path][0]), "the due moment there"),),
            )


def misspelt_ids(mine: Rules, theirs: Rules) -> Iterator[Slip]:
    """Yield new ids that are an id of the other rules but for a letter; of a copy, if it lacks that one."""
    left = _MOST_COMPARED
    siblings: dict[Path, dict[str, Path]] = {}
    for path in theirs.entries:
        siblings.setdefault(path[:-1], {})[path[-1]] = path
    for path in [each for each in siblings if (*each, "use") in theirs.entries]:
        for id, of in by_use(theirs.whole, theirs.entries[path][1]).items():
            siblings[path].setdefault(id, ("guard_sets", of, id))
    for path, (key, _) in mine.entries.items():
        above = path[:-1]
        known = siblings.get(above, {})
        if not known or path[-1] in known or path[0] in OWN or not is_of_a_set(path):
            continue
        if key.source.file != mine.file:
            continue
        left -= len(known)
        if left < 0:
            return  # such a file is no pack
        gone = (each for each, there in known.items() if mine.extends(theirs) or there not in mine.entries)
        meant = next((each for each in gone if is_slip(each, path[-1])), None)
        if meant is not None:
            yield slip(
                "PI519",
                path[-1],
                span_of(key),
                f"`{path[-1]}` is nearly `{meant}`, which {theirs.file} has here",
                "a new id, so it is another thing beside the old one"
                if mine.extends(theirs)
                else "a new id, and what has the old one is gone",
                f"did you mean `{meant}`?",
                path=path,
                others=(Label(span_of(theirs.entries[known[meant]][0]), "there"),),
            )
