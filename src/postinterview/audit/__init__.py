"""Judge what another tracker recorded by the rules.

`load_map` loads a map, which says what the columns of a history mean. `audit` reads a history by it, makes a
process for each employer, and returns the acts that were against the rules. Nothing is guessed: `guess_map`
writes a map to start from, which a person must confirm first.
"""

from __future__ import annotations

from postinterview.audit.guessing import Guesses, guess_map
from postinterview.audit.history.audit_findings import Audit, Counts, Finding
from postinterview.audit.history.auditing import audit
from postinterview.audit.history.map_model import Map
from postinterview.audit.history.maps import MapError, load_map

__all__ = ["Audit", "Counts", "Finding", "Guesses", "Map", "MapError", "audit", "guess_map", "load_map"]
