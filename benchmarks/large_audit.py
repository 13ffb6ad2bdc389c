"""What an audit on workers costs as files grow: rows a second, and the peak memory of each process.

The files hold histories of ten rows, of which no two in 2,000 are alike. Each size is audited once by each
number of workers; the peak is that of one worker and of the process that starts them (VmHWM, Linux).
"""

from __future__ import annotations

import argparse
import os
import threading
import time  # noqa: TID251 a benchmark reads the clock
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.audit import COLUMNS, ROWS, file_of, history, map_of
from postinterview.audit.bulk.workers import audit_file

KINDS = 2_000
CHUNK = 20_000
"""So many histories are written at once."""


def write(path: Path, rows: int) -> None:
    random = Random(3)  # noqa: S311
    kinds = [history(random) for _ in range(KINDS)]
    head = len(",".join(COLUMNS)) + 2
    with path.open("wb") as sink:
        for first in range(0, rows // ROWS, CHUNK):
            made = file_of(kinds, min(CHUNK, rows // ROWS - first), first=first)
            sink.write(made[head if first else 0 :])


@contextmanager
def peaks() -> Iterator[dict[int, int]]:
    """Yield the peak memory of this process and of its children, in MB, which goes up while they run."""
    found: dict[int, int] = {}
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            for pid in (os.getpid(), *_descendants(os.getpid())):
                found[pid] = max(_peak(pid), found.get(pid, 0))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join()


def _descendants(pid: int) -> Iterator[int]:
    for each in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _told(str(each)).split():
            yield int(child)
            yield from _descendants(int(child))


def _peak(pid: int) -> int:
    said = _told(f"/proc/{pid}/status").partition("VmHWM:")[2].split()
    return int(said[0]) // 1024 if said else 0


def _told(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:  # it has ended
        return ""


def measured(path: Path, workers: int) -> tuple[float, int, int]:
    """The seconds of one audit, the peak of this process, and the largest of a worker."""
    by = map_of()
    begin = time.perf_counter()
    with peaks() as found:
        audit_file(str(path), by, workers=workers)
    seconds = time.perf_counter() - begin
    own = found.pop(os.getpid())
    return seconds, own, max(found.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    print("| rows | workers | seconds | rows a second | peak of a worker | of the starter |")
    print("|--:|--:|--:|--:|--:|--:|", flush=True)
    with TemporaryDirectory() as folder:
        for rows in options.rows:
            path = Path(folder, "large.csv")
            write(path, rows)
            for workers in options.workers:
                seconds, own, worker = measured(path, workers)
                speed = f"{rows / seconds:,.0f}"
                print(
                    f"| {rows:,} | {workers} | {seconds:.0f} | {speed} | {worker} MB | {own} MB |", flush=True
                )


if __name__ == "__main__":
    main()
