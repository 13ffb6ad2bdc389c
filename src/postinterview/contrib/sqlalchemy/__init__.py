"""What a host on SQLAlchemy imports: a store in its own transactions, and a keeper for asynchronous code."""

from __future__ import annotations

from postinterview.contrib.sqlalchemy.asynchronous import AsyncKeeper
from postinterview.stores.sql import SqlStore, tables

__all__ = ["AsyncKeeper", "SqlStore", "tables"]
