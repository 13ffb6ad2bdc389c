"""The example in Node.js: it is installed, its client is generated from a running service, and it runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from postinterview.serve import Tokens
from postinterview.stores import Keeper
from postinterview.stores.sql import SqlStore
from tests.core.helpers import packaged
from tests.readme.pages import ROOT, blocks_of
from tests.serve.service import MONDAY, Running, running, service

EXAMPLE = ROOT / "examples" / "node"
PROGRAM = "src/tracker.ts"
AGENT = "src/agent.ts"
INSTALL, TYPES, CHECK, START, SEND = (
    line.split()
    for block in blocks_of("examples/node/README.md")
    for line in block.text.splitlines()
    if line.startswith("npm ")
)

SLIPS = {
    '"follow_up"': '"folow_up"',
    '"call" }': '"pigeon" }',
    '"/processes/{key}/may"': '"/processes/{key}/might"',
    "topic: true": "topics: true",
    "error.verdict.reasons": "error.verdict.reason",
    "[0]?.text": "[0]?.text.length.size",
}
"""What the compiler must find, beside what is right."""


def test_the_program_asks_what_the_service_offers(tmp_path: Path) -> None:
    texts = [(EXAMPLE / name).read_text(encoding="utf-8") for name in (PROGRAM, AGENT)]
    asked = re.findall(r'(?:service|person|agent|sender)\.([A-Z]+)\("(.*?)"', "".join(texts))
    with service(f"sqlite:///{tmp_path / 'kept.db'}") as served:
        paths = served.app.openapi()["paths"]

    assert len(set(asked)) == 9
    assert [(method, path) for method, path in asked if method.lower() not in paths.get(path, {})] == []


def test_its_versions_are_pinned() -> None:
    package, lock = (
        json.loads((EXAMPLE / name).read_text(encoding="utf-8"))
        for name in ("package.json", "package-lock.json")
    )
    pinned = package["dependencies"] | package["devDependencies"]

    assert {name: lock["packages"][f"node_modules/{name}"]["version"] for name in pinned} == pinned
    assert all(each["integrity"] for name, each in lock["packages"].items() if name)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept") / "kept.db"


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Running]:
    with running(str(store), store.parent) as found:
        yield found


@pytest.fixture(scope="module")
def folder(server: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example as git has it, installed, with the types of the running service."""
    made = tmp_path_factory.mktemp("node")
    shutil.copytree(EXAMPLE, made, ignore=_not_in_git, dirs_exist_ok=True)
    for command in (INSTALL, TYPES):
        done = call(command, made, server)
        assert done.returncode == 0, done.stderr
    return made


def _not_in_git(_: str, names: list[str]) -> set[str]:
    return {"node_modules", "build", "service.d.ts"} & {*names}


def call(
    command: list[str], folder: Path, server: Running, token: str = "", **tokens: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of the example's page."""
    told = {"POSTINTERVIEW_URL": server.url, "POSTINTERVIEW_TOKEN": token, **tokens}
    return subprocess.run(  # noqa: S603
        command, cwd=folder, env=os.environ | told, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_the_program_is_rightly_typed_and_does_what_its_page_says(
    folder: Path, server: Running, store: Path
) -> None:
    checked = call(CHECK, folder, server)
    assert checked.returncode == 0, checked.stdout
    with closing(SqlStore(f"sqlite:///{store}")) as kept:
        token = Tokens(kept).new("ada", ("read", "act", "record"), at=MONDAY)[0]
        done = call(START, folder, server, token)
        assert (done.returncode, done.stderr) == (0, "")
        keeper = Keeper(packaged(), kept)
        (key,) = keeper.keys(prefix="ada/")
        process = keeper.load(key)
        assert [each.name for each in process.timeline] == ["interview", "thank_you"]

    may, first, again, refused, *rest = done.stdout.split("may: ")[1].splitlines()
    assert may.startswith("thank ana: allowed until ")
    assert (first, again) == ("attempt 1: 201 send it", "attempt 2: 200 don't send it")
    assert re.fullmatch(r"refused: 409 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", refused)
    *reasons, beta, gamma = rest
    assert any(reason.startswith("  Acme named ") for reason in reasons)
    assert (beta, gamma) == ("Beta - thank bo: 24 h overdue", "Gamma - thank bo: 2 days overdue")


@pytest.mark.slow
def test_the_agent_gets_permits_and_what_sends_uses_them_up(
    folder: Path, server: Running, store: Path
) -> None:
    with closing(SqlStore(f"sqlite:///{store}")) as kept:
        person, agent, sender = (
            Tokens(kept).new("bob", scopes, at=MONDAY)[0]
            for scopes in (("read", "record", "administer"), ("read", "permit"), ("send",))
        )
        done = call(SEND, folder, server, person, AGENT_TOKEN=agent, SENDER_TOKEN=sender)
        assert (done.returncode, done.stderr) == (0, "")
        keeper = Keeper(packaged(), kept)
        (process,) = (keeper.load(key) for key in keeper.keys(prefix="bob/"))

    said = done.stdout[done.stdout.index("not sent") :].splitlines()
    assert said[:3] == ["not sent: recipient", "failed, and taken back", "not sent: used"]
    assert said[3] == "not sent: recipient"
    assert said[4].startswith("sent: ")
    assert said[5] == "not sent: used"
    assert said[6].startswith("refused: 409 ")
    assert said[7] == "an agent that sends past it: 403"
    assert [each.name for each in process.timeline] == ["interview", "thank_you"]
    assert len(process.history) == 4  # one note was taken back


@pytest.mark.slow
def test_the_compiler_finds_what_the_service_does_not_have(folder: Path, server: Running) -> None:
    text = (folder / PROGRAM).read_text(encoding="utf-8")
    assert all(text.count(right) for right in SLIPS)
    slips = {f"src/slip{number}.ts": slip for number, slip in enumerate(SLIPS.items())}
    for name, slip in slips.items():
        (folder / name).write_text(text.replace(*slip), encoding="utf-8")
    try:
        checked = call(CHECK, folder, server)
    finally:
        for name in slips:
            (folder / name).unlink()

    assert checked.returncode != 0
    assert set(re.findall(r"^(src/.*?)\(", checked.stdout, re.MULTILINE)) == set(slips)


@pytest.mark.slow
def test_without_a_token_it_ends_with_what_the_service_says(folder: Path, server: Running) -> None:
    done = call(START, folder, server)

    assert done.returncode != 0
    assert "token" in done.stderr
