"""Bad rule files and the exact text that is said of each.

``tests/bad/<family>/<CODE>-<what>.yaml`` (or ``.csv``) is the file, the ``.txt`` beside it what the
loader says of it, whole. Files that no repository should hold (binary, huge, in another encoding) are
built here, and have only the ``.txt``. ``UPDATE_GOLDEN=1 pytest tests/loading/test_bad_files.py`` writes
the texts anew: read the difference before it is kept.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest

from postinterview import load_rulebook, prove, status_files
from postinterview.audit import audit
from postinterview.audit.history.map_linking import link
from postinterview.audit.history.maps import parse_map
from postinterview.audit.table.table_parsing import read_table
from postinterview.judging import lint
from postinterview.loading import FileText, Missing, conduct, load, nodes, render
from postinterview.loading.code_pages import CodePage, read_pages
from postinterview.loading.diagnostics import Diagnostic, Findings
from postinterview.proof.promises.parsing import read_promises
from postinterview.proof.reports.findings import findings, idle_loosenings, trust_findings
from postinterview.proof.search.replay import willing
from tests.loading.small import SMALL, small
from tests.scenario.faults import find_faults

BAD = Path(__file__).parents[1] / "bad"
UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"


def read_only(data: bytes, file: str, *, pure: bool) -> tuple[Diagnostic, ...]:
    findings = Findings()
    nodes.read(data, file, findings, pure=pure)
    return findings.sorted()


PAGES = read_pages()
RETIRED = {code for code, page in PAGES.items() if page.title.startswith("retired: ")}
CODE = re.compile(r"\bPI[0-9]{3,4}\b")
HEADING = re.compile(r"^## (PI[0-9]+):", re.MULTILINE)
REGISTERED = ("is_polite",)
"""The functions that `custom` guards may name here."""


def load_whole(data: bytes, file: str, *, pure: bool) -> tuple[Diagnostic, ...]:
    countries = (lambda _: None) if file.startswith("PI222") else known_codes
    return load(data, file, name="bad", custom=REGISTERED, countries=countries, pure=pure).diagnostics


def known_codes(country: str) -> list[str]:
    """The codes that the package `holidays` would know, were it small."""
    return ["DE-BB", "DE-BY", "DE-HB"] if "-" in country else ["AT", "CH", "CX", "DE"]


PARENTS = {
    "small": SMALL,
    "./keeping.yaml": "format: 1\nextends: small\nkeeps: ./promises.yaml\n",
    "./to-circle.yaml": "format: 1\nextends: ./PI602-circle.yaml\n",
    "./stories.yaml": "format: 1\nrules: default\nscenarios: {}\n",
    "./promises.yaml": "format: 1\npromises: {}\n",
    "./broken.yaml": "format: 1\nmachines: [\n",
    "./new.yaml": "format: 2\nmachines: {}\n",
}
"""What the files that extend another one name."""


def find_parent(named: str, child: str) -> FileText | Missing:
    if named.endswith(child):
        return FileText(child, "format: 1\nextends: ./to-circle.yaml\n")
    if named.startswith("./PI602"):
        return FileText(named.removeprefix("./"), FILES[f"extends/{named.removeprefix('./')}"])
    if named in PARENTS:
        return FileText(named.removeprefix("./"), PARENTS[named])
    return Missing(f"no packaged rules are called `{named}`", "there are: small")


def load_extended(data: bytes, file: str, *, pure: bool) -> tuple[Diagnostic, ...]:
    return load(
        data,
        file,
        name="bad",
        promises=lambda _: ["one_chase", "one_follow_up"],
        finder=find_parent,
        pure=pure,
    ).diagnostics


def load_and_judge(data: bytes, file: str, *, pure: bool) -> tuple[Diagnostic, ...]:
    loaded = load(data, file, name="bad", pure=pure)
    return loaded.diagnostics + (conduct(loaded.definition) if loaded.definition else ())


def load_and_prove(data: bytes, file: str, *, pure: bool) -> tuple[Diagnostic, ...]:
    """As `check` does; the file whose proof is to stop at a limit says so in its name."""
    loaded = load(data, file, name="bad", pure=pure)
    if loaded.definition is None:
        return loaded.diagnostics
    proof = prove(willing(loaded.definition), max_zones=1 if "limit" in file else None)
    believed = trust_findings(loaded.definition, proof.trusted, strict=False)
    found = findings(proof, file) + idle_loosenings(proof)
    return loaded.diagnostics + conduct(loaded.definition) + found + believed


def load_and_lint(data: bytes, file: str, *, pure: bool) -> tuple[Diagnostic, ...]:
    loaded = load(data, file, name="bad", finder=find_parent, pure=pure)
    return loaded.diagnostics + lint(loaded)


def read_as_promises(data: bytes, file: str, *, pure: bool) -> tuple[Diagnostic, ...]:
    known = load_rulebook().definition
    return read_promises(data, file, known=known, taken=["one_chase"], pure=pure).diagnostics


def read_as_table(data: bytes, file: str, *, pure: bool) -> tuple[Diagnostic, ...]:
    return read_table(data, file, pure=pure).diagnostics


HISTORIES: dict[str, list[str]] = {
    "PI1011-divided.yaml": ["Company;Status;Date;Who\n", "Acme;Onsite;2026-03-02;Ana\n"],
    "PI1012-twice.yaml": ["Company,Date,Status,Who,Date\n", "Acme,2026-03-02,Onsite,Ana,2026-03-01\n"],
}
"""What a map is held against, by its name; any other against a history of these four columns."""

PLAIN = ["Company,Status,Date,Who\n", "Acme,Onsite,2026-03-02,Ana\n"]


def read_as_map(data: bytes, file: str, *, pure: bool) -> tuple[Diagnostic, ...]:
    reading = parse_map(data, file, pure=pure)
    found = link(reading, load_rulebook(), data.decode())
    if found is None:
        return reading.diagnostics
    made = audit(HISTORIES.get(file, PLAIN), found, name="history.csv")
    return reading.diagnostics + made.diagnostics


def read_as_statuses(data: bytes, file: str, *, pure: bool) -> tuple[Diagnostic, ...]:
    content = status_files.parse(data, file, pure=pure)
    status_files.link(content, load_rulebook().definition)
    return content.diagnostics


READERS = {
    "extends": load_extended,
    "syntax": read_only,
    "promises": read_as_promises,
    "conduct": load_and_judge,
    "proof": load_and_prove,
    "slips": load_and_lint,
    "scenario": find_faults,
    "table": read_as_table,
    "maps": read_as_map,
    "statuses": read_as_statuses,
}
"""How far a family's files are read; any other family goes through the whole loader."""


