"""A breach is called one only where it is one in every history that the rows can be of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import postinterview as pi
from postinterview.audit import Audit, Map, audit, load_map
from tests.audit.small import HEAD, NEVER, said, small_map
from tests.audit.small import told as small

RULES = pi.load_rulebook()
WORDS = {
    "gone": {"event": "offer_withdrawn"},
    "early": {"event": "reply"},
    "follow": {"event": "follow_up", "with": "{channel: email}"},
    "talk": {"event": "interview", "with": "{interviewers: [ana]}"},
    "wrote": {"event": "message"},
    "promised": {"event": "promise", "with": "{date: 2026-04-30}"},
    "no": {"event": "rejection"},
    "offer": {"event": "offer"},
    "asked": {"event": "follow_up", "with": "{channel: email}"},
    "rang": {"event": "missed_call"},
    "replied": {"event": "reply"},
    "thanked": {
        "event": "thank_you",
        "to": "ana",
        "with": "{thanks: true, topic: it, looking_forward: true}",
    },
    "profile": {"event": "complete_profile"},
    "invited": {"event": "linkedin_invite", "to": "ana", "with": "{personal_note: hello}"},
}
FIELDS: dict[str, dict[str, Any]] = {
    "talk": {"interviewers": ["ana"]},
    "promised": {"date": datetime(2026, 4, 30).date()},  # noqa: DTZ001 - a day
    "asked": {"channel": "email"},
    "follow": {"channel": "email"},
    "thanked": {"thanks": True, "topic": "it", "looking_forward": True},
    "invited": {"personal_note": "hello"},
}
START = datetime.fromisoformat("2026-03-02T00:00+01:00")


def a_map() -> Map:
    read = "".join(
        f"  {word}: {{event: {of['event']}, when: {{What: {word}}}, at: Date"
        + "".join(f", {name}: {value}" for name, value in of.items() if name != "event")
        + "}\n"
        for word, of in WORDS.items()
    )
    never = [name for name in RULES.definition.events if name not in {of["event"] for of in WORDS.values()}]
    return load_map(
        text='format: 1\ntimezone: Europe/Zurich\ndates: ["%Y-%m-%d %H:%M", "%Y-%m-%d"]\ntime: "12:00"\n'
        "as_of: 2026-06-30\nemployer: Company\napplication: Role\n"
        f"read:\n{read}never: [{', '.join(never)}]\n",
        rulebook=RULES,
    )


MAP = a_map()


def told(rows: str) -> Audit:
    lines = [line.strip() for line in rows.strip().split("\n")]
    return audit([f"{line}\n" for line in ("Company,Role,What,Date", *lines)], MAP)


def test_a_state_that_one_order_of_the_day_leads_out_of_is_none_for_certain() -> None:
    made = told("""A,,talk,2026-03-02 10:00
                   A,,gone,2026-03-10
                   A,,no,2026-03-10
                   A,,talk,2026-03-10
                   A,,asked,2026-04-10 10:00""")
    assert said(made) == [("undecided", 6, "state")]


def test_a_state_that_every_order_of_the_day_leads_to_is_certain() -> None:
    made = told("""A,,talk,2026-03-02 10:00
                   A,,gone,2026-03-10
                   A,,no,2026-03-10
                   A,,wrote,2026-03-10
                   A,,asked,2026-04-10 10:00""")
    assert said(made) == [("breach", 6, "state")]


def test_an_act_that_one_order_of_the_day_puts_outside_the_rules_is_no_breach_for_certain() -> None:
    made = told("A,,asked,2026-03-10\nA,,gone,2026-03-10")
    assert said(made) == [("undecided", 2, "state, not_too_late")]
    made = told("A,,asked,2026-03-10\nA,,gone,2026-03-11")
    assert said(made) == [("outside", 2, "state, state, not_too_late")]
    made = told("A,,gone,2026-03-09\nA,,asked,2026-03-10")
    assert said(made) == [("breach", 3, "state, not_too_late")]


def test_on_crowded_days_an_act_that_may_lie_outside_the_rules_is_no_breach_for_certain() -> None:
    crowd = "\n".join(
        f"A,,{word},2026-03-10" for word in ("gone", "no", "wrote", "promised", "offer", "asked")
    )
    made = told(crowd)
    assert [(each.kind, each.line) for each in made] == [("undecided", 7)]


def test_a_pause_or_task_without_its_date_leaves_no_people_open() -> None:
    by = small_map(
        entries="""
  paused: {event: on_hold, when: {What: paused}, at: Date, with: {until: {column: Who}}}
  nudged: {event: follow_up, when: {What: nudged}, at: Date, with: {channel: email}}
