"""``postinterview audit --graph``: whether a tracker's transitions lead round and round through a contact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from postinterview.audit.graph import Answer, Contact, Cycle, count_contacts, search
from postinterview.audit.graph_report import (
    answer_data,
    chain,
    count,
    cycle_sentence,
    faulty_data,
    tagged,
)
from postinterview.audit.table.table_parsing import MOST_BYTES, Table, read_table
from postinterview.cli import NO, UNREADABLE, YES
from postinterview.cli.file_search import read
from postinterview.cli.terminal import Screen
from postinterview.files import UnreadableError
from postinterview.layout import BLANK, Line, Piece, line
from postinterview.loading.render import diagnostics_data

_MOST = 20
"""So many contacts, or names in a list, are shown; JSON has them all."""


def audit_graph(path: str, *, screen: Screen) -> int:
    """Search a table of transitions for cycles through contacts, and say what came of it."""
    try:
        shown, text = read(path, limit=MOST_BYTES)
    except UnreadableError as error:
        screen.complain(error.message, error.help)
        return UNREADABLE
    found = read_table(text, shown)
    if found.table is None:
        screen.diagnose(found.diagnostics, {shown: text.decode("utf-8-sig", "replace")})
        screen.answer(faulty_data(shown, diagnostics_data(found.diagnostics)))
        return NO
    table = found.table
    answer = search(table.graph)
    screen.show(_text(shown, table, answer))
    screen.answer(answer_data(shown, table.title, answer, start_said=table.start_said))
    return NO if answer.repeated else YES


def _text(file: str, table: Table, answer: Answer) -> Iterator[Line]:
    graph = table.graph
    size = f"{count(len(graph.states), 'state')}, {count(len(graph.edges), 'edge')}"
    yield line(Piece(f"{file}: {table.title or 'a table of transitions'}", "title"), f"  {size}")
    repeated = answer.repeated
    for contact in repeated[:_MOST]:
        yield from _repeated(contact)
    if len(repeated) > _MOST:
        yield line(f"      and {len(repeated) - _MOST:,} more, which --format json tells")
    idle = [each for each in answer.contacts if each.idle]
    for contact in idle[:_MOST]:
        yield from _idle(contact)
    if len(idle) > _MOST:
        yield line(f"      and {len(idle) - _MOST:,} more that no start reaches")
    if once := [each.name for each in answer.contacts if not each.repeats and not each.idle]:
        yield line(Piece("ok    ", "ok"), f"on no cycle: {_names(once)}")
    yield BLANK
    yield from _trusted(table)
    yield from _verdict(answer)


def _repeated(contact: Contact) -> Iterator[Line]:
    cycle = contact.cycle
    if cycle is None:
        said = "it lies on a cycle, which was not looked for: there are too many"
        yield line(Piece("FAIL  ", "failed"), f"{contact.name:<20}  {said}")
        return
    yield line(Piece("FAIL  ", "failed"), f"{contact.name:<20}  {cycle_sentence(cycle)}{_lines(cycle)}")
    yield line(f"        round and round  {chain(cycle.steps)}")
    if cycle.way_in:
        yield line(f"        the way there    {chain(cycle.way_in)}")


def _idle(contact: Contact) -> Iterator[Line]:
    cycle = contact.idle_cycle
    said = (
        "a cycle that no start reaches" if cycle is None else f"{cycle_sentence(cycle)}; no start reaches it"
    )
    lines = "" if cycle is None else _lines(cycle)
    yield line(Piece("-     ", "dim"), f"{contact.name:<20}  {said}{lines}")
    if cycle is not None:
        yield line(f"        round and round  {chain(cycle.steps)}")


def _lines(cycle: Cycle) -> str:
    numbers = sorted({edge.where.line for edge in cycle.steps if edge.contact})
    shown = ", ".join(map(str, numbers[:4])) + (", ..." if len(numbers) > 4 else "")
    return f" (line{'s' if len(numbers) > 1 else ''} {shown})"


def _trusted(table: Table) -> Iterator[Line]:
    yield line(Piece("trusted, as the table says:", "dim"))
    start = _names(table.graph.starts) if table.start_said else "nobody said where; so every state is one"
    yield line(Piece(f"  {'start':<16}{start}", "dim"))
    for group, names in tagged(table.graph):
        if group == "said by nobody":
            if names:
                yield line(Piece(f"  {group:<16}{_names(names)}", "failed"), "; so counted as contacts")
        else:
            yield line(Piece(f"  {group:<16}{_names(names) or '-'}", "dim"))


def _verdict(answer: Answer) -> Iterator[Line]:
    if answer.most is None:
        total = len(answer.contacts)
        said = f"{len(answer.repeated):,} of {count(total, 'contact')} can be repeated without end"
        yield line(Piece("a cycle", "failed"), f": {said}")
        yield line(Piece("a table holds no guards, and does not tell whose doing an event is", "dim"))
        return
    most = count_contacts(answer.most)
    if most:
        yield line(Piece("no cycle", "ok"), f": at most {count(most, 'contact')} on one path")
        yield line(f"  {chain(answer.most)}")
    else:
        yield line(Piece("no cycle", "ok"), ": no start leads to a contact")


def _names(names: Iterable[str]) -> str:
    all_names = list(names)
    more = len(all_names) - _MOST
    return ", ".join(all_names[:_MOST]) + (f" and {more:,} more" if more > 0 else "")
