"""PI1xx, keys: unknown, missing, in the wrong place, or not fit for a name."""

from __future__ import annotations

from postinterview.loading.codes.code import Code

PAGES: tuple[Code, ...] = (
    Code(
        code="PI101",
        title="unknown key",
        explanation=(
            "Every part of a rule file has a fixed set of keys, and this is none of them. A key that "
            "nobody reads would look like a rule and do nothing, so it is refused. Mostly it is misspelt, "
            "or belongs one level further in or out. Notes of your own have their place under `meta`."
        ),
        example_bad="ask: {evnt: follow_up, from: waiting}",
        example_good="ask: {event: follow_up, from: waiting}",
    ),
    Code(
        code="PI102",
        title="a key is missing",
        explanation=(
            "Some keys can't be left out: without them the part says nothing. An event must say by whom "
            "it is, a machine by what it is kept and where it starts, a transition which event moves it "
            "and from where."
        ),
        example_bad="ask: {from: waiting, to: asked}",
        example_good="ask: {event: follow_up, from: waiting, to: asked}",
    ),
    Code(
        code="PI103",
        title="the format is missing",
        explanation=(
            "A rule file says in which version of the rule language it is written, so that a later "
            "version of this program can still read it as it was meant. There is one so far: write "
            "`format: 1` as the first line."
        ),
        example_bad="title: After the interview",
        example_good="format: 1\ntitle: After the interview",
    ),
    Code(
        code="PI104",
        title="written for a later version",
        explanation=(
            "The file is written in a version of the rule language that this program does not know yet. "
            "Nothing else is said about it, since much of it would be called wrong and is only new. "
            "Update the program."
        ),
        example_bad="format: 2",
        example_good="format: 1",
    ),
    Code(
        code="PI105",
        title="a file can't build on another one yet",
        explanation=(
            "`extends` is kept for a later version, in which a file can take over the rules of another "
            "one and change some. This version reads each file on its own: copy the rules that you want "
            "to change, and delete the line."
        ),
        example_bad="extends: default",
        example_good="title: The default rules, with two follow-ups",
    ),
    Code(
        code="PI115",
        title="not fit for a name",
        explanation=(
            "Refusals, scenarios and proofs quote these names, so they are kept simple: small letters, "
            "digits and `_`, and a letter first. Words for people stand in `title`, where everything is "
            "allowed."
        ),
        example_bad="Follow-up: {by: candidate}",
        example_good="follow_up: {by: candidate, title: Follow up}",
    ),
    Code(
        code="PI116",
        title="a word that is taken",
        explanation=(
            "A few words mean something already: `any` all states, `never` no moment, `none` no contact, "
            "and `state`, among the guards that refused, that no transition leaves the present state. A "
            "field can't be called like what every event has, such as `at` and `to`. Choose another name."
        ),
        example_bad="guards: {state: {at_most: 1, of: chase}}",
        example_good="guards: {one_chase: {at_most: 1, of: chase}}",
    ),
    Code(
        code="PI117",
        title="a guard that asks nothing",
        explanation=(
            "One key says what a guard asks: `at_most`, `not_before`, `not_after`, `apart`, `state`, "
            "`not_state`, `happened`, `not_happened`, `spends`, `fields`, `hours` or `custom`. This guard "
            "has none of them, so it could never refuse anything."
        ),
        example_bad="one_chase: {of: chase, per: employer}",
        example_good="one_chase: {at_most: 1, of: chase, per: employer}",
    ),
    Code(
        code="PI118",
        title="two guards in one",
        explanation=(
            "A guard asks one thing, so that a refusal can name it. Write one guard for each, under names "
            "of their own: an act is allowed when all guards of its transition hold."
        ),
        example_bad="polite: {at_most: 1, of: chase, apart: 7 days, from: message}",
        example_good="one_chase: {at_most: 1, of: chase}\nlet_them_speak: {apart: 7 days, from: message}",
    ),
    Code(
        code="PI119",
        title="a key of another kind of guard",
        explanation=(
            "Each kind of guard has its own keys. `of` says what `at_most` counts, and `from` what "
            "`apart` keeps away from; `since` starts a count anew; `if_never` says what a moment or "
            "`apart` does where nothing has happened yet."
        ),
        example_bad="let_them_speak: {apart: 7 days, of: message}",
        example_good="let_them_speak: {apart: 7 days, from: message}",
    ),
    Code(
        code="PI122",
        title="two machines in one guard",
        explanation=(
            "A guard looks at one machine, so that a refusal can say which of them is not where it should "
            "be. Write a guard for each."
        ),
        example_bad="ready: {state: {plan: ready, profile: complete}}",
        example_good="plan_ready: {state: {plan: ready}}\nprofile_complete: {state: {profile: complete}}",
    ),
    Code(
        code="PI124",
        title="a date from a field that holds none",
        explanation=(
            "`sets` makes a date of what a field holds, such as the day by which the employer promised to "
            "answer. Only a field of type `date` holds one."
        ),
        example_bad="decide_by: {type: text, sets: promised}",
        example_good="decide_by: {type: date, sets: promised}",
    ),
)
