"""Compare transitions and their guards, by meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from attrs import define, field, frozen

from postinterview.core.rules import definitions as d
from postinterview.diffing.change import Change, MovedMoment, Part
from postinterview.diffing.naming import bare, head_of, is_moved, moved_names, names_in, placed, written
from postinterview.diffing.written import guard_text, transition_text, value_text
from postinterview.loading.guard_equality import content

T = TypeVar("T")


def pairs(old: Mapping[str, T], new: Mapping[str, T]) -> Iterator[tuple[str, T | None, T | None]]:
    """Yield each name with what either side has of it, in the order of the new side."""
    for name in dict.fromkeys((*new, *old)):
        yield name, old.get(name), new.get(name)


def one_sided(
    part: Part,
    name: str,
    before: Any,
    after: Any,
    text: Callable[[Any], str],
    where: tuple[str, ...] = (),
    *,
    removed: d.Origin | None = None,
) -> Change:
    """Return that something was added or removed; ``removed``: where a file removes it."""
    return Change(
        mark="+" if before is None else "-",
        part=part,
        name=name,
        before="" if before is None else text(before),
        after="" if after is None else text(after),
        old=getattr(before, "origin", None),
        new=getattr(after, "origin", removed),
        where=where,
    )


def removed_at(new: d.Definition, *paths: tuple[str, ...]) -> d.Origin | None:
    """Return where the new files remove what one of these paths leads to; ``*`` stands for any name."""
    for path in paths:
        for at, origin in new.removals.items():
            if len(at) == len(path) and all(want in ("*", name) for want, name in zip(path, at, strict=True)):
                return origin
    return None


def changes_of_rules(old: d.Definition, new: d.Definition) -> Iterator[Change]:
    """Yield how the transitions of the machines that both have differ, and then how their guards do."""
    comparing = _Rules(old, new)
    for name, before, after in pairs(old.machines, new.machines):
        if before is not None and after is not None:
            yield from comparing.machine(before, after)
            yield from _reordered(name, before, after)
    yield from comparing.guards


@frozen
class _Meaning:
    """Return the meaning of a transition, without its guards and its due moment."""

    event: str
    sources: frozenset[str]
    target: str | None
    breach_from_any: bool

    @classmethod
    def of(cls, rule: d.Transition) -> _Meaning:
        target = None if rule.sources == (rule.target,) else rule.target
        return cls(rule.event, frozenset(rule.sources), target, rule.breach_from_any)


@define(eq=False)
class _Rules:
    old: d.Definition
    new: d.Definition
    guards: list[Change] = field(factory=list)
    moved: frozenset[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.moved = moved_names(self.old, self.new)

    def machine(self, before: d.MachineKind, after: d.MachineKind) -> Iterator[Change]:
        old, new = _without_twins(
            {rule.id: rule for rule in before.transitions},
            {rule.id: rule for rule in after.transitions},
            lambda rule: _whole(rule, self.old if rule in before.transitions else self.new),
        )
        for id, one, other in pairs(old, new):
            if one is None or other is None:
                at = removed_at(self.new, ("machines", after.name, "transitions", id))
                yield one_sided("transition", id, one, other, transition_text, removed=at)
            else:
                yield from _moved(one, other)
                yield from self._due(one, other)
                self._guards(one, other, before.scope, after.scope)

    def _due(self, before: d.Transition, after: d.Transition) -> Iterator[Change]:
        one, other = before.due, after.due
        if one is None and other is None:
            return
        moved = None
        if one is not None and other is not None:
            follows = written(one, self.old) == written(other, self.new) and head_of(other) in self.moved
            if not is_moved(one, other) or follows:
                return
            moved = MovedMoment(one, other, after.event, self.new.machines[after.machine].scope)
        yield Change(
            mark="+" if one is None else "-" if other is None else "~",
            part="due",
            name=after.event,
            before="" if one is None else one.text,
            after="" if other is None else other.text,
            old=None if one is None else one.origin,
            new=after.origin if other is None else other.origin,
            where=(after.id,),
            moment=moved,
        )

    def _guards(self, before: d.Transition, after: d.Transition, was: d.Scope, now: d.Scope) -> None:
        scopes = {id(guard): was for guard in before.guards} | {id(guard): now for guard in after.guards}
        old, new = _without_twins(
            {guard.id: guard for guard in before.guards},
            {guard.id: guard for guard in after.guards},
            lambda guard: content(guard, scopes[id(guard)]),
        )
        for name, one, other in pairs(old, new):
            if one is None or other is None:
                text = partial(guard_text, scope=was if other is None else now)
                rule = ("machines", after.machine, "transitions", after.id, "guards")
                sets = ("guard_sets", "*")
                at = removed_at(self.new, (*rule, name), (*sets, name), rule, (*rule, "use"), (*sets, "use"))
                self._add(one_sided("guard", name, one, other, text, (after.id,), removed=at))
            elif content(one, was) != content(other, now) and (
                self._is_changed(one, other) or (was == now and not names_in(other) & self.moved)
            ):
                self._add(_changed(name, after.id, one, other, was, now))

    def _is_changed(self, one: d.Guard, other: d.Guard) -> bool:
        """Return whether the guard itself is written otherwise, and not only what it names has changed."""
        if isinstance(one, d.NotBefore | d.NotAfter) and isinstance(other, d.NotBefore | d.NotAfter):
            if written(one.moment, self.old) != written(other.moment, self.new):
                return True
            return bare(one, moment=None) != bare(other, moment=None)
        return bare(one) != bare(other)

    def _add(self, change: Change) -> None:
        """Keep a change of a guard, with an earlier one if both come from the same line."""
        for number, each in enumerate(self.guards):
            if (both := each.joined(change)) is not None:
                self.guards[number] = both
                return
        self.guards.append(change)


def _changed(name: str, rule: str, one: d.Guard, other: d.Guard, was: d.Scope, now: d.Scope) -> Change:
    moment = None
    if isinstance(one, d.NotBefore | d.NotAfter) and isinstance(other, d.NotBefore | d.NotAfter):
        moment = MovedMoment(one.moment, other.moment) if is_moved(one.moment, other.moment) else None
    differs = (one.scope or was) != (other.scope or now)
    return Change(
        mark="~",
        part="guard",
        name=name,
        before=guard_text(one, was if differs else None),
        after=guard_text(other, now if differs else None),
        old=one.origin,
        new=other.origin,
        where=(rule,),
        moment=moment,
    )


def _moved(before: d.Transition, after: d.Transition) -> Iterator[Change]:
    """Yield how a transition differs, apart from its guards and its due moment."""
    one, other = _Meaning.of(before), _Meaning.of(after)
    found: list[tuple[str, str, str]] = []
    if one.event != other.event:
        found.append(("event", one.event, other.event))
    if one.sources != other.sources:
        lost = [f"not from {each}" for each in before.sources if each not in other.sources]
        won = [f"also from {each}" for each in after.sources if each not in one.sources]
        found.append(("", "", ", ".join((*won, *lost))))
    if one.target != other.target:
        was, now = (each or "stays where it is" for each in (one.target, other.target))
        found.append(("to", was, now))
    if one.breach_from_any != other.breach_from_any:
        was, now = (value_text(each.breach_from_any) for each in (one, other))
        found.append(("breach_from: any", was, now))
    for what, was, now in found:
        yield Change(
            mark="~",
            part="transition",
            name=f"{after.id}: {what}" if what else after.id,
            before=was,
            after=now,
            old=before.origin,
            new=after.origin,
        )


def _whole(rule: d.Transition, definition: d.Definition) -> object:
    """Return all that a transition means, whatever its id."""
    scope = definition.machines[rule.machine].scope
    due = None if rule.due is None else placed(rule.due)
    return _Meaning.of(rule), due, frozenset(content(guard, scope) for guard in rule.guards)


def _without_twins(
    old: dict[str, T], new: dict[str, T], meaning: Callable[[T], object]
) -> tuple[dict[str, T], dict[str, T]]:
    """Return both sides without what only has another id on the other side."""
    gone = {id: meaning(each) for id, each in old.items() if id not in new}
    come = {id: meaning(each) for id, each in new.items() if id not in old}
    twins: dict[str, str] = {}
    for id, meant in gone.items():
        twin = next(
            (each for each, said in come.items() if said == meant and each not in twins.values()), None
        )
        if twin is not None:
            twins[id] = twin
    return (
        {id: each for id, each in old.items() if id not in twins},
        {id: each for id, each in new.items() if id not in twins.values()},
    )


def _reordered(name: str, before: d.MachineKind, after: d.MachineKind) -> Iterator[Change]:
    """Yield a change if transitions that compete for an act stand in another order: the first one counts."""
    orders = [{rule.id: place for place, rule in enumerate(side.transitions)} for side in (before, after)]
    both = [rule for rule in after.transitions if rule.id in orders[0]]
    for number, second in enumerate(both):
        for first in both[:number]:
            compete = first.event == second.event and not set(first.sources).isdisjoint(second.sources)
            if compete and orders[0][first.id] > orders[0][second.id]:
                said = f"`{first.id}` is tried before `{second.id}` now"
                yield Change(mark="~", part="transition", name=f"{name}: order", after=said)
