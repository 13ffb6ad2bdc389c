"""What a host may rely on, whichever store it uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from datetime import UTC, date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

import postinterview as pi
from postinterview.calls import Call, answer
from postinterview.saving import forecast, read
from postinterview.stores import (
    ConflictError,
    Due,
    Keeper,
    MemoryStore,
    Standing,
    Store,
    StoredEntry,
    TakenKeyError,
    UnknownKeyError,
    migrate,
)
from tests.core.helpers import at, default, ids, start
from tests.stores.telling import MONDAY, OVERDUE, again, interviewed, letters


def test_a_keeper_is_asked_as_a_process_is(keeper: Keeper) -> None:
    interviewed(keeper)
    process = keeper.load("acme")
    day = date(2026, 3, 11)
    assert keeper.may_on("acme", day, "follow_up", channel="call") == process.may_on(
        day, "follow_up", channel="call"
    )
    assert keeper.verdicts("acme", at=OVERDUE) == process.verdicts(at=OVERDUE)
    assert keeper.allowed("acme", at=OVERDUE) == process.allowed(at=OVERDUE)
    slow = MONDAY - timedelta(seconds=5)  # a clock that is a little behind the latest event
    assert keeper.verdicts("acme", at=slow) == process.verdicts(at=MONDAY)
    assert keeper.allowed("acme", at=slow) == process.allowed(at=MONDAY)


def test_due_takes_the_acts_that_an_agenda_takes(keeper: Keeper) -> None:
    interviewed(keeper)
    named = list(keeper.due(by=OVERDUE, of="follow_up"))
    assert named == list(keeper.due(by=OVERDUE, of=["follow_up"])) != []
    for wrong in ("interview", ["interview"], "folow_up"):
        with pytest.raises(pi.MisuseError):
            list(keeper.due(by=OVERDUE, of=wrong))
        with pytest.raises(pi.MisuseError):
            keeper.agenda("acme", at=OVERDUE, of=wrong)


class Raced(MemoryStore):
    """A store in which somebody else writes just before each of our first appends."""

    def __init__(self, *others: Callable[[Keeper], object]) -> None:
        super().__init__()
        self.others = list(others)

    def append(self, key: str, version: int, entries: Sequence[StoredEntry], standing: Standing) -> None:
        if self.others:
            other = self.others.pop(0)
            others, self.others = self.others, []
            other(Keeper(default(), self))
            self.others = others
        super().append(key, version, entries, standing)


def raced(*others: Callable[[Keeper], object]) -> Keeper:
    """A keeper of an interviewed process; from then on the others write in between."""
    store = Raced()
    keeper = Keeper(default(), store)
    interviewed(keeper)
    store.others = list(others)
    return keeper


# --- kept is kept ---------------------------------------------------------------------------------


def test_a_kept_process_is_the_one_that_was_never_kept(keeper: Keeper) -> None:
    process = start()
    assert keeper.start("acme", timezone="Europe/Zurich") == process
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("record", "interview", {"at": MONDAY, "interviewers": ["ana"], "decide_by": date(2026, 3, 10)}),
        ("do", "follow_up", {"at": at("2026-03-05 09:00"), "channel": "call"}),
        ("record", "message", {"at": at("2026-03-04 09:00")}),
        ("do", "follow_up", {"at": OVERDUE, "channel": "email"}),
        ("record", "message", {"at": at("2026-03-11 20:00"), "late": True}),
    ]
    for verb, event, said in steps:
        outcome = getattr(process, verb)(event, **said)
        assert getattr(keeper, verb)("acme", event, **said) == outcome
        process = outcome.process
        assert keeper.load("acme") == process
    assert len(process.breaches) == 1
    outcome = process.retract(4, at=OVERDUE)
    assert keeper.retract("acme", 4, at=OVERDUE) == outcome
    assert outcome.no_longer_breaches
    last = outcome.process.unknown("chase", until=MONDAY)
    assert keeper.unknown("acme", "chase", until=MONDAY) == last
    assert keeper.load("acme").to_json() == last.process.to_json()


def test_a_refusal_changes_nothing_and_says_why(keeper: Keeper) -> None:
    interviewed(keeper)
    before = keeper.load("acme")
    outcome = keeper.do("acme", "follow_up", at=at("2026-03-05 09:00"), channel="call")

    assert outcome.refused
    assert ids(outcome.verdict) == ["wait_for_the_answer"]
    assert keeper.may("acme", "follow_up", at=at("2026-03-05 09:00"), channel="call") == outcome.verdict
    assert keeper.load("acme") == before


def test_misuse_is_misuse_and_writes_nothing(keeper: Keeper) -> None:
    interviewed(keeper)
    with pytest.raises(pi.UnknownNameError, match="folow_up"):
        keeper.do("acme", "folow_up", at=OVERDUE)
    keeper.record("acme", "follow_up", at=OVERDUE, channel="call")
    with pytest.raises(pi.MisuseError, match="what was sent can't be taken back"):
        keeper.retract("acme", 2, at=OVERDUE)
    assert len(keeper.load("acme").history) == 2


def test_a_process_that_is_not_there_is_said_to_be_missing(keeper: Keeper) -> None:
    with pytest.raises(pi.UnknownNameError, match=r"the store has no process 'acme' \(start it first\)"):
        keeper.do("acme", "follow_up", at=OVERDUE)


def test_to_start_twice_is_to_start_once(keeper: Keeper) -> None:
    interviewed(keeper)
    assert len(keeper.start("acme", timezone="Europe/Zurich").history) == 1
    others: list[dict[str, Any]] = [
        {"timezone": "UTC"},
        {"timezone": "Europe/Zurich", "holidays": [date(2026, 4, 6)]},
        {"timezone": "Europe/Zurich", "country": "CH"},
    ]
    for other in others:
        with pytest.raises(TakenKeyError, match="has another time zone, country or holidays"):
            keeper.start("acme", **other)


def test_a_name_that_was_corrected_since_starts_no_other_process(keeper: Keeper) -> None:
    keeper.start("acme", timezone="Europe/Zurich", employer="Acme")
    assert keeper.start("acme", timezone="Europe/Zurich", employer="ACME Inc.").employer == "Acme"


def test_a_process_of_a_country_is_kept_with_it(keeper: Keeper) -> None:
    keeper.start("acme", timezone="Europe/Zurich", country="CH-ZH")
    assert keeper.load("acme").country == "CH-ZH"


@pytest.mark.parametrize("key", ["", " ", "a\x00b", None, True, 7.0])
def test_a_key_is_a_text_in_which_something_stands(keeper: Keeper, key: Any) -> None:
    with pytest.raises(pi.MisuseError, match="`key` can't be"):
        keeper.start(key, timezone="UTC")


def test_a_process_with_a_past_can_be_added_once(keeper: Keeper) -> None:
    process = start().record("interview", at=MONDAY, interviewers=["ana"]).process
    keeper.add("acme", process)
    assert keeper.load("acme") == process
    with pytest.raises(ConflictError):
        keeper.add("acme", process)
    other = default().start(employer="acme", timezone="UTC")
    keeper.add("other", other)  # the same rules, read once more
    foreign = letters(1, "note").start(employer="b", timezone="UTC")
    with pytest.raises(pi.MisuseError, match="the process has the rules"):
        keeper.add("foreign", foreign)


def test_a_whole_number_is_taken_as_its_text(keeper: Keeper) -> None:
    keeper.start(7, timezone="Europe/Zurich")
    keeper.record(7, "interview", at=MONDAY, interviewers=["ana"], once=1)
    assert keeper.record("7", "interview", at=MONDAY, interviewers=["ana"], once="1").repeated
    assert keeper.load(7) == keeper.load("7")
    assert keeper.agenda(7, at=OVERDUE).of("overdue")
    assert not keeper.may(7, "follow_up", at=MONDAY, channel="call")
    assert keeper.move(7, 8).employer == "7"
    assert list(keeper.keys()) == ["8"]
    assert keeper.forget(8)


def test_a_moved_process_is_under_its_new_key_alone_with_all_that_it_had(keeper: Keeper) -> None:
    interviewed(keeper)
    before = keeper.load("acme")

    assert keeper.move("acme", "umbrella") == before == keeper.load("umbrella")
    assert list(keeper.keys()) == ["umbrella"]
    assert [each.key for each in keeper.due(by=OVERDUE)] == ["umbrella"]
    said: dict[str, Any] = {"interviewers": ["ana"], "decide_by": date(2026, 3, 10)}
    assert keeper.record("umbrella", "interview", at=MONDAY, once="i", **said).repeated
    keeper.record("umbrella", "message", at=OVERDUE)
    interviewed(keeper)
    with pytest.raises(ConflictError, match="there is a process `acme` already"):
        keeper.move("umbrella", "acme")
    assert keeper.move("acme", "acme") == before
    with pytest.raises(UnknownKeyError, match="'nobody'"):
        keeper.move("nobody", "somebody")
    assert [len(keeper.load(key).history) for key in ("acme", "umbrella")] == [1, 2]


def test_what_is_written_while_a_process_is_moved_moves_with_it() -> None:
    class Moving(Raced):
        def move(self, *said: Any) -> None:
            for other in (self.others.pop() for _ in tuple(self.others)):
                other(Keeper(default(), self))
            super().move(*said)

    store = Moving()
    keeper = Keeper(default(), store)
    interviewed(keeper)
    store.others = [lambda other: other.record("acme", "message", at=OVERDUE)]
    assert len(keeper.move("acme", "umbrella").history) == 2


def test_entries_are_written_at_once_and_repeated_together(keeper: Keeper) -> None:
    """As one call writes them that records two events, such as a status that jumps."""
    interviewed(keeper)

    def jump(process: pi.Process, then: Any) -> pi.Outcome:
        return process.record("offer", at=then).process.record("message", at=then)

    first = keeper._write("acme", OVERDUE, "jump", jump)  # noqa: SLF001 - what such a call is made of
    assert [getattr(each, "name", "") for each in keeper.load("acme").history] == [
        "interview",
        "offer",
        "message",
    ]
    second = keeper._write("acme", OVERDUE, "jump", jump)  # noqa: SLF001
    assert second.repeated
    assert second.process == first.process == keeper.load("acme")
    with pytest.raises(pi.MisuseError, match="belongs to another call, which wrote entry 2"):
        keeper._write("acme", OVERDUE, "jump", lambda p, then: p.record("message", at=then))  # noqa: SLF001


def test_only_acts_that_count_are_due(keeper: Keeper) -> None:
    for key in ("user-1/a", "user-1/b", "user-2/a"):
        interviewed(keeper, key)
    keeper.record("user-1/b", "rejection", at=MONDAY + timedelta(hours=1))
    every = [each.key for each in keeper.due(by=OVERDUE)]

    assert sorted(every) == ["user-1/a", "user-1/b", "user-2/a"]
    assert [each.key for each in keeper.due(by=OVERDUE, prefix="user-1/")] == ["user-1/a", "user-1/b"]
    follow_ups = list(keeper.due(by=OVERDUE, of=["follow_up"]))
    assert [each.key for each in follow_ups] == ["user-1/a", "user-2/a"]
    (item,) = [each for each in keeper.agenda("user-1/a", at=OVERDUE) if each.event == "follow_up"]
    assert {each.due for each in follow_ups} == {item.due}
    assert list(keeper.due(by=OVERDUE, of="follow_up")) == follow_ups  # one name, as `agenda` takes it
    assert list(keeper.due(by=MONDAY + timedelta(days=1), of=["follow_up"])) == []
    with pytest.raises(pi.UnknownNameError, match="folow_up"):
        list(keeper.due(by=OVERDUE, of=["folow_up"]))


def test_what_is_known_again_is_stored_once(keeper: Keeper) -> None:
    interviewed(keeper)
    keeper.unknown("acme", "wrote", "chase", until=MONDAY)
    first = keeper.known("acme", "wrote", once="answer")
    assert first.process == keeper.load("acme")
    assert keeper.known("acme", "wrote", once="answer") == again(first)
    assert keeper.known("acme", "chase", until=MONDAY).process == keeper.load("acme")
    assert [type(each).__name__ for each in keeper.load("acme").history[2:]] == ["Known", "Known"]


def test_a_process_that_asks_what_is_not_known_is_due_for_the_acts_that_wait_for_it(keeper: Keeper) -> None:
    interviewed(keeper)
    keeper.unknown("acme", "wrote", until=OVERDUE)
    (each,) = keeper.due(by=OVERDUE, of=["follow_up"])
    (asks,) = keeper.agenda(each.key, at=OVERDUE, of=["follow_up"]).of("tell")
    assert asks.event is None
    keeper.known("acme", "wrote")
    assert not keeper.agenda("acme", at=OVERDUE, of=["follow_up"]).of("tell")


def test_an_employer_who_moved_and_has_a_new_name_is_the_same_process(keeper: Keeper) -> None:
    interviewed(keeper)
    said: dict[str, Any] = {"at": OVERDUE, "employer": "Initech", "timezone": "UTC", "once": "move"}
    first = keeper.change("acme", **said)
    assert keeper.change("acme", **said) == again(first)
    assert keeper.load("acme") == first.process
    for zone in ("Europe/Zurich", "UTC"):  # as it was started, and as it is now
        assert keeper.start("acme", timezone=zone).employer == "Initech"
    with pytest.raises(TakenKeyError):
        keeper.start("acme", timezone="Asia/Tokyo")
    assert "Initech" in keeper.agenda("acme", at=OVERDUE, of=["follow_up"]).text
    keeper.record("acme", "message", at=OVERDUE)
    assert keeper.record("acme", "message", at=OVERDUE, once="m").process == keeper.load("acme")


def test_a_call_of_a_client_is_performed_and_repeated(keeper: Keeper) -> None:
    interviewed(keeper)
    call = Call("follow_up", fields={"channel": "call"})
    assert keeper.perform("acme", call, at=MONDAY.astimezone(UTC), once="b").refused
    done = keeper.perform("acme", call, at=OVERDUE.astimezone(UTC), once="b")
    twice = keeper.perform("acme", call, at=OVERDUE + timedelta(days=3), once="b")
    assert (answer(done).status, answer(twice).status) == (201, 200)
    assert answer(done).body == answer(twice).body
    happened = Call("message", happened=OVERDUE)
    assert not keeper.perform("acme", happened, at=OVERDUE, once="m").repeated
    assert keeper.perform("acme", happened, at=OVERDUE + timedelta(days=3), once="m").repeated
    with pytest.raises(pi.TimeError, match="in the future"):
        keeper.perform("acme", happened, at=MONDAY)


# --- the same call twice --------------------------------------------------------------------------


def test_the_same_key_twice_is_one_event_and_the_same_outcome(keeper: Keeper) -> None:
    interviewed(keeper)
    first = keeper.do("acme", "follow_up", at=OVERDUE, channel="call", once="click")
    retracted = keeper.retract("acme", 2, at=OVERDUE, not_sent=True, once="undo")
    unknown = keeper.unknown("acme", "reply", until=MONDAY, once="past")
    late = keeper.record("acme", "message", at=at("2026-03-11 20:00"), late=True, once="mail")
    for days in (0, 3):
        now = OVERDUE + timedelta(days=days)
        assert keeper.do("acme", "follow_up", at=now, channel="call", once="click") == again(first)
        assert keeper.retract("acme", 2, at=now, not_sent=True, once="undo") == again(retracted)
        assert keeper.record("acme", "message", at=now, late=True, once="mail") == again(late)
    assert keeper.unknown("acme", "reply", until=MONDAY, once="past") == again(unknown)
    assert [entry.number for entry in keeper.load("acme").history] == [1, 2, 3, 4, 5]


def test_a_repeated_day_and_a_repeated_date_are_one_entry_each(keeper: Keeper) -> None:
    interviewed(keeper)
    day = keeper.record("acme", "message", at=date(2026, 3, 11), late=True, once="day")
    keeper.record("acme", "reply", at=OVERDUE, undated=True)
    dated = keeper.dated("acme", 3, at=at("2026-03-11 20:00"), once="dated")
    for days in (0, 3):
        now = OVERDUE + timedelta(days=days)
        assert keeper.record("acme", "message", at=date(2026, 3, 11), late=True, once="day") == again(day)
        assert keeper.dated("acme", 3, at=now, once="dated") == again(dated)
    with pytest.raises(pi.MisuseError, match="belongs to another call"):
        keeper.record("acme", "message", at=date(2026, 3, 12), late=True, once="day")


def test_a_day_of_another_library_is_repeated_as_a_day(keeper: Keeper) -> None:
    class Day(date):
        """As pendulum and freezegun make theirs."""

    interviewed(keeper)
    first = keeper.record("acme", "message", at=Day(2026, 3, 11), late=True, once="day")
    assert keeper.record("acme", "message", at=Day(2026, 3, 11), late=True, once="day") == again(first)


def test_a_key_given_to_another_call_is_misuse(keeper: Keeper) -> None:
    interviewed(keeper)
    keeper.record("acme", "follow_up", at=MONDAY, channel="call", once="click")
    said = "the idempotency key `click` belongs to another call, which wrote entry 2"
    with pytest.raises(pi.MisuseError, match=said):
        keeper.record("acme", "follow_up", at=MONDAY, channel="email", once="click")
    with pytest.raises(pi.MisuseError, match=said):
        keeper.retract("acme", 1, at=MONDAY, once="click")


def test_a_refused_call_is_asked_anew_under_the_same_key(keeper: Keeper) -> None:
    interviewed(keeper)
    assert keeper.do("acme", "follow_up", at=MONDAY, channel="call", once="click").refused
    assert not keeper.do("acme", "follow_up", at=OVERDUE, channel="call", once="click").refused


# --- races ----------------------------------------------------------------------------------------


def test_the_loser_of_a_race_is_refused_with_the_reason() -> None:
    keeper = raced(lambda other: other.do("acme", "follow_up", at=OVERDUE, channel="email"))
    outcome = keeper.do("acme", "follow_up", at=OVERDUE, channel="call")

    assert outcome.refused
    assert ids(outcome.verdict) == ["one_follow_up", "one_chase"]
    assert [entry.number for entry in keeper.load("acme").history] == [1, 2]


def test_what_is_still_allowed_after_a_lost_race_is_done() -> None:
    keeper = raced(lambda other: other.do("acme", "complete_profile", at=OVERDUE))
    outcome = keeper.do("acme", "follow_up", at=OVERDUE, channel="call")

    assert outcome.event is not None
    assert outcome.event.number == 3


def test_two_calls_with_one_key_at_once_are_one_event() -> None:
    def click(keeper: Keeper) -> pi.Outcome:
        return keeper.do("acme", "follow_up", at=OVERDUE, channel="call", once="click")

    answers: list[pi.Outcome] = []
    keeper = raced(lambda other: answers.append(click(other)))
    answers.append(click(keeper))

    assert again(answers[0]) == answers[1]
    assert not answers[0].refused
    assert len(keeper.load("acme").history) == 2


def test_a_clock_that_is_a_little_behind_gets_the_refusal_and_no_misuse(keeper: Keeper) -> None:
    interviewed(keeper)
    keeper.do("acme", "follow_up", at=OVERDUE, channel="email")
    outcome = keeper.do("acme", "follow_up", at=OVERDUE - timedelta(minutes=1), channel="call")
    assert ids(outcome.verdict) == ["one_follow_up", "one_chase"]
    assert outcome.verdict is not None
    assert outcome.verdict.at == OVERDUE
    too_far = OVERDUE - timedelta(minutes=1, microseconds=1)
    for ask in (keeper.do, keeper.may):
        with pytest.raises(pi.TimeError) as caught:
            ask("acme", "follow_up", at=too_far, channel="call")
        assert str(caught.value) == (
            "2026-03-12 08:58:59.999999+01:00 is before the latest event, follow_up at "
            "2026-03-12 09:00:00+01:00 (this clock is slow by more than the leeway, or that event has a "
            "wrong date: set the clock or retract entry 2; record what was forgotten, with `late` set to "
            "true)"
        )
    said = r"is before the latest event.*record what was forgotten, with `late` set to true"
    with pytest.raises(pi.TimeError, match=said):
        keeper.record("acme", "follow_up", at=OVERDUE - timedelta(seconds=1), channel="call")


def test_an_event_that_was_dated_far_too_late_can_be_taken_back(keeper: Keeper) -> None:
    interviewed(keeper)
    keeper.record("acme", "message", at=at("2062-03-12 09:00"))
    with pytest.raises(pi.TimeError, match="retract entry 2"):
        keeper.do("acme", "follow_up", at=OVERDUE, channel="call")
    keeper.retract("acme", 2, at=OVERDUE)
    assert keeper.do("acme", "follow_up", at=OVERDUE, channel="call").verdict


def test_a_store_that_never_lets_through_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postinterview.stores.writing.TRIES", 5)

    def write(other: Keeper) -> object:
        return other.record("acme", "complete_profile", at=OVERDUE)

    keeper = raced(*[write] * 5)
    with pytest.raises(ConflictError, match="others wrote the process `acme` 5 times in between"):
        keeper.do("acme", "follow_up", at=OVERDUE, channel="call")


def test_of_threads_that_follow_up_at_once_one_is_allowed(store: Store) -> None:
    keeper = Keeper(default(), store)
    for number in range(3):
        key = f"acme {number}"
        interviewed(keeper, key)
        outcomes: list[pi.Outcome] = []
        barrier = Barrier(4)

        def click(key: str = key, outcomes: list[pi.Outcome] = outcomes, barrier: Barrier = barrier) -> None:
            barrier.wait()
            outcomes.append(keeper.do(key, "follow_up", at=OVERDUE, channel="call"))

        threads = [Thread(target=click) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        refused = [ids(outcome.verdict) for outcome in outcomes if outcome.refused]
        assert refused == [["one_follow_up", "one_chase"]] * 3
        assert [entry.number for entry in keeper.load(key).history] == [1, 2]


# --- what is due ----------------------------------------------------------------------------------


def test_what_is_due_is_paged_through_without_gaps(keeper: Keeper) -> None:
    for number in range(7):
        keeper.start(f"acme {number}", timezone="Europe/Zurich")
    for number in range(5):
        keeper.record(
            f"acme {number}", "interview", at=MONDAY + timedelta(hours=number // 2), interviewers=["ana"]
        )
    day = timedelta(days=1)
    wanted = [Due(keeper.load(f"acme {n}").next_due or MONDAY, f"acme {n}") for n in range(5)]

    assert list(keeper.due(by=MONDAY + 2 * day, page=2)) == wanted
    assert list(keeper.due(by=MONDAY + day, page=2)) == wanted[:2]
    assert list(keeper.due(by=MONDAY + day - timedelta(microseconds=1))) == []
    assert [each.due.astimezone(MONDAY.tzinfo) for each in wanted[:1]] == [MONDAY + day]


def test_a_repr_is_one_short_line_and_shows_no_password(keeper: Keeper) -> None:
    interviewed(keeper)
    keeper.record("acme", "message", at=OVERDUE, once="m" * 300)
    stored = keeper.store.load("acme")
    assert stored is not None
    (due,) = keeper.due(by=OVERDUE + timedelta(days=9))
    found = forecast(default(), lambda: read(keeper.load("acme").to_json()))
    for value in (
        keeper,
        keeper.store,
        stored,
        stored.standing,
        *stored.entries,
        due,
        found,
        migrate(keeper),
    ):
        assert len(repr(value)) <= 120
        assert "\n" not in repr(value)
        assert "search_path" not in repr(value)
    for value in (stored, stored.standing, *stored.entries, due, found):
        assert hash(value) == hash(copy(value))
        assert value == copy(value)


# --- what can't be kept with ----------------------------------------------------------------------


@pytest.mark.parametrize("store", [4, None, "mine.db", MemoryStore, {}])
def test_what_lacks_the_methods_of_a_store_is_refused_with_their_names(store: Any) -> None:
    wanted = "`load`, `load_many`, `create`, `append`, `rewrite`, `move`, `forget`, `due` and `keys`"
    with pytest.raises(pi.MisuseError, match="is not a store .*any object with the methods " + wanted):
        Keeper(default(), store)


def test_any_object_with_the_methods_of_a_store_is_one() -> None:
    class Passing:
        def __getattr__(self, name: str) -> Any:
            return getattr(inner, name)

    inner = MemoryStore()
    Keeper(default(), Passing()).start("acme", timezone="UTC")
    assert inner.keys() == ("acme",)


def test_a_keeper_needs_a_rulebook_and_keeps_only_processes() -> None:
    rulebook: Any = 3
    with pytest.raises(pi.MisuseError, match=r"3 is not a rulebook \(give what load_rulebook returns\)"):
        Keeper(rulebook, MemoryStore())
    with pytest.raises(pi.MisuseError, match=r"3 is not a process .*`start` or `restore` returns"):
        Keeper(default(), MemoryStore()).add("a", rulebook)


@pytest.mark.parametrize("leeway", ["x", 60, None, timedelta(seconds=-1), timedelta(days=1, seconds=1)])
def test_a_leeway_is_a_duration_of_up_to_a_day(leeway: Any) -> None:
    with pytest.raises(pi.MisuseError, match=r"`leeway` can't be .*timedelta\(minutes=1\)"):
        Keeper(default(), MemoryStore(), leeway=leeway)
    assert Keeper(default(), MemoryStore(), leeway=timedelta(days=1)).leeway == timedelta(days=1)


# --- statuses -------------------------------------------------------------------------------------

BOARD = pi.StatusMap({"Interview": "interview", "Offer": "offer", "Accepted": "accept"})


def test_a_card_that_jumps_is_stored_in_one_piece(keeper: Keeper) -> None:
    board = Keeper(pi.load_rulebook(), keeper.store, statuses=BOARD)
    board.start("umbrella", timezone="Europe/Zurich")
    board.follow("umbrella", "Interview", at=MONDAY)
    moved = board.follow("umbrella", "accepted", at=MONDAY + timedelta(days=3), once="drag")
    stored = board.load("umbrella")
    assert (moved.process, [each.name for each in stored.timeline]) == (
        stored,
        ["interview", "offer", "accept"],
    )
    again = board.follow("umbrella", "accepted", at=MONDAY + timedelta(days=4), once="drag")
    assert (again.repeated, again.process) == (True, stored)
    same = board.follow("umbrella", "ACCEPTED", at=MONDAY + timedelta(days=5))
    assert (same.repeated, board.load("umbrella")) == (True, stored)


def test_a_keeper_without_statuses_says_what_it_wants(keeper: Keeper) -> None:
    with pytest.raises(pi.MisuseError) as error:
        keeper.follow("acme", "Interview", at=MONDAY)
    assert error.value.help == "give the keeper its `statuses`"
    with pytest.raises(pi.UnknownNameError, match=r"unknown event `intervew`"):
        Keeper(default(), keeper.store, statuses=pi.StatusMap({"Interview": "intervew"}))


def test_an_empty_name_of_an_employer_is_misuse_and_none_is_the_key(store: Store) -> None:
    keeper = Keeper(default(), store)
    with pytest.raises(pi.MisuseError, match="is no name of an employer"):
        keeper.start("u1/11", timezone="UTC", employer="")
    assert keeper.start("u1/11", timezone="UTC").employer == "u1/11"


def test_what_happened_by_today_happened_by_now() -> None:
    """Who imports a board says the day of the export, and asks at once."""
    now = at("2026-03-02 09:00")
    statuses = pi.StatusMap({"Interview": "interview", "Rejected": "rejection"})
    keeper = Keeper(pi.load_rulebook(), MemoryStore(), statuses=statuses)
    for key in ("recorded", "followed"):
        keeper.start(key, timezone="Europe/Zurich")
    told: dict[str, Any] = {"at": date(2026, 3, 2), "undated": True, "now": now}
    for _ in range(2):
        keeper.record("recorded", "rejection", **told, once="1")
        keeper.follow("followed", "Rejected", **told)
    later = now + timedelta(minutes=1)
    for key in ("recorded", "followed"):
        assert [each.event.at for each in keeper.load(key).timeline] == [now]
        assert keeper.agenda(key, at=later).items
    assert {key for key, _ in keeper.to_do(at=later)} == {"recorded", "followed"}
    day = keeper.record("recorded", "message", at=date(2026, 3, 1), undated=True, late=True, now=later)
    assert day.event is not None
    assert day.event.at == at("2026-03-02 00:00") - timedelta(microseconds=1)
