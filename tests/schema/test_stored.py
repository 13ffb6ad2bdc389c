"""The schemas in ``rules/schemas``, and the line of each shipped file that names one of them.

``UPDATE_GOLDEN=1`` writes the schemas again, from the tables that files are read by.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from postinterview.cli.schema import FOLDER, TABLES, modeline, schema_file, schema_text
from tests.schema.shipped import ROOT, SHIPPED, content

SCHEMAS = ROOT / "rules" / FOLDER


@pytest.mark.parametrize("kind", TABLES)
def test_a_stored_schema_is_what_the_command_writes(kind: str) -> None:
    path = SCHEMAS / schema_file(kind)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(schema_text(kind), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == schema_text(kind)


def test_no_other_schema_is_stored() -> None:
    assert {path.name for path in SCHEMAS.iterdir()} == {schema_file(kind) for kind in TABLES}


@pytest.mark.parametrize("file", SHIPPED)
def test_each_shipped_file_names_the_schema_of_its_kind(file: str) -> None:
    path = ROOT / file
    kind, _ = content(file)
    schema = Path(os.path.relpath(SCHEMAS / schema_file(kind), path.parent)).as_posix()
    assert path.read_text(encoding="utf-8").split("\n", 1)[0] == modeline(schema)