@cache
def answers(name: str) -> list[tuple[Diagnostic, ...]]:
    """What is found in a bad file, by each of the two parsers."""
    family, file = name.split("/")
    reader = READERS.get(family, load_whole)
    return [reader(FILES[name], file, pure=pure) for pure in (False, True)]


MANY_EVENTS = [*(f"e{n}" for n in range(500)), *(f"x{n}" for n in range(201))]
SETS_OF_SETS = "  set_0:\n"
SETS_OF_SETS += "".join(f"    rest_{n}: {{apart: {n} minutes, from: interview}}\n" for n in range(1, 151))
SETS_OF_SETS += "".join(f"  set_{n}: {{use: set_{n - 1}}}\n" for n in range(1, 71))

BUILT: dict[str, bytes] = {
    "syntax/PI001-empty.yaml": b"",
    "syntax/PI002-huge.yaml": b"# " + b"x" * 1_000_000,
    "syntax/PI003-windows-1252.yaml": "format: 1\ntitle: Après l'entretien\n".encode("cp1252"),
    "syntax/PI003-utf-16.yaml": b"\xff\xfe" + "format: 1\n".encode("utf-16-le"),
    "syntax/PI003-utf-16-without-mark.yaml": "format: 1\n".encode("utf-16-le"),
    "syntax/PI003-utf-32.yaml": b"\xff\xfe\0\0" + "format: 1\n".encode("utf-32-le"),
    "syntax/PI004-binary.yaml": b"\x7fELF\x02\x01\x01\x00\x00\x00\x00",
    "syntax/PI004-unseen.yaml": "follow\u200b_up: {by: candidate}\nreply\u2060: {by: candidate}\n".encode(),
    "syntax/PI004-terminal-orders.yaml": b"title: \x1b[31mred\x1b[0m\r\nwhy: no\r\n",
    "syntax/PI009-all-the-same.yaml": b"a: 1\n" * 102,
    "syntax/PI029-endless-name.yaml": b"x" * 1100 + b": y\n",
    "guards/PI416-every-number.yaml": small(
        ("by: candidate", "by: candidate, fields: {copies: number}"),
        guards=f"some: {{at_most: 1, of: chase, unless: {{copies: [{', '.join(map(str, range(51)))}]}}}}",
    ).encode(),
    "references/PI229-lists-of-classes.yaml": small(
        ("machines:", f"classes: {{all: [{', '.join(f'e{n}' for n in range(500))}]}}\n\nmachines:"),
        ("  follow_up", "".join(f"  {name}: {{by: employer}}\n" for name in MANY_EVENTS) + "  follow_up"),
        guards="\n".join(f"few_{n}: {{at_most: 1, of: [all, x{n}]}}" for n in range(201)),
    ).encode(),
    "references/PI231-sets-of-sets.yaml": small(
        ("machines:", f"guard_sets:\n{SETS_OF_SETS}\nmachines:"), guards="use: set_70"
    ).encode(),
}


