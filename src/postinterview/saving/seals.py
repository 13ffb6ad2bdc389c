"""Seals: short hashes, each over the one before it, so that what is missing or changed is found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

LENGTH = 16
"""So many hex digits guard against damage; no key is kept, so nothing guards against intent."""

FIRST = ""
"""What the first entry's seal is made over."""


def seal(previous: str, data: Mapping[str, Any]) -> str:
    """The seal of ``data`` after what ``previous`` seals. How the data is spaced and ordered is all one."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return sha256(f"{previous}\n{text}".encode()).hexdigest()[:LENGTH]
