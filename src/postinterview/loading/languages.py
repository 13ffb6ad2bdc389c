"""The languages that people write files in, and how to tell one from another.

There are rules, promises, scenarios, maps of histories, maps of statuses and tables of transitions; `reading`
reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from attrs import field, frozen

from postinterview.core.values.suggest import closest
from postinterview.loading.rule_schema import FILE
from postinterview.loading.schema import Table
from postinterview.loading.source_text import Mapping as MappingNode
from postinterview.loading.source_text import Node, Scalar

Name: TypeAlias = Literal["rules", "promises", "scenarios", "map", "statuses", "table"]

KEYS_COMPARED = 50
"""So many keys of a file are looked at for a misspelt one that says what the file is."""


@frozen(kw_only=True)
class Language:
    """A language: how to recognise it, and what to say of it where another one is wanted.

    ``marks``: keys at the top that only files of this language have. A file without any is taken for the
    wanted language if it has ``enough`` of its ``hints``. ``begins``: how such a file begins. ``belongs``:
    what to do with one. ``code``: the code of the diagnostic if this language is wanted and the file is
    of another one; ``codes``: of some other languages.
    """

    name: Name
    noun: str
    marks: tuple[str, ...]
    hints: frozenset[str] = frozenset()
    enough: int = 0
    begins: str = ""
    belongs: str
    code: str
    codes: Mapping[Name, str] = field(factory=dict)


RULES = Language(
    name="rules",
    noun="a rule file",
    marks=("events", "machines", "extends"),
    belongs="check it with `postinterview check`; scenario files and maps name it under `rules:`",
    code="PI130",
    codes={"scenarios": "PI128", "promises": "PI129"},
)
PROMISES = Language(
    name="promises",
    noun="a promise file",
    marks=("promises",),
    belongs="name it after `--promises`, and the rules first: `postinterview prove RULES --promises FILE`",
    code="PI806",
)
SCENARIOS = Language(
    name="scenarios",
    noun="a scenario file",
    marks=("scenarios",),
    hints=frozenset({"format", "rules"}),
    enough=1,
    begins="a scenario file begins with `format: 1` and tells its stories under `scenarios:`",
    belongs="play it with `postinterview run`; the rules that it plays by are `{rules}`",
    code="PI701",
)
MAP = Language(
    name="map",
    noun="a map of a history",
    marks=("read",),
    hints=frozenset({"employer", "dates", "as_of"}),
    enough=2,
    begins="a map begins with `format: 1` and says under `read:` what a row means",
    belongs="give it to `postinterview audit` as `--map`, with the history that it describes",
    code="PI1001",
)
STATUSES = Language(
    name="statuses",
    noun="a map of statuses",
    marks=("statuses",),
    hints=frozenset({"also"}),
    enough=1,
    begins="a map of statuses begins with `format: 1` and says under `statuses:` what each stands for",
    belongs="check it with `postinterview check`, and load it with `postinterview.load_statuses`",
    code="PI1101",
)
TABLE = Language(
    name="table",
    noun="a transition table",
    marks=("edges", "next"),
    belongs="judge it with `postinterview audit --graph`",
    code="PI851",
)
LANGUAGES = (RULES, PROMISES, SCENARIOS, MAP, STATUSES, TABLE)


Keys: TypeAlias = Mapping[str, tuple[Scalar, Node]]


def keys_of(root: Node | None) -> Keys:
    """Return the keys at the top of a file with their values; none if there are none."""
    return {key.text: (key, node) for key, node in root.entries} if isinstance(root, MappingNode) else {}


def recognise(keys: Keys, wanted: Language, table: Table) -> Language | None:
    """Return the language that a file with these keys seems to be of; None for none of ours.

    All keys are judged, misspelt ones too. Every language can have `format`, so it tells nothing of a file
    that has keys of rules.
    """
    for language in (wanted, *LANGUAGES):
        if any(mark in keys for mark in language.marks):
            return language
    marks = {mark: language for language in (*reversed(LANGUAGES), wanted) for mark in language.marks}
    compared = [key for key in list(keys)[:KEYS_COMPARED] if key not in table.keys]
    misspelt = [
        marks[meant]
        for key in compared
        for meant in closest(key, (*marks, *table.keys))[:1]
        if meant in marks
    ]
    if wanted in misspelt:
        return wanted
    of_rules = keys.keys() & FILE.keys.keys() - table.keys.keys()
    fitting = keys.keys() & table.keys.keys() - {"format"}
    if (misspelt and misspelt[0] is RULES) or len(of_rules) > len(fitting):
        return RULES
    return wanted if len(wanted.hints & keys.keys()) >= wanted.enough else None
