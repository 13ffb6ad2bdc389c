"""PI10xx: maps, which say what the columns of a history mean."""

from __future__ import annotations

from postinterview.loading.codes.code import Code

PAGES: tuple[Code, ...] = (
    Code(
        code="PI1001",
        title="not a map",
        explanation=(
            "A map says what the columns of a history mean: which one names the employer, how dates are "
            "written, and under `read:` what a row says. The file has no `read`, so it is something else."
        ),
        example_bad="format: 1\ntitle: After the interview\nevents:\n  interview: {by: employer}",
        example_good=(
            "format: 1\nemployer: Company\nread:\n"
            "  talk: {event: interview, when: {Status: Onsite}, at: Date}"
        ),
    ),
    Code(
        code="PI1002",
        title="no time zone, or two",
        explanation=(
            "Days, business days and hours are counted where the employer is. So a map says either one "
            "`timezone:` for all of them, or in which column it stands."
        ),
        example_bad="timezone: Europe/Zurich\ntimezone_column: Zone",
        example_good="timezone: Europe/Zurich",
    ),
    Code(
        code="PI1003",
        title="a file that can't be taken apart so",
        explanation=(
            "`encoding` is the way in which a program wrote its characters: `utf-8` unless it is said, "
            "`windows-1252` or `latin-1` for many older spreadsheets, `utf-16` for some. `delimiter` is "
            "the one character between two cells: a comma unless it is said, often `;` or a tab."
        ),
        example_bad='delimiter: "; "',
        example_good='delimiter: ";"',
    ),
    Code(
        code="PI1004",
        title="dates that can't be told",
        explanation=(
            "A format shows how a date is written, with a code for each part: `%d` the day, `%m` the "
            "month as a number, `%b` as a short name, `%Y` the year, `%y` its last two digits, `%H` and "
            "`%M` the hour and minute, `%I` with `%p` an hour to 12 with AM or PM, `%z` an offset; each part "
            "is said once. `iso` stands for dates such as 2026-03-02 and "
            "moments such as 2026-03-02T10:00:00Z, `unix` and `unix ms` for seconds and thousandths since "
            "1970. What a format leaves out has to be said: `time:` where there is no hour, `year:` or "
            "`year_column:` where there is no year. A value that two formats read as different days is not "
            "read at all, so list only the formats that the history really has."
        ),
        example_bad='dates: ["%d-%b"]',
        example_good='dates: ["%d-%b"]\nyear: 2019\ntime: "12:00"',
    ),
    Code(
        code="PI1005",
        title="not a time of day",
        explanation="A time of day is two digits for the hour and two for the minute, in quotation marks.",
        example_bad="time: noon",
        example_good='time: "12:00"',
    ),
    Code(
        code="PI1006",
        title="an entry that does not say one thing",
        explanation=(
            "An entry of `read` says one thing that a row may mean: an `event`, or `nothing: true`. An "
            "event needs something that tells which rows mean it: the words of columns under `when`, or "
            "the column of its date under `at`, where an empty cell means that it did not happen."
        ),
        example_bad="read:\n  talk: {event: interview, with: {interviewers: unknown}}",
        example_good="read:\n  talk: {event: interview, at: Interviewed on, with: {interviewers: unknown}}",
    ),
    Code(
        code="PI1007",
        title="a key that means nothing here",
        explanation=(
            "Beside `nothing` only `when` has a meaning, beside `count` too: what is counted has no date "
            "and no person. `split` belongs to fields that hold people. And each column under `when` wants "
            "the words that it must have; an empty cell is written as two quotation marks. A word that "
            "`empty` lists is read as an empty cell, so no entry can look for it."
        ),
        example_bad="asked: {event: follow_up, count: Follow-ups, at: Date}",
        example_good="asked: {event: follow_up, count: Follow-ups}",
    ),
    Code(
        code="PI1008",
        title="silence about an event",
        explanation=(
            "What a history does not show may have happened all the same. So a map says of every event of "
            "the rules what the history knows of it: an entry reads it; or it is listed under `unknown`, "
            "which is true of everything that was never written down there; or under `never`, because it "
            "would stand there and did not happen. An event that is only noted at times is both read and "
            "listed under `unknown`. Classes such as `sign_of_life` may stand for their events."
        ),
        example_bad="read:\n  talk: {event: interview, at: Date, with: {interviewers: unknown}}",
        example_good=(
            "read:\n  talk: {event: interview, at: Date, with: {interviewers: unknown}}\n"
            "unknown: [contact, message, promise]\nnever: [answer, rejection]"
        ),
    ),
    Code(
        code="PI1009",
        title="never, and yet",
        explanation=(
            "An event under `never` did not happen in any row. So no entry can read it, and it can't be "
            "unknown as well."
        ),
        example_bad="unknown: [message]\nnever: [message]",
        example_good="unknown: [message]",
    ),
    Code(
        code="PI1010",
        title="something that an event leaves open",
        explanation=(
            "An event to one person wants that person under `to`. A fact wants all that the rules declare "
            "for it, and an act what a guard asks for: without it every such act would look like a breach. "
            "Say where it stands, or that it was always so (`thanks: true`), or write `unknown` where the "
            "history does not keep it; then the guard leaves the act undecided. A date that a fact sets "
            "can't be unknown: such rows have no event, so list it under `unknown` instead."
        ),
        example_bad="thanked: {event: thank_you, at: Thanked on, to: {column: Who}}",
        example_good=(
            "thanked:\n  event: thank_you\n  at: Thanked on\n  to: {column: Who}\n"
            "  with: {thanks: true, topic: unknown, looking_forward: unknown}"
        ),
    ),
    Code(
        code="PI1011",
        title="a column that the history does not have",
        explanation=(
            "The map names a column, and the first line of the history has none of this name; in JSON "
            "Lines, no row has it. Names of columns are compared letter by letter. Of a JSON object inside "
            "another, write the names with a point between them: `company.name`."
        ),
        example_bad="employer: company",
        example_good="employer: Company",
    ),
    Code(
        code="PI1012",
        title="two columns of one name",
        explanation=(
            "The history has two columns of the name that the map uses, so nobody could tell which is "
            "meant. Give them names of their own in the first line of the history."
        ),
        example_bad="Company,Date,Status,Date",
        example_good="Company,Applied on,Status,Interviewed on",
    ),
)