""",
        never=f"interview, thank_you, message, {NEVER.replace(' on_hold,', '')}",
    )
    made = small("Acme,nudged,2026-03-02 10:00,\nAcme,paused,2026-03-03 10:00,", by)
    assert said(made) == [("outside", 2, "state, state, not_too_late")]


def test_of_days_with_too_many_orders_what_hangs_on_one_is_undecided() -> None:
    crowd = "\n".join(
        f"A,,{word},2026-03-10" for word in ("gone", "no", "wrote", "promised", "offer", "talk")
    )
    made = told(
        f"A,,talk,2026-03-02 10:00\n{crowd}\nA,,invited,2026-03-11 10:00\nA,,invited,2026-03-15 10:00"
    )
    assert [(each.kind, each.line, [r.id for r in each.reasons]) for each in made] == [
        ("breach", 10, ["one_invite"]),
        ("undecided", 9, ["a_day_later", "profile_complete"]),
    ]


@pytest.mark.parametrize("row", ["A,dev,wrote,", "A,dev,hm,", "A,dev,wrote,2026-02-30"])
def test_what_is_unknown_of_another_application_can_undo_what_is_kept_per_employer(row: str) -> None:
    made = told(f"""A,dev,talk,2026-03-02 10:00
                    A,ops,talk,2026-03-02 11:00
                    A,dev,asked,2026-03-12 10:00
                    {row}
                    A,ops,asked,2026-03-20 10:00""")
    (reasons,) = (reasons for kind, line, reasons in said(made) if (kind, line) == ("undecided", 6))
    assert "one_chase" in reasons
    assert not made.found["breach"]


def test_what_is_unknown_of_another_application_undoes_nothing_that_is_kept_per_application() -> None:
    made = told("""A,dev,talk,2026-03-02 10:00
                   A,ops,no,2026-03-02 11:00
                   A,dev,talk,
                   A,ops,thanked,2026-03-20 10:00
                   A,ops,talk,2026-03-21 10:00""")
    assert [(each.kind, each.line) for each in made][:1] == [("contradiction", 5)]


def test_an_employer_wide_act_that_another_application_leaves_unknown_may_have_been_done() -> None:
    made = told("""A,dev,profile,
                   A,ops,talk,2026-03-02 10:00
                   A,ops,invited,2026-03-05 10:00""")
    assert ("undecided", 4, "profile_complete") in said(made)
    assert not made.found["breach"]


def test_a_row_of_nobody_known_can_undo_a_breach() -> None:
    rows = "A,,talk,2026-03-02 10:00\nA,,asked,2026-03-12 10:00\nA,,asked,2026-03-20 10:00"
    surely = told(rows).breaches[0].reasons
    left = told(f"{rows}\n,,wrote,2026-03-14").breaches[0].reasons
    assert [reason.id for reason in surely] == ["one_chase", "one_follow_up"]
    assert [reason.id for reason in left] == ["one_follow_up"]


def test_of_two_like_events_on_one_day_one_came_second() -> None:
    made = told("A,,talk,2026-03-02\nA,,asked,2026-03-12\nA,,asked,2026-03-12")
    assert said(made) == [("breach", 4, "one_chase, one_follow_up, a_week_apart")]


LATER = datetime.fromisoformat("2026-05-11T10:00+02:00")


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ("A,,no,2026-03-05\nA,,talk,2026-03-06", [2]),
        ("A,,offer,2026-03-05 10:00\nA,,talk,2026-03-06 10:00", [2]),
        ("A,,no,2026-03-05\nA,,talk,2026-03-05", []),
        ("A,,talk,2026-03-04\nA,,no,2026-03-05\nA,,talk,2026-03-06", []),
        ("A,,no,2026-03-05\nA,,talk,2026-05-06", []),
        ("A,dev,no,2026-03-05\nA,ops,talk,2026-03-06", []),
        ("A,,wrote,2026-03-05\nA,,talk,2026-03-06", []),
    ],
)
def test_a_decision_shortly_before_the_first_interview_is_worth_a_look(rows: str, lines: list[int]) -> None:
    made = told(rows)
    assert [each.line for each in made] == lines
    assert made.is_clean
    assert all(each.kind == "hint" and "first interview, on Fri 6 Mar" in each.message for each in made)


@pytest.mark.parametrize(
    ("day", "may"),
    [
        ("A,,follow,2026-03-20\nA,,talk,2026-03-20", False),
        ("A,,follow,2026-03-20 10:00\nA,,talk,2026-03-20", False),
        ("A,,follow,2026-03-20 10:00\nA,,talk,2026-03-20 14:00", True),
        ("A,,follow,2026-03-20\nA,,talk,2026-03-20\nA,,talk,2026-03-25", True),
    ],
)
def test_an_order_that_nobody_knows_gives_nothing_back_in_a_kept_process(day: str, may: bool) -> None:
    # In the map the follow-up stands before the interview, so on a day without hours it is recorded first.
    kept = told(f"A,,talk,2026-03-02 10:00\n{day}").processes["A"]
    assert bool(kept.may("follow_up", at=LATER, channel="email")) is may
    assert all(placed.doubtful for placed in kept.breaches)


def test_a_reply_that_may_have_answered_the_message_of_its_day_leaves_no_credit_in_a_kept_process() -> None:
    days = "A,,wrote,2026-03-20\nA,,early,2026-03-20\nA,,early,2026-03-20"
    kept = told(f"A,,wrote,2026-03-19 10:00\nA,,talk,2026-03-02 10:00\n{days}").processes["A"]
    assert not kept.may("reply", at=datetime.fromisoformat("2026-03-21T10:00+01:00"))


def test_what_nobody_knows_an_act_to_have_carried_is_held_against_nobody() -> None:
    by = small_map(
        entries="""
  talk: {event: interview, when: {What: talk}, at: Date, with: {interviewers: [ana]}}
  thanks:
    event: thank_you
    when: {What: thanks}
    at: Date
    to: ana
    with: {thanks: unknown, topic: unknown, looking_forward: unknown}
