"""Use every public name once, for mypy: `assert_type` fails the type check where a hint changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, assert_type

import postinterview as pi
from postinterview.stores import MemoryStore


def guard(question: pi.CustomQuestion) -> pi.CustomAnswer | bool:
    assert_type(question.timeline, tuple[pi.Event, ...])
    assert_type(question.fields, Mapping[str, object])
    return pi.CustomAnswer(holds=question.event == "reply", opens_at=question.at)


def rules(at: datetime) -> None:
    custom: dict[str, pi.CustomGuard] = {"mine": guard}
    rulebook = pi.load_rulebook("mine.yaml", custom=custom)
    assert_type(rulebook, pi.Rulebook)
    assert_type(rulebook.definition, pi.Definition)
    assert_type(rulebook.start("acme", "UTC", holidays=[date(2026, 4, 6)]), pi.Process)
    assert_type(rulebook.restore(""), pi.Process)
    assert_type(rulebook.fields_from_json("reply", {}), dict[str, Any])
    assert_type(pi.packaged(), tuple[str, ...])
    assert_type(pi.prove(rulebook, max_seconds=1.0), pi.Proof)
    assert_type(pi.compare(rulebook, rulebook), pi.Comparison)
    store: pi.Store = MemoryStore()
    assert_type(pi.Keeper(rulebook, store).may("key", "reply", at=at), pi.Verdict)


def process(process: pi.Process, at: datetime) -> None:
    assert_type(process.rulebook, pi.Rulebook)
    assert_type(process.employer, str)
    assert_type(process.timezone, str)
    assert_type(process.holidays, frozenset[date])
    assert_type(process.country, str | None)
    assert_type(process.history, tuple[pi.Event | pi.Retraction | pi.Unknown | pi.Known | pi.Change, ...])
    assert_type(process.timeline, tuple[pi.Placed, ...])
    assert_type(process.breaches, tuple[pi.Placed, ...])
    assert_type(process.applications, tuple[str, ...])
    assert_type(process.states, Mapping[tuple[str, pi.Key], str])
    assert_type(process.state("application"), str)
    assert_type(process.text, str)
    assert_type(process.to_json(), str)
    assert_type(process.next_due, datetime | None)
    assert_type(process.may("reply", at=at), pi.Verdict)
    assert_type(process.verdicts(at=at), tuple[pi.Verdict, ...])
    assert_type(process.allowed(at=at), tuple[pi.Verdict, ...])
    assert_type(process.do("reply", at=at), pi.Outcome)
    assert_type(process.record("message", at=at, late=True), pi.Outcome)
    assert_type(process.retract(1, at=at, not_sent=True), pi.Outcome)
    assert_type(process.unknown("message", until=at), pi.Outcome)
    agenda = process.agenda(at=at)
    assert_type(agenda, pi.Agenda)
    assert_type(agenda.items, tuple[pi.Item, ...])
    assert_type(agenda.of("overdue"), tuple[pi.Item, ...])
    assert_type(agenda[0], pi.Item)
    assert_type(agenda[:2], tuple[pi.Item, ...])
    assert_type(agenda.items[0].snooze(until=at), pi.Snooze)


def outcome(outcome: pi.Outcome) -> None:
    assert_type(outcome.process, pi.Process)
    assert_type(outcome.event, pi.Event | None)
    assert_type(outcome.verdict, pi.Verdict | None)
    assert_type(outcome.moves, tuple[pi.Move, ...])
    assert_type(outcome.refused, bool)
    assert_type(outcome.breach, bool)
    assert_type(outcome.unexpected, bool)
    assert_type(outcome.now_breaches, tuple[int, ...])
    assert_type(outcome.now_in_doubt, tuple[int, ...])
    assert_type(outcome.no_longer_breaches, tuple[int, ...])
    assert_type(outcome.text, str)
    assert_type(outcome.moves[0].key, pi.Key)
    assert_type(outcome.moves[0].key.application, str | None)
    assert_type(outcome.moves[0].key.round, int | None)
    assert_type(outcome.moves[0].key.person, str | None)


def verdict(verdict: pi.Verdict) -> None:
    assert_type(verdict.allowed, bool)
    assert_type(verdict.reasons, tuple[pi.Reason, ...])
    assert_type(verdict.opens_at, datetime | None)
    assert_type(verdict.closes_at, datetime | None)
    assert_type(verdict.opens_after, tuple[str, ...])
    assert_type(verdict.title, str)
    assert_type(verdict.text, str)
    assert_type(verdict.as_json(), dict[str, Any])
    assert_type(verdict.reasons[0].text, str)


def errors() -> None:
    try:
        pi.load_rulebook("mine.yaml")
    except pi.RulesError as error:
        assert_type(error.sources, dict[str, str])
    except pi.UnreadableError as error:
        assert_type(error.path, str)
    except (pi.FieldError, pi.TimeError, pi.UnknownNameError) as error:
        assert_type(error.message, str)
    except pi.MisuseError as error:
        assert_type(error.help, str)
    except pi.RulesChangedError as error:
        assert_type(error.differences[0].text, str)
    except pi.SavedError as error:
        assert_type(error.path, str)
    except pi.PostInterviewError:
        pass
