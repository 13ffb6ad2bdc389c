"""PI5xx: rules that can be read, and let somebody be a nuisance."""

from __future__ import annotations

from postinterview.loading.codes.code import Code

PAGES: tuple[Code, ...] = (
    Code(
        code="PI501",
        title="retired: an act without a limit",
        explanation=(
            "This code is no longer reported. PI505 replaced it: the proof finds every act that can be "
            "repeated without limit, on the same line, and shows the story. `check --no-proof` finds none "
            "of them."
        ),
        example_bad="ask: {event: follow_up, from: any, guards: {rest: {apart: 3 days, from: follow_up}}}",
        example_good=(
            "ask: {event: follow_up, from: any, guards: {once: {at_most: 1, of: follow_up, "
            "since: sign_of_life}}}"
        ),
        replaced_by="PI505",
    ),
    Code(
        code="PI502",
        title="retired: a reply that spends nothing",
        explanation=(
            "This code is no longer reported. PI505 replaced it: the proof finds every reply that can be "
            "sent without a credit, on the same line, and shows the story. `check --no-proof` finds none "
            "of them."
        ),
        example_bad="answer: {event: reply, from: any}",
        example_good="answer: {event: reply, from: any, guards: {asked_for: {spends: reply}}}",
        replaced_by="PI505",
    ),
    Code(
        code="PI503",
        title="retired: a limit that a second application lifts",
        explanation=(
            "This code is no longer reported. PI505 replaced it: the proof finds every chase that a second "
            "application allows, on the same line, and shows the story. `check --no-proof` finds none of "
            "them."
        ),
        example_bad="one_chase: {at_most: 1, of: chase, since: sign_of_life}",
        example_good="one_chase: {at_most: 1, of: chase, since: sign_of_life, per: employer}",
        replaced_by="PI505",
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
