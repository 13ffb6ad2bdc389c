"""``postinterview recipients``: say to whom agents may write for a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from postinterview.cli import NO, YES
from postinterview.cli.gate_option import Place, for_people, open_approvals
from postinterview.cli.options import HELP, examples, output
from postinterview.cli.terminal import Screen
from postinterview.core.values.errors import MisuseError, UnknownKeyError
from postinterview.layout import Piece, column_width, line, pad

if TYPE_CHECKING:
    from postinterview.gate import Approvals, Recipient


@click.command(
    "recipients",
    context_settings=HELP,
    short_help="Say to whom agents may write.",
    epilog=examples(
        "postinterview recipients",
        "postinterview recipients acme acme.example --timezone Europe/Zurich",
        "postinterview recipients acme ana@acme.jp --person ana --timezone Asia/Tokyo",
    ),
)
@click.argument("key", required=False)
@click.argument("names", nargs=-1, metavar="[RECIPIENT]...")
@click.option(
    "--person", metavar="PERSON", help="Whose address it is, by the key of this person in the history."
)
@click.option(
    "--shared", is_flag=True, help="Another employer has addresses at this domain, as at an agency's."
)
@click.option("--timezone", metavar="ZONE", help="Start the process, with the employer in this time zone.")
@click.option("--remove", is_flag=True, help="Let nobody write to these any more.")
@for_people
@output()
def command(
    key: str | None,
    names: tuple[str, ...],
    person: str | None,
    shared: bool,
    timezone: str | None,
    remove: bool,
    place: Place,
    screen: Screen,
) -> int:
    """Say to whom an agent may write for a process, or list the recipients.

    KEY is the process of one employer. RECIPIENT is a mail address, a telephone number (+41 44 123 45 67),
    or a domain, which stands for each address there in a message to one. A recipient belongs to one KEY, so
    that a second name for the same employer makes no room for more messages. What is to one person, such as
    a thank-you, goes to addresses with this --person. If one RECIPIENT is refused, nothing is written.

    Exit code 0: done; 1: a RECIPIENT can't be one, or belongs to another KEY; 2: the options, the rules or
    KEY can't be used; 3: the store can't be used.
    """
    if not names and (person or shared or remove):
        raise click.UsageError("name the recipients that this is about")
    if remove and (person or shared or timezone):
        raise click.UsageError("`--remove` takes no other option of a recipient")
    if timezone is not None and key is None:
        raise click.UsageError("name the process to start: KEY")
    code = YES
    with open_approvals(place) as approvals:
        of = key or ""
        for name in names:
            try:
                if remove:
                    _check_registered(approvals, of, name)
                else:
                    if timezone is None:
                        approvals.keeper.load(approvals.key(of))
                    approvals.check(of, name, person=person, shared=shared)
            except MisuseError as error:
                screen.complain(error.message, _help(error))
                code = NO
        if code == YES and timezone is not None:
            approvals.keeper.start(approvals.key(of), timezone=timezone, employer=of)
        for name in names if code == YES else ():
            if remove:
                approvals.unregister(of, name)
            else:
                approvals.register(of, name, person=person, shared=shared)
        found = approvals.recipients(key)
    room = column_width(each.key for each in found)
    screen.show(line(Piece(pad(each.key, room), "title"), f"  {each}") for each in found)
    if not found and not names:
        for_key = "" if key is None else f" for `{key}`"
        screen.show(
            [line(f"no recipients{for_key} yet; add one: postinterview recipients KEY ana@acme.example")]
        )
    screen.answer({"recipients": [_data(each) for each in found]})
    return code


def _check_registered(approvals: Approvals, key: str, name: str) -> None:
    from postinterview.gate.recipients import read_recipient  # the help needs no extra

    if read_recipient(name)[0] not in {each.name for each in approvals.recipients(key)}:
        raise MisuseError(f"{name} is not registered for `{key}`", "see `postinterview recipients`")


def _help(error: MisuseError) -> str:
    """Return what to do about an error, in options of this command."""
    if isinstance(error, UnknownKeyError):
        return "start it with the time zone of the employer: --timezone Europe/Zurich"
    return error.help.replace("`shared: true`", "--shared")


def _data(each: Recipient) -> dict[str, Any]:
    return {"key": each.key, "name": each.name, "kind": each.kind, "person": each.person}
