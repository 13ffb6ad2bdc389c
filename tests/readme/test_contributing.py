"""The pages for contributors name files and folders that exist, and every folder of the package."""

from __future__ import annotations

import re

import pytest

from tests.readme.pages import PAGES, ROOT

PACKAGE = ROOT / "src" / "postinterview"
TOP = {path.name for path in (*ROOT.iterdir(), *PACKAGE.iterdir())}
CODE = re.compile(r"`([^`\s]+)`")
TEXTS = {page: (ROOT / page).read_text(encoding="utf-8") for page in PAGES}


def paths(text: str) -> set[str]:
    """The paths that a text names in backticks: what begins with a file or folder of the repository."""
    named = set(CODE.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL)))
    return {name for name in named if name.split("/")[0] in TOP and re.fullmatch(r"[\w./-]+", name)}


@pytest.mark.parametrize("page", [page for page in PAGES if paths(TEXTS[page])])
def test_every_path_that_a_page_names_exists(page: str) -> None:
    missing = {
        path for path in paths(TEXTS[page]) if not ((ROOT / path).exists() or (PACKAGE / path).exists())
    }
    assert missing == set()


def test_the_table_of_the_house_has_every_folder_and_module_of_the_package() -> None:
    folders = {f"{path.name}/" for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    modules = {path.name for path in PACKAGE.glob("*.py") if not path.name.startswith("__")}
    assert {f"src/postinterview/{name}" for name in folders | modules} <= paths(TEXTS["CONTRIBUTING.md"])
