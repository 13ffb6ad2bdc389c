"""Link what a step expects, and check before anything is played that it can come true."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from attrs import frozen

from postinterview.core.rules.definitions import Custom, Definition, EventKind, Guard, Origin
from postinterview.loading.diagnostics import Span
from postinterview.loading.nodes import Mapping as MappingNode
from postinterview.loading.nodes import Scalar, Sequence
from postinterview.loading.records import Record
from postinterview.loading.report import span_of
from postinterview.loading.schema import TEXT, TableKey
from postinterview.loading.shape import Shape
from postinterview.loading.unknown_names import find
from postinterview.scenario.model import Expectation, Result
from postinterview.scenario.scenario_schema import NEVER

_REFUSALS = ("because", "opens_after")
_MOMENTS = ("opens_at", "closes_at")


@frozen
class ExpectationLinker:
    """Links the expectations of steps. ``moment`` reads the moment or the day under a key of a record.

    ``of_others``: a name that these rules lack is no fault, and what is expected of it is not met.
    """

    definition: Definition
    shape: Shape
    moment: Callable[[Record, str], date | None]
    of_others: bool = False

    def link(self, record: Record, kind: EventKind | None) -> tuple[Expectation, ...]:
        """Return what a step expects beside its result. ``kind`` is None for a correction."""
        found: list[Expectation] = []
        if kind is not None:
            result: Result = record.get("expect") or "allowed"
            if "expect" not in record.faulty and self._can_come_true(record, kind, result):
                self._check_keys(record, kind, result)
            found += [*self._because(record, kind), *self._moments(record), *self._opens_after(record, kind)]
        return (*found, *self._states(record, kind))

    def _can_come_true(self, record: Record, kind: EventKind, result: Result) -> bool:
        """Return whether the event can have this result; report it if not."""
        others: tuple[tuple[Scalar | Span, str], ...] = ()
        if not kind.is_act and result in ("refused", "breach", "outside"):
            never = {"breach": "a breach", "outside": "outside the rules"}.get(result, result)
            message = f"`{kind.name}` is a fact, by the {kind.by}: it is never {never}"
            help = "delete it; write `unexpected` if no machine waits for it then"
        elif kind.is_act and result == "unexpected":
            message = f"`{kind.name}` is an act: it is allowed or refused, never unexpected"
            help = "write `refused`, or `breach` if it happened all the same"
        elif result == "outside" and not self._may_be_outside(kind):
            message = f"the rules judge `{kind.name}` in every state"
            help = f"write `breach`; or `outside: true` at a state that no `{kind.name}` leaves, in the rules"
        elif record.get("late") and result == "refused":
            message = "an event that is recorded late has happened, so it can't be refused"
            help = "write `breach`, or delete `late`"
            others = ((span_of(record.key_of("late")), "recorded late"),)
        else:
            return True
        node = record.node_of("expect")
        self.shape.report.add("PI731", node, message, "this can't come true", help, others=others)
        return False

    def _may_be_outside(self, kind: EventKind) -> bool:
        """Return whether some state is outside the rules for this act."""
        for machine in self.definition.machines.values():
            judged = [{*each.sources} for each in machine.transitions if each.event == kind.name]
            outside = {state.name for state in machine.states.values() if state.outside}
            if judged and outside - set().union(*judged):
                return True
        return False

    def _check_keys(self, record: Record, kind: EventKind, result: Result) -> None:
        """Report expectations that only another result could meet."""
        for key in (*_REFUSALS, *_MOMENTS):
            if key not in record.values:
                continue
            if not kind.is_act:
                message = f"`{key}` belongs to an act, and `{kind.name}` is a fact, which nobody may refuse"
                help = "delete it"
            elif key in _REFUSALS and result == "allowed":
                message = f"`{key}` belongs to a refused step, and this one expects to be allowed"
                help = "add `expect: refused`, or delete it"
            elif key == "closes_at" and result != "allowed":
                message = "`closes_at` belongs to an allowed step, and this one expects to be refused"
                help = "write `opens_at`, or delete it"
            else:
                continue
            self.shape.report.add("PI732", record.key_of(key), message, "it would say nothing here", help)

    def _because(self, record: Record, kind: EventKind) -> Iterator[Expectation]:
        node = record.written("because")
        if node is None:
            return
        known: dict[str, Origin | None] = {guard.id: guard.origin for guard in self._guards(kind)}
        known["state"] = None
        for each in node.items if isinstance(node, Sequence) else (node,):
            if isinstance(each, Scalar):
                label = f"no transition on `{kind.name}` has a guard of this name"
                name = self._find(each, known, code="PI725", noun="guard", label=label)
                if name is not None:
                    yield Expectation("because", name, span_of(each))

    def _moments(self, record: Record) -> Iterator[Expectation]:
        for key in _MOMENTS:
            text = record.get(key)
            if text is not None:
                moment = None if text == NEVER else self.moment(record, key)
                yield Expectation(key, moment, span_of(record.node_of(key)))  # type: ignore[arg-type]

    def _opens_after(self, record: Record, kind: EventKind) -> Iterator[Expectation]:
        nodes: tuple[Scalar, ...] | None = record.get("opens_after")
        if nodes is None:
            return
        names: list[str | None] = []
        if [node.text for node in nodes] != [NEVER]:
            known: dict[str, Origin | None] = {
                guard.function: guard.origin for guard in self._guards(kind) if isinstance(guard, Custom)
            }
            known |= {name: declared.origin for name, declared in kind.fields.items()}
            known |= {name: other.origin for name, other in self.definition.events.items()}
            names = [self._find(node, known, code="PI722", noun="event or field") for node in nodes]
        value = tuple(name for name in names if name is not None)
        yield Expectation("opens_after", value, span_of(record.node_of("opens_after")))

    def _guards(self, kind: EventKind) -> list[Guard]:
        return [
            guard
            for machine in self.definition.machines.values()
            for transition in machine.transitions
            if transition.event == kind.name
            for guard in transition.guards
        ]

    def _states(self, record: Record, kind: EventKind | None) -> Iterator[Expectation]:
        node = record.written("state")
        if not isinstance(node, MappingNode):
            return
        report, machines = self.shape.report, self.definition.machines
        known = {name: machine.origin for name, machine in machines.items()}
        for key, value in node.entries:
            name = self._find(key, known, code="PI723", noun="machine")
            self.shape.asked = TableKey(TEXT, "", f"{key.text}: waiting")
            text = self.shape.read(TEXT, value, key)
            if name is None or text is None or not isinstance(value, Scalar):
                continue
            if name not in machines:
                yield Expectation("state", value.text, _both(key, value), machine=name)
                continue
            states = {state: declared.origin for state, declared in machines[name].states.items()}
            label = f"`{name}` has no state of this name"
            state = self._find(value, states, code="PI724", noun="state", label=label)
            if machines[name].scope.interviewer and "to" not in record.values:
                if kind is None or not kind.to_person:  # if it is, the missing person is reported already
                    report.add(
                        "PI733",
                        key,
                        f"`{key.text}` is kept for each interviewer, and this step names none",
                        "whose?",
                        "add `to: ana`" if kind is None else "look at it in a step that has `to`",
                    )
            elif state is not None:
                yield Expectation("state", state, _both(key, value), machine=name)

    def _find(
        self, node: Scalar, known: Mapping[str, Origin | None], *, code: str, noun: str, label: str = ""
    ) -> str | None:
        """Return the name, or report that these rules lack it."""
        if self.of_others:
            return node.text
        return find(self.shape.report, node, known, code=code, noun=noun, label=label)


def _both(key: Scalar, value: Scalar) -> Span:
    """Return the span of a key and its value, or of the value alone if it is on another line."""
    start, end = key.span, span_of(value)
    return start.up_to(end) if start.line == end.end_line else end
