"""The library `transitions` as anybody would use it, guards as its conditions, moves as the engine does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from transitions import Machine

from tests.laws.twins import Twins, examples, instances
from tests.oracle import oracle, reading
from tests.oracle.guards import holds
from tests.oracle.reading import Rules
from tests.oracle.world import Asked, Key, Placed, World, project
from tests.strategies.runs import Case, Step, cases

BREACH = "breach_of_"


class Instance:
    """A model. The library puts the state and the triggers on it."""

    state: str
    trigger: Callable[..., bool]
    may_trigger: Callable[..., bool]


@dataclass
class Plain:
    """A rulebook as machines of the library, with a model for each key."""

    rules: Rules
    machines: dict[str, Machine] = field(default_factory=dict)
    models: dict[tuple[str, Key], Instance] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, declared in self.rules["machines"].items():
            states = list(declared["states"])
            machine = Machine(None, states, declared["start"], auto_transitions=False)
            transitions = declared["transitions"].values()
            for transition in transitions:
                source: Any = "*" if transition["from"] == "any" else reading.listed(transition["from"])
                guards = reading.guards(self.rules, transition).values()
                conditions: list[Any] = [_condition(guard, declared["per"]) for guard in guards]
                target = transition.get("to")
                machine.add_transition(transition["event"], source, target, conditions=conditions)
                machine.add_transition(BREACH + transition["event"], source, target)
            for transition in transitions:
                if transition.get("breach_from") == "any":
                    machine.add_transition(BREACH + transition["event"], "*", transition.get("to"))
            self.machines[name] = machine

    def model(self, machine: str, place: Key) -> Instance:
        key = project(self.rules["machines"][machine]["per"], place)
        if (machine, key) not in self.models:
            self.models[machine, key] = Instance()
            self.machines[machine].add_model(self.models[machine, key])
        return self.models[machine, key]

    def act(self, world: World, asked: Asked) -> bool:
        """Record an act; whether all that listen allowed it."""
        listening = self._listening(asked.name)
        heard = [
            self.model(name, asked.place)
            for name, declared in listening
            if oracle.is_kept_for(declared, asked.place)
        ]
        allowed = len(heard) == len(listening) and not oracle.is_nowhere(world, asked)
        if allowed and all(model.may_trigger(asked.name, world, asked) for model in heard):
            for model in heard:
                assert model.trigger(asked.name, world, asked)
            return True
        for model in heard:
            if model.may_trigger(BREACH + asked.name):
                model.trigger(BREACH + asked.name)
        return False

    def fact(self, world: World, placed: Placed) -> bool:
        """Record a fact; whether any instance had a transition for it."""
        moved = False
        for name, declared in self._listening(placed["name"]):
            for place in oracle.places(world, declared, placed):
                asked = Asked(placed["name"], placed["at"], place, placed["fields"])
                if oracle.is_kept_for(declared, place):
                    model = self.model(name, place)
                    if model.may_trigger(asked.name, world, asked):
                        moved = model.trigger(asked.name, world, asked) or moved
        return moved

    def _listening(self, event: str) -> list[tuple[str, dict[str, Any]]]:
        machines = self.rules["machines"].items()
        return [(name, declared) for name, declared in machines if reading.listens(declared, event)]


def _condition(guard: dict[str, Any], per: Any) -> Callable[[World, Asked], bool]:
    return lambda world, asked: holds(world, guard, per, asked)


@settings(max_examples=examples(1))
@given(cases(corrections=False, custom=True))
def test_plain_transitions_allow_and_move_alike(case: Case) -> None:
    twins = Twins.of(case)
    plain = Plain(case.rules)
    for step in case.run.steps:
        world = twins.world()
        outcome = twins.take(step)
        assert outcome is not None
        if outcome.refused:
            assert not _allowed(plain, twins, world, step)
            continue
        placed = twins.placed()[-1]
        if reading.is_act(case.rules, step.event):
            place = oracle.place_of(world, step.event, twins.application(step), step.to)
            allowed = plain.act(world, Asked(step.event, step.at, place, step.fields))
            assert allowed == (not (outcome.breach or placed["outside"]))
        else:
            assert plain.fact(world, placed) == (not outcome.unexpected)
        _same_states(plain, twins)


def _allowed(plain: Plain, twins: Twins, world: World, step: Step) -> bool:
    """Whether the models would take an act, asked without doing it."""
    place = oracle.place_of(world, step.event, twins.application(step), step.to)
    asked = Asked(step.event, step.at, place, step.fields)
    return all(
        oracle.is_kept_for(declared, place) and plain.model(name, place).may_trigger(step.event, world, asked)
        for name, declared in twins.rules["machines"].items()
        if reading.listens(declared, step.event)
    ) and not oracle.is_nowhere(world, asked)


def _same_states(plain: Plain, twins: Twins) -> None:
    for machine, key in instances(twins.rules, twins.placed()):
        application, round_, person = key
        state = twins.process.state(machine, application=application, round=round_, to=person)
        assert plain.model(machine, key).state == state, (machine, key)
