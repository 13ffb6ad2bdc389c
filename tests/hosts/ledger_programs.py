"""What runs beside a test of the ledger: a program that writes until it is killed."""

from __future__ import annotations

from contextlib import closing
from multiprocessing.synchronize import Event
from pathlib import Path

from tests.hosts.companies_programs import MONDAY, OVERDUE, loaded

COMPANIES = 400
"""How many companies a program adds at most."""


def write(file: str, database: str, number: int, first: Event) -> None:
    """Add companies and follow up with each, until killed."""
    with loaded(Path(file)) as module, closing(module.opened(database)) as db:
        for each in range(COMPANIES):
            company = f"{number} {each}"
            module.add(db, MONDAY, company)
            module.heard(db, MONDAY, company, "interview", "ana")
            module.follow_up(db, OVERDUE, company)
            first.set()
