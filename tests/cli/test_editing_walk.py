"""A coach's first hour at a real terminal: begin, change a number, ask what it does, look at it, undo."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

pytestmark = pytest.mark.slow
COLOUR = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
PROMPT = "coach> "


class Terminal:
    """A shell in a terminal of its own. ``type`` enters a line; it returns what appeared and the code."""

    def __init__(self, folder: Path) -> None:
        environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "TERM": "xterm", "PS1": PROMPT}
        environment |= {"HOME": str(folder), "LANG": "C.UTF-8"}
        self.shell = pexpect.spawn(
            "/bin/sh",
            cwd=folder,
            env=environment,
            encoding="utf-8",
            timeout=60,
            dimensions=(40, 100),
            echo=False,
        )
        self.shell.expect_exact(PROMPT)

    def type(self, text: str) -> tuple[str, int]:
        self.shell.sendline(text)
        self.shell.expect_exact(PROMPT)
        shown = self.shell.before or ""
        self.shell.sendline("echo $?")
        self.shell.expect_exact(PROMPT)
        return shown.replace("\r\n", "\n"), int((self.shell.before or "").strip())


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path)
    yield terminal
    terminal.shell.close(force=True)


def test_a_number_is_changed_seen_and_changed_back(terminal: Terminal, tmp_path: Path) -> None:
    shown, code = terminal.type("postinterview init ours")
    assert code == 0
    assert "ours/ours.yaml" in shown
    terminal.type("cd ours && cp ours.yaml before.yaml")
    shown, code = terminal.type("postinterview check ours.yaml")
    assert code == 0
    assert COLOUR.search(shown)  # a terminal gets colour
    shown, code = terminal.type("NO_COLOR=1 postinterview check ours.yaml")
    assert code == 0
    assert "promises kept" in shown
    assert not COLOUR.search(shown)

    terminal.type(f"sed -i {shlex.quote('s/10 days$/21 days/; s/+ 10 days]/+ 21 days]/')} ours.yaml")
    shown, code = terminal.type("NO_COLOR=1 postinterview test story.yaml")
    assert code == 1
    assert "wait_for_the_answer" in shown
    shown, code = terminal.type("NO_COLOR=1 postinterview diff before.yaml ours.yaml story.yaml")
    assert code == 0
    assert "looser and stricter" in shown  # later at first, and later too late

    assert "follow_up" in shown
    _, code = terminal.type("postinterview draw ours.yaml -o ours.html")
    assert code == 0
    assert "</html>" in (tmp_path / "ours" / "ours.html").read_text(encoding="utf-8")

    terminal.type("cp before.yaml ours.yaml")
    shown, code = terminal.type("NO_COLOR=1 postinterview diff before.yaml ours.yaml")
    assert code == 0
    assert "equal" in COLOUR.sub("", shown)
    assert terminal.type("postinterview test story.yaml")[1] == 0
