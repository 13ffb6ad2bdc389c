"""Set the result of a search for cycles as lines of text, and as plain data for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from postinterview.audit.graph import Cycle, CycleReport, Edge, Path, StateGraph, count_contacts
from postinterview.audit.short_text import short
from postinterview.audit.table.table_parsing import TransitionTable
from postinterview.layout import BLANK, Line, Piece, line

MOST_SHOWN = 20
"""The most contacts, or names in a list, that the text shows; JSON has them all."""
ENDS = 8
"""The number of steps that the text shows at each end of a long path."""
_TAGS = {"contacts": "contacts", "no_contacts": "no contacts", "said_by_nobody": "untagged"}


def lines_of(file: str, table: TransitionTable, report: CycleReport) -> Iterator[Line]:
    """Yield what the search found, what it trusts the table for, and the verdict."""
    graph = report.graph
    size = f"{count(len(graph.states), 'state')}, {count(len(graph.edges), 'edge')}"
    yield line(Piece(f"{file}: {short(table.title) or 'a table of transitions'}", "title"), f"  {size}")
    repeated = [(each.name, each.cycle) for each in report.repeated]
    yield from _cycles(repeated, Piece("FAIL  ", "failed"), "", "; `--format json` has them all")
    idle = [(each.name, each.idle_cycle) for each in report.contacts if each.idle]
    yield from _cycles(idle, Piece("-     ", "dim"), "; no start leads to it", " that no start leads to")
    if once := [each.name for each in report.contacts if not each.repeats and not each.idle]:
        yield line(Piece("ok    ", "ok"), f"on no cycle: {_names(once)}")
    yield BLANK
    yield from _trusted(table)
    yield from _verdict(report)


def _cycles(found: list[tuple[str, Cycle | None]], mark: Piece, note: str, more: str) -> Iterator[Line]:
    for name, cycle in found[:MOST_SHOWN]:
        said = f"{short(name):<20}  "
        if cycle is None:
            yield line(mark, f"{said}it lies on a cycle, which is not written out: there are too many{note}")
            continue
        numbers = sorted({edge.where.line for edge in cycle.steps if edge.contact})
        shown = ", ".join(map(str, numbers[:4])) + (", ..." if len(numbers) > 4 else "")
        where = f" (line{'s' if len(numbers) > 1 else ''} {shown})"
        yield line(mark, f"{said}{cycle_sentence(cycle)}{note}{where}")
        yield line(f"        cycle            {chain(cycle.steps)}")
        if cycle.way_in:
            yield line(f"        the way there    {chain(cycle.way_in)}")
    if len(found) > MOST_SHOWN:
        yield line(f"      and {len(found) - MOST_SHOWN:,} more{more}")


def chain(path: Path) -> str:
    """Return a path such as ``waiting -(follow_up*)-> followed_up``; an asterisk marks a contact."""
    if not path:
        return ""
    left_out = len(path) - 2 * ENDS
    if left_out <= 4:
        return short(path[0].source) + "".join(map(_step, path))
    head, tail = path[:ENDS], path[-ENDS:]
    between = f" ... {left_out:,} more steps ... {short(tail[0].source)}"
    return short(path[0].source) + "".join(map(_step, head)) + between + "".join(map(_step, tail))


def _step(edge: Edge) -> str:
    label = f"{short(edge.event)}{'*' if edge.contact else ''}"
    return f" -({label})-> {short(edge.target)}" if label else f" -> {short(edge.target)}"


def cycle_sentence(cycle: Cycle) -> str:
    """Return a sentence such as ``its shortest cycle has 2 steps, 1 contact``."""
    steps, contacts = len(cycle.steps), count_contacts(cycle.steps)
    said = "its shortest cycle has" if cycle.shortest else "it lies on a cycle, perhaps not the shortest, of"
    return f"{said} {count(steps, 'step')}, {'a contact' if steps == 1 else count(contacts, 'contact')}"


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _trusted(table: TransitionTable) -> Iterator[Line]:
    yield line(Piece("trusted, as the table says:", "dim"))
    start = _names(table.graph.starts) if table.start_said else "not given, so every state is one"
    yield line(Piece(f"  {'start':<16}{start}", "dim"))
    *said, (untagged, names) = tagged(table.graph).items()
    for tag, each in said:
        yield line(Piece(f"  {_TAGS[tag]:<16}{_names(each) or '-'}", "dim"))
    if names:
        yield line(Piece(f"  {_TAGS[untagged]:<16}{_names(names)}", "failed"), ", counted as contacts")


def _verdict(report: CycleReport) -> Iterator[Line]:
    if report.most is None:
        total = count(len(report.contacts), "contact")
        said = f"{len(report.repeated):,} of {total} can be repeated without end"
        yield line(Piece("a cycle", "failed"), f": {said}")
        yield line(Piece("a table holds no guards, and does not say who causes an event", "dim"))
        return
    most = count_contacts(report.most)
    if most:
        yield line(Piece("no cycle", "ok"), f": at most {count(most, 'contact')} on one path")
        yield line(f"  {chain(report.most)}")
    else:
        yield line(Piece("no cycle", "ok"), ": no start leads to a contact")


def _names(names: Iterable[str]) -> str:
    all_names = list(names)
    more = len(all_names) - MOST_SHOWN
    return ", ".join(map(short, all_names[:MOST_SHOWN])) + (f" and {more:,} more" if more > 0 else "")


def tagged(graph: StateGraph) -> dict[str, tuple[str, ...]]:
    """Return the names of the edges by what the table says of them."""
    groups: dict[str, dict[str, None]] = {tag: {} for tag in _TAGS}
    for edge in graph.edges:
        tag = "said_by_nobody" if edge.tagged == "nobody" else "contacts" if edge.contact else "no_contacts"
        groups[tag][edge.name] = None
    return {tag: tuple(names) for tag, names in groups.items()}


# --- data -----------------------------------------------------------------------------------------


def data_of(file: str, table: TransitionTable, report: CycleReport) -> dict[str, Any]:
    """Return the result in plain types."""
    graph, most = report.graph, report.most
    return {
        "verdict": "cycle" if report.repeated else "none",
        "table": file,
        "title": table.title,
        "states": len(graph.states),
        "edges": len(graph.edges),
        "start": list(graph.starts) if table.start_said else None,
        "tagged": {tag: list(names) for tag, names in tagged(graph).items()},
        "shortest": _cycle_data(report.shortest),
        "contacts": [
            {
                "name": each.name,
                "edges": len(each.edges),
                "repeats": each.repeats,
                "cycle": _cycle_data(each.cycle),
                "unreached": each.idle,
                "unreached_cycle": _cycle_data(each.idle_cycle),
            }
            for each in report.contacts
        ],
        "most_contacts": None if most is None else {"count": count_contacts(most), "path": _path_data(most)},
        "diagnostics": [],
    }


def _cycle_data(cycle: Cycle | None) -> dict[str, Any] | None:
    if cycle is None:
        return None
    return {
        "shortest": cycle.shortest,
        "steps": _path_data(cycle.steps),
        "contacts": count_contacts(cycle.steps),
        "way_in": None if cycle.way_in is None else _path_data(cycle.way_in),
    }


def _path_data(path: Path) -> list[dict[str, Any]]:
    names = ("from", "to", "event", "contact", "line", "column")
    rows = ((e.source, e.target, e.event or None, e.contact, e.where.line, e.where.column) for e in path)
    return [dict(zip(names, row, strict=True)) for row in rows]
