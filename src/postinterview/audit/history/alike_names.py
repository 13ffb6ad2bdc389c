"""Find names of employers that may be one: equal but for case, punctuation and legal form.

They lie in a temporary SQLite database that only this connection can open, and that is gone when it is
closed, so that millions of them take little memory.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

_TABLE = """
pragma journal_mode = off;
pragma synchronous = off;
pragma temp_store = file;
create table names (employer text primary key, folded text) without rowid;
"""
_FORMS = re.compile(
    r"\b(incorporated|inc|ltd|limited|llc|plc|corp|corporation|co|company|gmbh|ag|sa|srl|bv|ab|oy)\b"
)


class AlikeNames:
    """Takes names in any order, and yields those that are alike."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLE)
        self._database.execute("begin")

    def add(self, names: Iterable[str]) -> None:
        folded = ((name, _folded(name)) for name in names)
        self._database.executemany("insert or ignore into names values (?, ?)", folded)

    def alike(self) -> Iterator[tuple[str, ...]]:
        """Yield the names that may be one employer's, and close the database."""
        rows = self._database.execute(
            "select employer, folded from names where folded in "
            "(select folded from names group by folded having count(*) > 1) order by folded, employer"
        )
        for _, same in groupby(rows, key=itemgetter(1)):
            yield tuple(name for name, _ in same)
        self._database.close()


def _folded(name: str) -> str:
    """Return the name in lower case without punctuation and without a legal form such as `Inc`."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    words = " ".join(re.findall(r"\w+", plain))
    return " ".join(_FORMS.sub(" ", words).split()) or words or plain
