"""What a step expects, checked before anything is played: whether it could ever be so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from attrs import frozen

from postinterview.core.definitions import Custom, Definition, EventKind, Guard, Origin
from postinterview.loading.diagnostics import Span
from postinterview.loading.nodes import Mapping as MappingNode
from postinterview.loading.nodes import Scalar, Sequence
from postinterview.loading.records import Record
from postinterview.loading.report import span_of
from postinterview.loading.schema import Key, Text
from postinterview.loading.shape import Shape
from postinterview.loading.unknown_names import find
from postinterview.scenario.model import Expectation, Result, StateWanted, Wanted
from postinterview.scenario.scenario_schema import NEVER

_REFUSALS = ("because", "opens_after")
_VERDICTS = (*_REFUSALS, "opens_at", "closes_at")


@frozen
class Expecting:
    """Reads the expectations of steps. ``moment`` reads the moment under a key of a record."""

    definition: Definition
    shape: Shape
    moment: Callable[[Record, str], datetime | None]

    def of_event(self, record: Record, kind: EventKind) -> Expectation:
        """What a step with the event expects of it."""
        result: Result = record.get("expect") or "allowed"
        if "expect" not in record.faulty and self._check_result(record, kind, result):
            self._check_keys(record, kind, result)
        return Expectation(
            result=result,
            because=self._because(record, kind),
            opens_at=self._moment(record, "opens_at"),
            closes_at=self._moment(record, "closes_at"),
            opens_after=self._opens_after(record, kind),
        )

    def _check_result(self, record: Record, kind: EventKind, result: Result) -> bool:
        """Whether the event can have this result; reports it otherwise."""
        node = record.node_of("expect")
        add = self.shape.report.add
        if not kind.is_act and result in ("refused", "breach"):
            never = "refused" if result == "refused" else "a breach"
            add(
                "PI731",
                node,
                f"`{kind.name}` is a fact, by the {kind.by}: it is never {never}",
                "this can't come true",
                "delete it; write `unexpected` if no machine waits for it then",
            )
        elif kind.is_act and result == "unexpected":
            add(
                "PI731",
                node,
                f"`{kind.name}` is an act: it is allowed or refused, never unexpected",
                "this can't come true",
                "write `refused`, or `breach` if it happened all the same",
            )
        elif record.get("late") and result == "refused":
            add(
                "PI731",
                node,
                "what is told late has happened, so it can't be refused",
                "this can't come true",
                "write `breach`, or delete `late`",
                others=((record.key_of("late"), "told late"),),
            )
        else:
            return True
        return False

    def _check_keys(self, record: Record, kind: EventKind, result: Result) -> None:
        """Report what only another result could bring."""
        for key in _VERDICTS:
            if key not in record.values:
                continue
            if not kind.is_act:
                message = (
                    f"`{key}` belongs to an act, and `{kind.name}` is a fact: nobody asks whether it may be"
                )
                help = "delete it"
            elif key in _REFUSALS and result == "allowed":
                message = f"`{key}` belongs to a step that is refused, and this one is to be allowed"
                help = "add `expect: refused`, or delete it"
            elif key == "closes_at" and result != "allowed":
                message = "`closes_at` belongs to a step that is allowed, and this one is to be refused"
                help = "write `opens_at`, or delete it"
            else:
                continue
            self.shape.report.add("PI732", record.key_of(key), message, "it would say nothing here", help)

    def _because(self, record: Record, kind: EventKind) -> tuple[Wanted[str], ...]:
        known: dict[str, Origin | None] = {guard.id: guard.origin for guard in self._guards(kind)}
        known["state"] = None
        found = []
        for node in _texts(record, "because"):
            label = f"no transition on `{kind.name}` has a guard of this name"
            name = find(self.shape.report, node, known, code="PI725", noun="guard", label=label)
            if name is not None:
                found.append(Wanted(name, span_of(node)))
        return tuple(found)

    def _opens_after(self, record: Record, kind: EventKind) -> Wanted[tuple[str, ...]] | None:
        nodes: tuple[Scalar, ...] | None = record.get("opens_after")
        if nodes is None:
            return None
        where = span_of(record.node_of("opens_after"))
        if [node.text for node in nodes] == [NEVER]:
            return Wanted((), where)
        known: dict[str, Origin | None] = {
            guard.function: guard.origin for guard in self._guards(kind) if isinstance(guard, Custom)
        }
        known |= {name: declared.origin for name, declared in kind.fields.items()}
        known |= {name: other.origin for name, other in self.definition.events.items()}
        found = [find(self.shape.report, node, known, code="PI722", noun="event or field") for node in nodes]
        return Wanted(tuple(name for name in found if name is not None), where)

    def _moment(self, record: Record, key: str) -> Wanted[datetime | None] | None:
        text = record.get(key)
        if text is None:
            return None
        moment = None if text == NEVER else self.moment(record, key)
        return Wanted(moment, span_of(record.node_of(key)))

    def _guards(self, kind: EventKind) -> list[Guard]:
        return [
            guard
            for machine in self.definition.machines.values()
            for transition in machine.transitions
            if transition.event == kind.name
            for guard in transition.guards
        ]

    # --- states -----------------------------------------------------------------------------------

    def states(self, record: Record, kind: EventKind | None) -> tuple[Wanted[StateWanted], ...]:
        """The states that are expected after the step; ``kind`` None: it is a correction."""
        node = record.node_of("state") if record.get("state") is not None else None
        if not isinstance(node, MappingNode):
            return ()
        report = self.shape.report
        machines: Mapping[str, Origin | None] = {
            name: machine.origin for name, machine in self.definition.machines.items()
        }
        found = []
        for key, value in node.entries:
            name = find(report, key, machines, code="PI723", noun="machine")
            self.shape.asked = Key(Text(), "", f"{key.text}: waiting")
            text = self.shape.read(Text(), value, key)
            if name is None or text is None or not isinstance(value, Scalar):
                continue
            machine = self.definition.machines[name]
            states = {state: declared.origin for state, declared in machine.states.items()}
            label = f"`{name}` has no state of this name"
            state = find(report, value, states, code="PI724", noun="state", label=label)
            if machine.scope.interviewer and "to" not in record.values:
                self._report_nobody(record, key, kind)
            elif state is not None:
                found.append(Wanted(StateWanted(name, state), _together(key, value)))
        return tuple(found)

    def _report_nobody(self, record: Record, key: Scalar, kind: EventKind | None) -> None:
        if kind is not None and kind.to_person:
            return  # the missing person is reported already
        self.shape.report.add(
            "PI733",
            key,
            f"`{key.text}` is kept for each interviewer, and this step names none",
            "whose?",
            "add `to: ana`" if kind is None else "look at it in a step that has `to`",
        )


def _texts(record: Record, key: str) -> list[Scalar]:
    """The texts under a key, which has one or a list of them."""
    node = record.node_of(key) if record.get(key) is not None else None
    nodes = node.items if isinstance(node, Sequence) else (node,)
    return [each for each in nodes if isinstance(each, Scalar)]


def _together(key: Scalar, value: Scalar) -> Span:
    start, end = key.span, span_of(value)
    if start.line != end.end_line:
        return span_of(value)
    return Span(start.file, start.line, start.column, end.end_line, end.end_column)
