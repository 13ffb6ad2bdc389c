"""Read a text in one of the languages: the one way in for all of them.

`read_file` takes a text through the stages that all share: syntax, which language it is, whether it is
written for a later version, what it extends, and shape. A file of another language is answered with what it
is and where it belongs, and with nothing more.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from hashlib import sha256
from itertools import islice

from attrs import define, field

from postinterview.core.rules.definitions import Source
from postinterview.core.values.suggest import closest, ticked
from postinterview.loading import nodes
from postinterview.loading.decoding import MAX_BYTES
from postinterview.loading.diagnostics import Diagnostic, Findings, Span, Template
from postinterview.loading.extending import FileText, Finder, Layers, Missing
from postinterview.loading.languages import KEYS_COMPARED, Keys, Language, Name, keys_of, recognise
from postinterview.loading.records import Record
from postinterview.loading.report import Report, span_of, start_of
from postinterview.loading.rule_schema import FORMAT
from postinterview.loading.schema import Table
from postinterview.loading.shape import Shape
from postinterview.loading.source_text import Mapping as MappingNode
from postinterview.loading.source_text import Node, Scalar
from postinterview.loading.text_values import number

DEFAULT_RULES = "default"
"""The packaged rules that a scenario file or a map means if it names none."""

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


@define(eq=False)
class FileContent:
    """A file after syntax and shape.

    ``language`` is what it seems to be: None for no language of ours, or for a text that can't be read.
    ``shape`` and ``record`` are None if nothing more can be said of the file. ``rules``: the packaged name or
    the path that it gives under ``rules:``, with its place in ``rules_at``. ``texts``: the file and
    those that it extends, the nearest first; ``extended``: the values of those as they stand; ``layers`` has
    what of them no longer stands.
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
    extended: Node | None = None
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
    keys = keys_of(root)
    if "rules" in keys and isinstance(keys["rules"][1], Scalar):
        content.rules, content.rules_at = keys["rules"][1].text or DEFAULT_RULES, span_of(keys["rules"][1])
    found = recognise(keys, wanted, table)
    content.language = found.name if found else None
    if found is not wanted:
        _report_other(report, content, keys, wanted, found)
    elif not (_too_new(report, keys) or (refuse is not None and refuse(report, root))):
        whole = _whole(content, report, keys, wanted, table, finder or find_none, pure=pure)
        if whole is not None:
            content.shape = Shape(
                report
                if whole is root
                else Report(content.findings, whole, removed=content.layers.removed, new=content.layers.new)
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
    if "extends" not in table.keys:
        return report.root
    whole, chain = report.root, list[MappingNode]()
    strays = (key for text, (key, _) in keys.items() if text not in table.keys and "machines" not in keys)
    for key in islice(strays, KEYS_COMPARED):
        if closest(key.text, table.keys)[:1] == ("extends",):
            report.tell(_EXTENDS, key, instead="extends", name=key.text)
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
        keys = keys_of(above)
        if above is None or recognise(keys, wanted, table) is not wanted:
            report.tell(_NO_RULES if above else _UNREADABLE, named, name=found.file)
            return None
        report = Report(content.findings, above)
        if _too_new(report, keys):
            return None
        content.texts.append(found)
        chain.append(whole)
        whole = above
    while chain and isinstance(whole, MappingNode):
        content.extended = whole
        whole = content.layers.lay(chain.pop(), whole, table)
    return whole


def find_none(named: str, _file: str) -> FileText | Missing:
    """Find no file: the finder of a text that comes from nowhere."""
    return Missing(f"`{named}` can't be read from here", "load the file by its path")


def source_of(text: bytes | str, file: str) -> Source:
    """Return the name of a file with the hash of its bytes."""
    return Source(file, sha256(text.encode() if isinstance(text, str) else text).hexdigest())


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
    mark = next((keys[mark][0] for mark in found.marks if mark in keys), start_of(report.root))
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
