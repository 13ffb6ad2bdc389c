"""Decide how a value of a file and that of the file which it extends become one."""

from __future__ import annotations

from postinterview.core.values.suggest import ticked
from postinterview.loading import schema as k
from postinterview.loading.nodes import Mapping, Node, Scalar, Sequence
from postinterview.loading.schema import REMOVE


def both(parent: Node, child: Node) -> Node:
    """Return the parent's values with those of the child after them, each once."""
    theirs, mine = (each.items if isinstance(each, Sequence) else (each,) for each in (parent, child))
    named = {each.text for each in theirs if isinstance(each, Scalar)}
    new = (each for each in mine if not (isinstance(each, Scalar) and each.text in named))
    return Sequence((*theirs, *new), child.source, child.start, child.end)


def is_misfit(child: Node, parent: Node, kind: k.Kind | None) -> bool:
    """Return whether the child has a text or a list where a set of entries is wanted, as the parent has."""
    wanted = isinstance(kind, k.Table | k.Entries | k.Variants) and isinstance(parent, Mapping)
    return wanted and not isinstance(child, Mapping) and not (isinstance(child, Scalar) and child.is_nothing)


def only_removes(child: Mapping) -> bool:
    """Return whether all that a set of entries says is what to remove."""
    return [key.text for key, _ in child.entries] == [REMOVE]


def texts(node: Node) -> list[str]:
    """Return the plain items of a list, or a text."""
    items = node.items if isinstance(node, Sequence) else (node,)
    return [each.text for each in items if isinstance(each, Scalar)]


def lacking(node: Mapping, kind: k.Kind) -> str:
    """Return the keys without which a set of entries is none of this kind; empty if it has them."""
    has = {key.text for key, _ in node.entries}
    match kind:
        case k.Table(required=required):
            return ticked([each for each in required if each not in has], "and")
        case k.Forms(entries=entries) if entries is not None:
            return lacking(node, entries)
        case k.Variants(tables=tables) if has.isdisjoint(tables):
            return f"`{next(iter(tables))}` or another kind"
        case _:
            return ""


def joining(kind: k.Kind | None, child: Mapping, parent: Mapping) -> k.Kind | None:
    """Return the kind by which two sets of entries are joined; None if the child's stands alone."""
    match kind:
        case k.Table() | k.Entries():
            return kind
        case k.Forms(entries=entries):
            return entries
        case k.Variants(tables=tables):
            known = {key.text for key, _ in parent.entries}
            of = [table for name, table in tables.items() if name in known and known <= table.keys.keys()]
            anywhere = {key for table in tables.values() for key in table.keys}
            mine = {key.text for key, _ in child.entries} & anywhere  # a slip makes no other guard
            return of[0] if of and mine <= of[0].keys.keys() else None
        case _:
            return None
