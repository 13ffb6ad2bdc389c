"""Stage three, guards: one checked record becomes one guard of the closed union."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from attrs import define, field

from postinterview.core.rules import definitions as d
from postinterview.loading import defined_names as n
from postinterview.loading.link_events import EventLinker, origin_of
from postinterview.loading.link_exceptions import ExceptionLinker
from postinterview.loading.link_moments import MomentLinker
from postinterview.loading.link_sets import GuardSets
from postinterview.loading.nodes import Scalar
from postinterview.loading.records import Record
from postinterview.loading.text_values import WrittenHours

if TYPE_CHECKING:
    from postinterview.loading.changed_values import ChangedValues

_Parts: TypeAlias = dict[str, Any]
"""The attributes of a guard by name; one that is None could not be linked."""

_MAY_BE_NONE = frozenset({"scope"})


@define(eq=False)
class GuardLinker:
    """Builds guards.

    ``sets``: those that transitions share; ``weekend``: the days that are no weekdays; ``changed``: what
    the file changes in those that it extends, if it extends one.
    """

    events: EventLinker
    moments: MomentLinker
    sets: GuardSets
    exceptions: ExceptionLinker
    weekend: frozenset[int]
    changed: ChangedValues | None = None
    _asked: dict[Record, _Parts] = field(factory=dict)
    _linked: dict[tuple[Record, str | None], d.Guard | None] = field(factory=dict)

    def guard(self, id: str, key: Scalar, record: Record, event: str | None) -> d.Guard | None:
        """Return the guard of a transition on ``event``; None if something that it needs is unknown.

        A guard of a set is linked once for each event that its fields or exceptions are looked up in.
        """
        kind = next((kind for kind in GUARDS if kind in record.values), None)
        if kind is None:
            return None
        own = event if kind == "fields" or "unless" in record.values else None
        if (record, own) not in self._linked:
            self._linked[record, own] = self._guard(id, key, record, kind, event)
        return self._linked[record, own]

    def _guard(self, id: str, key: Scalar, record: Record, kind: str, event: str | None) -> d.Guard | None:
        if record not in self._asked:
            self._asked[record] = self._parts(id, record, kind)
        parts = dict(self._asked[record])
        if kind == "fields":
            names = record.get(kind) or ()
            parts["fields"] = None if event is None else self._all(n.field_of(event), names)
        if "unless" in record.values:
            parts["unless"] = None if "unless" in record.faulty else self.exceptions.unless(record, event)
        if "in_every" in record.values:
            parts["in_every_application"] = record.get("in_every") is not None
        if any(part is None and name not in _MAY_BE_NONE for name, part in parts.items()):
            return None
        if self.changed is not None:
            parts["changes"] = self.changed.named_by(key, record.node)
        return cast("d.Guard", GUARDS[kind](id=id, origin=origin_of(key), **parts))

    def _set(self, record: Record, key: str) -> d.EventSet | None:
        return self.events.union(record.get(key) or ())

    def _optional(self, record: Record, *keys: str) -> _Parts:
        """Return the parts that the record names, of those that it may leave out."""
        return {
            key: self._set(record, key) if key == "since" else record.get(key)
            for key in keys
            if key in record.values
        }

    def _all(self, lookup: n.Lookup, nodes: tuple[Scalar, ...]) -> tuple[str, ...] | None:
        """Return every name, or None if one is unknown. All of them are looked up."""
        found = [self.events.names.name(lookup, node) for node in nodes]
        names = tuple(name for name in found if name is not None)
        return names if found and len(names) == len(found) else None

    def _check_window(self, id: str, record: Record) -> None:
        """Report a count that begins anew at an event, and that is of a rolling window, too."""
        if "since" in record.values and "within" in record.values:
            self.events.names.report.add(
                "PI414",
                record.key_of("within"),
                f"`{id}` counts both since an event and within a time",
                "a count has one beginning",
                "delete one, or write a guard for each: all of them must hold",
                others=((record.key_of("since"), "the other beginning"),),
            )

    def _parts(self, id: str, record: Record, kind: str) -> _Parts:
        """Return the parts that are the same for every act."""
        get, name = record.get, self.events.names.name
        written, scope, never = get(kind), get("per"), get("if_never")
        match kind:
            case "at_most":
                self._check_window(id, record)
                counted = {"limit": written, "of": self._set(record, "of"), "scope": scope}
                return counted | self._optional(record, "since", "within")
            case "happened" | "not_happened":
                seen = {"of": self._set(record, kind), "negated": kind == "not_happened", "scope": scope}
                return seen | self._optional(record, "since")
            case "not_before" | "not_after":
                moment = self.moments.moment(written)
                return {"moment": moment, "if_never_holds": never == "holds", "scope": scope}
            case "apart":
                of, holds = self._set(record, "from"), never != "blocks"
                return {"duration": written, "of": of, "if_never_holds": holds, "scope": scope}
            case "state" | "not_state":
                node, states = written or (None, ())
                machine = None if node is None else name(n.MACHINE, node)
                found = None if machine is None else self._all(n.state_of(machine), states)
                return {"machine": machine, "states": found, "negated": kind == "not_state"}
            case "spends":
                return {"credit": None if written is None else name(n.CREDIT, written)}
            case "fields":
                return {}
            case "hours":
                return {"opens": None} if written is None else self._hours(*written)
            case _:
                registered = "function" in self.events.names.spaces
                unknown = written is None or (registered and name(n.FUNCTION, written) is None)
                return {"function": None if unknown else written.text}

    def _hours(self, node: Scalar, hours: WrittenHours) -> _Parts:
        days = frozenset(range(7))
        return {
            "opens": hours.opens,
            "closes": hours.closes,
            "weekdays": days if hours.days == "every day" else days - self.weekend,
            "business_days_only": hours.days == "business days",
            "text": node.text,
        }


GUARDS: dict[str, Callable[..., Any]] = {
    "at_most": d.AtMost,
    "not_before": d.NotBefore,
    "not_after": d.NotAfter,
    "apart": d.Apart,
    "state": d.InState,
    "not_state": d.InState,
    "happened": d.Happened,
    "not_happened": d.Happened,
    "spends": d.Spends,
    "fields": d.Carries,
    "hours": d.Hours,
    "custom": d.Custom,
}
"""The classes of guards, by the key that tells the kind of a guard."""
