"""An event as sentences that a coach would say: when you may, how often, when it is due, what it leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from postinterview.core.agenda.due import is_nudge
from postinterview.core.judging.opening_times import AT_WORK
from postinterview.core.rules.definitions import Definition, EventKind, Guard, MachineKind, Moment, Transition
from postinterview.core.rules.rule_text import ARTICLES, with_article
from postinterview.core.values.formatting import sentence
from postinterview.describing.guard_text import GuardSentences
from postinterview.describing.phrases import Phrases

CONTACTS = {
    "chase": "a contact that wants an answer",
    "courtesy": "a contact that asks for nothing",
    "attempt": "a call that nobody took, without a message",
    "reply": "a contact that answers a message of the employer",
    "none": "an act that doesn't reach the employer",
}


@frozen
class ActSentences:
    """The sentences about events of one rulebook, and about their transitions and guards."""

    definition: Definition
    guards: GuardSentences
    phrases: Phrases

    @staticmethod
    def of(definition: Definition) -> ActSentences:
        return ActSentences(definition, GuardSentences(definition), Phrases(definition))

    def kind(self, event: EventKind) -> str:
        """Return what kind of event it is: ``an act, a contact that wants an answer``."""
        who = {"candidate": "an act", "employer": "a fact by the employer", "world": "a fact"}[event.by]
        said = [who, *([CONTACTS[event.contact]] if event.contact is not None else [])]
        said += ["to one person"] * (event.is_act and event.to_person)
        said += ["opens the next round"] * event.opens_round
        said += ["starts an application"] * (event.is_act and event.starts_application)
        said += ["no sign of life"] * (event.by == "employer" and not event.sign_of_life)
        return ", ".join(said)

    def lead(self, rule: Transition, before: Sequence[Transition] = ()) -> str:
        """Return from where a transition leads on: ``You may follow up with the employer while the ...``.

        ``before``: the transitions of the event that were told already. An act must be allowed in every
        machine, by one of its transitions there.
        """
        event, machine = self.definition.events[rule.event], self.definition.machines[rule.machine]
        everywhere = set(rule.sources) == set(machine.states)
        where = "" if everywhere else f" while {self._stands(machine, rule.sources)}"
        if not event.is_act:
            return f"On {self.phrases.act(event.name)}{where}: {self.leads_to(rule)}."
        colon = ":" if rule.guards else "."
        if any(each.machine == rule.machine for each in before):
            return f"Or{where or ' in whatever state'}{colon}"
        if before:
            in_any = f" in whatever state {self.phrases.machine(machine.name)} is"
            return f"And it must be allowed{where or in_any}{colon}"
        return f"{self._may(event)}{where or ' in whatever state'}{colon}"

    def _may(self, event: EventKind) -> str:
        """Return ``You may thank the interviewer``; a title that is no order is a noun."""
        said = self.phrases.act(event.name)
        is_noun = said.partition(" ")[0] in ARTICLES
        if event.title and not is_noun:
            return f"You may {said}"
        return f"There may be {said if is_noun else with_article(said)}"

    def _stands(self, machine: MachineKind, states: tuple[str, ...]) -> str:
        return f"{self.phrases.machine(machine.name)} is {self.phrases.states(machine.name, states)}"

    def leads_to(self, rule: Transition) -> str:
        """Return what a transition does to its machine: ``the application becomes "Followed up once"``."""
        machine = self.definition.machines[rule.machine]
        if rule.target is None:
            return f"{self.phrases.machine(machine.name)} stays as it is"
        target = self.phrases.states(machine.name, (rule.target,))
        return f"{self.phrases.machine(machine.name)} becomes {target}"

    def after(self, rule: Transition) -> Iterator[str]:
        """Yield when the act is due by the transition, and what it leads to."""
        event = self.definition.events[rule.event]
        if rule.due is not None:
            yield self._due(event, rule.due)
        if event.is_act and rule.target is not None:
            yield f"{sentence(self.leads_to(rule))}."
        if rule.breach_from_any:
            yield "Recorded against the rules, it leads there from every state."

    def _due(self, event: EventKind, due: Moment) -> str:
        """Return when an act is due; nobody owes a nudge, so the agenda only suggests one, at work."""
        when = self.phrases.moment(due)
        if when.startswith("the "):
            when = f"at {when}"
        if is_nudge(event):
            hours = f"from {AT_WORK.guard.opens:%H:%M} to {AT_WORK.guard.closes:%H:%M}"
            return f"The agenda suggests it {when}. It waits for an hour {hours} on a business day."
        return f"It is due {when}."

    def guard(self, rule: Transition, guard: Guard) -> str:
        return self.guards.sentence(rule, guard)
