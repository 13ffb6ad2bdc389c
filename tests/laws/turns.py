"""The moments at which a verdict may turn, as a rulebook and a story have them."""

from __future__ import annotations

from datetime import datetime, time
from itertools import product

from tests.laws.twins import Twins
from tests.oracle.days import DAY, TICK, first_instant, local_day
from tests.strategies.runs import clocks, constants, reading_of

FAR = (30 * DAY, 400 * DAY)
NIGHT = (time(1), time(2), time(3), time(23))
"""When clocks change."""


def moments(twins: Twins, start: datetime) -> list[datetime]:
    """The moments from ``start`` on at which something may turn, and those just before them."""
    lengths = constants(twins.rules)
    found = {start, *(start + far for far in FAR)}
    for entry in [*twins.history[-4:], {"at": start}]:
        if "at" in entry:
            found |= {entry["at"] + one for one in lengths}
            found |= {entry["at"] + lengths[0] + one for one in lengths}
    today = local_day(start, twins.run.zone)
    for day in (today + number * DAY for number in range(7)):
        found.add(first_instant(day, twins.run.zone))
        for clock, fold in product((*clocks(twins.rules), *NIGHT), (0, 1)):
            found.add(reading_of(day, clock.replace(fold=fold), twins.run.zone))
    utc = [at.astimezone(start.tzinfo) for at in found]
    return sorted(at for turn in utc for at in (turn - TICK, turn) if at >= start)
