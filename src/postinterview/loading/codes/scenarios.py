"""PI7xx: scenario files."""

from __future__ import annotations

from postinterview.loading.codes.code import Code

PAGES: tuple[Code, ...] = (
    Code(
        code="PI701",
        title="not a scenario file",
        explanation=(
            "The file has no `scenarios`, so there is nothing to play. A rule file is checked with "
            "`postinterview check`; scenarios stand in a file of their own, which names the rules it "
            "is about."
        ),
        example_bad="format: 1\ntitle: After the interview\nevents:\n  interview: {by: employer}",
        example_good="format: 1\nrules: default\nscenarios:\n  - name: Too soon\n    steps: []",
    ),
    Code(
        code="PI702",
        title="not one thing that happens",
        explanation=(
            "A step tells one thing: an `event`, or a correction of what was told before (`retract`, "
            "`unknown`). Two things are two steps, even at the same time; the order of the file "
            "counts then."
        ),
        example_bad="- {at: 2026-03-02 10:00, event: message, retract: 2}",
        example_good="- {at: 2026-03-02 10:00, event: message}\n- {at: 2026-03-02 10:00, retract: 2}",
    ),
    Code(
        code="PI703",
        title="a key of another kind of step",
        explanation=(
            "The key is known, and belongs to steps of another kind: `with`, `late` and what is "
            "expected go with an `event`, `not_sent` with `retract`, and `until` with `unknown`. Here "
            "it would say nothing."
        ),
        example_bad="- {at: 2026-03-02 10:00, retract: 2, with: {channel: call}}",
        example_good="- {at: 2026-03-02 10:00, retract: 2, not_sent: true}",
    ),
    Code(
        code="PI705",
        title="two scenarios of one name",
        explanation=(
            "A scenario is found by its name: in reports, and by `postinterview next --scenario`. So "
            "within a file each needs a name of its own."
        ),
        example_bad="- {name: Too soon, steps: [...]}\n- {name: Too soon, steps: [...]}",
        example_good="- {name: Too soon, steps: [...]}\n- {name: Too soon by a minute, steps: [...]}",
    ),
    Code(
        code="PI706",
        title="the rules can't be had",
        explanation=(
            "The scenarios are about the rules that the file names under `rules:`, and those can't be "
            "read or have errors of their own. A bare word is the name of packaged rules; anything "
            "else is a path, and it starts from the folder of the scenario file."
        ),
        example_bad="rules: mine",
        example_good="rules: ../rules/mine.yaml",
    ),
    Code(
        code="PI707",
        title="unknown time zone",
        explanation=(
            "A time zone is named by its area and city, as in the list that computers share, such as "
            "`Europe/Zurich`. Short names like `CET` or `EST` are not enough: they don't say when the "
            "clocks change."
        ),
        example_bad="timezone: Zurich",
        example_good="timezone: Europe/Zurich",
    ),
    Code(
        code="PI711",
        title="not a moment",
        explanation=(
            "A moment is a day and a time: year, month, day, then hours and minutes, and if need be "
            "seconds with up to six digits behind the point. It may end in an offset such as "
            "`+01:00`, or in `Z`. The years run from 1900 to 2999."
        ),
        example_bad="at: 2.3.2026 10h",
        example_good="at: 2026-03-02 10:00",
    ),
    Code(
        code="PI712",
        title="a time of no place",
        explanation=(
            "Ten o'clock is another moment in Zurich than in New York, and nothing here says which is "
            "meant. Name the employer's time zone once, under `timezone:` in the scenario; or write "
            "an offset with each time."
        ),
        example_bad="- name: Too soon\n  steps:\n    - {at: 2026-03-02 10:00, event: message}",
        example_good=(
            "- name: Too soon\n  timezone: Europe/Zurich\n  steps:\n"
            "    - {at: 2026-03-02 10:00, event: message}"
        ),
    ),
    Code(
        code="PI713",
        title="a time that comes twice or never",
        explanation=(
            "When the clocks go back, an hour of that night comes twice; when they go forward, an "
            "hour is left out. Which moment is meant can't be guessed. The offset decides; the "
            "message shows both."
        ),
        example_bad="at: 2026-10-25 02:30",
        example_good="at: 2026-10-25 02:30+02:00",
    ),
    Code(
        code="PI714",
        title="a step out of order",
        explanation=(
            "Steps are told in the order in which they happened. What came to light only later, and "
            "happened before a step that was told already, carries `late: true`; then it is put where "
            "it belongs."
        ),
        example_bad="- {at: 2026-03-05 09:00, event: follow_up}\n- {at: 2026-03-04 09:00, event: message}",
        example_good=(
            "- {at: 2026-03-05 09:00, event: follow_up}\n- {at: 2026-03-04 09:00, event: message, late: true}"
        ),
    ),
    Code(
        code="PI721",
        title="unknown event",
        explanation=(
            "The rules have no event of this name, so the step could neither pass nor fail, and the entry "
            "of a map read nothing. Mostly the name is misspelt; the events stand under `events` in the "
            "rule file."
        ),
        example_bad="- {at: 2026-03-05 09:00, event: folow_up}",
        example_good="- {at: 2026-03-05 09:00, event: follow_up}",
    ),
    Code(
        code="PI722",
        title="unknown event, class or field",
        explanation=(
            "`unknown` lists events and classes of events, as does the `never` of a map; `opens_after` lists "
            "events, and fields of the act. The name is neither. `opens_after: never` says that nothing can "
            "help."
        ),
        example_bad="- {unknown: [chases], until: 2026-03-01 00:00}",
        example_good="- {unknown: [chase], until: 2026-03-01 00:00}",
    ),
    Code(
        code="PI723",
        title="unknown machine in a step",
        explanation=(
            "`state` says in which states machines are expected to be after the step, and the rules "
            "have no machine of this name. The machines stand under `machines` in the rule file."
        ),
        example_bad="state: {aplication: waiting}",
        example_good="state: {application: waiting}",
    ),
    Code(
        code="PI724",
        title="unknown state in a step",
        explanation=(
            "The machine has no state of this name, so it could never be there. A state of another "
            "machine does not count: each has its own."
        ),
        example_bad="state: {application: wating}",
        example_good="state: {application: waiting}",
    ),
    Code(
        code="PI725",
        title="unknown guard in a step",
        explanation=(
            "`because` lists guards that must refuse the act, by their ids, and no transition on this "
            "event has a guard of this id. The word `state` stands for the case that no transition "
            "leaves the present state."
        ),
        example_bad="because: [wait_for_answer]",
        example_good="because: [wait_for_the_answer]",
    ),
    Code(
        code="PI726",
        title="unknown field",
        explanation=(
            "The event does not carry a field of this name. What it carries stands under its `fields` "
            "in the rule file; an event without `fields` carries nothing."
        ),
        example_bad="with: {chanel: call}",
        example_good="with: {channel: call}",
    ),
    Code(
        code="PI727",
        title="not a number",
        explanation=(
            "The rules declare the field as a number. A number is written in digits, with a point if "
            "it is not whole, and without a unit."
        ),
        example_bad="with: {salary: 90k}",
        example_good="with: {salary: 90000}",
    ),
    Code(
        code="PI728",
        title="a fact that does not say enough",
        explanation=(
            "What the employer did is recorded with all that the rules declare for it, unless a field "
            "is `optional`. Without it the rules could not judge what comes after. Only what the "
            "candidate does may leave fields out."
        ),
        example_bad="- {at: 2026-03-02 10:00, event: promise}",
        example_good="- {at: 2026-03-02 10:00, event: promise, with: {date: 2026-03-10}}",
    ),
    Code(
        code="PI729",
        title="a person too few, or too many",
        explanation=(
            "An event that is to one interviewer names that person with `to`; any other event names "
            "nobody there. People who took part in an interview are named under `with`, as the rules "
            "declare."
        ),
        example_bad="- {at: 2026-03-02 12:00, event: thank_you}",
        example_good="- {at: 2026-03-02 12:00, event: thank_you, to: ana}",
    ),
    Code(
        code="PI731",
        title="an end that can't come",
        explanation=(
            "A fact is recorded whatever the rules say, so it is never refused and never a breach; at "
            "most no machine waits for it, and it is `unexpected`. An act is allowed or refused; what "
            "was done all the same is a `breach`. What is told late has happened, so it can't be "
            "refused any more."
        ),
        example_bad="- {at: 2026-03-02 10:00, event: rejection, expect: refused}",
        example_good="- {at: 2026-03-02 10:00, event: rejection, expect: unexpected}",
    ),
    Code(
        code="PI732",
        title="an expectation that says nothing",
        explanation=(
            "`because` and `opens_after` speak of a refusal, `closes_at` of what is allowed, and all "
            "of them of acts: nobody asks whether the employer may write. In this step it could never "
            "fail, so it would only look like a test."
        ),
        example_bad="- {at: 2026-03-05 09:00, event: follow_up, because: [one_chase]}",
        example_good="- {at: 2026-03-05 09:00, event: follow_up, expect: refused, because: [one_chase]}",
    ),
    Code(
        code="PI733",
        title="a state of nobody",
        explanation=(
            "The machine is kept for each interviewer, and the step does not say whose is meant. "
            "`state` looks at the step's own application and person, so ask in a step that has `to`."
        ),
        example_bad="- {at: 2026-03-02 10:00, event: message, state: {thanks: sent}}",
        example_good="- {at: 2026-03-02 12:00, event: thank_you, to: ana, state: {thanks: sent}}",
    ),
    Code(
        code="PI741",
        title="a step that can't be played",
        explanation=(
            "Every name in the step is known, and it makes no sense at this point of the story: an "
            "entry is taken back that is not there, or one of several applications is meant and none "
            "is named. The story ends here, and nothing after it is judged."
        ),
        example_bad="- {at: 2026-03-02 10:00, retract: 12}",
        example_good="- {at: 2026-03-02 10:00, retract: 2}",
    ),
)
