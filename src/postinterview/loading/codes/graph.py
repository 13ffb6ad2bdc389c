"""PI3xx: states and transitions, and who can move them."""

from __future__ import annotations

from postinterview.loading.codes.code import Code

PAGES: tuple[Code, ...] = (
    Code(
        code="PI301",
        title="a state that can't be reached",
        explanation=(
            "From the start of the machine no chain of transitions leads to this state, whatever happens. "
            "Mostly a transition lacks its `to`, or names another state."
        ),
        example_bad="ask: {event: follow_up, from: waiting}",
        example_good="ask: {event: follow_up, from: waiting, to: asked}",
    ),
    Code(
        code="PI302",
        title="an act that can never be allowed",
        explanation=(
            "An act is allowed where some machine has a transition for it. No machine has one for this "
            "act, so it would be refused always and everywhere. Add a transition; it may leave the state "
            "as it is."
        ),
        example_bad="events: {thank_you: {by: candidate, contact: courtesy}}",
        example_good=(
            "events: {thank_you: {by: candidate, contact: courtesy}}\n"
            "thank: {event: thank_you, from: waiting}"
        ),
    ),
    Code(
        code="PI303",
        title="two transitions at once",
        explanation=(
            "Both transitions leave the same state on the same event, and lead to different states or "
            "belong to a fact. Which of them applies must never be a matter of luck. Take the state out "
            "of one of them, or give them guards that are exact opposites, such as `state` and "
            "`not_state` of the same."
        ),
        example_bad=(
            "ask: {event: follow_up, from: waiting, to: asked}\n"
            "urge: {event: follow_up, from: waiting, to: urged}"
        ),
        example_good=(
            "ask: {event: follow_up, from: waiting, to: asked}\n"
            "urge: {event: follow_up, from: asked, to: urged}"
        ),
    ),
    Code(
        code="PI304",
        title="an alternative that can never matter",
        explanation=(
            "Two transitions do the same on the same act, and whenever the guards of this one hold, those "
            "of the other one do too. So the guards that only this one has refuse nothing. Delete one of "
            "the two transitions; the stricter one is often the one that was meant."
        ),
        example_bad=(
            "ask: {event: follow_up, from: waiting, guards: {wait: {not_before: interview + 7 days}}}\n"
            "ask_anyway: {event: follow_up, from: waiting}"
        ),
        example_good=(
            "ask: {event: follow_up, from: waiting, guards: {wait: {not_before: interview + 7 days}}}"
        ),
    ),
    Code(
        code="PI305",
        title="an act that names nobody moves somebody's machine",
        explanation=(
            "The machine is kept for each interviewer, and the act does not say whom it goes to. Give the "
            "event `to: interviewer`, so that every such act names a person."
        ),
        example_bad="thank_you: {by: candidate, contact: courtesy}",
        example_good="thank_you: {by: candidate, contact: courtesy, to: interviewer}",
    ),
    Code(
        code="PI306",
        title="counted by something that is not known",
        explanation=(
            "A guard counts by person, application or round, or asks for a machine or a credit kept that "
            "way, and the event names none. An event names a person with `to: interviewer`; an event lies "
            "in an application if it moves a machine that is kept by application or round."
        ),
        example_bad="one_call: {at_most: 1, of: follow_up, per: interviewer}",
        example_good="one_call: {at_most: 1, of: follow_up, per: round}",
    ),
    Code(
        code="PI307",
        title="a guard that would refuse a fact",
        explanation=(
            "A fact has happened, so it is recorded whatever the rules say. A guard on it can only choose "
            "between two transitions: each needs a second transition from the same state with the exact "
            "opposite, such as `happened` and `not_happened` of the same."
        ),
        example_bad=(
            "said_no: {event: rejection, from: any, to: rejected, "
            "guards: {once: {at_most: 1, of: rejection}}}"
        ),
        example_good="said_no: {event: rejection, from: any, to: rejected}",
    ),
    Code(
        code="PI308",
        title="only an act has this",
        explanation=(
            "`contact` says how something that the candidate does reaches the employer; `breach_from` "
            "what happens when it is done against the rules; `due` when the candidate should do it. What "
            "the employer or the world does has none of these."
        ),
        example_bad="interview: {by: employer, contact: courtesy}",
        example_good="interview: {by: employer}",
    ),
    Code(
        code="PI309",
        title="only a fact has this",
        explanation=(
            "A round is opened, and a reply is invited, by what the employer does; otherwise a candidate "
            "could give themselves leave. A sign of life, too, is something that only the employer gives."
        ),
        example_bad="follow_up: {by: candidate, gives: reply}",
        example_good="message: {by: employer, gives: reply}",
    ),
    Code(
        code="PI310",
        title="a state that is always or never so",
        explanation=(
            "The guard asks for states, and the answer is known beforehand: the transition leaves only "
            "from states that are among them, or only from others, or they are all states there are. Such "
            "a guard refuses always or never."
        ),
        example_bad="ask: {event: follow_up, from: waiting, guards: {still: {state: {application: asked}}}}",
        example_good="ask: {event: follow_up, from: waiting, guards: {ready: {state: {plan: ready}}}}",
    ),
)
