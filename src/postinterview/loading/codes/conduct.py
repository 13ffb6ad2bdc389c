"""PI5xx: rules that can be read, and let somebody be a nuisance."""

from __future__ import annotations

from postinterview.loading.codes.code import Code

PAGES: tuple[Code, ...] = (
    Code(
        code="PI501",
        title="an act without a limit",
        explanation=(
            "The act reaches the employer and can be done again and again, though nothing was heard from "
            "them in between: no guard counts it, and no state brings it to an end. Waiting between two "
            "of them is no limit. A guard with `at_most` and `since: sign_of_life` is one."
        ),
        example_bad="ask: {event: follow_up, from: any, guards: {rest: {apart: 3 days, from: follow_up}}}",
        example_good=(
            "ask: {event: follow_up, from: any, guards: {once: {at_most: 1, of: follow_up, "
            "since: sign_of_life}}}"
        ),
    ),
    Code(
        code="PI502",
        title="a reply that spends nothing",
        explanation=(
            "Answering someone who wrote is never pushy; answering one message twice is. What keeps the "
            "two apart is a credit: an event of the employer gives one, and each reply spends one."
        ),
        example_bad="answer: {event: reply, from: any}",
        example_good="answer: {event: reply, from: any, guards: {asked_for: {spends: reply}}}",
    ),
    Code(
        code="PI503",
        title="a limit that a second application lifts",
        explanation=(
            "The chases are counted by application or by something smaller, so who applies twice may "
            "chase twice, and the employer hears from one person all the same. A guard with `per: "
            "employer` counts them together."
        ),
        example_bad="one_chase: {at_most: 1, of: chase, since: sign_of_life}",
        example_good="one_chase: {at_most: 1, of: chase, since: sign_of_life, per: employer}",
    ),
    Code(
        code="PI504",
        title="a chase that waits for nothing",
        explanation=(
            "No guard on the act asks for the time, so it would be allowed in the minute after the "
            "interview. A guard with `not_before` gives the employer the time they asked for, or a week."
        ),
        example_bad="ask: {event: follow_up, from: waiting, to: asked}",
        example_good=(
            "ask: {event: follow_up, from: waiting, to: asked, "
            "guards: {wait: {not_before: interview + 7 days}}}"
        ),
    ),
    Code(
        code="PI505",
        title="rules that allow what a promise forbids",
        explanation=(
            "The proof has looked at every order and every timing of events, and found a story in which an "
            "act is allowed though a promise of courtesy says never. The story is the shortest there is, "
            "and the rules were asked about it: they do allow its last step. The line shown is the guard "
            "that comes closest to the promise, or the transition where none does. Let a guard there ask "
            "for what the promise says; what is loosened by a minute is found as well."
        ),
        example_bad="one_chase: {at_most: 2, of: chase, since: sign_of_life, per: employer}",
        example_good="one_chase: {at_most: 1, of: chase, since: sign_of_life, per: employer}",
    ),
    Code(
        code="PI506",
        title="a promise of which nothing is known",
        explanation=(
            "The proof stopped at a limit before it had looked at everything, so it says neither yes nor "
            "no. Give it more time or more states. If that does not help, the rules count more things "
            "together than they need: fewer and smaller limits are easier to prove, and to understand."
        ),
        example_bad="postinterview check mine.yaml --max-zones 1",
        example_good="postinterview prove mine.yaml --max-seconds 300",
    ),
    Code(
        code="PI507",
        title="a packaged event tagged more mildly",
        explanation=(
            "Promises trust what a rule file says of its events. An event of the packaged rules may be "
            "tagged more strictly here (a courtesy as a chase), never more mildly (a chase as a courtesy): "
            "else every promise could be kept by a word. The proof holds the event to its packaged class in "
            "either case. If yours is another thing, give it a name of its own."
        ),
        example_bad="events: {follow_up: {by: candidate, contact: courtesy}}",
        example_good="events: {follow_up: {by: candidate, contact: chase}}",
    ),
)
