"""What an import of rows without dates costs, beside one in which each row says the hour.

A row has a status without a date, such as Rejected, and counts the follow-ups without the day of each. Nobody
knows when these happened, so the rules are asked in each past that is possible. In processor time of one
process, in turns.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from benchmarks.timing import Batch, Spread, clock, ratios, run_rounds
from postinterview.audit import Map, audit, load_map

HEAD = """
format: 1
rules: essentials
timezone: Europe/Zurich
dates: ["%Y-%m-%d %H:%M", "%Y-%m-%d"]
time: "12:00"
as_of: 2026-04-12
employer: Company
unknown: [promise, message]
never: [scheduled, cancelled, question, auto_reply, on_hold, assignment, offer_revised, offer_withdrawn,
  thank_you, missed_call, reply, hand_in, notice, rejection_reply, counter_offer, accept, decline, withdraw,
  assume_closed]
read:
  talk: {event: interview, at: Interviewed, with: {interviewers: unknown}}
"""
UNDATED = """
  asked: {event: follow_up, count: Follow-ups, last: Followed up, with: {channel: email}}
  refused: {event: rejection, when: {Status: Rejected}}
  offered: {event: offer, when: {Status: Offer}}
"""
DATED = """
  asked: {event: follow_up, at: Followed up, with: {channel: email}}
  refused: {event: rejection, when: {Status: Rejected}, at: Since}
  offered: {event: offer, when: {Status: Offer}, at: Since}
"""


def rows(count: int, written: str) -> list[str]:
    """So many applications at two thirds as many companies. ``written``: how a moment is."""
    random = Random(5)  # noqa: S311
    found = ["Company,Interviewed,Follow-ups,Followed up,Status,Since\n"]
    for _ in range(count):
        company = random.randrange(count * 2 // 3)
        talk = datetime(2026, 1, 5, 10) + timedelta(days=random.randrange(60))  # noqa: DTZ001
        asked = random.choice((0, 0, 1, 1, 2, 3))
        last = f"{talk + timedelta(days=random.randrange(4, 12)):{written}}" if asked else ""
        status = random.choice(("", "Rejected", "Offer", ""))
        since = talk + timedelta(days=random.randrange(12, 30))
        found.append(f"C{company},{talk:{written}},{asked},{last},{status},{since:{written}}\n")
    return found


def timed(lines: list[str], by: Map) -> Batch:
    def batch() -> float:
        begin = clock()
        audit(lines, by)
        return float(clock() - begin)

    return batch


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="30 applications, one round")
    options = parser.parse_args(argv)
    count, rounds = (30, 1) if options.quick else (300, 5)
    tasks = {
        "each row says the hour": timed(rows(count, "%Y-%m-%d %H:%M"), load_map(text=HEAD + DATED)),
        "days without hours": timed(rows(count, "%Y-%m-%d"), load_map(text=HEAD + DATED)),
        "statuses and counts without dates": timed(rows(count, "%Y-%m-%d"), load_map(text=HEAD + UNDATED)),
    }
    found = run_rounds(tasks, rounds)
    floor = found["each row says the hour"]
    print(f"| {count} applications | seconds | to rows with hours |")
    print("|---|--:|--:|")
    for name, samples in found.items():
        print(f"| {name} | {Spread.of(samples).median / 1e9:.2f} | {ratios(samples, floor).median:.1f} |")


if __name__ == "__main__":
    main()
