"""Audit a history in parts, on any engine that can group rows by employer: Dask, Spark, Ray.

`employers` returns the key to group by, `audit_batch` audits one group of rows, and `merge` makes one audit
of all parts. Rows are record batches of Arrow, so this needs the extra `arrow`.
"""

from __future__ import annotations

from postinterview.audit.bulk.batches import audit_batch, employers
from postinterview.audit.history.parts import Part, merge

__all__ = ["Part", "audit_batch", "employers", "merge"]
