"""Keep the tokens by which a client of the service says for whom it asks, and what it may ask.

A token is 256 random bits. It is shown once, and the database has only its SHA-256: a hash that is slow on
purpose would protect short passwords, and nobody guesses a token.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from time import monotonic  # noqa: TID251 - how long a token is remembered is no matter of the rules
from typing import Any

from attrs import frozen

from postinterview.core.values.errors import MisuseError
from postinterview.core.values.names import unknown_name
from postinterview.stores.checks import check_key
from postinterview.stores.engines import sa
from postinterview.stores.owners import prefix_of
from postinterview.stores.rows import PREFIX
from postinterview.stores.sql import SqlStore
from postinterview.stores.ticks import EPOCH, moment, ticks

SCOPES: Mapping[str, str] = {
    "read": "ask and list: verdicts, agendas, what is due, timelines, exports; check rules",
    "permit": "get permits, do what reaches nobody, and propose the rest: for agents",
    "act": "do what the rules allow, for a program that sends by itself",
    "record": "start processes; say what happened; correct the history; confirm what agents proposed",
    "send": "use permits up, for the program that sends what agents write",
    "administer": "register recipients; erase processes",
    "calendar": "subscribe to the calendar, whose URL has the token in it",
}
"""What a token may be for."""

_BEGINNING = "postinterview_"
"""How each token begins, so that programs that look for lost secrets find it."""

_LONGEST_OWNER = 100

RECENT = 2.0
"""Seconds for which a server remembers a token, so that most requests need not look it up.

For so long a token is good that another program revoked.
"""
_MOST_RECENT = 10_000


@frozen
class Token:
    """What is known of a token.

    Attributes:
        id: a short name of it, which is no secret.
        owner: whose processes its bearer may touch.
        scopes: what its bearer may do, in the order of `SCOPES`.
        made: when it was made, in UTC.
    """

    id: str
    owner: str
    scopes: tuple[str, ...]
    made: datetime


class Tokens:
    """The tokens in a database, in the table ``<prefix>tokens`` beside a store's."""

    def __init__(self, store: SqlStore, *, prefix: str = PREFIX) -> None:
        self._database = store.engines
        self._recent: dict[str, tuple[Token, float]] = {}
        self._table = sa.Table(
            f"{prefix}tokens",
            sa.MetaData(),
            sa.Column("hash", sa.Text, primary_key=True),
            sa.Column("id", sa.Text, nullable=False, unique=True),
            sa.Column("owner", sa.Text, nullable=False),
            sa.Column("scopes", sa.Text, nullable=False),
            sa.Column("made", sa.BigInteger, nullable=False),
        )
        self._one = sa.select(self._table).where(self._table.c.hash == sa.bindparam("wanted"))
        store.make(self._table)

    def new(self, owner: str, scopes: Collection[str], *, at: datetime) -> tuple[str, Token]:
        """Make a token, and return its text, which is kept nowhere, with what is known of it.

        Raises:
            MisuseError: the owner can't be one, or a scope is unknown.
        """
        check_key("owner", owner)
        prefix_of(owner)
        if len(owner) > _LONGEST_OWNER:
            raise MisuseError(f"the owner has {len(owner)} characters", f"give {_LONGEST_OWNER} at most")
        for scope in scopes:
            if scope not in SCOPES:
                raise unknown_name("scope", scope, SCOPES)
        if not scopes:
            raise MisuseError("a token without a scope is for nothing", f"give one of {', '.join(SCOPES)}")
        text = _BEGINNING + token_urlsafe(32)
        hashed = _hashed(text)
        said = " ".join(scope for scope in SCOPES if scope in scopes)
        row = {"hash": hashed, "id": hashed[:12], "owner": owner, "scopes": said, "made": ticks(at)}
        with self._database.writing("there is such a token already") as connection:
            connection.execute(sa.insert(self._table).values(**row))
        return text, _token(row)

    def find(self, text: str) -> Token | None:
        """Return what is known of the token with this text."""
        hashed = _hashed(text)
        with self._database.reading() as connection:
            row = connection.execute(self._one, {"wanted": hashed}).mappings().first()
        if row is None:
            return None
        if len(self._recent) >= _MOST_RECENT:
            self._recent.clear()
        self._recent[hashed] = token, _ = _token(row), monotonic()
        return token

    def recall(self, text: str) -> Token | None:
        """Return what is known of a token that was found in this program a moment ago, without a wait."""
        token, then = self._recent.get(_hashed(text), (None, 0.0))
        return token if monotonic() - then < RECENT else None

    def all(self) -> tuple[Token, ...]:
        """Return all tokens, in the order in which they were made."""
        wanted = sa.select(self._table).order_by(self._table.c.made, self._table.c.id)
        with self._database.reading() as connection:
            return tuple(_token(row) for row in connection.execute(wanted).mappings())

    def revoke(self, ids: Iterable[str]) -> int:
        """Erase the tokens with these ids, and return how many there were."""
        with self._database.writing("the tokens were changed meanwhile") as connection:
            found = connection.execute(sa.delete(self._table).where(self._table.c.id.in_(list(ids))))
        self._recent.clear()
        return found.rowcount


def _hashed(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def _token(row: Mapping[Any, Any]) -> Token:
    return Token(row["id"], row["owner"], tuple(row["scopes"].split()), moment(row["made"]) or EPOCH)
