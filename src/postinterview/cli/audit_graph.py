"""``postinterview audit --graph``: search a tracker's transitions for cycles through a contact."""

from __future__ import annotations

from postinterview.audit.cycle_search import find_cycles
from postinterview.audit.graph_report import data_of, lines_of
from postinterview.audit.table.table_parsing import MOST_BYTES, read_table
from postinterview.cli import NO, UNREADABLE, YES
from postinterview.cli.inputs import read
from postinterview.cli.terminal import Screen
from postinterview.files import UnreadableError, as_text
from postinterview.loading.render import diagnostics_data


def audit_graph(path: str, *, screen: Screen) -> int:
    """Search a table of transitions for cycles through contacts, and print what was found."""
    try:
        shown, text = read(path, limit=MOST_BYTES)
    except UnreadableError as error:
        screen.complain(error.message, error.help)
        return UNREADABLE
    found = read_table(text, shown)
    if found.table is None:
        screen.diagnose(found.diagnostics, {shown: as_text(text)})
        screen.answer({"verdict": None, "table": shown, "diagnostics": diagnostics_data(found.diagnostics)})
        return NO
    report = find_cycles(found.table.graph)
    screen.show(lines_of(shown, found.table, report))
    if screen.as_json:
        screen.answer(data_of(shown, found.table, report))
    return NO if report.repeated else YES
