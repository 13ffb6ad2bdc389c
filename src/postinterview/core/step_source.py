"""Write the source of the step of one kind of event; see `compiled_steps`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from postinterview.core.builders import LATER, lines_of, open_class
from postinterview.core.cells import Cell
from postinterview.core.definitions import EMPLOYER, EventKind, Spends
from postinterview.core.engine import Engine
from postinterview.core.guards.count import CreditCheck
from postinterview.core.guards.source import Source, function_name, said
from postinterview.core.layered import grown
from postinterview.core.listeners import Listener
from postinterview.core.machine import RuleTransition
from postinterview.core.naming import in_force
from postinterview.core.permission import Closing, permission
from postinterview.core.placed import Placed
from postinterview.core.places import make_key
from postinterview.core.placing import named_in, opener
from postinterview.core.situation import OPENERS, Situation, Snapshot
from postinterview.core.step_parts import Step, at_instance, credits_taken, places_with
from postinterview.core.verdict import Move, Verdict


def write_step(engine: Engine, name: str) -> tuple[str, dict[str, object]]:
    """Return the source of the function that takes the steps of an event, and the objects that it names."""
    return Writer(engine, engine.definition.events[name]).step()


def write_question(engine: Engine, name: str) -> tuple[str, dict[str, object]]:
    """Return the source of the function that says whether an act is allowed, and what it names."""
    return Writer(engine, engine.definition.events[name]).question()


class Writer:
    """The source of a function while it is written."""

    def __init__(self, engine: Engine, kind: EventKind) -> None:
        self.engine, self.kind = engine, kind
        self.listeners: Sequence[Listener] = engine.listeners[kind.name]
        self.source = Source()
        self.happens = True
        self.names_more = kind.name in engine.naming
        self.source.names |= {
            "Closing": Closing,
            "at_instance": at_instance,
            "credits_taken": credits_taken,
            "engine": engine,
            "grown": grown,
            "in_force": in_force,
            "kind": kind,
            "make_key": make_key,
            "named_in": named_in,
            "new": object.__new__,
            "opener": opener,
            "permission": permission,
            "places_with": places_with,
            "roundless": engine.roundless,
        }

    def step(self) -> tuple[str, dict[str, object]]:
        """Write the function that takes a step."""
        add = self.source.add
        add("application, to, at, carried = event.application, event.to, event.at, event.carried")
        self._write_place()
        add("choices, moves, moved = [], [], {}")
        if self.kind.is_act:
            add("spent = ()")
            self._write_decision()
            self._write_placed()
        else:
            self._write_placed()
            for listener in self.listeners:
                self._write_choices_of_fact(listener)
        self._write_snapshot()
        verdict = "verdict" if self.kind.is_act else "None"
        unexpected = "not choices" if self.listeners and not self.kind.is_act else "False"
        same = {**_same("placed", "choices"), "snapshot": "after", "moves": "tuple(moves)"}
        self._build("step", Step, **same, verdict=verdict, unexpected=unexpected)
        add("return step")
        return self._function("step", "snapshot, event, zone, calendar, employer")

    def question(self) -> tuple[str, dict[str, object]]:
        """Write the function that says whether an act is allowed."""
        self.happens = False
        self._write_place()
        self._write_decision()
        self.source.add("return verdict")
        return self._function("may", "snapshot, at, application, to, carried, zone, calendar, employer")

    def _function(self, what: str, parameters: str) -> tuple[str, dict[str, object]]:
        head = f"def {function_name(what, self.kind.name)}({parameters}):"
        lines = (head, *(f"    {line}" for line in self.source.lines))
        return "\n".join(lines) + "\n", self.source.names

    # --- where it lies ------------------------------------------------------------------------

    def _write_place(self) -> None:
        """Write what `placing.place_of` and `situate_in` find of this kind."""
        add, kind = self.source.add, self.kind
        unusual = "application is not None" if kind.employer_wide else "application is None"
        add(f"if {unusual} or to is {'None' if kind.to_person else 'not None'}:", "    return None")
        add("if snapshot.unknowns or snapshot.others:", "    return None")
        add("if calendar.before is not None:", "    calendar = calendar.at(at)")
        add("streams, states = snapshot.streams, snapshot.states")
        judged = kind.is_act and kind.to_person and not kind.opens_round
        if kind.employer_wide:
            if judged:
                add(f"met = opener(streams[{OPENERS}], None, to)")
            add("round_ = None")
        else:
            self._write_round()
        add("place = make_key(application, round_, to)")
        stranger = "met is None" if judged else str(kind.is_act and kind.to_person)
        unstarted = "not snapshot.applications.get(application)" if kind.needs_a_start else "False"
        add(f"unknown_person, unstarted = {stranger}, {unstarted}")
        self._write_situation("dict(carried)")
        if kind.is_act and (kind.to_person or kind.needs_a_start):
            self._refuse_if("unknown_person or unstarted")

    def _write_situation(self, carried: str) -> None:
        """Write the event where it lies; ``carried``: the code of what it carries."""
        same = _same(
            "snapshot", "kind", "place", "calendar", "employer", "roundless", "unknown_person", "unstarted"
        )
        self._build("situation", Situation, **same, carried=carried, answers="{}")

    def _write_round(self) -> None:
        add, kind = self.source.add, self.kind
        add(f"openers = streams[{OPENERS}]")
        if kind.to_person and not kind.opens_round:
            add("opened = met = opener(openers, application, to)")
            if not kind.is_act:  # a fact about a stranger lies in the latest round
                add("if met is None:", "    opened = opener(openers, application, None)")
        else:
            add("opened = None if openers is None else openers.top")
            add("if opened is not None and opened.application != application:")
            add("    opened = opener(openers, application, None)")
        add("round_ = 0 if opened is None else opened.round")
        if kind.opens_round:
            add("round_ = (round_ or 0) + 1")

    def _refuse_if(self, condition: str) -> None:
        self.source.add(f"if {condition}:", "    return situation")

    # --- the machines that it moves -----------------------------------------------------------

    def _write_decision(self) -> None:
        """Write which transitions an act takes, and the verdict if it is allowed."""
        for listener in self.listeners:
            self._write_choice_of_act(listener)
        self._write_verdict()

    def _write_choice_of_act(self, listener: Listener) -> None:
        """Write which transition a machine takes on an act, as `decide.choose` finds it."""
        if listener.scope.round:
            self._refuse_if("not round_")
        self._write_instance(listener)
        self._write_ways(listener, "situation")
        self.source.add("else:", "    return situation")

    def _write_choices_of_fact(self, listener: Listener) -> None:
        """Write which transitions a fact takes in a machine, as `step._broadcast` finds them."""
        source, scope = self.source, listener.scope
        if scope.interviewer or (self.kind.employer_wide and scope != EMPLOYER):
            with source.block(f"for key in {source.bind(listener.reached, 'reached')}(situation, people):"):
                self._write_state(listener)
                self._write_ways(listener, "at_instance(situation, key)")
        elif scope.round:
            with source.when("round_"):
                self._write_instance(listener)
                self._write_ways(listener, "situation")
        else:
            self._write_instance(listener)
            self._write_ways(listener, "situation")

    def _write_instance(self, listener: Listener, state: str = "state") -> None:
        self.source.add(f"key = {self.source.bind(listener.key, 'key')}(place)")
        self._write_state(listener, state)

    def _write_state(self, listener: Listener, state: str = "state") -> None:
        self.source.add(f"{state} = states.get(({listener.name!a}, key), {listener.start!a})")

    def _write_ways(self, listener: Listener, situation: str) -> None:
        """Write what each transition does, the first one whose guards hold."""
        source, begins = self.source, "if"
        heard = source.bind(listener, "listener")
        for transitions, states in listener.alike.values():
            for transition in transitions:
                condition = f"state in {{{', '.join(map(ascii, states))}}}"
                if transition.checks:
                    condition += f" and {source.bind(transition.function(), 'holds')}({situation}, at)"
                with source.block(f"{begins} {condition}:  # {said(transition.rule.origin)}"):
                    if self.happens:
                        taken = source.bind(transition, "transition")
                        source.add(f"choices.append(({heard}, key, state, {taken}))")
                        self._write_move(listener.name, transition, states)
                    else:
                        source.add("pass")
                begins = "elif"
                if not transition.checks:
                    break

    def _write_move(self, machine: str, transition: RuleTransition, states: Sequence[str]) -> None:
        source, target = self.source, transition.rule.target
        if self.kind.is_act and transition.spends:
            spends = source.bind(transition.spends, "spends")
            # A guard that holds has found its credit, unless it does not apply to the act.
            spending = (each for each in transition.checks if isinstance(each.guard, Spends))
            has_all = all(isinstance(each, CreditCheck) for each in spending)
            source.add(f"spent += {spends if has_all else f'credits_taken(engine, situation, {spends})'}")
        if target is None or [target] == list(states):
            return
        with nullcontext() if target not in states else source.when(f"state != {target!a}"):
            self._build("move", Move, machine=ascii(machine), key="key", source="state", target=ascii(target))
            source.add("moves.append(move)", f"moved[{machine!a}, key] = {target!a}")

    # --- what it leaves behind ----------------------------------------------------------------

    def _write_verdict(self) -> None:
        """Write the verdict on an act that is allowed, as `permission` makes it."""
        add, name = self.source.add, self.kind.name
        if name in self.engine.asks_custom:
            add("verdict = permission(engine, situation, at, zone)")
            return
        add("shown = at if zone is at.tzinfo else at.astimezone(zone)")
        said = {"event": ascii(name), "at": "shown", "application": "application", "to": "to"}
        said |= {"allowed": "True", "opens_at": "shown", "title": LATER, "_later": "(in_force(), situation)"}
        if self.engine.may_close[name]:
            said |= {"closes_at": LATER, "_later": "(in_force(), Closing(engine, situation, at, zone))"}
        self._build("verdict", Verdict, **said)

    def _write_placed(self) -> None:
        """Write the event in its place, as `placing.place_event` makes it."""
        add = self.source.add
        people = "(to,)" if self.kind.to_person else "()"
        if self.names_more:
            add(f"people, dates = named_in(situation, event, {people})")
        else:
            add(f"people, dates = {people}, ()")
        add("position, past = 0, snapshot.past")
        with self.source.when("past is not None"):
            add("position, number = past.top.position + 1, past.top.event.number")
            add("if position == number:", "    position = number")
        spent = "spent" if self.kind.is_act else "()"
        self._build(
            "placed",
            Placed,
            **_same("event", "position", "at", "application", "people", "dates"),
            round="round_",
            spent=spent,
        )

    def _write_snapshot(self) -> None:
        """Write the next snapshot, as `step._happened` makes it of an act that is allowed or a fact."""
        add, name = self.source.add, self.kind.name
        numbers, _ = self.engine.streams_of[name]
        links = ", ".join((repr((None, *numbers)), *(f"streams[{number}]" for number in numbers)))
        self.source.names["Cell"] = Cell
        self.source.add(
            "cell = new(Cell)",
            "cell.top, cell.below, cell.kept = placed, past, None",
            f"cell.links = {f'({links})' if numbers else '()'}",
            "streams = [*streams]",
        )
        if numbers:
            add("".join(f"streams[{number}] = " for number in numbers) + "cell")
        add("places, places_in = snapshot.places, snapshot.places_in")
        with self.source.when("people or place not in places" if self.names_more else "place not in places"):
            add("places, places_in = places_with(snapshot, place, people)")
        add("applications = snapshot.applications")
        if not (self.kind.employer_wide or self.kind.needs_a_start):  # what needs a start has one
            starts = name in self.engine.starting
            unheard = "not applications.get(application)" if starts else "application not in applications"
            with self.source.when(unheard):
                add(f"applications = grown(applications, {{application: {starts}}})")
        add("states = grown(states, moved) if moved else states")
        same = _same("states", "places", "places_in", "applications")
        self._build(
            "after",
            Snapshot,
            past="cell",
            streams="tuple(streams)",
            **same,
            against_rules="snapshot.against_rules",
        )

    def _build(self, name: str, made: Any, /, **values: str) -> None:
        self.source.add(*lines_of(name, made, **values))
        self.source.names |= {made.__name__: made, f"Open{made.__name__}": open_class(made)}


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}
