"""The machines that listen to an event: where each of them stands, and where the event may lead it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from attrs import define

from postinterview.core.judging.machine import SHUT, RuleMachine, RuleTransition, Way, Ways, joined
from postinterview.core.past.places import Key, make_key, projection
from postinterview.core.past.situation import Situation
from postinterview.core.rules.definitions import Scope, Transition


@define(eq=False)
class Listener:
    """A machine that listens to an event.

    Attributes:
        machine: the machine's graph.
        name: its name.
        start: the state in which its instances start.
        scope: the keys by which its instances are kept.
        key: returns the key of the instance in a place.
        moves: its transitions on the event, by the state that they leave.
        breach_from_any: the first that a breach takes from a state that none leaves.
        outside: the states in which the rules do not judge the event: no transition leaves them on it.
        spends: the credits that any of them takes.
        transitions: all of them, in the order of the file.
        alike: the rules that leave a state, with the transitions of one such state and all of these states.
    """

    machine: RuleMachine
    name: str
    start: str
    scope: Scope
    key: Callable[[Key], Key]
    moves: Mapping[str, list[RuleTransition]]
    breach_from_any: RuleTransition | None
    outside: frozenset[str]
    spends: tuple[str, ...]
    transitions: tuple[RuleTransition, ...]
    alike: Mapping[tuple[Transition, ...], tuple[Sequence[RuleTransition], list[str]]]

    def has_instance(self, situation: Situation) -> bool:
        """Return whether the act's place has an instance: a machine of rounds has none before the first."""
        return bool(situation.place.round) or not self.scope.round

    def current(self, situation: Situation) -> tuple[Key, str, Sequence[RuleTransition]]:
        """Return the instance in the act's place: its key, its state, and the transitions that leave it.

        Nothing leaves where there is no instance.
        """
        place = situation.place
        key = self.key(place)
        state = situation.snapshot.states.get((self.name, key), self.start)
        if self.scope.round and not place.round:
            return key, state, ()
        return key, state, self.moves.get(state, ())

    def reached(self, situation: Situation, people: tuple[str, ...]) -> list[Key]:
        """Return the keys of the instances that agree with a fact on every part that it names itself."""
        application, round_, _ = place = situation.place
        scope = self.scope
        if scope.round and not round_ and application is not None:
            return []
        if not scope.interviewer and (application is not None or not scope.application):
            return [self.key(place)]
        named = people or ((None,) if not scope.interviewer else ())
        if named and (application is not None or not scope.application):
            return list(dict.fromkeys(self.key(make_key(application, round_, person)) for person in named))
        # People may have been met in other applications, which an instance of a person does not tell apart.
        places = situation.snapshot.places_of(application if scope.application else None)
        return [
            key
            for key in dict.fromkeys(map(self.key, places))
            # A place before the first round, or one without a person, may name no instance.
            if (not scope.application or key.application)
            and (not scope.round or key.round)
            and (not scope.interviewer or key.person)
            and application in (None, key.application or application)
            and round_ in (None, key.round or round_)
            and (not people or key.person is None or key.person in people)
        ]


@define(eq=False)
class ListeningInstance:
    """A listening machine's instance: its state, and the transitions that leave it on the act."""

    listener: Listener
    state: str
    candidates: Sequence[RuleTransition]


@define(eq=False)
class Standing:
    """The machines that listen to an act, in some states. All acts with machines in these states share it.

    Attributes:
        instances: the machines, each with its state.
        ways: the ways that are possible, for each machine.
        way: the only way of all machines, if each has one; they are joined.
        wishing: the machines with a rule that says when the act is due, and all rules that leave the state.
    """

    instances: tuple[ListeningInstance, ...]
    ways: Ways
    way: Way | None
    wishing: tuple[tuple[Listener, Sequence[RuleTransition]], ...]


def standing_in(listeners: Sequence[Listener], states: Sequence[str], *, in_round: bool) -> Standing:
    """Return how machines stand in these states. ``in_round``: a machine of rounds has an instance."""
    here = [
        (listener, state, listener.moves.get(state, ()))
        for listener, state in zip(listeners, states, strict=True)
    ]
    instances = tuple(
        ListeningInstance(listener, state, leaving if in_round or not listener.scope.round else ())
        for listener, state, leaving in here
    )
    candidates = [each.candidates for each in instances]
    ways = joined(candidates) if all(candidates) else SHUT
    return Standing(
        instances,
        ways,
        ways[0][0] if len(ways) == 1 and len(ways[0]) == 1 else None,
        tuple(
            (listener, leaving)
            for listener, _, leaving in here
            if any(rule.due is not None for rule in leaving)
        ),
    )


def listeners_of(machines: Mapping[str, RuleMachine], event: str) -> tuple[Listener, ...]:
    """Return the machines that listen to an event, in the order of the file."""
    found = []
    for name, machine in machines.items():
        heard = machine.on(event)
        if heard is None:
            continue
        moves = {state: heard.leaving(state) for state in heard.transitions}
        leaving = [transition for group in moves.values() for transition in group]
        leaving.sort(key=lambda transition: machine.kind.transitions.index(transition.rule))
        from_any = [transition for transition in leaving if transition.rule.breach_from_any]
        found.append(
            Listener(
                machine,
                name,
                machine.kind.start,
                machine.kind.scope,
                projection(machine.kind.scope),
                moves,
                from_any[0] if from_any else None,
                frozenset(s for s, each in machine.kind.states.items() if each.outside and s not in moves),
                tuple(dict.fromkeys(credit for transition in leaving for credit in transition.spends)),
                tuple(leaving),
                _alike(moves),
            )
        )
    return tuple(found)


def _alike(
    moves: Mapping[str, list[RuleTransition]],
) -> dict[tuple[Transition, ...], tuple[Sequence[RuleTransition], list[str]]]:
    """Return the states that the same rules leave, by these rules, with the transitions of the first."""
    found: dict[tuple[Transition, ...], tuple[Sequence[RuleTransition], list[str]]] = {}
    for state, transitions in moves.items():
        rules = tuple(each.rule for each in transitions)
        found.setdefault(rules, (transitions, []))[1].append(state)
    return found
