"""PI1xx, values: of the wrong form, empty, or not what the key asks for."""

from __future__ import annotations

from postinterview.loading.codes.code import Code

PAGES: tuple[Code, ...] = (
    Code(
        code="PI106",
        title="text, a list, or a set of entries",
        explanation=(
            "What stands after a key has one of three forms: text, a list (`[a, b]`, or lines that begin "
            "with a dash), or a set of entries (`name: value`, in braces or indented below). Each key "
            "wants one of them. Where a single name is wanted and several are meant, a class of events or "
            "a second transition says it."
        ),
        example_bad="once: {at_most: 1, of: [follow_up, missed_call]}",
        example_good="classes: {call: [follow_up, missed_call]}\nonce: {at_most: 1, of: call}",
    ),
    Code(
        code="PI107",
        title="nothing stands there",
        explanation=(
            "The key is there and its value is not, or the brackets after it are empty. Nobody could tell "
            "whether something was forgotten. Write a value, or delete the key where it may be left out."
        ),
        example_bad="ask: {event: follow_up, from: []}",
        example_good="ask: {event: follow_up, from: [waiting]}",
    ),
    Code(
        code="PI108",
        title="a word that can't stand here",
        explanation=(
            "A few keys take one of a few words: `by` the one whose doing an event is, `contact` how it "
            "reaches the employer, `per` what is counted together, `if_never` whether a guard `holds` or "
            "`blocks` where nothing has happened yet."
        ),
        example_bad="thank_you: {by: candidate, contact: polite}",
        example_good="thank_you: {by: candidate, contact: courtesy}",
    ),
    Code(
        code="PI109",
        title="neither true nor false",
        explanation=(
            "Here is a choice of two, and it is written `true` or `false`, in small letters and without "
            "quotes. Other words for it, such as yes and no, are not read, because in other places they "
            "are text."
        ),
        example_bad="invite_accepted: {by: employer, sign_of_life: no}",
        example_good="invite_accepted: {by: employer, sign_of_life: false}",
    ),
    Code(
        code="PI110",
        title="not a whole number",
        explanation=(
            "Write a whole number in digits, without zeros in front, without points, and without a unit. "
            "A limit that would never let anything through is refused as well."
        ),
        example_bad="one_chase: {at_most: one, of: chase}",
        example_good="one_chase: {at_most: 1, of: chase}",
    ),
    Code(
        code="PI111",
        title="not a date",
        explanation=(
            "A date is written year, month, day, with four, two and two digits. Other orders mean "
            "different days in different countries. The day must exist: February has 28 days, or 29 in a "
            "leap year."
        ),
        example_bad="holidays: [25.12.2026, 2026-02-30]",
        example_good="holidays: [2026-12-25, 2026-02-28]",
    ),
    Code(
        code="PI112",
        title="not a duration",
        explanation=(
            "A duration is a whole number and a unit: minutes, hours, days, weeks, or business days. A "
            "day is 24 hours. Business days have no fixed length, so they can be added to a moment, and "
            "two events can't be kept apart by them."
        ),
        example_bad="let_them_speak: {apart: 7d, from: message}",
        example_good="let_them_speak: {apart: 7 days, from: message}",
    ),
    Code(
        code="PI113",
        title="not a moment",
        explanation=(
            "A moment begins with a name: an event, a class of events, a date that a field sets, or one "
            "that is defined under `dates`. A duration may be added to it. There are no other "
            "calculations; what comes earlier than an event can't be said."
        ),
        example_bad="wait: {not_before: a week after the interview}",
        example_good="wait: {not_before: interview + 7 days}",
    ),
    Code(
        code="PI114",
        title="not opening hours",
        explanation=(
            "Hours are two times of day with a dash between them, and after a comma the days: `weekdays`, "
            "`business days` (weekdays that are no holiday) or `every day`, which holds where nothing is "
            "said. Times have two digits for the hour, and the first one is the earlier."
        ),
        example_bad="office_hours: {hours: 9-17}",
        example_good='office_hours: {hours: "09:00-17:00, weekdays"}',
    ),
    Code(
        code="PI120",
        title="keys that can't be counted together",
        explanation=(
            "`per` says what is counted together: all of the employer, an application, a round or an "
            "interviewer. Two of them can be joined where both narrow it down, such as a person in a "
            "round. The employer is everything, and a round lies in one application anyway, so these add "
            "nothing."
        ),
        example_bad="one_note: {at_most: 1, of: thank_you, per: [employer, round]}",
        example_good="one_note: {at_most: 1, of: thank_you, per: [round, interviewer]}",
    ),
    Code(
        code="PI121",
        title="listed twice",
        explanation=(
            "The same thing stands twice in one list. The second adds nothing, and often another one was "
            "meant."
        ),
        example_bad="from: [waiting, asked, waiting]",
        example_good="from: [waiting, asked]",
    ),
    Code(
        code="PI123",
        title="not a country's code",
        explanation=(
            "A country is named by the two capital letters that it has on the web and in addresses, such "
            "as `CH` or `JP`. A region can follow after a dash, such as `CH-ZH`."
        ),
        example_bad="calendar: {country: Switzerland}",
        example_good="calendar: {country: CH}",
    ),
    Code(
        code="PI125",
        title="any beside other states",
        explanation=(
            "`any` stands for all states of the machine, so no other state has to be named beside it. "
            "Write `from: any`, or name the states."
        ),
        example_bad="from: [waiting, any]",
        example_good="from: any",
    ),
    Code(
        code="PI126",
        title="a comma ends the text",
        explanation=(
            "Between braces a comma ends a value, and what follows is read as the next key. A text with a "
            "comma in it must stand in quotes there; on a line of its own it needs none."
        ),
        example_bad="asked: {title: Asked once, and no more}",
        example_good='asked: {title: "Asked once, and no more"}',
    ),
    Code(
        code="PI127",
        title="braces in a title that stand for nothing",
        explanation=(
            "The title of an event may hold `{to}` for the person, `{employer}` and `{application}`; they "
            "are filled in where the title is shown. Nothing else can stand in braces, and `{to}` only where "
            "the event says `to: interviewer`."
        ),
        example_bad="title: call {emploier}",
        example_good="title: call {employer}",
    ),
    Code(
        code="PI128",
        title="a scenario file where rules are wanted",
        explanation=(
            "The file tells scenarios, and rules are wanted here: to prove something of them, or to play by "
            "them. A scenario file names its rules under `rules:`, and without that line it plays by the "
            "packaged ones, `default`. Give that name or file instead."
        ),
        example_bad="format: 1\nrules: mine.yaml\nscenarios:\n  - name: Too soon\n    steps: []",
        example_good="format: 1\ntitle: My rules\nevents:\n  message: {by: employer}",
    ),
    Code(
        code="PI129",
        title="a promise file where rules are wanted",
        explanation=(
            "The file holds promises, and rules are wanted here. A proof holds rules to promises: name the "
            "rule file first, or none for the packaged one, and the promise file behind `--promises`. The "
            "packaged promises are among them always, so they need not be named."
        ),
        example_bad="format: 1\ntitle: Ours\npromises:\n  one_call: {never: follow_up, more_than: 1}",
        example_good="format: 1\ntitle: My rules\nevents:\n  message: {by: employer}",
    ),
)
