"""Show the coverage of a rulebook as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from postinterview.core.values.formatting import say_count
from postinterview.coverage.covering import MISSING, NOT_LOOKED_FOR, Coverage, Kind
from postinterview.layout import BLANK, Line, Piece, hang, line, pad

_TITLES: dict[Kind, str] = {
    "state": "states",
    "transition": "transitions",
    "guard": "guards that refuse",
    "guard alone": "guards that refuse alone",
    "promise": "promises",
}


def coverage_lines(
    coverage: Coverage, width: int, *, listed: bool = True, stub: bool = True
) -> Iterator[Line]:
    """Yield the counts, what is missing, and the first story that would show a part of it.

    The changes of a file that extends others come first; unless the rest is to be ``listed``, it is counted.
    """
    seen, all_ = coverage.counted()
    title = f"Coverage of {coverage.name}: {coverage.percent} %"
    yield line(Piece(title, "title"), f" ({seen} of {all_})")
    if coverage.changes:
        yield from _change_lines(coverage, width)
        yield line("  Of all its rules:")
    for kind in get_args(Kind):
        seen, all_ = coverage.counted(kind)
        yield line(f"  {pad(_TITLES[kind], 26)}{seen} of {all_}")
    if listed or not coverage.changes:
        yield from _missing_lines(coverage, width)
    else:
        yield line("  `--all` lists what is missing.")
    first = next(coverage.stubs(), None)
    if first is not None and stub:
        count = len(list(coverage.stubs()))
        which = "A story" if count == 1 else f"The first of {count} stories"
        yield BLANK
        yield line(f"{which} that would show what is missing (`--write DIR` writes them):")
        yield from (line(f"  {text}") for text in first[1].splitlines())


def _change_lines(coverage: Coverage, width: int) -> Iterator[Line]:
    """Yield what a file changes in the rules that it extends, each with what shows it."""
    able = [each for each in coverage.changes if each.parts]
    count = say_count(len(able), "change")
    yield line(f"  {sum(bool(each.by) for each in able)} of {count} shown:")
    for each in sorted(coverage.changes, key=lambda each: (each.change.origin.file, each.change.origin.line)):
        kind, name = (each.by or each.parts or (("", ""),))[0]
        said = f"{kind} {name}"
        if each.by:
            how = line(Piece("shown", "ok"), f" by {said}")
        elif each.parts:
            how = line(Piece("not shown", "warned"), f": {said} {MISSING[kind]}")  # type: ignore[index]
        else:
            how = line("no step can show it")
        where = line(Piece(f"    {each.change.origin}  ", "dim"))
        yield from hang(where, (*line(f"{each.change}: "), *how), width)


def _missing_lines(coverage: Coverage, width: int) -> Iterator[Line]:
    """Yield each part that no story shows."""
    for each in coverage.missing:
        part, style = each.part, "warned" if each.found.verdict == "none" else "plain"
        said = line(f"{part.kind.removesuffix(' alone')} ", Piece(part.name, "title"), f" {each.text}")
        looked_for = each.found is not NOT_LOOKED_FOR
        why = each.found.why_unknown if each.found.verdict == "unknown" and looked_for else ""
        body = (*said, *line(f" (no story was found: {why})" if why else ""))
        yield from hang(
            line(Piece(f"  {part.origin}  ", "dim" if style == "plain" else "warned")), body, width
        )
    if left := sum(each.found is NOT_LOOKED_FOR for each in coverage.missing):
        yield line(f"  For {left} of them no story was looked for: {NOT_LOOKED_FOR.why_unknown}.")


def coverage_data(coverage: Coverage) -> dict[str, Any]:
    """Return the coverage for JSON."""
    counts = {kind: coverage.counted(kind) for kind in get_args(Kind)}
    return {
        "rules": coverage.name,
        "percent": coverage.percent,
        "counts": {
            kind.replace(" ", "_"): {"seen": seen, "all": all_} for kind, (seen, all_) in counts.items()
        },
        "changes": [
            {
                "text": str(each.change),
                "file": each.change.origin.file,
                "line": each.change.origin.line,
                "parts": [f"{kind} {name}" for kind, name in each.parts],
                "shown_by": [f"{kind} {name}" for kind, name in each.by],
            }
            for each in coverage.changes
        ],
        "missing": [
            {
                "kind": each.part.kind,
                "name": each.part.name,
                "file": each.part.origin.file,
                "line": each.part.origin.line,
                "verdict": each.found.verdict,
                "text": each.text,
                "why_unknown": each.found.why_unknown,
                "scenario": each.found.scenario,
            }
            for each in coverage.missing
        ],
    }
