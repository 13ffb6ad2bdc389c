"""Detect entries that were lost, changed or moved in a saved history, by a chain of short hashes.

The seal of an entry is a hash over the seal before it and the entry, so it depends on all that came before:

    entry 1: {"number": 1, ...}   seal 1 = hash("" + entry 1)
    entry 2: {"number": 2, ...}   seal 2 = hash(seal 1 + entry 2)
    head and snapshot             seal of the process = hash(seal 2 + head + snapshot)

If entry 1 is changed or missing, seal 1 no longer matches, and the reader can name the entry. Appending needs
only the last seal. A process restored whole from an old backup can't be detected. The hashes have no secret
key: they guard against accidents, not against forgery. The idea is that of hash chains, as in Git's commits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

LENGTH = 16
"""Hexadecimal digits of a seal: 64 bits, enough against accidents."""

NO_SEAL = ""
"""The seal before the first entry."""


_canonical = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
).encode


def seal(previous: str, data: Mapping[str, Any]) -> str:
    """Return the seal of ``data``, which follows ``previous``. Spaces and the order of keys don't matter."""
    return sha256(f"{previous}\n{_canonical(data)}".encode()).hexdigest()[:LENGTH]
