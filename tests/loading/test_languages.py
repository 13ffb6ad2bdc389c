"""Every language knows a file of every other one, and says where such a file belongs."""

from __future__ import annotations

from pathlib import Path

import pytest

from postinterview.audit.history.map_schema import FILE as MAP_FILE
from postinterview.audit.table.table_schema import FILE as TABLE_FILE
from postinterview.loading.languages import LANGUAGES, Language
from postinterview.loading.reading import read_file
from postinterview.loading.rule_schema import FILE as RULE_FILE
from postinterview.loading.schema import Table
from postinterview.proof.promises.schema import FILE as PROMISE_FILE
from postinterview.scenario.scenario_schema import FILE as SCENARIO_FILE
from postinterview.status_files import FILE as STATUSES_FILE

ROOT = Path(__file__).parents[2]
TABLES: dict[str, Table] = {
    "rules": RULE_FILE,
    "promises": PROMISE_FILE,
    "scenarios": SCENARIO_FILE,
    "map": MAP_FILE,
    "statuses": STATUSES_FILE,
    "table": TABLE_FILE,
}
FILES = {
    "rules": "format: 1\ntitle: Ours\nevents: {message: {by: employer}}\nmachines: {}\n",
    "promises": "format: 1\ntitle: Ours\npromises: {once: {never: chase, more_than: 1}}\n",
    "scenarios": "format: 1\nrules: ../rules/mine.yaml\nscenarios: [{name: Too soon, steps: []}]\n",
    "map": "format: 1\ndates: [iso]\nemployer: Company\nread: {talk: {event: interview, at: Date}}\n",
    "statuses": "format: 1\nstatuses: {Applied: none, Interview: interview}\n",
    "table": "format: 1\nnext: {waiting: [rejected]}\n",
}

by_name = pytest.mark.parametrize("wanted", LANGUAGES, ids=lambda language: language.name)


@by_name
@pytest.mark.parametrize("given", LANGUAGES, ids=lambda language: language.name)
def test_a_file_is_known_for_what_it_is(wanted: Language, given: Language) -> None:
    content = read_file(FILES[given.name], "stories/mine.yaml", wanted, TABLES[wanted.name])
    assert content.language == given.name
    if given is wanted:
        assert content.record is not None
    else:
        (found,) = content.diagnostics
        assert found.message == f"this is {given.noun}, not {wanted.noun}"
        assert found.help == given.belongs.format(rules="rules/mine.yaml")
        assert content.record is None


@by_name
def test_a_language_is_named_as_its_table_of_keys_is(wanted: Language) -> None:
    assert wanted.noun.startswith(TABLES[wanted.name].noun)
    assert set(wanted.marks) <= set(TABLES[wanted.name].keys) | {"extends"}


@by_name
def test_a_file_for_a_later_version_is_told_so_and_nothing_more(wanted: Language) -> None:
    text = FILES[wanted.name].replace("format: 1", "format: 2") + "unheard_of: 1\n"
    content = read_file(text, "mine.yaml", wanted, TABLES[wanted.name])
    assert [each.code for each in content.diagnostics] == ["PI104"]


@pytest.mark.parametrize(("name", "misspelt"), [("scenarios", "scenario"), ("map", "raed")])
def test_a_misspelt_mark_is_still_told_as_that(name: str, misspelt: str) -> None:
    wanted = next(language for language in LANGUAGES if language.name == name)
    text = f"{misspelt}: []\n"
    assert read_file(text, "mine.yaml", wanted, TABLES[name]).language == name


def test_the_packaged_files_are_what_their_names_say() -> None:
    for path in sorted((ROOT / "rules").glob("*.yaml")):
        content = read_file(path.read_bytes(), path.name, LANGUAGES[0], RULE_FILE)
        assert content.language == ("promises" if path.stem.startswith("courtesy") else "rules")


@pytest.mark.parametrize("wanted", LANGUAGES[1:], ids=lambda language: language.name)
def test_only_rules_extend_other_files(wanted: Language) -> None:
    text = FILES[wanted.name].replace("format: 1", "format: 1\nextends: default")
    codes = {each.code for each in read_file(text, "mine.yaml", wanted, TABLES[wanted.name]).diagnostics}
    assert "PI101" in codes
    assert "PI601" not in codes
