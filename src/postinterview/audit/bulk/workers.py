"""Audit a large file on several processes of this machine, with the scheduler of Dask.

First the file is split by employer on disk, range by range, then the groups are audited, each in the memory
of one worker. Both are tasks of Dask: if a worker is killed, another one does its tasks again. A task leaves
nothing behind but its result or files that are complete, and a result counts once, so nothing counts twice.
"""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import pyarrow as pa
from attrs import define, evolve, field
from distributed import Client, LocalCluster, as_completed

from postinterview.audit.bulk.batches import LINE, audit_batch, batch_of
from postinterview.audit.bulk.splitting import (
    RANGE,
    LargeFile,
    Range,
    Split,
    open_large,
    read_group,
    split_range,
    write_groups,
)
from postinterview.audit.history.audit_findings import LIMIT, Audit
from postinterview.audit.history.auditing import checked_as_of
from postinterview.audit.history.columns import check_columns
from postinterview.audit.history.map_model import Map
from postinterview.audit.history.parts import Merge, Part, PartFindings, merge
from postinterview.audit.sources.opening import open_history, open_rows
from postinterview.audit.sources.rows import filled_down
from postinterview.audit.sources.text_rows import CsvTable
from postinterview.files import UnreadableError

GROUP = 24_000_000
"""About how many bytes of the file are one group of employers, which a worker has in memory."""
_ANY_PORT = "127.0.0.1:0"
"""The address at which Dask shows how it goes: several audits may run at once, and nobody else looks on."""
_ROUNDS = 4
"""The least number of groups and of ranges for each worker."""
_LEAST_RANGE = 1_000_000
_ROWS = 100_000
"""How many rows are one range of a file that is read as a whole."""

Step: TypeAlias = Callable[[int], None]
Execute: TypeAlias = Callable[[Callable[[str, Any], Any], str, Iterable[Any]], Iterator[Any]]


def audit_file(
    path: str,
    by: Map,
    *,
    workers: int,
    as_of: date | datetime | None = None,
    name: str = "",
    limit: int = LIMIT,
    step: Step = lambda _rows: None,
    group: int = GROUP,
) -> Audit:
    """Audit a CSV or Parquet file that may be larger than the memory, on several processes.

    Args:
        path: the file.
        by: the map.
        workers: how many processes.
        as_of: the day or the moment of the export; by default the map's `as_of`.
        name: the name of the history in findings; by default the path.
        limit: how many findings of each kind are kept. All are counted.
        step: called with a number of rows, each time so many more are done.
        group: about how many bytes of the file a worker has in memory.

    Raises:
        MisuseError: there is no `as_of`, or an argument can't be used.
        UnreadableError: the file can't be read, or is neither CSV nor Parquet.
    """
    until = checked_as_of(by, as_of, limit)
    with open_history(path) as opened:
        size = os.fstat(opened.fileno()).st_size
    run = LargeRun(path, by, until, name or path, limit, *shares(size, workers, group))
    if (wrong := run.wrong_columns()) is not None:
        return wrong
    with _cluster(workers) as execute:
        return run.audit(execute, step)


