"""PI8xx: promises, which every proof holds a rule file to."""

from __future__ import annotations

from postinterview.loading.codes.code import Code

PAGES: tuple[Code, ...] = (
    Code(
        code="PI801",
        title="a promise names an event that there is not",
        explanation=(
            "A promise speaks of events by their names in the rule file, or of the classes that every rule "
            "file has: chase, courtesy, attempt, reply, contact and sign_of_life. A name that stands for "
            "nothing would make a promise that nothing can break. Write the name as it stands under `events`."
        ),
        example_bad="promises: {one_call: {never: cal, more_than: 1}}",
        example_good="promises: {one_call: {never: follow_up, more_than: 1}}",
    ),
    Code(
        code="PI802",
        title="a promise names a date that nothing sets",
        explanation=(
            "`before` waits for the end of a date that the employer named. No field of the rule file sets "
            "a date of this name, so nothing could break the promise. Write the name after a field's `sets:`."
        ),
        example_bad="promises: {wait: {never: chase, before: promise}}",
        example_good="promises: {wait: {never: chase, before: promised}}",
    ),
    Code(
        code="PI803",
        title="a promise contradicts itself",
        explanation=(
            "`after` says when the promise begins to hold and `until` when it ends. An event named in both "
            "would begin and end it at once. Name it in one of the two. A class and one of its events may "
            "stand on both sides: then that event begins the promise, and the others of its class end it."
        ),
        example_bad="promises: {quiet: {never: chase, after: rejection, until: rejection}}",
        example_good="promises: {quiet: {never: chase, after: rejection, until: sign_of_life}}",
    ),
    Code(
        code="PI804",
        title="a promise of this name is there already",
        explanation=(
            "The packaged promises are a floor: every proof holds the rules to them, and a file can only "
            "add to them. A second promise of the same name would leave open which one is meant. Give "
            "yours a name of its own."
        ),
        example_bad="promises: {one_chase: {never: chase, more_than: 2}}",
        example_good="promises: {two_chases: {never: chase, more_than: 2}}",
    ),
    Code(
        code="PI805",
        title="a promise that forbids nothing",
        explanation=(
            "A promise speaks of acts: of what the candidate may do. What the employer does can't be "
            "forbidden, and where `but` or `to` leaves no act over, every rule file keeps the promise and it "
            "says nothing. Name under `never` what must not happen too often, too early, or at all."
        ),
        example_bad="promises: {calm: {never: message, more_than: 1}}",
        example_good="promises: {calm: {never: reply, more_than: 1, since: message}}",
    ),
)
