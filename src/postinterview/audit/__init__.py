"""The audit: what a tracker holds is judged by the rules.

A history of any tracker, as CSV or JSON Lines, becomes processes by a map that says what its columns mean:
`load_map`, then `audit`. Nothing in it is guessed.
"""

from __future__ import annotations

from postinterview.audit.history.audit_findings import Audit, Counts, Finding
from postinterview.audit.history.auditing import audit
from postinterview.audit.history.map_model import Map
from postinterview.audit.history.maps import MapError, load_map

__all__ = ["Audit", "Counts", "Finding", "Map", "MapError", "audit", "load_map"]
