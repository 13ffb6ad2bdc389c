"""The keys of a map, as data for `Shape`."""

from __future__ import annotations

from postinterview.audit.sources.rows import FILE_KINDS
from postinterview.loading import schema as k
from postinterview.loading.rule_schema import FORMAT_KEY, META_KEY
from postinterview.loading.schema import TableKey as Key

TEXT = k.TEXT
NOT_KNOWN = "unknown"
"""Stands under `with` for a field that the history does not keep."""

TEXT_ENCODINGS = frozenset(
    (
        *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii"),
        *(f"iso8859-{part}" for part in range(1, 17) if part != 12),
        *(f"cp{page}" for page in (437, 850, 852, 858, 866, 874, 932, 949, 950, *range(1250, 1259))),
        *("mac-roman", "mac-latin2", "mac-cyrillic", "koi8-r", "koi8-u", "tis-620"),
        *("shift_jis", "euc_jp", "gb2312", "gbk", "gb18030", "big5", "euc_kr"),
    )
)
"""The encodings that `encoding` may name, by Python's own name for each.

Closed, because Python has encodings that are no text (rot13), that take quadratic time (punycode, idna), or
that differ from machine to machine (mbcs).
"""

VALUE = k.Table(
    "a column's value",
    {
        "column": Key(TEXT, "The column that holds it.", "column: Interviewers", True),
        "split": Key(TEXT, "What separates several people in one cell.", 'split: ","'),
        "values": Key(k.FREE, "What each word of the column means.", "values: {Phone: call, Mail: email}"),
    },
    '{column: Interviewers, split: ","}',
)

DATES = k.Table(
    "a column with several dates",
    {
        "column": Key(TEXT, "The column that holds them.", "column: Followed up", True),
        "split": Key(TEXT, "What separates two dates in one cell.", 'split: ","', True),
    },
    '{column: Followed up, split: ","}',
)

ENTRY = k.Table(
    "an entry of `read`",
    {
        "event": Key(k.Name("event"), "What happened.", "event: interview"),
        "nothing": Key(k.FLAG, "Such a row is no event.", "nothing: true"),
        "when": Key(
            k.FREE,
            "The columns that decide, each with the words that it must have; `No*` is all that begin so.",
            'when: {Status: [Onsite, "Rejected*"]}',
        ),
        "at": Key(
            k.Forms(TEXT, k.ListOf(TEXT), DATES),
            "The column with its date; several columns; or one with several dates in a cell.",
            "at: Date",
        ),
        "count": Key(TEXT, "The column with how many there were, without dates.", "count: follow_ups_sent"),
        "last": Key(TEXT, "With `count`: the column with the date of the last one.", "last: last_follow_up"),
        "time": Key(TEXT, "The hour to take if the date has none.", 'time: "18:00"'),
        "to": Key(k.Forms(TEXT, k.ListOf(TEXT), VALUE), "The person it was to.", "to: {column: Who}"),
        "with": Key(
            k.Entries(k.Forms(TEXT, k.ListOf(TEXT), VALUE), "a field", "{channel: email}", frozenset()),
            "The fields of the event.",
            "with: {channel: email}",
        ),
        "why": Key(TEXT, "The reason, for readers.", "why: A tick without a date."),
    },
    "{event: interview, when: {Status: [Onsite]}, at: Date}",
)

FILE = k.Table(
    "a map",
    {
        "format": FORMAT_KEY,
        "rules": Key(TEXT, "Packaged rules, or a path from this file.", "rules: default"),
        "kind": Key(
            k.OneOf(FILE_KINDS),
            "The form of the history; by default its content and its name decide.",
            "kind: csv",
        ),
        "encoding": Key(TEXT, "The encoding of the history; by default UTF-8.", "encoding: windows-1252"),
        "delimiter": Key(TEXT, "The character between two cells; by default a comma.", 'delimiter: ";"'),
        "skip_lines": Key(
            k.Number(least=1), "How many lines (of a sheet: rows) are above the header.", "skip_lines: 2"
        ),
        "sheet": Key(TEXT, "The sheet of a workbook; by default the first one.", "sheet: Applications"),
        "table": Key(
            TEXT,
            "The table of a database, or the list in a JSON object; needed if there are several.",
            "table: jobs",
        ),
        "query": Key(
            TEXT,
            "In place of `table`: what to select.",
            "query: select * from jobs join companies using (company_id)",
        ),
        "unconfirmed": Key(
            k.ListOf(TEXT, or_one=True),
            "The parts that `--guess-map` has guessed; nothing is judged before the last line is deleted.",
            "unconfirmed: [employer]",
        ),
        "timezone": Key(TEXT, "The employers' time zone.", "timezone: Europe/Zurich"),
        "timezone_column": Key(TEXT, "The column with the time zone.", "timezone_column: Zone"),
        "dates": Key(k.ListOf(TEXT), "The formats of dates.", 'dates: ["%d.%m.%Y", "%Y-%m-%d %H:%M"]', True),
        "time": Key(TEXT, "The hour to take if a date has none.", 'time: "12:00"'),
        "year": Key(k.Number(least=1900), "The year to take if a date has none.", "year: 2019"),
        "year_column": Key(TEXT, "The column with the year.", "year_column: Year"),
        "empty": Key(
            k.ListOf(TEXT, or_one=True), "The words that mean an empty cell.", 'empty: ["-", "n/a"]'
        ),
        "as_of": Key(
            TEXT, "The day of the export: unknown events are unknown until then.", "as_of: 2026-03-01"
        ),
        "fill_down": Key(
            k.ListOf(TEXT, or_one=True),
            "The columns whose empty cells are merged with the cell above.",
            "fill_down: [Company]",
        ),
        "employer": Key(TEXT, "The column that names the employer.", "employer: Company", True),
        "employers": Key(
            k.FREE,
            "The name for each word of its column; a word that is not listed is the name itself.",
            "employers: {acme.example: Acme}",
        ),
        "application": Key(TEXT, "The column that names the application.", "application: Job"),
        "read": Key(
            k.Entries(ENTRY, "an entry", ENTRY.example, frozenset()),
            "What a row can say; every entry is tried on each row.",
            f"read: {{talks: {ENTRY.example}}}",
            True,
        ),
        "unknown": Key(
            k.ListOf(k.Name("event or class"), or_one=True),
            "The events that the history does not keep, or not completely.",
            "unknown: [complete_profile]",
        ),
        "never": Key(
            k.ListOf(k.Name("event or class"), or_one=True),
            "The events that the history would show, and that never happened.",
            "never: [counter_offer]",
        ),
        "meta": META_KEY,
    },
    "",
)
