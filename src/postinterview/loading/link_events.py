"""Stage three, events: build the events, the classes of events and the credits they give."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, cast

from attrs import define, field

from postinterview.core.rules import definitions as d
from postinterview.loading import defined_names as n
from postinterview.loading.defined_names import Names
from postinterview.loading.nodes import Scalar
from postinterview.loading.records import Record, Section

_NO_FIELDS: MappingProxyType[str, d.FieldKind] = MappingProxyType({})
_WHY_EMPTY = {
    "sign_of_life": "no event is `by: employer`, or all say `sign_of_life: false`",
    "contact": "no event is `by: candidate`, or all say `contact: none`",
}


MOST_LISTED = 100_000
"""In all lists of a file together: more events than any rules count, and few enough to put into sets."""


def origin_of(key: Scalar) -> d.Origin:
    """Return the place of a definition, whose id is ``key``."""
    return d.Origin(key.source.file, key.start.line + 1, key.start.column + 1)


@define(eq=False)
class EventLinker:
    """Builds the events, and looks up sets of them. ``classes`` has the built-in ones, too."""

    names: Names
    events: dict[str, d.EventKind] = field(factory=dict)
    classes: dict[str, d.EventSet] = field(factory=dict)
    records: dict[str, Record] = field(factory=dict)
    _single: dict[str, d.EventSet] = field(factory=dict)
    _unions: dict[str, d.EventSet | None] = field(factory=dict)
    _implied: set[str] = field(factory=set)
    _listed: int = 0
    _whole: bool = True

    def link(self, events: Section | None, classes: Section | None) -> None:
        for name, key, record in events or ():
            kind = None if record is None else self._event(name, key, record)
            if kind is None:
                self._whole = False
            else:
                self.events[name] = kind
                self.records[name] = record
        kinds = self.events.values()
        contacts = [each for each in d.CONTACTS if each != "none"]
        built_in: dict[str, set[str]] = {c: {k.name for k in kinds if k.contact == c} for c in contacts}
        built_in["contact"] = {name for members in built_in.values() for name in members}
        built_in["sign_of_life"] = {kind.name for kind in kinds if kind.sign_of_life}
        self.classes |= {name: d.EventSet(name, frozenset(members)) for name, members in built_in.items()}
        for name, key, written in classes or ():
            members = written.get("of") if isinstance(written, Record) else written
            title = written.get("title") if isinstance(written, Record) else None
            found = (self.names.name(n.EVENT, member) for member in members or ())
            self.classes[name] = d.EventSet(
                name, frozenset(member for member in found if member), title or "", origin_of(key)
            )

    def _event(self, name: str, key: Scalar, record: Record) -> d.EventKind | None:
        get, names = record.get, self.names
        by = get("by")
        gives = tuple([names.name(n.GIVEN, credit) for credit in get("gives") or ()])
        ends = tuple([names.name(n.ENDED, date) for date in get("ends") or ()])
        section: Section | None = get("fields")
        fields = _NO_FIELDS
        if section is not None:
            fields = MappingProxyType({f: self._field(f, k, v) for f, k, v in section if v is not None})
        if by is None:
            return None
        contact: d.Contact | None = (get("contact") or "chase") if by == "candidate" else None
        if name == "reply" and contact != "reply" and "contact" not in record.faulty:
            names.report.add(
                "PI211",
                key,
                "`reply` is the name of a built-in class",
                "the event of this name must be of that class",
                "add `contact: reply`, or choose another name",
            )
        return d.EventKind(
            name=name,
            by=by,
            contact=contact,
            sign_of_life=by == "employer" and get("sign_of_life") is not False,
            to_person=get("to") is not None,
            opens_round=get("opens") is not None,
            starts_application=by == "employer" or get("starts") is not None,
            gives=cast("tuple[str, ...]", gives),
            ends=cast("tuple[str, ...]", ends),
            fields=fields,
            title=get("title") or "",
            why=get("why") or "",
            origin=origin_of(key),
        )

    def _field(self, name: str, key: Scalar, written: Any) -> d.FieldKind:
        get = written.get if isinstance(written, Record) else {"type": written}.get
        type_, choices, sets = get("type"), (), get("sets")
        if isinstance(type_, tuple):
            choices, type_ = type_, "choice"
        if sets is not None and type_ not in ("date", None):
            self.names.report.add(
                "PI124",
                written.key_of("sets"),
                f"`{name}` sets a date but is not a date",
                f"only a field of type `date` can, and this one is of type `{type_}`",
                "write `type: date`, or delete `sets`",
            )
        return d.FieldKind(
            name=name,
            type=cast("d.FieldType", type_ or "text"),
            choices=choices,
            optional=get("optional") is True,
            sets=None if sets is None else sets.text,
            why=get("why") or "",
            origin=origin_of(key),
        )

    def credits(self, section: Section | None) -> dict[str, d.Credit]:
        return {
            name: d.Credit(
                name=name,
                max=record.get("max") or 1,
                scope=record.get("per") or d.APPLICATION,
                emptied_by=self.union(record.get("emptied_by") or ()) or d.EventSet("", frozenset()),
                origin=origin_of(key),
            )
            for name, key, record in section or ()
            if record is not None
        }

    def union(self, nodes: tuple[Scalar, ...]) -> d.EventSet | None:
        """Return the events that the names stand for together; None if there is none, or one is unknown."""
        named = [(node, one) for node in nodes if (one := self._counted(node)) is not None]
        if len(named) < len(nodes) or len(named) < 2:
            return named[0][1] if named and len(nodes) == 1 else None
        name = " or ".join(one.name for _, one in named)
        if name not in self._unions:
            members = self._joined(named)
            self._unions[name] = None if members is None else d.EventSet(name, members)
        return self._unions[name]

    def _joined(self, named: list[tuple[Scalar, d.EventSet]]) -> frozenset[str] | None:
        """Return all members; report a name whose events are listed already, and lists that grow too long."""
        report = self.names.report
        before, self._listed = self._listed, self._listed + sum(len(one.members) for _, one in named)
        if self._listed > MOST_LISTED:
            if before <= MOST_LISTED:
                message = f"the lists of this file stand for more than {MOST_LISTED:,} events in all"
                report.add("PI229", named[0][0], message, "counted up to here", "name one class here")
            return None
        members: set[str] = set()
        once = {one.name: (node, one) for node, one in reversed(named)}.values()
        wide_first = sorted(once, key=lambda each: (-len(each[1].members), each[1].name in each[1].members))
        for node, one in wide_first:
            if one.members and one.members <= members:
                wider = next((o for o in wide_first if o[1] is not one and one.members <= o[1].members), None)
                report.add(
                    "PI228",
                    node,
                    f"`{one}` adds nothing to the list",
                    "counted already",
                    "delete it",
                    others=() if wider is None else ((wider[0], "this counts the same"),),
                )
            members |= one.members
        return frozenset(members)

    def _counted(self, node: Scalar) -> d.EventSet | None:
        """Return the event or class that a name stands for; a class comes first."""
        found = self.names.find(n.COUNTED, node)
        return None if found is None else self.set_of(found, node)

    def set_of(self, found: tuple[n.Space, str], node: Scalar) -> d.EventSet:
        space, name = found
        if space == "event":
            if name not in self._single:
                self._single[name] = d.EventSet(name, frozenset((name,)))
            return self._single[name]
        events = self.classes[name]
        if space == "built-in class" and name not in self._implied:
            if events.members:
                self._implied.add(name)
            self.names.implied.update([("event", member) for member in events.members])
            if not events.members and self._whole:
                why = _WHY_EMPTY.get(name, f"no event has `contact: {name}`")
                help = "name an event, or a class that has members"
                self.names.report.add("PI218", node, f"the class `{name}` is empty", why, help)
        return events
