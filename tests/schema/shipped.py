"""The YAML files of the repository that have a schema, and their content as an editor reads it."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from postinterview.cli.schema import TABLES
from postinterview.loading import nodes
from postinterview.loading.diagnostics import Findings
from postinterview.loading.languages import RULES, keys_of, recognise

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(
    str(path.relative_to(ROOT))
    for folder in ("rules", "examples")
    for path in (ROOT / folder).rglob("*.yaml")
    if path.parent.name != "ci"  # those of other programs
)
NUMBER = re.compile(r"[-+]?[0-9]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def as_an_editor_reads(node: nodes.Node) -> Any:
    """Return the values as YAML 1.2 has them, by its core schema: editors check these."""
    if isinstance(node, nodes.Sequence):
        return [as_an_editor_reads(item) for item in node.items]
    if isinstance(node, nodes.Mapping):
        return {key.text: as_an_editor_reads(value) for key, value in node.entries}
    assert isinstance(node, nodes.Scalar)
    if node.plain and node.text in ("", "~", "null", "true", "false"):
        return {"true": True, "false": False}.get(node.text)
    if node.plain and NUMBER.fullmatch(node.text):
        return json.loads(node.text)
    return node.text


@cache
def content(file: str) -> tuple[str, str]:
    """Return the kind of a shipped file, and its content as JSON."""
    root = nodes.read((ROOT / file).read_bytes(), file, Findings())
    assert root is not None
    found = recognise(keys_of(root), RULES, TABLES["rules"])
    assert found is not None
    return found.name, json.dumps(as_an_editor_reads(root))
