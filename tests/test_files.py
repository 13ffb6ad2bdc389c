"""The rim: what is named is found and read, or the error says what to type instead."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import postinterview as pi
from postinterview.files import LIMIT, UnreadableError, packaged, read_file, read_packaged
from postinterview.rulebooks import RulesError, load_rulebook

ROOT = Path(__file__).resolve().parents[1]
DEFAULT = ROOT / "rules" / "default.yaml"
BROKEN = "format: 1\ntitle: Broken\nmachines: 3\n"


def test_nothing_named_is_the_packaged_default() -> None:
    rulebook = load_rulebook()

    assert rulebook.definition == load_rulebook("default").definition
    assert [source.name for source in rulebook.definition.sources] == ["rules/default.yaml"]


def test_packaged_rules_are_shown_by_one_name_wherever_the_program_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert read_packaged("default") == ("rules/default.yaml", DEFAULT.read_bytes())


def test_the_packaged_names_are_those_of_the_rule_files() -> None:
    stems = {file.stem for file in (ROOT / "rules").glob("*.yaml")}
    assert packaged() == tuple(sorted(stem for stem in stems if not stem.startswith("courtesy")))


def test_a_bare_word_is_a_packaged_name_even_beside_a_file_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "default").write_text(BROKEN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert load_rulebook("default").definition.title == "After the interview"
    for path in ("./default", Path("default")):
        with pytest.raises(RulesError):
            load_rulebook(path)


@pytest.mark.parametrize("kind", [str, Path])
def test_a_file_is_shown_as_it_was_named(
    kind: type[str | Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.yaml").write_bytes(DEFAULT.read_bytes())
    monkeypatch.chdir(tmp_path)

    definition = load_rulebook(kind("mine.yaml")).definition

    assert definition.machines["application"].origin.file == "mine.yaml"
    assert [source.name for source in definition.sources] == ["mine.yaml"]


def test_text_is_shown_by_the_name_it_is_given() -> None:
    text = DEFAULT.read_text(encoding="utf-8")

    assert load_rulebook(text=text, name="from the form").definition.sources[0].name == "from the form"
    assert load_rulebook(text=text).definition.sources[0].name == "<text>"


def test_text_and_bytes_make_the_same_rulebook() -> None:
    data = DEFAULT.read_bytes()

    assert load_rulebook(text=data).definition == load_rulebook(text=data.decode()).definition


def test_wrong_rules_raise_all_that_was_found_with_the_text_to_show_it_in() -> None:
    with pytest.raises(RulesError) as caught:
        load_rulebook(text=BROKEN, name="broken.yaml")

    error = caught.value
    assert isinstance(error, pi.PostInterviewError)
    assert len(error.diagnostics) > 1
    assert error.sources == {"broken.yaml": BROKEN}
    assert "broken.yaml:3:11" in str(error)
    assert "3 | machines: 3" in str(error)
    assert str(error) == str(error).strip()


def test_a_file_in_another_encoding_is_an_error_of_the_rules_that_can_be_shown(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes("format: 1\ntitle: Après\n".encode("latin-1"))

    with pytest.raises(RulesError) as caught:
        load_rulebook(file)

    assert f"{file}:2:" in str(caught.value)


def test_several_files_are_misuse() -> None:
    with pytest.raises(pi.MisuseError) as caught:
        load_rulebook("default", "mine.yaml")

    assert str(caught.value) == "2 rule files are named (a rulebook is made of one: name one)"


def test_an_empty_path_is_misuse() -> None:
    with pytest.raises(pi.MisuseError) as caught:
        load_rulebook("")

    assert str(caught.value) == "the path of the rule file is empty (leave it out for the packaged rules)"


def test_a_file_and_a_text_at_once_are_misuse() -> None:
    with pytest.raises(pi.MisuseError) as caught:
        load_rulebook("default", text="format: 1")

    assert str(caught.value) == "rules are given both as a file and as text (give one of them)"


def test_a_name_without_a_text_is_misuse() -> None:
    with pytest.raises(pi.MisuseError) as caught:
        load_rulebook("default", name="mine")

    assert caught.value.help == "leave it out, or give `text`"


def test_an_unknown_packaged_name_says_which_there_are_and_how_to_name_a_file() -> None:
    with pytest.raises(UnreadableError) as caught:
        load_rulebook("mine")

    assert str(caught.value) == (
        f"no packaged rules are called `mine` (there are: {', '.join(packaged())};"
        " name a file of yours with its ending, such as mine.yaml)"
    )


def test_a_path_with_a_folder_is_a_file_even_without_an_ending() -> None:
    with pytest.raises(UnreadableError) as caught:
        load_rulebook("missing/default")

    assert caught.value.message == "there is no file `missing/default`"


def test_a_packaged_name_leads_to_no_other_folder() -> None:
    with pytest.raises(UnreadableError):
        read_packaged("../pyproject")


def test_a_missing_file_says_which_was_meant(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").touch()

    with pytest.raises(UnreadableError) as caught:
        read_file(tmp_path / "mine.yml")

    assert caught.value.path == str(tmp_path / "mine.yml")
    assert caught.value.message == f"there is no file `{tmp_path / 'mine.yml'}`"
    assert caught.value.help == f"did you mean `{tmp_path / 'mine.yaml'}`?"


def test_a_missing_file_says_from_where_it_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UnreadableError) as caught:
        read_file("mine.yaml")

    assert caught.value.help == f"looked from {tmp_path}"


def test_a_missing_folder_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UnreadableError) as caught:
        read_file("rulez/mine.yaml")

    assert str(caught.value) == "there is no file `rulez/mine.yaml` (there is no folder `rulez` either)"


def test_a_folder_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "packs").mkdir()
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UnreadableError) as caught:
        read_file("packs/")

    assert str(caught.value) == "`packs/` is a folder (name a file in it, such as packs/mine.yaml)"


def test_a_file_that_may_not_be_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)  # root may read everything, so the mode would prove nothing

    with pytest.raises(UnreadableError) as caught:
        read_file("mine.yaml")

    assert caught.value.message == "`mine.yaml` may not be read"


@pytest.mark.parametrize("path", ["a\0b.yaml", "x" * 300 + ".yaml"])
def test_a_path_that_the_system_refuses_is_unreadable_too(path: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_file(path)

    assert "can't be read" in caught.value.message
    assert caught.value.help


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    with file.open("wb") as handle:
        handle.truncate(LIMIT + 1)

    with pytest.raises(UnreadableError) as caught:
        read_file(file)

    assert caught.value.message == f"`{file}` is larger than 16 MB"


def test_the_errors_survive_pickling() -> None:
    with pytest.raises(RulesError) as wrong:
        load_rulebook(text=BROKEN)
    with pytest.raises(UnreadableError) as missing:
        load_rulebook("./missing.yaml")

    for error in (wrong.value, missing.value):
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - pickled one line above
        assert str(again) == str(error)
        assert vars(again) == vars(error)


def test_importing_the_library_imports_nothing_that_costs_time() -> None:
    code = "import sys; before = set(sys.modules); import postinterview; print(*(set(sys.modules) - before))"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    )

    imported = {name.partition(".")[0] for name in done.stdout.split()}
    assert "postinterview" in imported
    assert imported & {"yaml", "click", "rich", "holidays"} == set()
