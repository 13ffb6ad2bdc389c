"""Each command tells its help where only the packages of the README's first command are installed."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from postinterview.cli import COMMANDS
from tests.readme.pages import ROOT

# Imports nothing that `requirements/run.txt` doesn't install, and runs the command line.
BARE = """
import sys
from importlib.abc import MetaPathFinder
from importlib.metadata import packages_distributions

allowed = set(sys.argv.pop(1).split(","))
blocked = {
    module
    for module, names in packages_distributions().items()
    if not allowed & {name.lower().replace("_", "-") for name in names}
}

class Blocker(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in blocked:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
from postinterview.cli import main
sys.exit(main())
"""


def bare(*words: str) -> subprocess.CompletedProcess[str]:
    locked = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    names = [*re.findall(r"^([\w-]+)==", locked, re.MULTILINE), "postinterview"]
    return subprocess.run(  # noqa: S603 - the words are those of this test
        [sys.executable, "-c", BARE, ",".join(names), *words], capture_output=True, text=True, check=False
    )


def test_the_help_lists_all_commands() -> None:
    answer = bare("--help")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert set(COMMANDS) <= set(re.findall(r"^  (\w+) ", answer.stdout, re.MULTILINE))


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_tells_its_help(name: str) -> None:
    answer = bare(name, "--help")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith(f"Usage: postinterview {name}")


def test_what_needs_an_extra_says_which() -> None:
    answer = bare("recipients")
    assert answer.returncode == 3
    assert re.search(
        r"needs `\w+`, which is not installed\n.*pip install 'postinterview\[\w+\]'", answer.stderr
    )
