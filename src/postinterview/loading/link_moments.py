"""Stage three, moments: ``answer_due + 1 day`` becomes the event or date it hangs on, and the time after it.

A named date may start from other named dates, so they are linked in the order in which they start from
each other, without recursion. Each is written out to the events and dates at its end: the moment
``a: interview + 7 days``, ``b: [promised, a + 1 day]`` has three parts, two for `b` and one for `a`. A date
of too many parts is refused, so whoever walks through a moment may recurse.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TypeAlias

from attrs import define, evolve, field

from postinterview.core.rules.definitions import (
    BusinessDays,
    FirstKnown,
    LatestKnown,
    Moment,
    OfDate,
    OfEvents,
)
from postinterview.loading import defined_names as n
from postinterview.loading.defined_names import Space
from postinterview.loading.in_order import circle_labels, circle_text, in_order
from postinterview.loading.link_events import EventLinker, origin_of
from postinterview.loading.nodes import Scalar
from postinterview.loading.records import Record, Section
from postinterview.loading.text_values import WrittenMoment

MOST_PARTS = 50
"""More parts than any rule needs, and few enough to walk through them all at every question."""

_Option: TypeAlias = tuple[Scalar, WrittenMoment, "tuple[Space, str] | None"]
"""A moment as written, with the definition that its name stands for."""


@define(eq=False)
class MomentLinker:
    """Links moments, each text once. ``named``: the named dates, in the order of the file."""

    events: EventLinker
    named: dict[str, Moment] = field(factory=dict)
    _parts: dict[str, int] = field(factory=dict)
    _by_text: dict[str, Moment | None] = field(factory=dict)

    def link(self, section: Section | None) -> None:
        """Link the named dates of a file."""
        find = self.events.names.find
        latest: set[str] = set()
        options: dict[str, list[_Option]] = {}
        for name, _, written in section or ():
            if isinstance(written, Record):
                latest.add(name)
                self._check_several(written)
            moments = written.get("latest_of") if isinstance(written, Record) else written
            options[name] = [(node, parts, find(n.MOMENT, node, parts.name)) for node, parts in moments or ()]
        starts = {name: [(node, _date(found)) for node, _, found in each] for name, each in options.items()}
        for name in in_order(starts, self._report_circle):
            counts = [self._parts.get(_date(found), 0) for _, _, found in options[name]]
            self._parts[name] = min(sum(counts) + len(counts), MOST_PARTS + 1)
            if self._parts[name] > MOST_PARTS:
                if section is not None and max(counts) <= MOST_PARTS:  # otherwise the other is reported
                    self.events.names.report.add(
                        "PI220",
                        section.keys[name],
                        f"the date `{name}` is made of more than {MOST_PARTS} moments",
                        "counted with those of the dates it names",
                        "let it start from an event, or from fewer dates",
                    )
                continue
            linked = [self._linked(*option) for option in options[name]]
            known = [moment for moment in linked if moment is not None]
            if known:
                kind = LatestKnown if name in latest else FirstKnown
                made = known[0] if len(known) == 1 else Moment(name, kind(tuple(known)))
                self.named[name] = _placed(made, section.keys[name] if section is not None else None)
        self.named = {name: self.named[name] for name in options if name in self.named}

    def _check_several(self, record: Record) -> None:
        """Report the latest of a single moment."""
        moments: tuple[tuple[Scalar, WrittenMoment], ...] = record.get("latest_of") or ()
        if len(moments) == 1 and not record.faulty:
            node = moments[0][0]
            self.events.names.report.add(
                "PI227",
                node,
                f"the latest of one moment is `{node.text}` itself",
                "nothing to compare it with",
                f"name another moment beside it, or write `{node.text}` without `latest_of`",
            )

    def due(self, written: tuple[Scalar, WrittenMoment] | None) -> Moment | None:
        """Return the moment as `moment` does, with its place."""
        found = self.moment(written)
        return found if found is None or written is None else _placed(found, written[0])

    def moment(self, written: tuple[Scalar, WrittenMoment] | None) -> Moment | None:
        """Return the moment; None if it hangs on something unknown."""
        if written is None:
            return None
        node, parts = written
        if self._by_text.get(node.text) is None:  # an unknown name is looked up at each of its places
            found = self.events.names.find(n.MOMENT, node, parts.name)
            self._by_text[node.text] = self._linked(node, parts, found)
        return self._by_text[node.text]

    def _linked(self, node: Scalar, parts: WrittenMoment, found: tuple[Space, str] | None) -> Moment | None:
        if found is None:
            return None
        space, name = found
        if space == "named date":
            base = self.named.get(name)
            return None if base is None else _later(node.text, base, parts.plus)
        anchor = OfDate(name) if space == "date" else OfEvents(self.events.set_of(found, node))
        return Moment(node.text, anchor, parts.plus)

    def _report_circle(self, circle: list[Scalar]) -> None:
        """Report dates that wait for each other, each at the place where it names the next."""
        self.events.names.report.add(
            "PI212",
            circle[0],
            f"these dates lead back to themselves: {circle_text(circle)}",
            "so none of them is ever known",
            "let one of them start from an event",
            others=circle_labels(circle),
        )


def _placed(moment: Moment, node: Scalar | None) -> Moment:
    return moment if node is None else evolve(moment, origin=origin_of(node))


def _date(found: tuple[Space, str] | None) -> str:
    """Return the named date that was found; empty for anything else."""
    return found[1] if found is not None and found[0] == "named date" else ""


def _later(text: str, base: Moment, plus: timedelta | BusinessDays | None) -> Moment:
    """Return the moment ``plus`` after a named date, as if it were written out."""
    if plus is None:
        return Moment(text, base.anchor, base.plus)
    if base.plus is not None:
        return Moment(text, FirstKnown((base,)), plus)
    if isinstance(plus, BusinessDays) and isinstance(base.anchor, FirstKnown | LatestKnown):
        # They count from the end of a quoted date, and from the day in which any other moment lies.
        options = tuple(_later(text, option, plus) for option in base.anchor.options)
        return Moment(text, type(base.anchor)(options))
    return Moment(text, base.anchor, plus)
