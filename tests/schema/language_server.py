"""A small client of a language server over stdio: opens one document, and asks about places in it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import define, field


@define(eq=False)
class LanguageServer:
    """A running server. It asks for its configuration, and is answered with the defaults."""

    process: subprocess.Popen[bytes]
    _last: int = 0
    _diagnostics: dict[str, list[dict[str, Any]]] = field(factory=dict)

    def ask(self, method: str, params: Any) -> Any:
        self._last += 1
        self._send({"id": self._last, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._last and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def diagnostics(self, uri: str) -> list[dict[str, Any]]:
        """Return what the server finds wrong with a document: it says so when it is ready."""
        while uri not in self._diagnostics:
            self._read()
        return self._diagnostics.pop(uri)

    def open(self, path: Path, text: str) -> str:
        uri = path.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def at(self, method: str, uri: str, line: int, character: int) -> Any:
        """Ask about a place, counted from 0."""
        place = {"line": line, "character": character}
        return self.ask(f"textDocument/{method}", {"textDocument": {"uri": uri}, "position": place})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        """Read one message; answer a request of the server, keep its diagnostics."""
        assert self.process.stdout is not None
        length = 0
        while header := self.process.stdout.readline().strip():
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server has ended"
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        if "method" in message and "id" in message:
            items = message.get("params", {}).get("items", [])
            self._send({"id": message["id"], "result": [None] * len(items)})
        elif message.get("method") == "textDocument/publishDiagnostics":
            params = message["params"]
            self._diagnostics[params["uri"]] = params["diagnostics"]
        return message


@contextmanager
def running(command: Sequence[str], folder: Path) -> Iterator[LanguageServer]:
    """Start a server that speaks over stdio, and stop it."""
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            server = LanguageServer(process)
            completion = {"completionItem": {"documentationFormat": ["plaintext"]}}
            hover = {"contentFormat": ["plaintext"]}
            asks = {"configuration": True, "workspaceFolders": True}
            server.ask(
                "initialize",
                {
                    "processId": None,
                    "rootUri": folder.as_uri(),
                    "capabilities": {
                        "workspace": asks,
                        "textDocument": {"completion": completion, "hover": hover},
                    },
                },
            )
            server.tell("initialized", {})
            yield server
        finally:
            process.kill()
