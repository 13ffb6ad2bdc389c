"""Judge rule files that clients post, each in a process of its own, so that none hangs or ends the service.

The process is the command line, so an answer is the document that the command gives with ``--format json``.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import field, frozen
from fastapi import HTTPException
from fastapi.concurrency import run_in_threadpool

from postinterview.core.values.errors import MisuseError

CONFINED = (sys.executable, "-P", "-m", "postinterview.cli.confined")
"""The command line for files that strangers sent."""

_NAME = re.compile(r"\w[\w-]*")
_KEPT = ("PATH", "PYTHONPATH", "POSTINTERVIEW_RULES", "SYSTEMROOT", "TZDIR")
"""The only variables that the process is told. Others may be secrets, such as the address of the store."""
_ANSWERS, _USAGE, _UNREADABLE = (0, 1, 4), 2, 3
_LIMIT = "check them by the command line, where you set the limits"


@frozen(kw_only=True)
class Judge:
    """Runs commands on posted rule files.

    Attributes:
        seconds: how long one may take, and how long one may wait for its turn.
        megabytes: how much memory one may take.
        at_once: how many run at the same time.
        of_one: how many of one owner may run or wait for their turn.
    """

    seconds: int = 30
    megabytes: int = 1000
    at_once: int = 2
    of_one: int = 4
    _asked: Counter[str] = field(init=False, eq=False, repr=False, factory=Counter)
    _turns: asyncio.Semaphore = field(init=False, eq=False, repr=False)

    @_turns.default
    def _make_turns(self) -> asyncio.Semaphore:
        return asyncio.Semaphore(self.at_once)

    async def answer(
        self, owner: str, command: str, options: Sequence[str], rules: Mapping[str, str]
    ) -> bytes:
        """Return the JSON document of a command about some rules.

        Args:
            owner: who asks.
            command: the command, such as ``check``.
            options: its options.
            rules: for each of its arguments a name for a file, and the text of the file, or the name of
                packaged rules. The name of an option's file has the option in front: ``--rules=rules.yaml``.

        Raises:
            MisuseError: the command can't answer, or not within the limits.
            HTTPException: 429 if the owner asks too much at once, and 503 if all owners together do.
        """
        async with self._turn(owner):
            done = await run_in_threadpool(self._run, command, options, rules)
        document = _read(done.stdout)
        if done.returncode in _ANSWERS and document and not document["errors"]:
            return done.stdout
        for error in document.get("errors", ()):
            raise MisuseError(error["message"], error["help"])
        if done.returncode == _USAGE:
            said = done.stderr.decode("utf-8", "replace").rpartition("Error: ")[2].strip()
            raise MisuseError(re.sub(r"'?--(\w+)'?", r"\1", said))
        if done.returncode < 0 or b"MemoryError" in done.stderr:
            raise MisuseError("to judge these files takes more time or memory than the service gives", _LIMIT)
        raise RuntimeError(f"`{command}` ended with {done.returncode}")

    @asynccontextmanager
    async def _turn(self, owner: str) -> AsyncIterator[None]:
        """Wait for a turn, and end it."""
        later = {"Retry-After": str(self.seconds)}
        if self._asked[owner] >= self.of_one:
            raise HTTPException(429, f"{self.of_one} requests of yours are being judged: wait for one", later)
        self._asked[owner] += 1
        try:
            try:
                async with asyncio.timeout(self.seconds):
                    await self._turns.acquire()
            except TimeoutError:
                raise HTTPException(503, "too many files are being judged: ask again later", later) from None
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._asked[owner] -= 1
            if not self._asked[owner]:
                del self._asked[owner]

    def _run(
        self, command: str, options: Sequence[str], rules: Mapping[str, str]
    ) -> subprocess.CompletedProcess[bytes]:
        with TemporaryDirectory() as folder, TemporaryDirectory() as aside:
            named: list[str] = []
            chosen = [*options]
            for argument, text in rules.items():
                option, equals, file = argument.rpartition("=")
                is_name = _NAME.fullmatch(text)
                if not is_name:
                    Path(folder, file).write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
                (chosen if option else named).append(f"{option}{equals}{text if is_name else file}")
            whole = [*CONFINED, str(self.seconds), str(self.megabytes), command, *chosen]
            written = Path(aside, "answer.json")
            with written.open("wb") as out:  # a file, so that the system limits how long it gets
                try:
                    done = subprocess.run(  # noqa: S603 - texts of the client are in files, names are words
                        [*whole, "--format", "json", "--", *named],
                        cwd=folder,
                        env={"PYTHONUTF8": "1", **{k: os.environ[k] for k in _KEPT if k in os.environ}},
                        stdin=subprocess.DEVNULL,
                        stdout=out,
                        stderr=subprocess.PIPE,
                        timeout=self.seconds,
                        check=False,
                    )
                except subprocess.TimeoutExpired:
                    return subprocess.CompletedProcess(whole, -1, b"", b"")
            return subprocess.CompletedProcess(whole, done.returncode, written.read_bytes(), done.stderr)


def _read(text: bytes) -> dict[str, Any]:
    """Return the document, or nothing if the process ended before it was written."""
    try:
        found: dict[str, Any] = json.loads(text)
    except ValueError:
        return {}
    return found
