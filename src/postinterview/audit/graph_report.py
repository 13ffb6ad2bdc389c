"""What a search of transitions found, as chains of text and as data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from postinterview.audit.graph import Answer, Contact, Cycle, Edge, Graph, Path, count_contacts

ENDS = 8
"""So many steps are drawn at each end of a chain that is longer than two such ends and a few."""


def chain(path: Path) -> str:
    """``waiting -(follow_up*)-> followed_up``: an asterisk marks what reaches the employer."""
    if not path:
        return ""
    left_out = len(path) - 2 * ENDS
    if left_out <= 4:
        return path[0].source + "".join(map(_step, path))
    head, tail = path[:ENDS], path[-ENDS:]
    between = f" ... {left_out:,} more steps ... {tail[0].source}"
    return path[0].source + "".join(map(_step, head)) + between + "".join(map(_step, tail))


def _step(edge: Edge) -> str:
    mark = "*" if edge.contact else ""
    label = f"{edge.event}{mark}"
    return f" -({label})-> {edge.target}" if label else f" -> {edge.target}"


def cycle_sentence(cycle: Cycle) -> str:
    """``a cycle of 2 steps, 1 of them a contact``."""
    steps, contacts = len(cycle.steps), count_contacts(cycle.steps)
    said = "its shortest cycle has" if cycle.shortest else "it lies on a cycle, perhaps not the shortest, of"
    return f"{said} {count(steps, 'step')}, {'a contact' if steps == 1 else count(contacts, 'contact')}"


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def tagged(graph: Graph) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the table says of its edges, by name: contacts, none, and what nobody said."""
    groups: dict[str, dict[str, None]] = {"contacts": {}, "no contacts": {}, "said by nobody": {}}
    for edge in graph.edges:
        group = "said by nobody" if edge.said == "nobody" else "contacts" if edge.contact else "no contacts"
        groups[group][edge.name] = None
    return tuple((group, tuple(names)) for group, names in groups.items())


def answer_data(file: str, title: str, answer: Answer, *, start_said: bool) -> dict[str, Any]:
    """The answer in plain types."""
    cycles = bool(answer.repeated)
    graph = answer.graph
    return {
        "verdict": "cycle" if cycles else "none",
        "table": file,
        "title": title,
        "states": len(graph.states),
        "edges": len(graph.edges),
        "start": list(graph.starts) if start_said else None,
        "tagged": {group.replace(" ", "_"): list(names) for group, names in tagged(graph)},
        "shortest": _cycle_data(answer.shortest),
        "contacts": [_contact_data(each) for each in answer.contacts],
        "most_contacts": None
        if answer.most is None
        else {"count": count_contacts(answer.most), "path": _path_data(answer.most)},
        "diagnostics": [],
    }


def faulty_data(file: str, diagnostics: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The answer where the table can't be used."""
    return {"verdict": None, "table": file, "diagnostics": list(diagnostics)}


def _contact_data(contact: Contact) -> dict[str, Any]:
    return {
        "name": contact.name,
        "edges": len(contact.edges),
        "repeats": contact.repeats,
        "cycle": _cycle_data(contact.cycle),
        "unreached": contact.idle,
        "unreached_cycle": _cycle_data(contact.idle_cycle),
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


def _path_data(path: Iterable[Edge]) -> list[dict[str, Any]]:
    return [
        {
            "from": edge.source,
            "to": edge.target,
            "event": edge.event or None,
            "contact": edge.contact,
            "line": edge.where.line,
            "column": edge.where.column,
        }
        for edge in path
    ]
