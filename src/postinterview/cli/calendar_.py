"""``postinterview calendar``: ask what became of the invitations of a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from postinterview.audit import load_map
from postinterview.cli import UNKNOWN, YES
from postinterview.cli.inputs import STDIN, open_stdin
from postinterview.cli.options import FILE, HELP, RULES, examples, output, when_at
from postinterview.cli.terminal import Screen
from postinterview.core.values.formatting import say_count
from postinterview.invitations import InvitationCalendar, read_calendar
from postinterview.invitations.questions import InvitationAnswer
from postinterview.layout import BLANK, Line, Piece, hang, line
from postinterview.loading.local_times import ends_of
from postinterview.rulebooks import load_rulebook
from postinterview.scenario.phrases import aligned_text


@click.command(
    "calendar",
    context_settings=HELP,
    short_help="Ask what became of invitations.",
    epilog=examples(
        'postinterview calendar me.ics --map calendar.yaml --at "2026-03-05 09:00"',
        "postinterview calendar - --map calendar.yaml --at 2026-03-05T08:00Z < me.ics",
    ),
)
@click.argument("file", type=FILE)
@click.option(
    "--map", "map_file", required=True, metavar="MAP", type=FILE, help="Which entries are interviews (YAML)."
)
@click.option(
    "--at", "at", required=True, metavar="WHEN", help="The moment, such as '2026-03-05 09:00', or the day."
)
@click.option(
    "--rules", metavar="RULES", type=RULES, help="Use these rules instead of those that the map names."
)
@output()
def command(file: str, map_file: str, at: str, rules: str | None, screen: Screen) -> int:
    """Ask what became of the invitations of a calendar.

    FILE is an .ics file: an invitation, or a calendar that you exported; `-` for standard input. MAP says
    which entries are interviews, and with whom. An interview that lies ahead becomes the question whether it
    is fixed, one that is over whether it took place, and a cancelled one whether it is off. Below each
    question stands what to record for each answer. Nothing is recorded.

    WHEN is local time in the map's `timezone`, or has an offset; or a day, which stands for its end.

    Exit code 1: the map or the rules have errors. 3: a file can't be read. 4: some entries could not be read.
    """
    by = load_map(map_file, rulebook=None if rules is None else load_rulebook(rules))
    if by.settings.kind != "ics":
        raise click.UsageError(f"{map_file} is not a map of a calendar: write `kind: ics` in it")
    when = when_at(at, by.timezone)
    moment = when if isinstance(when, datetime) else ends_of(when, by.timezone or ZoneInfo("UTC"))[1]
    found = read_calendar(open_stdin() if file == STDIN else file, by, at=moment)
    screen.show(_lines(found, screen.width))
    screen.answer(found.as_json())
    return UNKNOWN if found.problems else YES


def _lines(found: InvitationCalendar, width: int) -> Iterator[Line]:
    for each in found:
        lead = line(f"{aligned_text(each.at.date() if each.is_day else each.at)}  ")
        yield from hang(lead, line(Piece(each.question, "title")), width)
        for answer in each.answers:
            yield from hang(line(f"      {answer.text}: "), line(_call(answer)), width)
    if found.problems:
        yield line(Piece(f"entries that could not be read: {len(found.problems)}", "refused"))
        for problem in found.problems:
            yield from hang(line("  "), line(problem), width)
    if found.invitations or found.problems:
        yield BLANK
    yield line(
        f"{say_count(len(found), 'question')}; {say_count(found.others, 'other entry', 'other entries')}"
    )


def _call(answer: InvitationAnswer) -> str:
    """Return what to record, in one line."""
    if answer.event is None:
        return "nothing to record"
    fields = {"at": answer.at, "application": answer.application, **answer.fields}
    said = ", ".join(f"{name} {_plain(value)}" for name, value in fields.items() if value not in (None, ()))
    return f"record {answer.event}, {said}"


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else str(value)