def shares(size: int, workers: int, group: int = GROUP) -> tuple[int, int]:
    """Return into how many groups a file of so many bytes is split, and about how many bytes a range has.

    All workers get equally many groups, and several, so that they are done at about the same time.
    """
    rounds = max(_ROUNDS, -(-size // (group * workers)))
    return rounds * workers, min(RANGE, max(_LEAST_RANGE, -(-size // (_ROUNDS * workers))))


@contextmanager
def _cluster(workers: int) -> Iterator[Execute]:
    """Start a cluster with so many processes; it ends with the context."""

    def execute(task: Callable[[str, Any], Any], job: str, items: Iterable[Any]) -> Iterator[Any]:
        started = [client.submit(task, job, each, pure=False) for each in items]
        for done in as_completed(started):  # type: ignore[no-untyped-call]
            yield done.result()
            done.release()

    with (
        TemporaryDirectory(prefix="postinterview-") as scratch,
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=workers,
            threads_per_worker=1,
            local_directory=scratch,
            dashboard_address=_ANY_PORT,
            worker_dashboard_address=_ANY_PORT,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,  # type: ignore[no-untyped-call]
    ):
        yield execute


@define
class LargeRun:
    """The audit of a large file: it is split into so many ``groups`` of employers, then each is audited."""

    path: str
    by: Map
    as_of: date | datetime
    name: str
    limit: int
    groups: int
    range: int = RANGE
    _file: LargeFile | None = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._file = open_large(self.path, self.by, self.range)

    def wrong_columns(self) -> Audit | None:
        """Return the answer to a file without the columns of the map; None: it has them."""
        header = self._header() if self._file is None else self._file.columns
        wrong = check_columns(self.by, header, self.name)
        if not wrong:
            return None
        return merge([PartFindings(self.limit, is_whole=True).part(self.name, self.as_of, wrong)], self.by)

    def _header(self) -> tuple[str, ...]:
        """Return the columns of a file that only the exact reader can read."""
        with open_rows(self.path, self.by.settings, self.name, tuple(self.by.columns)) as (source, _):
            if not isinstance(source, CsvTable):
                message = f"`{self.name}` is neither CSV nor Parquet, and workers read no other files"
                raise UnreadableError(self.name, message, "leave out the workers")
            return source.header

    def audit(self, execute: Execute, step: Step = lambda _rows: None) -> Audit:
        """Return the audit. ``execute``: yields what a task returns for each item, in any order."""
        with TemporaryDirectory(prefix="postinterview-") as folder:
            splits: list[Split] = []
            if self._file is not None:
                job = _written(folder, "split", (self._file, self.by, self.groups))
                splits = list(execute(split_task, job, self._file.ranges))
            if self._file is None or any(each.is_unsure for each in splits):
                self._file, splits = None, list(self._split_whole(folder))
            return self._merged(execute, step, folder, sorted(splits, key=lambda each: each.range.number))

    def _split_whole(self, folder: str) -> Iterator[Split]:
        """Split a file that only the exact reader can read, from its beginning to its end."""
        with open_rows(self.path, self.by.settings, self.name, tuple(self.by.columns)) as (source, _):
            rows = filled_down(source.rows(), self.by.fill_down)
            filled = evolve(self.by, fill_down=())
            for number in count():
                some = list(islice(rows, _ROWS))
                if not some:
                    return
                table = pa.Table.from_batches([batch_of(some, filled)])
                which, blank = Range(number, 0, 0), len(some) - len(table)
                yield write_groups(table, which, filled, self.groups, folder, 0, blank)

    def _merged(self, execute: Execute, step: Step, folder: str, splits: list[Split]) -> Audit:
        """Audit each group, and merge the parts as they are done."""
        merged = Merge(self.by)
        blank = PartFindings(self.limit, is_whole=False)
        blank.counts["blank"] = sum(each.blank for each in splits)
        merged.add(blank.part(self.name, self.as_of))
        above = 1 if self._file is not None and self._file.head is not None else 0
        filled = evolve(self.by, fill_down=())
        job = _written(folder, "audit", (filled, splits, above, self.as_of, self.name, self.limit))
        part: Part
        for part in execute(audit_task, job, range(self.groups)):
            merged.add(part)
            step(part.counts["rows"])
        return merged.audit()


def split_task(job: str, which: Range) -> Split:
    """Split one range; a task of Dask."""
    file, by, groups = _read(job)
    return split_range(file, which, by, groups, os.path.dirname(job))  # noqa: PTH120 - a text is pickled


def _written(folder: str, name: str, job: object) -> str:
    """Write what all tasks of a kind need, once, and return where."""
    path = os.path.join(folder, f"{name}.job")  # noqa: PTH118 - a text is pickled
    Path(path).write_bytes(pickle.dumps(job))
    return path


@lru_cache(maxsize=2)
def _read(path: str) -> Any:
    return pickle.loads(Path(path).read_bytes())  # noqa: S301 - the run wrote it, in a folder of its own


def audit_task(job: str, group: int) -> Part:
    """Audit one group of employers; a task of Dask."""
    by, splits, above, as_of, name, limit = _read(job)
    rows = read_group(os.path.dirname(job), group, splits, above)  # noqa: PTH120 - a text is pickled
    if rows is None:
        empty = {each: pa.array([], pa.string()) for each in by.columns}
        rows = pa.table(empty | {LINE: pa.array([], pa.int64())})
    return audit_batch(rows, by, as_of=as_of, line=LINE, name=name, limit=limit)
