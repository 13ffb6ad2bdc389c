"""Stage three, guards: one checked record becomes one guard of the closed union."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from attrs import define

from postinterview.core import definitions as d
from postinterview.loading import defined_names as n
from postinterview.loading.link_events import EventLinker, origin_of
from postinterview.loading.link_moments import MomentLinker
from postinterview.loading.nodes import Scalar
from postinterview.loading.records import Record
from postinterview.loading.text_values import WrittenHours

_Parts: TypeAlias = dict[str, Any]
"""The attributes of a guard by name; one that is None could not be linked."""

_MAY_BE_NONE = frozenset({"since", "scope"})


@define(eq=False)
class GuardLinker:
    """Builds guards. ``weekend``: the days that are no weekdays."""

    events: EventLinker
    moments: MomentLinker
    weekend: frozenset[int]

    def guard(self, id: str, key: Scalar, record: Record, event: str | None) -> d.Guard | None:
        """Return the guard of a transition on ``event``; None if something that it needs is unknown."""
        kind = next((kind for kind in GUARDS if kind in record.values), None)
        if kind is None:
            return None
        make, link = GUARDS[kind]
        parts = link(self, record, kind, event)
        if any(part is None and name not in _MAY_BE_NONE for name, part in parts.items()):
            return None
        guard: d.Guard = make(id=id, origin=origin_of(key), **parts)
        return guard

    def _set(self, record: Record, key: str) -> d.EventSet | None:
        node = record.get(key)
        return None if node is None else self.events.counted(node)

    def _all(self, lookup: n.Lookup, nodes: tuple[Scalar, ...]) -> tuple[str, ...] | None:
        """Return every name, or None if one is unknown. All of them are looked up."""
        found = [self.events.names.name(lookup, node) for node in nodes]
        names = tuple(name for name in found if name is not None)
        return names if found and len(names) == len(found) else None

    def at_most(self, record: Record, kind: str, event: str | None) -> _Parts:
        of, since = self._set(record, "of"), self._set(record, "since")
        return {"limit": record.get(kind), "of": of, "since": since, "scope": record.get("per")}

    def moment(self, record: Record, kind: str, event: str | None) -> _Parts:
        return {
            "moment": self.moments.moment(record.get(kind)),
            "if_never_holds": record.get("if_never") == "holds",
            "scope": record.get("per"),
        }

    def apart(self, record: Record, kind: str, event: str | None) -> _Parts:
        return {
            "duration": record.get(kind),
            "of": self._set(record, "from"),
            "if_never_holds": record.get("if_never") != "blocks",
            "scope": record.get("per"),
        }

    def state(self, record: Record, kind: str, event: str | None) -> _Parts:
        node, states = record.get(kind) or (None, ())
        machine = None if node is None else self.events.names.name(n.MACHINE, node)
        found = None if machine is None else self._all(n.state_of(machine), states)
        return {"machine": machine, "states": found, "negated": kind == "not_state"}

    def happened(self, record: Record, kind: str, event: str | None) -> _Parts:
        of, since = self._set(record, kind), self._set(record, "since")
        return {"of": of, "since": since, "negated": kind == "not_happened", "scope": record.get("per")}

    def spends(self, record: Record, kind: str, event: str | None) -> _Parts:
        node = record.get(kind)
        return {"credit": None if node is None else self.events.names.name(n.CREDIT, node)}

    def fields(self, record: Record, kind: str, event: str | None) -> _Parts:
        return {"fields": None if event is None else self._all(n.field_of(event), record.get(kind) or ())}

    def hours(self, record: Record, kind: str, event: str | None) -> _Parts:
        written: tuple[Scalar, WrittenHours] | None = record.get(kind)
        if written is None:
            return {"opens": None}
        node, hours = written
        days = frozenset(range(7))
        return {
            "opens": hours.opens,
            "closes": hours.closes,
            "weekdays": days if hours.days == "every day" else days - self.weekend,
            "business_days_only": hours.days == "business days",
            "text": node.text,
        }

    def custom(self, record: Record, kind: str, event: str | None) -> _Parts:
        node, names = record.get(kind), self.events.names
        unknown = node is None or ("function" in names.spaces and names.find(n.FUNCTION, node) is None)
        return {"function": None if unknown else node.text}


_Link: TypeAlias = Callable[[GuardLinker, Record, str, "str | None"], _Parts]
GUARDS: dict[str, tuple[Callable[..., Any], _Link]] = {
    "at_most": (d.AtMost, GuardLinker.at_most),
    "not_before": (d.NotBefore, GuardLinker.moment),
    "not_after": (d.NotAfter, GuardLinker.moment),
    "apart": (d.Apart, GuardLinker.apart),
    "state": (d.InState, GuardLinker.state),
    "not_state": (d.InState, GuardLinker.state),
    "happened": (d.Happened, GuardLinker.happened),
    "not_happened": (d.Happened, GuardLinker.happened),
    "spends": (d.Spends, GuardLinker.spends),
    "fields": (d.Carries, GuardLinker.fields),
    "hours": (d.Hours, GuardLinker.hours),
    "custom": (d.Custom, GuardLinker.custom),
}
"""By the key that tells the kind of a guard: its class, and the method that links its parts."""