def bad_files() -> dict[str, bytes]:
    """Every bad file by its name below ``tests/bad``."""
    found = sorted(path for path in BAD.glob("*/*") if path.suffix != ".txt")
    return {path.relative_to(BAD).as_posix(): path.read_bytes() for path in found} | BUILT


FILES = bad_files()
MANY = 50
"""Of more findings than these, the expected text has the first and the last two, and their number."""


def code_of(name: str) -> str:
    return Path(name).name.partition("-")[0]


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_answered_with_exactly_this_text(name: str) -> None:
    expected = (BAD / name).with_suffix(".txt")
    texts = {named.removeprefix("./"): text for named, text in PARENTS.items()}
    texts[Path(name).name] = FILES[name].decode("utf-8", "replace")
    for found in answers(name):
        if len(found) <= MANY:
            shown = render.text(found, texts)
        else:
            shown = f"{render.text((found[0], *found[-2:]), texts)}of {len(found)} findings\n"
        if UPDATE:
            expected.write_text(shown, encoding="utf-8")
        assert shown == expected.read_text(encoding="utf-8")
        assert code_of(name) in {each.code for each in found}


def test_every_code_but_the_retired_ones_has_a_bad_file() -> None:
    assert {code_of(name) for name in FILES} == set(PAGES) - RETIRED


def test_a_retired_code_names_the_one_that_replaced_it() -> None:
    replaced = {code: set(CODE.findall(PAGES[code].text)) for code in RETIRED}
    assert replaced == {code: {"PI505"} for code in ("PI501", "PI502", "PI503")}


def test_every_expected_text_has_its_bad_file() -> None:
    texts = {path.relative_to(BAD) for path in BAD.glob("*/*.txt")}
    assert texts == {Path(name).with_suffix(".txt") for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_every_diagnostic_has_a_page_and_says_what_to_do(name: str) -> None:
    for each in answers(name)[0]:
        assert each.code in PAGES
        assert each.help
        assert not each.message.endswith(".")


def test_every_code_in_the_source_has_one_page_and_every_page_a_use() -> None:
    source = Path(nodes.__file__).parents[1]
    used = {code for file in source.rglob("*.py") for code in CODE.findall(file.read_text("utf-8"))}
    pages = [code for file in source.rglob("*.md") for code in HEADING.findall(file.read_text("utf-8"))]
    assert sorted(pages) == sorted(used | RETIRED)
    assert sorted(PAGES) == sorted(pages)


SYNTAX_PAGES = [page for page in PAGES.values() if page.code < "PI1"]


@pytest.mark.parametrize("pure", [False, True], ids=["C", "pure"])
@pytest.mark.parametrize("page", SYNTAX_PAGES, ids=lambda page: page.code)
def test_the_examples_on_a_page_show_its_fault_and_its_remedy(page: CodePage, *, pure: bool) -> None:
    if not re.search(r"[(]|<(tab|U)", page.wrong):
        assert page.code in {each.code for each in read_only(page.wrong.encode(), "bad.yaml", pure=pure)}
    if "(" not in page.right:
        assert read_only(page.right.encode(), "good.yaml", pure=pure) == ()


def test_a_page_is_two_to_five_sentences_long() -> None:
    lengths = {page.code: len(re.findall(r"[.?!](?= |$)", page.text)) for page in SYNTAX_PAGES}
    assert {code: count for code, count in lengths.items() if not 2 <= count <= 5} == {}
