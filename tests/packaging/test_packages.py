"""What `pyproject.toml` says of the packages is what the folders hold. No build is needed."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_folder_of_the_source_is_a_listed_package() -> None:
    source = ROOT / "src"
    folders = {file.parent for file in (source / "postinterview").rglob("*.py")}
    names = {".".join(folder.relative_to(source).parts) for folder in folders}

    assert set(CONFIG["tool"]["setuptools"]["packages"]) == names | {"postinterview.rules"}


def test_every_package_says_so() -> None:
    folders = {file.parent for file in (ROOT / "src" / "postinterview").rglob("*.py")}

    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_the_rule_files_have_one_home() -> None:
    assert list((ROOT / "src").rglob("*.yaml")) == []


def test_the_pages_of_the_codes_are_packaged_as_data() -> None:
    folder = ROOT / "src" / "postinterview" / "loading"
    patterns = CONFIG["tool"]["setuptools"]["package-data"]["postinterview.loading"]
    data = {path for path in folder.rglob("*.*") if path.suffix not in {".py", ".pyc"}}

    assert {path for pattern in patterns for path in folder.glob(pattern)} == data != set()
