"""The languages that people write files in, and the one way in for all of them.

There are rules, promises, scenarios, maps of histories and tables of transitions. `read_file` takes a text
through the stages that all share: syntax, which language it is, whether it is written for a later version,
and shape. A file of another language is answered with what it is and where it belongs, and with nothing
more.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Literal, TypeAlias

from attrs import define, field, frozen

from postinterview.core.definitions import Source
from postinterview.core.suggest import closest, ticked
from postinterview.loading import nodes
from postinterview.loading.decoding import MAX_BYTES
from postinterview.loading.diagnostics import Diagnostic, Findings, Span, Template
from postinterview.loading.extending import FileText, Finder, Layers, Missing
from postinterview.loading.records import Record
from postinterview.loading.report import Report, span_of, start_of
from postinterview.loading.rule_schema import FORMAT
from postinterview.loading.schema import Table
from postinterview.loading.shape import Shape
from postinterview.loading.source_text import Mapping as MappingNode
from postinterview.loading.source_text import Node, Scalar
from postinterview.loading.text_values import number

Name: TypeAlias = Literal["rules", "promises", "scenarios", "map", "table"]

DEFAULT_RULES = "default"
"""The packaged rules that a scenario file or a map means if it names none."""

_KEYS_COMPARED = 50
"""So many keys of a file are looked at for a misspelt one that would tell its language."""

_EXTENDS = Template(
    "PI101",
    "unknown key `{name}`",
    "a rule file has no such key",
    "did you mean `extends`? (the rules whose values stand where this file says nothing)",
)
_NO_PARENT = Template(
    "PI105",
    "`extends` names one file",
    "packaged rules by their name, or a file by its path",
    "write such as `extends: default`",
)
_CIRCLE = Template(
    "PI602",
    "`{name}` extends this file in turn",
    "so neither says what the rules are",
    "let one of them extend another file, or none",
)
_NO_RULES = Template(
    "PI603",
    "`{name}` is not a rule file",
    "so nothing can extend it",
    "name packaged rules, such as `default`, or a rule file",
)
_UNREADABLE = Template(
    "PI603",
    "`{name}` has a fault that hides its rules",
    "so nothing can extend it",
    "mend it first; what is wrong is shown there",
)


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
TABLE = Language(
    name="table",
    noun="a transition table",
    marks=("edges", "next"),
    belongs="judge it with `postinterview audit --graph`",
    code="PI851",
)
LANGUAGES = (RULES, PROMISES, SCENARIOS, MAP, TABLE)


@define(eq=False)
class FileContent:
    """A file after syntax and shape.

    ``language`` is what it seems to be: None for no language of ours, or for a text that can't be read.
    ``shape`` and ``record`` are None if nothing more can be said of the file. ``rules``: the packaged name or
    the path that it gives under ``rules:``, with its place in ``rules_at``. ``texts``: the file and
    those that it extends, the nearest first; ``layers`` has what of them no longer stands.
    """

    file: str
    findings: Findings
    language: Name | None = None
    readable: bool = False
    shape: Shape | None = None
    record: Record | None = None
    rules: str = DEFAULT_RULES
    rules_at: Span = field(init=False)
    texts: list[FileText] = field(factory=list)
    layers: Layers = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.rules_at = Span(self.file, 1, 1, 1, 1)
        self.layers = Layers(self.findings)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return self.findings.sorted()


def read_file(
    text: bytes | str,
    file: str,
    wanted: Language,
    table: Table,
    *,
    pure: bool = False,
    most: int = MAX_BYTES,
    finder: Finder | None = None,
    refuse: Callable[[Report, Node], bool] | None = None,
) -> FileContent:
    """Read a text that should be of the ``wanted`` language, whose keys ``table`` lists.

    ``file`` is its name in diagnostics. ``pure``: parse with the parser written in Python. ``most``: a limit
    in bytes. ``finder`` finds the file that this one extends. ``refuse``: report and return True if the file
    is no such file for a reason of the language's own.
    """
    content = FileContent(file, Findings(), texts=[FileText(file, text)])
    root = nodes.read(text, file, content.findings, pure=pure, most=most)
    if root is None:
        return content
    content.readable = True
    report = Report(content.findings, root)
    keys = _keys_of(root)
    if "rules" in keys and isinstance(keys["rules"][1], Scalar):
        content.rules, content.rules_at = keys["rules"][1].text or DEFAULT_RULES, span_of(keys["rules"][1])
    found = _recognise(keys, wanted, table)
    content.language = found.name if found else None
    if found is not wanted:
        _report_other(report, content, keys, wanted, found)
    elif not (_too_new(report, keys) or (refuse is not None and refuse(report, root))):
        whole = _whole(content, report, keys, wanted, table, finder or _find_none, pure=pure)
        if whole is not None:
            content.shape = Shape(
                report if whole is root else Report(content.findings, whole, removed=content.layers.removed)
            )
            content.record = content.shape.table(table, whole, whole)
    return content


def _whole(
    content: FileContent,
    report: Report,
    keys: Keys,
    wanted: Language,
    table: Table,
    finder: Finder,
    pure: bool,
) -> Node | None:
    """Return the file laid over those that it extends; None if one can't be, with the reason reported."""
    whole, chain = report.root, list[MappingNode]()
    for text, (key, _) in keys.items():
        if (
            text not in table.keys
            and "machines" not in keys
            and closest(text, table.keys)[:1] == ("extends",)
        ):
            report.tell(_EXTENDS, key, instead="extends", name=text)
            return None
    while "extends" in keys and isinstance(whole, MappingNode):
        key, named = keys["extends"]
        if not isinstance(named, Scalar) or not named.text:
            report.tell(_NO_PARENT, key)
            return None
        found = finder(named.text, content.texts[-1].file)
        if isinstance(found, Missing):
            report.add("PI601", named, found.message, "so this file can't extend it", found.help)
            return None
        if found in content.texts:  # the same name alone may be of packaged rules and of a file
            report.tell(_CIRCLE, named, name=named.text)
            return None
        findings = Findings()
        above = nodes.read(found.text, found.file, findings, pure=pure)
        for each in findings.found:
            content.findings.add(each)
        keys = _keys_of(above)
        if above is None or _recognise(keys, wanted, table) is not wanted:
            report.tell(_NO_RULES if above else _UNREADABLE, named, name=found.file)
            return None
        report = Report(content.findings, above)
        if _too_new(report, keys):
            return None
        content.texts.append(found)
        chain.append(whole)
        whole = above
    while chain and isinstance(whole, MappingNode):
        whole = content.layers.lay(chain.pop(), whole, table)
    return whole


