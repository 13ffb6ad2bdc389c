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
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import field, frozen
from fastapi import HTTPException
from fastapi.concurrency import run_in_threadpool

from postinterview.core.errors import MisuseError

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
    """

    seconds: int = 30
    megabytes: int = 1000
    at_once: int = 2
    _turns: asyncio.Semaphore = field(init=False, eq=False, repr=False)

    @_turns.default
    def _make_turns(self) -> asyncio.Semaphore:
        return asyncio.Semaphore(self.at_once)

    async def answer(self, command: str, options: Sequence[str], rules: Mapping[str, str]) -> bytes:
        """Return the JSON document of a command about some rules.

        Args:
            command: the command, such as ``check``.
            options: its options.
            rules: for each of its arguments a name for a file, and the text of the file, or the name of
                packaged rules. The name of an option's file has the option in front: ``--rules=rules.yaml``.

        Raises:
            MisuseError: the command can't answer, or not within the limits.
            HTTPException: 503 if too many are waiting.
        """
        try:
            async with asyncio.timeout(self.seconds):
                await self._turns.acquire()
        except TimeoutError:
            said = "too many files are being judged: ask again later"
            raise HTTPException(503, said, {"Retry-After": str(self.seconds)}) from None
        try:
            done = await run_in_threadpool(self._run, command, options, rules)
        finally:
            self._turns.release()
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
