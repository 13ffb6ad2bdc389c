"""Explain why an act is refused, and what has to come before it can be allowed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import cached_property

from attrs import define

from postinterview.core.answers.asking import who
from postinterview.core.answers.verdict import Reason, Verdict, new_reason, new_refusal, with_answer
from postinterview.core.guards import UNKNOWN, Check
from postinterview.core.judging.certainty import leaves_people_open
from postinterview.core.judging.coming_first import in_order, needed, people_openers, tightest
from postinterview.core.judging.engine import Engine
from postinterview.core.judging.listeners import ListeningInstance
from postinterview.core.judging.opening_times import outlook_of
from postinterview.core.past.places import make_key
from postinterview.core.past.situation import Situation
from postinterview.core.rules.rule_text import one_of, stands, state_text, title_of, words_of
from postinterview.core.values.formatting import say_list, short_name
from postinterview.core.values.lazy import settled
from postinterview.core.values.names import MAIN
from postinterview.core.values.naming import application_name, person_name
from postinterview.core.values.suggest import SHORT, closest, ticked


def refusal(engine: Engine, situation: Situation, at: datetime, zone: tzinfo | None) -> Verdict:
    """Return the verdict on an act that is refused at ``at``. Why it is so is worked out when it is read."""
    application, _, to = situation.place
    explanation = Explanation(engine, situation, at, zone)
    shown = at if zone is at.tzinfo else at.astimezone(zone)
    verdict = new_refusal(situation.kind.name, shown, application, to, False, later=explanation)
    if situation.kind.name in engine.asks_custom:  # it may answer differently next time
        settled(verdict)
    unnamed = _unnamed(engine, situation) if situation.unknown_person else []
    return with_answer(verdict, "amended", say_list(unnamed, "and")) if unnamed else verdict


@define(eq=False)
class Explanation:
    """Why an act is refused at a moment (UTC), and what has to come first: what a `Verdict` says of it.

    ``zone``: that of the moments.
    """

    engine: Engine
    situation: Situation
    at: datetime
    zone: tzinfo | None

    @property
    def instances(self) -> Sequence[ListeningInstance]:
        """The machines that listen to the act.

        A round in which the person never interviewed has no instance: another reason says so.
        """
        found = outlook_of(self.engine, self.situation).standing.instances
        if self.situation.unknown_person:
            return [instance for instance in found if not instance.listener.scope.round]
        return found

    @property
    def opening(self) -> datetime | None:
        """The moment at which the act would open in its place, but for what starts its application."""
        if self.situation.unknown_person:
            return None
        return outlook_of(self.engine, self.situation).opening(self.at)

    @property
    def opens_at(self) -> datetime | None:
        opens = None if self.situation.unstarted else self.opening
        return None if opens is None else opens.astimezone(self.zone)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        engine, situation = self.engine, self.situation
        found = [_unstarted(engine, situation)] if situation.unstarted else []
        if situation.unknown_person:
            found.append(_stranger(engine, situation, people_openers(engine)))
        for instance in self.instances:
            found += _reasons(engine, instance, situation, self.at, self.zone)
        is_custom = situation.kind.name in engine.asks_custom
        return tuple(map(settled, found)) if is_custom else tuple(found)

    @cached_property
    def opens_after(self) -> tuple[str, ...]:
        engine, situation = self.engine, self.situation
        if situation.unknown_person:
            return people_openers(engine)
        is_stuck = self.opening is None
        first = needed(engine, self.instances, situation, self.at) if is_stuck else ()
        if situation.unstarted:
            sets = [set(engine.starting), *([set(first)] if is_stuck else [])]
            first = in_order(engine, situation.kind, tightest(sets))
        return first

    @property
    def opens_after_titles(self) -> tuple[str, ...]:
        """The titles of what comes first: events by their titles, and fields and functions by their names."""
        application, _, to = self.situation.place
        events, employer = self.engine.definition.events, self.situation.employer
        return tuple(
            title_of(events[name], to or "an interviewer", application, employer) if name in events else name
            for name in self.opens_after
        )

    @property
    def title(self) -> str:
        return self.situation.title

    @property
    def advice(self) -> str:
        """The sentences that say what has to come before the act: one of the events, and all of the fields.

        A field that no guard asks for is one whose value decides whether a guard applies. The events are
        necessary and perhaps not sufficient, since other guards may refuse the act afterwards.
        """
        events, needed = self.engine.definition.events, self.opens_after
        said_first = [
            title for name, title in zip(needed, self.opens_after_titles, strict=True) if name in events
        ]
        carried = [name for name in needed if name in self.situation.kind.fields]
        asked = self.engine.asked_fields[self.situation.kind.name]
        fields = [name for name in carried if name in asked]
        others = [name for name in carried if name not in asked]
        functions = [name for name in needed if name not in events and name not in carried]
        said = []
        if said_first:
            at_once = all(_opens_at_once(self.engine, each) for each in self.instances)
            lead = "First, at least:" if at_once else "More than one event must come first. The last of them:"
            said.append(f"{lead} {say_list(said_first)}.")
        if fields:
            said.append(f"It needs the field{'s' if len(fields) > 1 else ''} {ticked(fields, 'and')}.")
        if others:
            said.append(f"{'Or it needs' if said_first else 'It needs'} another {ticked(others, 'or')}.")
        if functions:
            said.append(f"It depends on {ticked(functions)}.")
        return " ".join(said)


def _opens_at_once(engine: Engine, instance: ListeningInstance) -> bool:
    """Return whether one event can bring the machine where the act is possible, if it isn't there."""
    listener = instance.listener
    if instance.candidates:
        return True
    return engine.enters_at_once(listener.name, instance.state, frozenset(listener.moves))