""",
        never=f"message, follow_up, {NEVER}",
    )
    made = small("Acme,talk,2026-03-02 10:00,\nAcme,thanks,2026-03-02 12:00,", by)
    kept = made.processes["Acme"]
    agenda = kept.agenda(at=datetime.fromisoformat("2026-04-01T10:00+02:00"))

    assert said(made) == [("undecided", 3, "says_thanks")]
    assert [each.reasons[0].has for each in made] == [
        "no `thanks`, `topic` or `looking_forward`, as far as is known"
    ]
    assert kept.breaches == ()
    assert not [item for item in agenda if item.kind == "broken"]


loose = st.tuples(st.sampled_from(tuple(WORDS)), st.none())
clocked = st.tuples(st.sampled_from(tuple(WORDS)), st.sampled_from((9, 15)))
day = st.tuples(st.lists(loose, max_size=2), st.lists(clocked, max_size=2, unique_by=lambda row: row[1])).map(
    lambda both: [*both[0], *both[1]]
)
days = st.lists(st.tuples(st.integers(0, 9), day), min_size=1, max_size=3)


@lru_cache(maxsize=20_000)
def recorded(history: tuple[tuple[str, datetime], ...]) -> pi.Outcome:
    """The last event of a history. Orders share their beginnings, so each beginning is recorded once."""
    before = recorded(history[:-1]).process if history[:-1] else RULES.start("A", "Europe/Zurich")
    word, at = history[-1]
    return before.record(WORDS[word]["event"], at=at, to=WORDS[word].get("to"), **FIELDS.get(word, {}))


def judged(order: list[tuple[int, str, datetime]]) -> tuple[set[int], set[int]]:
    """The lines that are breaches in this order, and those that are not judged."""
    history = tuple((word, at) for _, word, at in order)
    made = {line: recorded(history[: number + 1]) for number, (line, _, _) in enumerate(order)}
    return {n for n, each in made.items() if each.breach}, {n for n, each in made.items() if each.outside}


def orders_of(
    rows: list[tuple[int, str, int | None]], start: datetime
) -> list[list[tuple[int, str, datetime]]]:
    """Every order that the rows of a day can have had, at the moments nearest to its begin and to its end."""
    found: list[list[tuple[int, str, datetime]]] = []
    for turned in permutations(rows):
        clocks = [hour for _, _, hour in turned if hour is not None]
        if clocks != sorted(clocks):
            continue
        found += at_the_ends(turned, start)
    return found


def at_the_ends(
    turned: Sequence[tuple[int, str, int | None]], start: datetime
) -> tuple[list[tuple[int, str, datetime]], list[tuple[int, str, datetime]]]:
    """The rows of a day in this order, as early and as late as they can have been."""
    early, late, hour = list[tuple[int, str, datetime]](), list[tuple[int, str, datetime]](), 0
    for line, word, clock in turned:
        hour = hour if clock is None else clock
        early.append((line, word, start + timedelta(hours=hour)))
    minutes = 24 * 60 - 1
    for line, word, clock in reversed(turned):
        minutes = minutes if clock is None else clock * 60
        late.insert(0, (line, word, start + timedelta(minutes=minutes)))
    return early, late


@given(days=days)
def test_no_order_and_no_hours_of_the_days_undo_what_is_called_a_breach(
    days: list[tuple[int, list[tuple[str, int | None]]]],
) -> None:
    lines, parts, line, start = list[str](), [], 1, START
    for gap, rows in days:
        start += timedelta(days=gap + 1)
        numbered = []
        for word, hour in rows:
            line += 1
            clock = "" if hour is None else f" {hour:02}:00"
            lines.append(f"A,,{word},{start:%Y-%m-%d}{clock}")
            numbered.append((line, word, hour))
        parts.append(orders_of(numbered, start))
    made = told("\n".join(lines))
    unjudged = ("undecided", "outside")
    called = [(each.line, each.event) for each in made if each.reasons and each.kind not in unjudged]
    not_judged = {each.line for each in made if each.kind == "outside"}
    ways = [
        [row for part in way for row in part] for way in product(*(part[:12] + part[-12:] for part in parts))
    ]
    for way in ways[:: max(1, len(ways) // 40)]:
        truly, outside = judged(way)
        assert not_judged <= outside, way
        words = {line: WORDS[word]["event"] for line, word, _ in way}
        for name in {name for _, name in called}:
            claimed = sum(event == name for _, event in called)
            assert claimed <= sum(words[line] == name for line in truly), (name, way)


CHANNELS = """
format: 1
title: Calls a week apart, mails at any time
events:
  talk: {by: employer}
  ask: {by: candidate, fields: {channel: [call, email]}}
machines:
  application:
    per: application
    start: here
    states: {here: {}}
    transitions:
      talked: {event: talk, from: here}
      asked: {event: ask, from: here, guards: {apart: {apart: 7 days, from: ask, unless: {channel: email}}}}
"""


@pytest.mark.parametrize(
    ("how", "found"),
    [("call", [("breach", 4, "apart")]), ("", [("undecided", 4, "apart")]), ("email", [])],
)
def test_an_empty_cell_may_hold_the_value_with_which_a_guard_does_not_apply(how: str, found: object) -> None:
    entries = """
  talk: {event: talk, when: {What: talk}, at: Date}
  ask: {event: ask, when: {What: ask}, at: Date, with: {channel: {column: Who}}}
"""
    by = load_map(text=f"{HEAD}\nread:{entries}", rulebook=pi.load_rulebook(text=CHANNELS))
    days = ["talk,2026-03-02 10:00,", "ask,2026-03-03 10:00,call", f"ask,2026-03-04 10:00,{how}"]
    assert said(small([f"Acme,{day}" for day in days], by)) == found
