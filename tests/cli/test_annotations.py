"""Annotations of GitHub Actions: the runner reads back what was found, whatever characters are in it."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from postinterview.layout import visible
from postinterview.loading.diagnostics import Diagnostic, Severity, Span
from postinterview.loading.render import github_annotations
from tests.cli.helpers import Caller

COMMAND = re.compile(r"::(?P<command>\w+) (?P<properties>.*?)::(?P<data>.*)")


def read(line: str) -> tuple[str, dict[str, str], str]:
    """What the runner of GitHub Actions makes of a line: it splits first, and unescapes then."""
    found = COMMAND.fullmatch(line)
    assert found is not None, line
    properties = dict(each.split("=", 1) for each in found["properties"].split(","))
    for escaped, meant in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        properties = {name: value.replace(escaped, meant) for name, value in properties.items()}
    data = found["data"].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    return found["command"], properties, data


TEXTS = st.text(st.sampled_from("a:,%=\r\n`é\x1b\u202e0AD25"), max_size=20)


@given(TEXTS, TEXTS, TEXTS, st.sampled_from(["error", "warning"]), st.booleans())
def test_the_runner_reads_what_was_found(
    file: str, message: str, help: str, severity: Severity, longer: bool
) -> None:
    where = Span(file, 3, 5, 4 if longer else 3, 9)
    found = Diagnostic(code="PI101", severity=severity, message=message, where=where, help=help)
    (line,) = github_annotations([found])
    assert "\n" not in line
    command, properties, data = read(line)
    columns = {} if longer else {"col": "5", "endColumn": "9"}
    assert (command, data) == (severity, visible(message) + (f"\nhelp: {visible(help)}" if help else ""))
    assert properties == {
        "title": "postinterview PI101",
        "file": visible(file),
        "line": "3",
        "endLine": str(where.end_line),
        **columns,
    }


def test_check_writes_annotations_and_nothing_else(call: Caller, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("format: 1\ntitle: Mine\nlicence: MIT\nevents: {}\nmachines: {}\n", encoding="utf-8")
    answer = call("check", "default", faulty, "--format", "github")
    assert (answer.code, answer.err) == (1, "")
    found = [read(line) for line in answer.out.splitlines()]
    assert {(command, properties["file"]) for command, properties, _ in found} == {("error", str(faulty))}
    assert ("postinterview PI101", "3") in {(each["title"], each["line"]) for _, each, _ in found}


def test_a_file_that_cannot_be_read_is_no_annotation(call: Caller) -> None:
    answer = call("check", "missing.yaml", "--format", "github")
    assert (answer.code, answer.out) == (3, "")
    assert "missing.yaml" in answer.err


def test_a_loosened_promise_is_a_notice_at_its_line(call: Caller, tmp_path: Path) -> None:
    pack = tmp_path / "late.yaml"
    pack.write_text(
        'format: 1\nextends: default\ntitle: Late\nloosens:\n  fresh_thanks: {why: "100%: a, b"}\n'
        "machines: {application: {transitions: {thank: {guards: "
        "{while_it_is_fresh: {not_after: interview + 20 days}}}}}}\nmeant: {while_it_is_fresh: as above}\n",
        encoding="utf-8",
    )
    answer = call("check", pack, "--format", "github")
    notices = [each for each in map(read, answer.out.splitlines()) if each[0] == "notice"]
    assert answer.code == 0
    assert notices == [
        (
            "notice",
            {"title": "postinterview", "file": str(pack), "line": "5"},
            "this loosens `fresh_thanks`. 100%: a, b",
        )
    ]
