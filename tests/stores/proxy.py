"""A way to PostgreSQL that a test can cut: at any byte, or just when an answer comes back."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Lock, Thread
from types import TracebackType
from typing import Self

import sqlalchemy as sa

SIZE = 65536


class Proxy:
    """Hands on what comes by TCP to the socket of a server, as long as it may."""

    def __init__(self, url: str) -> None:
        made = sa.make_url(url)
        self._upstream = f"{made.query['host']}/.s.PGSQL.{made.port or 5432}"
        self._listening = socket.create_server(("127.0.0.1", 0))
        query = {name: value for name, value in made.query.items() if name != "host"}
        query |= {"sslmode": "disable", "gssencmode": "disable"}
        port = self._listening.getsockname()[1]
        through = made.set(host="127.0.0.1", port=port, query=query)
        self.url = through.render_as_string(hide_password=False)
        self.passed = 0
        """Bytes that went through, either way."""
        self._limit: int | None = None
        self._word = b""
        self._down = False
        self._lock = Lock()
        self._open: list[socket.socket] = []
        self._threads = [Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._cut(*self._open)
        for thread in self._threads:
            thread.join()

    def cut_after(self, count: int) -> None:
        """So many bytes more, and every connection ends."""
        with self._lock:
            self._limit = self.passed + count

    def lose_the_answer_to(self, word: bytes) -> None:
        """Hand it on to the server; when the answer comes, the connection ends instead."""
        with self._lock:
            self._word = word

    def go_down(self) -> None:
        """As if no server were there."""
        self._down = True
        self._cut(*self._open)

    def heal(self) -> None:
        with self._lock:
            self._limit, self._word, self._down = None, b"", False

    # --- what goes on ---------------------------------------------------------------------------

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                if self._down:
                    client.close()
                    continue
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._upstream)
                self._open += [client, server]
                asked: list[bool] = []
                for source, target, outward in ((client, server, True), (server, client, False)):
                    thread = Thread(target=self._pump, args=(source, target, outward, asked))
                    self._threads.append(thread)
                    thread.start()

    def _pump(self, source: socket.socket, target: socket.socket, outward: bool, asked: list[bool]) -> None:
        """``asked``: has something in it once the word went through whose answer is to be lost."""
        with suppress(OSError):
            while data := source.recv(SIZE):
                with self._lock:
                    if outward and self._word and self._word in data:
                        asked.append(True)
                    elif asked and not outward:
                        break
                    left = len(data) if self._limit is None else max(self._limit - self.passed, 0)
                    self.passed += len(data[:left])
                target.sendall(data[:left])
                if left < len(data):
                    break
        self._cut(source, target)

    def _cut(self, *ends: socket.socket) -> None:
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
