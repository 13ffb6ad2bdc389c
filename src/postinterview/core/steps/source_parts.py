"""Write the parts that the functions of one kind of event share; see `compiled_steps`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from postinterview.core.answers.verdict import Move, Verdict
from postinterview.core.guards.count import CreditCheck
from postinterview.core.guards.made_functions import function_name, said
from postinterview.core.guards.source import Source
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.listeners import Listener
from postinterview.core.judging.machine import RuleTransition
from postinterview.core.judging.permission import Permitted, permission
from postinterview.core.past.cells import Cell
from postinterview.core.past.placed import Placed
from postinterview.core.past.places import make_key
from postinterview.core.past.situation import OPENERS, Snapshot
from postinterview.core.rules.definitions import EventKind, Spends
from postinterview.core.steps.placing import named_in, opener
from postinterview.core.steps.step_parts import closer, credits_taken, placer, places_with
from postinterview.core.values.builders import LATER, lines_of, open_class, same_names, set_of
from postinterview.core.values.layered import grown
from postinterview.core.values.naming import in_force


class Writer:
    """The parts of the functions of an event, while one of them is written.

    Attributes:
        happens: whether the event happens, or is only asked about.
        with_choices: whether the function keeps which transitions are taken.
        moves_many: whether the event may move many instances of a machine.
        zone: the code of the zone of the verdict.
    """

    happens = True
    with_choices = False
    moves_many = False
    zone = "zone"

    def __init__(self, engine: Engine, kind: EventKind, *, carried: str = "carried") -> None:
        self.engine, self.kind = engine, kind
        self.listeners: Sequence[Listener] = engine.listeners[kind.name]
        self.names_more = kind.name in engine.naming
        self.spends = kind.is_act and any(each.spends for each in self.listeners)
        # The code of what the act is asked of, as a `Placer` takes it.
        self.asked = f"snapshot, place, {carried}, calendar, employer"
        self.source = Source(
            "calendar",
            "" if carried == "None" else f"dict({carried})",
            f"situated({self.asked})",
            "return {situation}",
        )
        situated = placer(engine, kind)
        self.source.names |= {
            "Permitted": Permitted,
            "closing": closer(engine, situated),
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
            "situated": situated,
        }

    def function(self, what: str, parameters: str) -> tuple[str, dict[str, object]]:
        """Return the source that was written, as a function, and the objects that it names."""
        head = f"def {function_name(what, self.kind.name)}({parameters}):"
        lines = (head, *(f"    {line}" for line in self.source.lines))
        return "\n".join(lines) + "\n", self.source.names

    # --- where it lies ------------------------------------------------------------------------

    def write_place(self) -> None:
        """Write what `placing.place_of` and `situate_in` find of this kind."""
        add, kind = self.source.add, self.kind
        add("streams, states = snapshot.streams, snapshot.states")
        judged = kind.is_act and kind.to_person and not kind.opens_round
        if kind.employer_wide:
            if judged:
                add(f"met = opener(streams[{OPENERS}], None, to)")
            add("round_ = None")
        else:
            self._write_round()
        add("place = make_key(application, round_, to)")
        if kind.is_act and (kind.to_person or kind.needs_a_start):
            stranger = "met is None" if judged else str(kind.to_person)
            unstarted = "not snapshot.applications.get(application)" if kind.needs_a_start else "False"
            wrong = [each for each in (stranger, unstarted) if each != "False"]
            with self.source.when(" or ".join(wrong)):
                add(f"return situated({self.asked}, {stranger}, {unstarted})")

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

    # --- the machines that it moves -----------------------------------------------------------

    def write_start(self) -> None:
        """Write that nothing has moved yet."""
        if self.moves_many:
            self.source.add("moves, moved = [], {}")
        else:
            self.source.add("moves, new_states = (), states")
        if self.spends:
            self.source.add("spent = ()")

    def write_decision(self) -> None:
        """Write which transitions an act takes, as `decide.choose` finds them, and the verdict."""
        for listener in self.listeners:
            self._write_choice_of_act(listener)
        self.write_verdict()

    def _write_choice_of_act(self, listener: Listener) -> None:
        source, begins = self.source, "if"
        if listener.scope.round:
            source.refuse_if("not round_")
        self.write_instance(listener)
        groups = [(_decisive(transitions), states) for transitions, states in listener.alike.values()]
        if len(groups) == 1:
            ((transitions, states),) = groups
            source.refuse_if(f"state not in {set_of(states)}")
            self._write_first(listener, transitions, states)
            return
        for transitions, states in groups:
            with source.block(f"{begins} state in {set_of(states)}:"):
                self._write_first(listener, transitions, states)
            begins = "elif"
        with source.block("else:"):
            source.refuse()

    def _write_first(
        self, listener: Listener, transitions: Sequence[RuleTransition], states: Sequence[str]
    ) -> None:
        """Write that the first of these transitions is taken whose guards hold; if none do, it refuses."""
        source, begins = self.source, "if"
        source.add(*(f"# {each.rule.id}  {said(each.rule.origin)}" for each in transitions))
        if len(transitions) == 1:
            source.guards(transitions[0].checks)
            self.write_taken(listener, transitions[0], states)
            return
        situation = source.situation()
        for transition in transitions:
            head = "else:" if not transition.checks else f"{begins} {self.holds(transition, situation)}:"
            with source.block(head):
                self.write_taken(listener, transition, states)
            begins = "elif"
        if transitions[-1].checks:
            with source.block("else:"):
                source.refuse()

    def holds(self, transition: RuleTransition, situation: str) -> str:
        return f"{self.source.bind(transition.function(), 'holds')}({situation}, at)"

    def write_instance(self, listener: Listener, state: str = "state") -> None:
        self.source.add(f"key = {self.source.bind(listener.key, 'key')}(place)")
        self.write_state(listener, state)

    def write_state(self, listener: Listener, state: str = "state") -> None:
        self.source.add(f"{state} = states.get(({listener.name!a}, key), {listener.start!a})")

    def write_taken(self, listener: Listener, transition: RuleTransition, states: Sequence[str]) -> None:
        """Write what a transition does."""
        source, machine, target = self.source, listener.name, transition.rule.target
        if not self.happens:
            return
        if self.with_choices:
            heard, taken = source.bind(listener, "listener"), source.bind(transition, "transition")
            source.add(f"choices.append(({heard}, key, state, {taken}))")
        if self.kind.is_act and transition.spends:
            spends = source.bind(transition.spends, "spends")
            # A guard that holds has found its credit, unless it does not apply to the act.
            spending = (each for each in transition.checks if isinstance(each.guard, Spends))
            has_all = all(isinstance(each, CreditCheck) for each in spending)
            taken = spends if has_all else f"credits_taken(engine, {source.situation()}, {spends})"
            source.add(f"spent += {taken}")
        if target is None or [target] == list(states):
            return
        if target in states:
            with source.when(f"state != {target!a}"):
                self._write_move(machine, target)
        else:
            self._write_move(machine, target)

    def _write_move(self, machine: str, target: str) -> None:
        self.build("move", Move, machine=ascii(machine), key="key", source="state", target=ascii(target))
        moved = f"{{({machine!a}, key): {target!a}}}"
        if self.moves_many:
            self.source.add("moves.append(move)", f"moved |= {moved}")
        else:
            self.source.add("moves += (move,)", f"new_states = grown(new_states, {moved})")

    # --- what it leaves behind ----------------------------------------------------------------

    def write_verdict(self) -> None:
        """Write the verdict on an act that is allowed, as `permission` makes it."""
        add, name = self.source.add, self.kind.name
        if name in self.engine.asks_custom:
            add(f"verdict = permission(engine, {self.source.situation()}, at, {self.zone})")
            return
        said = {"event": ascii(name), "at": "shown", "application": "application", "to": "to"}
        said |= {"allowed": "True", "opens_at": "shown", "title": LATER}
        said["_later"] = "(in_force(), Permitted, kind, application, to, employer)"
        if self.engine.may_close[name]:
            said |= {"closes_at": LATER}
            said["_later"] = f"(in_force(), closing, at, {self.zone}, {self.asked})"
        self.build("verdict", Verdict, **said)

    def write_shown(self) -> None:
        """Write the moment of the verdict."""
        self.source.add("shown = at if zone is at.tzinfo else at.astimezone(zone)")

    def write_placed(self) -> None:
        """Write the event in its place, as `placing.place_event` makes it."""
        people = "(to,)" if self.kind.to_person else "()"
        if self.names_more:
            self.source.add(f"people, dates = named_in(kind, calendar, event, {people})")
        else:
            self.source.add(f"people, dates = {people}, ()")
        spent = "spent" if self.spends else "()"
        same = same_names("event", "position", "at", "application", "people", "dates")
        self.build("placed", Placed, **same, round="round_", spent=spent)

    def write_snapshot(self) -> None:
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
        if self.moves_many:
            add("new_states = grown(states, moved) if moved else states")
        same = same_names("places", "places_in", "applications")
        self.build(
            "after",
            Snapshot,
            **same,
            past="cell",
            streams="tuple(streams)",
            states="new_states",
            against_rules="snapshot.against_rules",
        )

    def build(self, name: str, made: Any, /, **values: str) -> None:
        """Write a new value."""
        self.source.add(*lines_of(name, made, **values))
        self.source.names |= {made.__name__: made, f"Open{made.__name__}": open_class(made)}


def _decisive(transitions: Sequence[RuleTransition]) -> Sequence[RuleTransition]:
    """Return the transitions of a state up to the first that is always taken."""
    always = (number for number, each in enumerate(transitions, 1) if not each.checks)
    return transitions[: next(always, len(transitions))]