def _unstarted(engine: Engine, situation: Situation) -> Reason:
    """Return that nothing is recorded that starts the act's application, and which one may be meant."""
    events, starting = engine.definition.events, engine.starting
    application, employer = situation.place.application or MAIN, short_name(situation.employer)
    where = "this application" if application == MAIN else application_name(application)
    theirs = [name for name in starting if events[name].by == "employer"]
    acts = [ticked((name,)) for name in starting if name not in theirs]
    has = f"nothing {'' if acts else f'from {employer} '}is recorded of {where} yet"
    known = situation.snapshot.applications
    if known and application not in known:
        meant = [application_name(each) for each in closest(application, known)]
        others = ", ".join(map(application_name, known)) if len(known) <= SHORT else f"{len(known)} others"
        has += f" (did you mean {say_list(meant)}?)" if meant else f" (known: {others})"
    if situation.unknown_until(frozenset(starting), make_key(application)) is not None:
        has = UNKNOWN
    needs = say_list([*words_of(theirs, events, situation.employer), *acts])
    return _of_place(situation, has, needs, starting)


def _stranger(engine: Engine, situation: Situation, needed: tuple[str, ...]) -> Reason:
    application, _, to = situation.place
    rounds = reversed([*situation.snapshot.along(engine.openers)])
    met_in = [placed for placed in rounds if application in (None, placed.application)]
    met = [person for placed in met_in for person in placed.people]
    meant = [person_name(name) for name in closest(to or "", dict.fromkeys(met))]
    to = person_name(to or "")
    where = "here" if application is None or application == MAIN else f"in {application_name(application)}"
    has = f"{to} has not interviewed you {where}"
    has += f" (did you mean {say_list(meant)}?)" if meant else ""
    if _unnamed(engine, situation):
        has = UNKNOWN
    needs = f"{one_of(needed, engine.definition.events)} with {to}" if needed else ""
    return _of_place(situation, has, needs, needed)


def _unnamed(engine: Engine, situation: Situation) -> list[str]:
    """Return what to say of the talks of which nobody said who was met: ``who was at the interview``."""
    application, rounds = situation.place.application, [*situation.snapshot.along(engine.openers)][::-1]
    met_in = [placed for placed in rounds if application in (None, placed.application)]
    names = dict.fromkeys(placed.name for placed in met_in if leaves_people_open(engine, placed))
    return [who(engine.definition.events[name], situation.employer) for name in names]


def _of_place(situation: Situation, has: str, needs: str, opens_after: tuple[str, ...]) -> Reason:
    """Return a reason that belongs to no machine: the act's place refuses it."""
    origin = situation.kind.origin
    return Reason(
        id="state",
        machine="",
        transition="",
        file=origin.file,
        line=origin.line,
        has=has,
        needs=needs,
        opens_after=opens_after,
    )


def _reasons(
    engine: Engine, instance: ListeningInstance, situation: Situation, at: datetime, zone: tzinfo | None
) -> list[Reason]:
    if not instance.candidates:
        return [_no_transition(engine, instance, situation)]
    if any(candidate.holds(situation, at) for candidate in instance.candidates):
        return []
    found = []
    for candidate in instance.candidates:
        for check in candidate.checks:
            window = check.window(situation, at)
            if window is None or window[0] > at:
                found.append(
                    new_reason(
                        id=check.guard.id,
                        machine=instance.listener.name,
                        transition=candidate.rule.id,
                        file=check.guard.origin.file,
                        line=check.guard.origin.line,
                        changes=check.guard.changes,
                        opens_at=None if window is None else window[0].astimezone(zone),
                        later=_Failed(engine, check, situation, at, zone, window is None),
                    )
                )
    return found


@define(eq=False)
class _Failed:
    """A guard that failed, asked for its words: what a `Reason` says of it. ``is_shut``: for good."""

    engine: Engine
    check: Check
    situation: Situation
    at: datetime
    zone: tzinfo | None
    is_shut: bool

    @cached_property
    def _words(self) -> tuple[str, str]:
        return self.check.explain(self.situation, self.at, self.zone)

    @property
    def has(self) -> str:
        return self._words[0]

    @property
    def needs(self) -> str:
        return self._words[1]

    @property
    def opens_after(self) -> tuple[str, ...]:
        if not self.is_shut:
            return ()
        openers = set(self.check.openers(self.situation, self.at))
        return in_order(self.engine, self.situation.kind, openers)


def _no_transition(engine: Engine, instance: ListeningInstance, situation: Situation) -> Reason:
    listener = instance.listener
    machine = engine.definition.machines[listener.name]
    goal = listener.machine.goal(situation.kind.name)
    wanted = [name for name in machine.states if name in goal]
    if listener.scope.round and not situation.place.round:
        openers = [name for name, kind in engine.definition.events.items() if kind.opens_round]
        has, needs = "there is no round yet", one_of(openers, engine.definition.events)
        origin = situation.kind.origin
    else:
        has, needs = stands(machine, instance.state), say_list(state_text(machine, each) for each in wanted)
        origin = machine.states[instance.state].origin
    return Reason(
        id="state",
        machine=listener.name,
        transition="",
        file=origin.file,
        line=origin.line,
        has=has,
        needs=needs,
        opens_after=in_order(
            engine, situation.kind, set(engine.entering(listener.name, instance.state, goal))
        ),
    )
