"""PI2xx: names and what they stand for."""

from __future__ import annotations

from postinterview.loading.codes.code import Code

PAGES: tuple[Code, ...] = (
    Code(
        code="PI201",
        title="unknown event",
        explanation=(
            "The name stands under `events` nowhere. Mostly it is misspelt, here or where the event is "
            "defined. A transition is moved by one event, so the name of a class can't stand here either."
        ),
        example_bad="ask: {event: folow_up, from: waiting}",
        example_good="ask: {event: follow_up, from: waiting}",
    ),
    Code(
        code="PI202",
        title="unknown event or class",
        explanation=(
            "What is counted is an event or a class of events. Some classes are always there: `chase`, "
            "`courtesy`, `attempt`, `reply`, `contact` and `sign_of_life`; others stand under `classes`."
        ),
        example_bad="one_chase: {at_most: 1, of: chaser}",
        example_good="one_chase: {at_most: 1, of: chase}",
    ),
    Code(
        code="PI203",
        title="unknown state",
        explanation=(
            "The machine has no state of this name. Each machine has its own states, listed under its "
            "`states`; those of another machine don't count. `any` stands for all of them, after `from` "
            "only."
        ),
        example_bad="ask: {event: follow_up, from: wating}",
        example_good="ask: {event: follow_up, from: waiting}",
    ),
    Code(
        code="PI204",
        title="unknown machine",
        explanation="A guard looks at a machine that is not defined. The machines stand under `machines`.",
        example_bad="plan_ready: {state: {plans: ready}}",
        example_good="plan_ready: {state: {plan: ready}}",
    ),
    Code(
        code="PI205",
        title="unknown credit",
        explanation=(
            "An event gives a credit, or a guard spends one, that is not defined. Credits stand under "
            "`credits`, each with the most that can be saved up."
        ),
        example_bad="message: {by: employer, gives: replies}",
        example_good="credits: {reply: {max: 3}}\nmessage: {by: employer, gives: reply}",
    ),
    Code(
        code="PI206",
        title="unknown event or date",
        explanation=(
            "A moment hangs on an event, on a class of events, on a date that a field sets, or on a date "
            "that is defined under `dates`. Nothing of the kind has this name."
        ),
        example_bad="wait: {not_before: intervew + 7 days}",
        example_good="wait: {not_before: interview + 7 days}",
    ),
    Code(
        code="PI207",
        title="unknown date",
        explanation=(
            "An event ends a date that no field sets. A date comes into being where a field of type "
            "`date` says `sets:`; only such a date can be ended."
        ),
        example_bad="offer: {by: employer, ends: promissed}",
        example_good=(
            "promise: {by: employer, fields: {date: {type: date, sets: promised}}}\n"
            "offer: {by: employer, ends: promised}"
        ),
    ),
    Code(
        code="PI208",
        title="unknown field",
        explanation=(
            "The guard asks for a field that the event of its transition does not have, so no act could "
            "ever carry it. The fields stand under the event's `fields`."
        ),
        example_bad="says_thanks: {fields: [thank]}",
        example_good="says_thanks: {fields: [thanks]}",
    ),
    Code(
        code="PI209",
        title="unknown function",
        explanation=(
            "A `custom` guard is answered by the program that uses these rules, and it has registered "
            "nothing under this name."
        ),
        example_bad="polite: {custom: is_plite}",
        example_good="polite: {custom: is_polite}",
    ),
    Code(
        code="PI210",
        title="one name for two things",
        explanation=(
            "Events, classes and dates are all named in moments and guards by one word, so one word must "
            "mean one thing. Choose another name for one of them."
        ),
        example_bad="events: {offer: {by: employer}}\nclasses: {offer: [offer, offer_revised]}",
        example_good="events: {offer: {by: employer}}\nclasses: {any_offer: [offer, offer_revised]}",
    ),
    Code(
        code="PI211",
        title="the name of a class that is always there",
        explanation=(
            "`chase`, `courtesy`, `attempt`, `reply`, `contact` and `sign_of_life` are classes in every "
            "rule file, made from what the events say of themselves. Nothing else may have these names, "
            "but for one event: `reply`, if it says `contact: reply`."
        ),
        example_bad="classes: {contact: [follow_up, thank_you]}",
        example_good="classes: {what_we_send: [follow_up, thank_you]}",
    ),
    Code(
        code="PI212",
        title="dates that lead back to themselves",
        explanation=(
            "Each of these dates waits for the next one, and the last for the first, so none of them is "
            "ever known. Let one of them start from an event, or from a date that a field sets."
        ),
        example_bad="dates:\n  answer_due: reminder_due + 1 day\n  reminder_due: answer_due + 1 day",
        example_good="dates:\n  answer_due: interview + 7 days\n  reminder_due: answer_due + 1 day",
    ),
    Code(
        code="PI213",
        title="an event that nothing uses",
        explanation=(
            "No transition, guard, class or date names this event, and it gives, opens or sets nothing: "
            "recording it would change nothing. Mostly a transition was forgotten, or another event was "
            "meant somewhere."
        ),
        example_bad="events: {holiday: {by: world}}",
        example_good="events: {holiday: {by: world}}\nlet_them_rest: {apart: 7 days, from: holiday}",
    ),
    Code(
        code="PI214",
        title="a class that nothing uses",
        explanation="No guard and no date names this class, so it says nothing. Use it, or delete it.",
        example_bad="classes: {answer: [offer, offer_revised]}",
        example_good=(
            "classes: {answer: [offer, offer_revised]}\n"
            "one_counter: {at_most: 1, of: counter_offer, since: answer}"
        ),
    ),
    Code(
        code="PI215",
        title="a credit that nothing spends",
        explanation=(
            "No guard spends this credit, so having it allows nothing. Add a guard such as `{spends: "
            "reply}` to the act that answers the employer, or delete the credit."
        ),
        example_bad="credits: {reply: {max: 3}}",
        example_good="credits: {reply: {max: 3}}\nasked_for: {spends: reply}",
    ),
    Code(
        code="PI216",
        title="a named date that nothing uses",
        explanation=(
            "No guard, no `due` and no other date names this date, so it says nothing. Use it, or delete it."
        ),
        example_bad="dates: {answer_due: interview + 7 days}",
        example_good="dates: {answer_due: interview + 7 days}\nwait: {not_before: answer_due}",
    ),
    Code(
        code="PI217",
        title="a date that nothing reads",
        explanation=(
            "A field sets this date, and no guard, `due` or date under `dates` asks for it: what the "
            "employer promised would not matter. Read it somewhere, or delete `sets`."
        ),
        example_bad="decide_by: {type: date, sets: promised}",
        example_good="decide_by: {type: date, sets: promised}\nwait: {not_before: promised + 1 business day}",
    ),
    Code(
        code="PI218",
        title="an empty class",
        explanation=(
            "The class is one of those that are always there, and in this file no event belongs to it. "
            "What counts it counts nothing, and what waits for it waits for ever."
        ),
        example_bad="two_attempts: {at_most: 2, of: attempt}",
        example_good=(
            "missed_call: {by: candidate, contact: attempt}\ntwo_attempts: {at_most: 2, of: attempt}"
        ),
    ),
    Code(
        code="PI219",
        title="a state that nothing uses",
        explanation=(
            "No transition leads to this state or leaves from it, and no guard asks for it. Use it, or "
            "delete it."
        ),
        example_bad="states: {waiting: {title: Waiting}, forgotten: {title: Forgotten}}",
        example_good="states: {waiting: {title: Waiting}}",
    ),
)
