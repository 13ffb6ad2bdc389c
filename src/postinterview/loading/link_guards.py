"""Stage three, guards: one checked record to one guard of the closed union."""

from __future__ import annotations

from collections.abc import Callable

from attrs import define

from postinterview.core.definitions import (
    Apart,
    AtMost,
    Carries,
    Custom,
    EventSet,
    Guard,
    Happened,
    Hours,
    InState,
    NotAfter,
    NotBefore,
    Origin,
    Spends,
)
from postinterview.loading import defined_names as n
from postinterview.loading.defined_names import Names
from postinterview.loading.link_events import EventLinker, origin_of
from postinterview.loading.link_moments import MomentLinker
from postinterview.loading.nodes import Scalar
from postinterview.loading.records import Record
from postinterview.loading.text_values import WrittenHours


@define(eq=False)
class GuardLinker:
    """Builds guards. ``weekend``: the days that are no weekdays."""

    names: Names
    events: EventLinker
    moments: MomentLinker
    file: str
    weekend: frozenset[int]

    def guard(self, id: str, key: Scalar, record: Record, event: str | None) -> Guard | None:
        """The guard; None where something that it needs is unknown. ``event``: whose guard it is."""
        for kind, build in _BUILDERS.items():
            if kind in record.values:
                return build(self, id, record, origin_of(key, self.file), event)
        return None

    def set(self, record: Record, key: str) -> EventSet | None:
        node = record.get(key)
        return None if node is None else self.events.counted(node)

    def at_most(self, id: str, record: Record, origin: Origin, event: str | None) -> Guard | None:
        of, since = self.set(record, "of"), self.set(record, "since")
        limit = record.get("at_most")
        if of is None or limit is None:
            return None
        return AtMost(id=id, limit=limit, of=of, since=since, scope=record.get("per"), origin=origin)

    def not_before(self, id: str, record: Record, origin: Origin, event: str | None) -> Guard | None:
        moment = self.moments.moment(record.get("not_before"))
        if moment is None:
            return None
        holds = record.get("if_never") == "holds"
        return NotBefore(id=id, moment=moment, if_never_holds=holds, scope=record.get("per"), origin=origin)

    def not_after(self, id: str, record: Record, origin: Origin, event: str | None) -> Guard | None:
        moment = self.moments.moment(record.get("not_after"))
        if moment is None:
            return None
        holds = record.get("if_never") == "holds"
        return NotAfter(id=id, moment=moment, if_never_holds=holds, scope=record.get("per"), origin=origin)

    def apart(self, id: str, record: Record, origin: Origin, event: str | None) -> Guard | None:
        of, duration = self.set(record, "from"), record.get("apart")
        if of is None or duration is None:
            return None
        holds = record.get("if_never") != "blocks"
        return Apart(
            id=id, duration=duration, of=of, if_never_holds=holds, scope=record.get("per"), origin=origin
        )

    def state(self, id: str, record: Record, origin: Origin, event: str | None) -> Guard | None:
        return self.in_state(id, record, "state", origin)

    def not_state(self, id: str, record: Record, origin: Origin, event: str | None) -> Guard | None:
        return self.in_state(id, record, "not_state", origin)

    def in_state(self, id: str, record: Record, kind: str, origin: Origin) -> Guard | None:
        written: tuple[Scalar, tuple[Scalar, ...]] | None = record.get(kind)
        machine = None if written is None else self.names.name(n.MACHINE, written[0])
        if written is None or machine is None:
            return None
        found = [self.names.name(n.state_of(machine), state) for state in written[1]]
        states = tuple(state for state in found if state is not None)
        if len(states) < len(found):
            return None
        return InState(id=id, machine=machine, states=states, negated=kind == "not_state", origin=origin)

    def happened(self, id: str, record: Record, origin: Origin, event: str | None) -> Guard | None:
        return self.seen(id, record, "happened", origin)

    def not_happened(self, id: str, record: Record, origin: Origin, event: str | None) -> Guard | None:
        return self.seen(id, record, "not_happened", origin)

    def seen(self, id: str, record: Record, kind: str, origin: Origin) -> Guard | None:
        of, since = self.set(record, kind), self.set(record, "since")
        if of is None:
            return None
        negated = kind == "not_happened"
        return Happened(id=id, of=of, since=since, negated=negated, scope=record.get("per"), origin=origin)

    def spends(self, id: str, record: Record, origin: Origin, event: str | None) -> Guard | None:
        node = record.get("spends")
        credit = None if node is None else self.names.name(n.CREDIT, node)
        return None if credit is None else Spends(id=id, credit=credit, origin=origin)

    def fields(self, id: str, record: Record, origin: Origin, event: str | None) -> Guard | None:
        nodes: tuple[Scalar, ...] = record.get("fields") or ()
        if event is None or not nodes:
            return None
        found = [self.names.name(n.field_of(event), node) for node in nodes]
        fields = tuple(name for name in found if name is not None)
        return Carries(id=id, fields=fields, origin=origin) if len(fields) == len(found) else None

    def hours(self, id: str, record: Record, origin: Origin, event: str | None) -> Guard | None:
        written: tuple[Scalar, WrittenHours] | None = record.get("hours")
        if written is None:
            return None
        node, parts = written
        days = frozenset(range(7))
        return Hours(
            id=id,
            opens=parts.opens,
            closes=parts.closes,
            weekdays=days if parts.days == "every day" else days - self.weekend,
            business_days_only=parts.days == "business days",
            text=node.text,
            origin=origin,
        )

    def custom(self, id: str, record: Record, origin: Origin, event: str | None) -> Guard | None:
        node = record.get("custom")
        if node is None or ("function" in self.names.spaces and self.names.find(n.FUNCTION, node) is None):
            return None
        return Custom(id=id, function=node.text, origin=origin)


_Builder = Callable[[GuardLinker, str, Record, Origin, "str | None"], "Guard | None"]
_BUILDERS: dict[str, _Builder] = {
    "at_most": GuardLinker.at_most,
    "not_before": GuardLinker.not_before,
    "not_after": GuardLinker.not_after,
    "apart": GuardLinker.apart,
    "state": GuardLinker.state,
    "not_state": GuardLinker.not_state,
    "happened": GuardLinker.happened,
    "not_happened": GuardLinker.not_happened,
    "spends": GuardLinker.spends,
    "fields": GuardLinker.fields,
    "hours": GuardLinker.hours,
    "custom": GuardLinker.custom,
}
