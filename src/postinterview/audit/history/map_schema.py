"""The keys of a map, as data for `Shape`."""

from __future__ import annotations

from postinterview.loading import schema as k
from postinterview.loading.rule_schema import FORMAT

NOT_KNOWN = "unknown"
"""Stands under `with` for a field that the history does not keep."""

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
        "column": k.TableKey(k.Text(), "The column that holds it.", "column: Interviewers", True),
        "split": k.TableKey(k.Text(), "What separates several people in one cell.", 'split: ","'),
        "values": k.TableKey(
            k.Free(), "What each word of the column means.", "values: {Phone: call, Mail: email}"
        ),
    },
    '{column: Interviewers, split: ","}',
)

ENTRY = k.Table(
    "an entry of `read`",
    {
        "event": k.TableKey(k.Name("event"), "What happened.", "event: interview"),
        "nothing": k.TableKey(k.Flag(), "Such a row is no event.", "nothing: true"),
        "when": k.TableKey(
            k.Free(),
            "The columns that decide, each with the words that it must have.",
            "when: {Status: [Onsite]}",
        ),
        "at": k.TableKey(k.Text(), "The column with its date.", "at: Date"),
        "count": k.TableKey(
            k.Text(), "The column with how many there were, without dates.", "count: Follow-ups"
        ),
        "time": k.TableKey(k.Text(), "The hour to take if the date has none.", 'time: "18:00"'),
        "to": k.TableKey(
            k.Forms(k.Text(), k.ListOf(k.Text()), VALUE), "The person it was to.", "to: {column: Who}"
        ),
        "with": k.TableKey(
            k.Entries(
                k.Forms(k.Text(), k.ListOf(k.Text()), VALUE), "a field", "{channel: email}", frozenset()
            ),
            "The fields of the event.",
            "with: {channel: email}",
        ),
        "why": k.TableKey(k.Text(), "The reason, for readers.", "why: A tick without a date."),
    },
    "{event: interview, when: {Status: [Onsite]}, at: Date}",
)

FILE = k.Table(
    "a map",
    {
        "format": k.TableKey(k.Number(least=1), "The version of the language.", f"format: {FORMAT}", True),
        "rules": k.TableKey(k.Text(), "Packaged rules, or a path from this file.", "rules: default"),
        "kind": k.TableKey(
            k.OneOf(FILE_KINDS), "The form of the history; by default its name decides.", "kind: csv"
        ),
        "encoding": k.TableKey(
            k.Text(), "The encoding of the history; by default UTF-8.", "encoding: windows-1252"
        ),
        "delimiter": k.TableKey(
            k.Text(), "The character between two cells; by default a comma.", 'delimiter: ";"'
        ),
        "skip_lines": k.TableKey(k.Number(least=1), "How many lines are above the header.", "skip_lines: 2"),
        "timezone": k.TableKey(k.Text(), "The employers' time zone.", "timezone: Europe/Zurich"),
        "timezone_column": k.TableKey(k.Text(), "The column with the time zone.", "timezone_column: Zone"),
        "dates": k.TableKey(
            k.ListOf(k.Text()), "The formats of dates.", 'dates: ["%d.%m.%Y", "%Y-%m-%d %H:%M"]', True
        ),
        "time": k.TableKey(k.Text(), "The hour to take if a date has none.", 'time: "12:00"'),
        "year": k.TableKey(k.Number(least=1900), "The year to take if a date has none.", "year: 2019"),
        "year_column": k.TableKey(k.Text(), "The column with the year.", "year_column: Year"),
        "empty": k.TableKey(
            k.ListOf(k.Text(), or_one=True),
            "The words that mean an empty cell.",
            'empty: ["-", "n/a"]',
        ),
        "as_of": k.TableKey(
            k.Text(),
            "The day of the export: unknown events are unknown until then.",
            "as_of: 2026-03-01",
        ),
        "employer": k.TableKey(k.Text(), "The column that names the employer.", "employer: Company", True),
        "application": k.TableKey(k.Text(), "The column that names the application.", "application: Job"),
        "read": k.TableKey(
            k.Entries(ENTRY, "an entry", ENTRY.example, frozenset()),
            "What a row can say; every entry is tried on each row.",
            f"read: {{talks: {ENTRY.example}}}",
            True,
        ),
        "unknown": k.TableKey(
            k.ListOf(k.Name("event or class"), or_one=True),
            "The events that the history does not keep, or not completely.",
            "unknown: [complete_profile]",
        ),
        "never": k.TableKey(
            k.ListOf(k.Name("event or class"), or_one=True),
            "The events that the history would show, and that never happened.",
            "never: [counter_offer]",
        ),
        "meta": k.TableKey(k.Free(), "The user's own data.", "meta: {author: Ana}"),
    },
    "",
)
