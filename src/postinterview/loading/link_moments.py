"""Stage three, moments: ``answer_due + 1 day`` to what it hangs on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from attrs import define, field

from postinterview.core.definitions import BusinessDays, FirstKnown, Moment, OfDate, OfEvents
from postinterview.loading import defined_names as n
from postinterview.loading.link_events import EventLinker
from postinterview.loading.nodes import Scalar
from postinterview.loading.records import Section
from postinterview.loading.references import report_circle
from postinterview.loading.text_values import WrittenMoment


@define(eq=False)
class MomentLinker:
    """Links moments, each text once. ``named``: the named dates, in the order of the file."""

    events: EventLinker
    section: Section
    named: dict[str, Moment] = field(factory=dict)
    _by_text: dict[str, Moment | None] = field(factory=dict)
    _open: dict[str, Scalar | None] = field(factory=dict)
    _done: dict[str, Moment | None] = field(factory=dict)

    def link(self) -> None:
        for name, _, _ in self.section:
            moment = self._named(name)
            if moment is not None:
                self.named[name] = moment

    def moment(self, written: tuple[Scalar, WrittenMoment] | None) -> Moment | None:
        """The moment; None where it hangs on something unknown."""
        if written is None:
            return None
        node, parts = written
        text = node.text
        if text not in self._by_text:
            self._by_text[text] = self._link(node, parts)
        elif self._by_text[text] is None:
            self.events.names.find(n.MOMENT, node, parts.name)  # one more place for the same report
        return self._by_text[text]

    def _link(self, node: Scalar, parts: WrittenMoment) -> Moment | None:
        found = self.events.names.find(n.MOMENT, node, parts.name)
        if found is None:
            return None
        space, name = found
        if space == "date":
            return Moment(node.text, OfDate(name), parts.plus)
        if space != "named date":
            return Moment(node.text, OfEvents(self.events.set_of(found, node)), parts.plus)
        base = self._named(name, node)
        if base is None:
            return None
        return _later(node.text, base, parts.plus)

    def _named(self, name: str, asked_by: Scalar | None = None) -> Moment | None:
        if name in self._done:
            return self._done[name]
        if name in self._open:
            circle = [node for node in (*self._since(name), asked_by) if node is not None]
            report_circle(self.events.names.report, circle)
            return None
        self._open[name] = asked_by
        options = [self.moment(written) for written in self.section.values[name] or ()]
        del self._open[name]
        self._done[name] = _first(name, options)
        return self._done[name]

    def _since(self, name: str) -> Iterable[Scalar | None]:
        """Who asked for whom, after ``name`` was begun."""
        opened = list(self._open)
        return [self._open[other] for other in opened[opened.index(name) + 1 :]]


def _later(text: str, base: Moment, plus: timedelta | BusinessDays | None) -> Moment:
    """What a named date stands for, and so much later: as if it were written out."""
    if plus is None:
        return Moment(text, base.anchor, base.plus)
    if base.plus is not None:
        return Moment(text, FirstKnown((base,)), plus)
    if isinstance(plus, BusinessDays) and isinstance(base.anchor, FirstKnown):
        # Of a quoted date they come after its day, of another moment after the day in which it lies.
        return Moment(text, FirstKnown(tuple(_later(text, option, plus) for option in base.anchor.options)))
    return Moment(text, base.anchor, plus)


def _first(name: str, options: list[Moment | None]) -> Moment | None:
    known = [option for option in options if option is not None]
    if len(known) < 2:
        return known[0] if known else None
    return Moment(name, FirstKnown(tuple(known)))
