"""``postinterview audit FILE`` without a map: look at the history, and write a map to start from."""

from __future__ import annotations

from pathlib import Path

from postinterview.audit.guessing import guess_map
from postinterview.audit.sources.opening import HistorySource
from postinterview.cli import UNKNOWN, YES
from postinterview.cli.atomic_write import replace
from postinterview.cli.inputs import STDIN, STDIN_NAME, open_stdin
from postinterview.cli.terminal import Screen
from postinterview.core.values.formatting import say_count
from postinterview.files import DEFAULT, UnreadableError
from postinterview.layout import line
from postinterview.named_rules import named_from
from postinterview.rulebooks import load_rulebook


def guess(file: str, to: str | None, rules: str | None, screen: Screen) -> int:
    """Print a map of the history, or write it to a new file."""
    if to is not None and Path(to).exists():
        raise UnreadableError(to, f"`{to}` is there already", "name another file, or delete it")
    source: HistorySource = open_stdin() if file == STDIN else file
    folder = Path(to).parent if to else Path()
    named = DEFAULT if rules is None else named_from(folder, rules)
    made = guess_map(
        source,
        rulebook=load_rulebook(rules or DEFAULT),
        rules=named,
        name=STDIN_NAME if file == STDIN else "",
    )
    screen.answer(
        {
            "map": made.text,
            "guesses": [{"path": each.path, "why": each.why} for each in made.guesses],
            "written": to,
        }
    )
    if to is None:
        screen.show(line(each) for each in made.text.splitlines())
        return UNKNOWN
    replace(to, made.text)
    screen.show(
        [line(f"{to}: {say_count(len(made.guesses), 'guess', 'guesses')} to confirm, each with its reason")]
    )
    return YES
