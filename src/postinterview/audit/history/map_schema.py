"""The vocabulary of a map, as data: read by the loader's one reader of tables."""

from __future__ import annotations

from postinterview.loading import schema as k
from postinterview.loading.rule_schema import FORMAT

NOT_KNOWN = "unknown"
"""Stands under `with` where the file does not keep what the event carried."""

FILE_KINDS = ("csv", "jsonl")

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
        "column": k.Key(k.Text(), "The column it is taken from.", "column: Interviewers", True),
        "split": k.Key(k.Text(), "What stands between several in one cell.", 'split: ","'),
        "values": k.Key(k.Free(), "What the cell's words mean.", "values: {Phone: call, Mail: email}"),
    },
    '{column: Interviewers, split: ","}',
)

ENTRY = k.Table(
    "an entry of `read`",
    {
        "event": k.Key(k.Name("event"), "What happened.", "event: interview"),
        "nothing": k.Key(k.Flag(), "Such a row says nothing of an event.", "nothing: true"),
        "when": k.Key(
            k.Free(), "The columns that decide, each with the words it must have.", "when: {Status: [Onsite]}"
        ),
        "at": k.Key(k.Text(), "The column with its date.", "at: Date"),
        "count": k.Key(k.Text(), "A column with how many there were, without dates.", "count: Follow-ups"),
        "time": k.Key(k.Text(), "The time of day where its date has none.", 'time: "18:00"'),
        "to": k.Key(
            k.Forms(k.Text(), k.ListOf(k.Text()), VALUE), "The person it was to.", "to: {column: Who}"
        ),
        "with": k.Key(
            k.Entries(
                k.Forms(k.Text(), k.ListOf(k.Text()), VALUE), "a field", "{channel: email}", frozenset()
            ),
            "What it carried.",
            "with: {channel: email}",
        ),
        "why": k.Key(k.Text(), "The reason, for readers.", "why: A tick without a date."),
    },
    "{event: interview, when: {Status: [Onsite]}, at: Date}",
)

FILE = k.Table(
    "a map",
    {
        "format": k.Key(k.Number(least=1), "The version of the language.", f"format: {FORMAT}", True),
        "rules": k.Key(k.Text(), "Packaged rules, or a path from this file.", "rules: default"),
        "kind": k.Key(k.OneOf(FILE_KINDS), "What the history is; else its name tells.", "kind: csv"),
        "encoding": k.Key(k.Text(), "How its characters are written; else UTF-8.", "encoding: windows-1252"),
        "delimiter": k.Key(k.Text(), "What stands between two cells; else a comma.", 'delimiter: ";"'),
        "skip_lines": k.Key(k.Number(least=1), "So many lines stand above the header.", "skip_lines: 2"),
        "timezone": k.Key(k.Text(), "The employers' time zone.", "timezone: Europe/Zurich"),
        "timezone_column": k.Key(k.Text(), "The column with it.", "timezone_column: Zone"),
        "dates": k.Key(
            k.ListOf(k.Text()), "How dates are written.", 'dates: ["%d.%m.%Y", "%Y-%m-%d %H:%M"]', True
        ),
        "time": k.Key(k.Text(), "The time of day where a date has none.", 'time: "12:00"'),
        "year": k.Key(k.Number(least=1900), "The year where a date has none.", "year: 2019"),
        "year_column": k.Key(k.Text(), "The column with it.", "year_column: Year"),
        "empty": k.Key(
            k.ListOf(k.Text(), or_one=True),
            "What a cell says that is as good as empty.",
            'empty: ["-", "n/a"]',
        ),
        "as_of": k.Key(
            k.Text(),
            "The day the history was exported: what is unknown is so until then.",
            "as_of: 2026-03-01",
        ),
        "employer": k.Key(k.Text(), "The column that names the employer.", "employer: Company", True),
        "application": k.Key(k.Text(), "The column that names the application.", "application: Job"),
        "read": k.Key(
            k.Entries(ENTRY, "an entry", ENTRY.example, frozenset()),
            "What a row says: each is held against every entry.",
            f"read: {{talks: {ENTRY.example}}}",
            True,
        ),
        "unknown": k.Key(
            k.ListOf(k.Name("event or class"), or_one=True),
            "The events that the history does not keep, or not all of them.",
            "unknown: [complete_profile]",
        ),
        "never": k.Key(
            k.ListOf(k.Name("event or class"), or_one=True),
            "The events that would stand there, and never happened.",
            "never: [counter_offer]",
        ),
        "meta": k.Key(k.Free(), "The user's own data.", "meta: {author: Ana}"),
    },
    "",
)
