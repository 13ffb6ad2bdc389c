"""``verify``: which files a certificate is held against, and what is said where it does not hold."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.helpers import OURS, ROOT, Answer, Caller


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with rules, promises, and a certificate of both in a folder of its own."""
    from postinterview.cli.app import run

    folder = tmp_path_factory.mktemp("made")
    (folder / "kept").mkdir()
    shutil.copy(ROOT / "rules" / "default.yaml", folder / "mine.yaml")
    (folder / "ours.yaml").write_text(OURS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert run(["prove", "mine.yaml", "--promises", "ours.yaml", "--certificate", "kept/c.json"]) == 0
        assert run(["prove", "--certificate", "default.json"]) == 0
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def states(path: str) -> int:
    return sum(len(part["states"]) for part in json.loads(Path(path).read_text(encoding="utf-8"))["parts"])


def test_a_certificate_is_held_against_the_files_that_it_names(call: Caller, folder: Path) -> None:
    assert call("verify", "kept/c.json") == Answer(
        0, f"ok    kept/c.json  mine.yaml: 24 promises, {states('kept/c.json')} states\n", ""
    )
    assert call("verify", "default.json") == Answer(
        0, f"ok    default.json  rules/default.yaml: 23 promises, {states('default.json')} states\n", ""
    )
    assert call("verify", folder / "kept" / "c.json").code == 0


def test_a_certificate_that_was_moved_finds_its_files_where_they_were_named(
    call: Caller, folder: Path
) -> None:
    (folder / "far" / "away").mkdir(parents=True)
    (folder / "kept" / "c.json").rename(folder / "far" / "away" / "c.json")
    assert call("verify", "far/away/c.json").code == 0

    (folder / "mine.yaml").rename(folder / "far" / "other.yaml")
    assert call("verify", "far/away/c.json") == Answer(
        3,
        "",
        "error: there is no file `far/mine.yaml`\n"
        "  = help: say where it is now: postinterview verify far/away/c.json FILE\n",
    )
    assert call("verify", "far/away/c.json", "far/other.yaml").code == 0


def test_rules_that_have_changed_are_named_with_the_command_that_proves_them_anew(
    call: Caller, folder: Path
) -> None:
    with (folder / "mine.yaml").open("a", encoding="utf-8") as file:
        file.write("# one more line\n")
    again = "postinterview prove mine.yaml --promises ours.yaml --certificate kept/c.json"

    assert call("verify", "kept/c.json") == Answer(
        1,
        "",
        "error: kept/c.json: `mine.yaml` has changed since the certificate was made\n"
        f"  = help: make it again: {again}\n",
    )
    answer = call("verify", "kept/c.json", "--format", "json")
    assert (answer.code, answer.err) == (1, "")
    message = "kept/c.json: `mine.yaml` has changed since the certificate was made"
    assert json.loads(answer.out) == {
        "version": 1,
        "errors": [{"message": message, "help": f"make it again: {again}"}],
        "verified": False,
        "file": "kept/c.json",
        "line": None,
        "column": None,
        "message": "`mine.yaml` has changed since the certificate was made",
        "help": f"make it again: {again}",
        "states": 0,
        "loosened": [],
        "diagnostics": [],
    }
    (folder / "ours.yaml").write_text(OURS + "# more\n", encoding="utf-8")
    shutil.copy(ROOT / "rules" / "default.yaml", folder / "mine.yaml")
    assert "`../ours.yaml`" not in call("verify", "kept/c.json").err
    assert "`ours.yaml` has changed since the certificate was made" in call("verify", "kept/c.json").err


def test_a_damaged_certificate_is_told_by_its_place_in_the_data(call: Caller, folder: Path) -> None:
    data = json.loads(Path("default.json").read_text(encoding="utf-8"))
    data["parts"][0]["clause"] = True
    Path("default.json").write_text(json.dumps(data), encoding="utf-8")

    assert call("verify", "default.json") == Answer(
        1,
        "",
        "error: default.json: the certificate is damaged: at `parts[0].clause`, `true` is no whole number\n"
        "  = help: make it again: postinterview prove FILE --certificate default.json\n",
    )


def test_packaged_rules_under_another_name_are_none_that_a_certificate_can_be_of(
    call: Caller, tmp_path: Path
) -> None:
    path = tmp_path / "default.json"
    assert call("prove", "--certificate", path).code == 0
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("rules/courtesy.yaml", "rules/kinder.yaml"), encoding="utf-8")
    answer = call("verify", path)

    assert answer.code == 1
    assert "the certificate is damaged: the packaged `courtesy` is not `rules/kinder.yaml`" in answer.err


def test_what_is_no_json_is_refused_at_its_line_and_column(call: Caller, folder: Path) -> None:
    (folder / "cut.json").write_text('{"certificate":\n "postinterview",\n', encoding="utf-8")

    assert call("verify", "cut.json") == Answer(
        1,
        "",
        "error: cut.json:3:1: this is no JSON: expecting property name enclosed in double quotes\n"
        "  = help: name the file that `postinterview prove --certificate FILE` wrote\n",
    )
    answer = call("verify", "cut.json", "--format", "json")
    data = json.loads(answer.out)
    assert (answer.code, answer.err, data["line"], data["column"]) == (1, "", 3, 1)
    assert data["help"] == "name the file that `postinterview prove --certificate FILE` wrote"


def test_a_certificate_of_rules_with_errors_is_answered_with_their_diagnostics(
    call: Caller, folder: Path
) -> None:
    text = (folder / "mine.yaml").read_text(encoding="utf-8")
    (folder / "mine.yaml").write_text(text.replace("event: follow_up", "event: folow_up"), encoding="utf-8")
    answer = call("verify", "kept/c.json")
    assert (answer.code, answer.out) == (1, "")
    assert "did you mean `follow_up`?" in answer.err

    answer = call("verify", "kept/c.json", "--format", "json")
    data = json.loads(answer.out)
    assert (answer.code, answer.err, data["verified"]) == (1, "", False)
    assert data["message"] == "the rules or promises that it is about have errors"
    assert "PI201" in {each["code"] for each in data["diagnostics"]}
