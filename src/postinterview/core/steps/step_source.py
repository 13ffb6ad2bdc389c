"""Write the source of the step of one kind of event; see `compiled_steps`."""

from __future__ import annotations

from postinterview.core.guards.made_functions import said
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.listeners import Listener
from postinterview.core.rules.definitions import EMPLOYER
from postinterview.core.steps.source_parts import Writer
from postinterview.core.steps.step_parts import Step, at_instance
from postinterview.core.values.builders import same_names, set_of


def write_step(engine: Engine, name: str) -> tuple[str, dict[str, object]]:
    """Return the source of the function that takes the steps of an event, and the objects that it names."""
    return _Writer(engine, engine.definition.events[name]).step()


class _Writer(Writer):
    """The source of the function of steps while it is written."""

    with_choices = True

    def step(self) -> tuple[str, dict[str, object]]:
        """Write the function."""
        add, kind = self.source.add, self.kind
        add("application, to, at, carried = event.application, event.to, event.at, event.carried")
        unusual = "application is not None" if kind.employer_wide else "application is None"
        add(f"if {unusual} or to is {'None' if kind.to_person else 'not None'}:", "    return None")
        add("if snapshot.unknowns or snapshot.others:", "    return None")
        add("if calendar.before is not None:", "    calendar = calendar.at(at)")
        self.write_place()
        add("choices = []")
        self.moves_many = any(map(self._reaches_many, self.listeners))
        self.write_start()
        if kind.is_act:
            self.write_shown()
            self.write_decision()
            self._write_position()
            self.write_placed()
        else:
            self._write_position()
            self.write_placed()
            for listener in self.listeners:
                self._write_choices_of_fact(listener)
        self.write_snapshot()
        verdict = "verdict" if kind.is_act else "None"
        unexpected = "not choices" if self.listeners and not kind.is_act else "False"
        moves = "tuple(moves)" if self.moves_many else "moves"
        same = {**same_names("placed", "choices"), "snapshot": "after", "moves": moves}
        self.build("step", Step, **same, verdict=verdict, unexpected=unexpected)
        add("return step")
        return self.function("step", "snapshot, event, zone, calendar, employer")

    def _write_position(self) -> None:
        add = self.source.add
        add("position, past = 0, snapshot.past")
        with self.source.when("past is not None"):
            add("position, number = past.top.position + 1, past.top.event.number")
            add("if position == number:", "    position = number")  # one object for both

    def _reaches_many(self, listener: Listener) -> bool:
        """Return whether a fact may reach many instances of a machine."""
        kind, scope = self.kind, listener.scope
        return not kind.is_act and (scope.interviewer or (kind.employer_wide and scope != EMPLOYER))

    def _write_choices_of_fact(self, listener: Listener) -> None:
        """Write which transitions a fact takes in a machine, as `step._broadcast` finds them."""
        source, scope = self.source, listener.scope
        if self._reaches_many(listener):
            situation = source.situation()
            with source.block(f"for key in {source.bind(listener.reached, 'reached')}({situation}, people):"):
                self.write_state(listener)
                source.names["at_instance"] = at_instance
                self._write_ways(listener, "at_instance(situation, key)")
        elif scope.round:
            with source.when("round_"):
                self.write_instance(listener)
                self._write_ways(listener)
        else:
            self.write_instance(listener)
            self._write_ways(listener)

    def _write_ways(self, listener: Listener, situation: str = "") -> None:
        """Write what each transition does, the first one whose guards hold."""
        source, begins = self.source, "if"
        groups = listener.alike.values()
        if not situation and any(each.checks for transitions, _ in groups for each in transitions):
            situation = source.situation()
        for transitions, states in groups:
            for transition in transitions:
                condition = f"state in {set_of(states)}"
                if transition.checks:
                    condition += f" and {self.holds(transition, situation)}"
                with source.block(f"{begins} {condition}:  # {said(transition.rule.origin)}"):
                    self.write_taken(listener, transition, states)
                begins = "elif"
                if not transition.checks:
                    break
