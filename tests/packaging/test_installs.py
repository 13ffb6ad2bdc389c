"""Installed from a wheel, from an sdist or as editable, the package finds its rules and runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from attrs import frozen

import postinterview as pi
from postinterview.loading.code_pages import read_pages

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
RULES = sorted(path.name for path in (ROOT / "rules").glob("*.yaml"))
WAYS = ("wheel", "sdist", "editable")

# Prints what an installation says of itself; `-I` keeps the folder it runs in and PYTHON* out of it.
ASK = """
import json, sys
import postinterview
from postinterview.files import packaged, read_packaged
from postinterview.loading.code_pages import read_pages
rulebook = postinterview.load_rulebook()
process = rulebook.start(employer="acme", timezone="Europe/Zurich")
print(json.dumps({
    "package": postinterview.__file__,
    "title": rulebook.definition.title,
    "machines": list(rulebook.definition.machines),
    "rules": {shown: data.decode() for shown, data in map(read_packaged, packaged())},
    "pages": len(read_pages()),
    "state": process.state("application"),
}))
"""


@frozen
class Installation:
    """A fresh environment with the package in it. ``home``: where its modules must come from."""

    python: Path
    script: Path
    home: Path


@frozen
class Built:
    """The two distributions, built from a copy of the source that is gone since."""

    wheel: Path
    sdist: Path


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command to its end and return what it printed; its complaints are shown if it fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env={**environment, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def copy_of_the_source(to: Path) -> Path:
    """Copy what a build needs, so that the build leaves nothing in the working copy."""
    to.mkdir()
    for name in ("src", "rules"):
        ignored = shutil.ignore_patterns("*.egg-info", "__pycache__")
        shutil.copytree(ROOT / name, to / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"):
        shutil.copy(ROOT / name, to / name)
    return to


def install(folder: Path, what: Sequence[str | Path]) -> Installation:
    """Install ``what`` into a fresh environment by the ``pip`` of the one that runs the tests."""
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--python", programs / "python", "install", "--quiet", "--no-compile")
    run(*pip, *what, cwd=folder.parent)
    return Installation(programs / "python", programs / "postinterview", folder)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    place = tmp_path_factory.mktemp("built")
    source = copy_of_the_source(place / "source")
    run(sys.executable, "-m", "build", "--outdir", place / "dist", source, cwd=place)
    shutil.rmtree(source)
    (wheel,) = (place / "dist").glob("*.whl")
    (sdist,) = (place / "dist").glob("*.tar.gz")
    return Built(wheel, sdist)


@pytest.fixture(scope="session")
def installations(built: Built, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Installation]:
    place = tmp_path_factory.mktemp("installed")
    source = copy_of_the_source(place / "checkout")
    editable = install(place / "editable", ["--editable", source])
    return {
        "wheel": install(place / "wheel", [built.wheel]),
        "sdist": install(place / "sdist", [built.sdist]),
        "editable": Installation(editable.python, editable.script, source),
    }


@pytest.mark.parametrize("way", WAYS)
def test_it_loads_its_own_default_rulebook_from_any_folder(
    way: str, installations: dict[str, Installation], tmp_path: Path
) -> None:
    there = installations[way]

    said = json.loads(run(there.python, "-I", "-c", ASK, cwd=tmp_path))

    assert Path(said["package"]).is_relative_to(there.home)
    assert said["title"] == "After the interview"
    assert said["state"] == "before_interview"
    assert said["pages"] == len(read_pages())
    rulebooks = [name for name in RULES if not name.startswith("courtesy")]  # promises, not a rulebook
    assert said["rules"] == {
        f"rules/{name}": (ROOT / "rules" / name).read_text(encoding="utf-8") for name in rulebooks
    }


@pytest.mark.parametrize("way", WAYS)
def test_its_script_and_its_module_say_the_version(
    way: str, installations: dict[str, Installation], tmp_path: Path
) -> None:
    there = installations[way]

    by_script = run(there.script, "--version", cwd=tmp_path)
    by_module = run(there.python, "-I", "-m", "postinterview", "--version", cwd=tmp_path)

    assert by_script == by_module == f"postinterview {pi.__version__}\n"


def test_an_editable_install_follows_the_rule_files_as_they_are_edited(
    installations: dict[str, Installation], tmp_path: Path
) -> None:
    there = installations["editable"]
    file = there.home / "rules" / "mine.yaml"

    file.write_text("format: 1\n", encoding="utf-8")
    try:
        said = run(
            there.python, "-I", "-c", "from postinterview.files import *; print(packaged())", cwd=tmp_path
        )
    finally:
        file.unlink()

    assert "mine" in said


def test_the_wheel_holds_the_package_its_rules_and_nothing_else(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        names = set(wheel.namelist())

    source = {path.relative_to(ROOT / "src") for path in (ROOT / "src" / "postinterview").rglob("*.*")}
    ours = {str(path) for path in source if path.suffix != ".pyc"}
    shipped = (path for path in (ROOT / "rules").rglob("*") if path.is_file())
    rules = {f"postinterview/{path.relative_to(ROOT)}" for path in shipped}
    begins = {"postinterview_command.py", "postinterview_pytest.py"}
    assert {name for name in names if ".dist-info/" not in name} == ours | rules | begins


def test_a_foreign_project_runs_its_stories(built: Built, tmp_path: Path) -> None:
    there = install(tmp_path / "environment", [built.wheel, "pytest"])
    project = tmp_path / "project"
    (project / "stories").mkdir(parents=True)
    shutil.copy(ROOT / "examples" / "second-round.yaml", project / "stories")
    (project / "test_own.py").write_text("def test_own(): pass\n", encoding="utf-8")

    without = run(there.python, "-m", "pytest", "-q", cwd=project)
    settings = "[tool.pytest.ini_options]\npostinterview_stories = ['stories']\n"
    (project / "pyproject.toml").write_text(settings, encoding="utf-8")
    named = run(there.python, "-m", "pytest", "-v", cwd=project)

    assert "1 passed" in without
    assert "stories/second-round.yaml::" in named
    assert " passed" in named
    assert "1 passed" not in named


def test_the_sdist_holds_the_rules_in_their_one_home(built: Built) -> None:
    with tarfile.open(built.sdist) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}

    files = (ROOT / "rules").rglob("*.yaml")
    assert {name for name in names if name.endswith(".yaml")} == {
        path.relative_to(ROOT).as_posix() for path in files
    }
