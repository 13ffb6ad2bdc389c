"""Plain mappings, lists and text, written as YAML."""

from __future__ import annotations

from typing import Any


def written(rules: dict[str, Any]) -> str:
    """A rule file of these rules: mappings as blocks, lists in brackets, every value a plain scalar."""
    return "\n".join(_lines(rules, "")) + "\n"


def _lines(mapping: dict[str, Any], indent: str) -> list[str]:
    lines: list[str] = []
    for key, value in mapping.items():
        if isinstance(value, dict) and value:
            lines += [f"{indent}{key}:", *_lines(value, indent + "  ")]
        else:
            lines.append(f"{indent}{key}: {_inline(value)}")
    return lines


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{}"
    return f"[{', '.join(value)}]" if isinstance(value, list) else str(value)