def _find_none(named: str, _file: str) -> FileText | Missing:
    return Missing(f"`{named}` can't be read from here", "load the file by its path")


def source_of(text: bytes | str, file: str) -> Source:
    """Return the name of a file with the hash of its bytes."""
    return Source(file, sha256(text.encode() if isinstance(text, str) else text).hexdigest())


Keys: TypeAlias = Mapping[str, tuple[Scalar, Node]]


def _keys_of(root: Node | None) -> Keys:
    return {key.text: (key, node) for key, node in root.entries} if isinstance(root, MappingNode) else {}


def _recognise(keys: Keys, wanted: Language, table: Table) -> Language | None:
    for language in (wanted, *LANGUAGES):
        if any(mark in keys for mark in language.marks):
            return language
    if len(wanted.hints & keys.keys()) >= wanted.enough:
        return wanted
    compared = list(keys)[:_KEYS_COMPARED]
    misspelt = any(meant in wanted.marks for key in compared for meant in closest(key, table.keys)[:1])
    return wanted if misspelt else None


def _report_other(
    report: Report, content: FileContent, keys: Keys, wanted: Language, found: Language | None
) -> None:
    label = f"{wanted.noun} has {ticked(wanted.marks[:2])}"
    if found is None:
        report.add(wanted.code, start_of(report.root), f"this is not {wanted.noun}", label, wanted.begins)
        return
    rules = content.rules
    if "/" in rules or "." in rules:
        rules = posixpath.normpath(posixpath.join(posixpath.dirname(content.file), rules))
    mark = next(keys[mark][0] for mark in found.marks if mark in keys)
    message = f"this is {found.noun}, not {wanted.noun}"
    code = wanted.codes.get(found.name, wanted.code)
    report.add(code, mark, message, label, found.belongs.format(rules=rules))


def _too_new(report: Report, keys: Keys) -> bool:
    """Report a file that is written for a later version: nothing else is said of it then."""
    _, node = keys.get("format", (None, None))
    wanted = number(node.text, 1) if isinstance(node, Scalar) else None
    if node is not None and isinstance(wanted, int) and wanted > FORMAT:
        report.add(
            "PI104",
            node,
            f"the file is written in format {wanted}",
            f"this version reads format {FORMAT}",
            f"update postinterview to a version that reads format {wanted}",
        )
        return True
    return False
