"""The processes of an audit, each folded when somebody first asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from postinterview.audit.history.map_model import RowClaim
from postinterview.core.process import Process
from postinterview.core.values.frozen_mapping import FrozenMapping

Fold: TypeAlias = Callable[[str, Sequence[RowClaim]], Process]


class LazyProcesses(FrozenMapping[str, Process]):
    """Processes by employer. Of a clean history only the claims are kept until it is asked for.

    ``fold``: makes the process of an employer of its claims.
    """

    __slots__ = ("_fold",)

    def __init__(self, items: Mapping[str, Process | Sequence[RowClaim]], fold: Fold) -> None:
        self._items: dict[str, Any] = dict(items)
        self._fold = fold

    def __getitem__(self, key: str) -> Process:
        found = self._items[key]
        if not isinstance(found, Process):
            found = self._items[key] = self._fold(key, found)
        return found

    def __hash__(self) -> int:
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenMapping, (dict(self.items()),)
