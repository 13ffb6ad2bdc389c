"""The outcome of adding an entry to a history."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING, TypedDict

from attrs import frozen

from postinterview.core.answers.outcome_text import entry_text, moves_text, stays_text, turns_text
from postinterview.core.answers.verdict import Move, Verdict
from postinterview.core.past.events import Change, Event
from postinterview.core.past.placed import Placed
from postinterview.core.values.builders import builder
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import sentence, shorten
from postinterview.core.values.moments import MICROSECOND

if TYPE_CHECKING:
    from postinterview.core.process import Process


@frozen(weakref_slot=False, repr=False)
class Outcome:
    """The result of `Process.do` and of the other methods that add an entry to the history.

    It has no truth value: whether it was recorded and whether it was allowed are two questions.

    Attributes:
        process: the process afterwards; after a refusal it is the one before.
        event: the event that was recorded; None if nothing was, and for an entry that is no event.
        verdict: whether the act was allowed, and why not; None for a fact.
        moves: the machines that changed their state.
        breach: whether it is an act against the rules that is recorded.
        unexpected: whether it is a fact that some machine listens to and none had a transition for.
        now_breaches: the numbers of other events that a late or retracted one made breaches for certain.
        no_longer_breaches: the numbers of those that were breaches before, for certain or in doubt.
        outside: whether it is a refused act that is recorded where the rules do not judge it: no breach.
        repeated: whether it is the outcome of an earlier call with the same idempotency key (see `Keeper`):
            nothing was written now, and nothing is to be sent again. Also if a status that was followed is
            one that the history had reached, and if nothing was unknown of what is said to be known.
        added: how many entries were added; `Process.follow` may add several. Those before the last are told
            in `text` alone.
        stays: the numbers of the events that stay though a card's status is before them: messages that may
            have been sent, what came before one, and what was not recorded for a card (see `Process.follow`).
            If your user says that one did not happen, retract it.
        early: whether it is refused because a card's status comes before its time (see `Process.follow`). The
            card may stay there: follow it again from ``verdict.opens_at`` on.
        now_in_doubt: the numbers of other events of which nobody knows any more whether they are breaches. A
            host accuses nobody of them: the agenda asks for what would tell.
    """

    process: Process
    event: Event | None
    verdict: Verdict | None = None
    moves: tuple[Move, ...] = ()
    breach: bool = False
    unexpected: bool = False
    now_breaches: tuple[int, ...] = ()
    no_longer_breaches: tuple[int, ...] = ()
    outside: bool = False
    repeated: bool = False
    added: int = 1
    stays: tuple[int, ...] = ()
    early: bool = False
    now_in_doubt: tuple[int, ...] = ()

    @property
    def refused(self) -> bool:
        """True if the act was asked for and refused, so that nothing was recorded."""
        return self.verdict is not None and not (self.verdict.allowed or self.breach or self.outside)

    @property
    def in_doubt(self) -> bool:
        """True if it is recorded as a breach, and nobody knows whether it was one: the past is unknown."""
        number = None if self.event is None else self.event.number
        return any(placed.doubtful for placed in self.process.breaches if placed.event.number == number)

    @property
    def text(self) -> str:
        """The outcome as a short paragraph for a person, its moments in the employer's zone."""
        return self.text_in(None)

    def text_in(self, zone: tzinfo | None) -> str:
        """Return the outcome as a short paragraph, its moments in a zone; None: in the employer's.

        The moments of a verdict stay in the zone in which it was asked for.
        """
        if self.refused and self.verdict is not None and not self.early:
            return self.verdict.text
        process, verdict = self.process, self.verdict if self.breach or self.outside else None
        zone, unexpected = zone or _zone_before(process), self.unexpected
        kept = list(stays_text(self.stays, process.history, zone, process.rulebook.definition.events))
        if self.repeated and self.event is None:
            return " ".join(["Nothing to record.", *kept]) if kept else "nothing to record"
        judged = {"outside": self.outside, "in_doubt": self.in_doubt, "unexpected": unexpected}
        history = process.history
        earlier = range(len(history) - self.added + 1, len(history) + self.early)
        said = [entry_text(history[:number], zone, None) for number in earlier]
        if self.early and self.verdict is not None:
            said += ["Nothing to record yet.", sentence(self.verdict.text)]
        else:
            said += [entry_text(history, zone, verdict, **judged)]
        said += moves_text(self.moves, process.rulebook.definition.machines, process.states)
        said += turns_text(self.now_breaches, self.now_in_doubt, self.no_longer_breaches)
        said += kept
        return " ".join(said)

    def __bool__(self) -> bool:
        raise MisuseError("an outcome is neither true nor false", "ask outcome.refused or outcome.breach")

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        if self.refused and self.verdict is not None:
            return repr(self.verdict).replace("<Verdict", "<Outcome refused:", 1)
        judged = ", a breach" if self.breach else ", not judged" if self.outside else ""
        done = "repeated" if self.repeated else "recorded"
        if not self.process.history:
            return "<Outcome: nothing to record>"
        return shorten(f"<Outcome {done} {self.process.history[-1]!r}{judged}>")


class Turned(TypedDict):
    """The earlier events that are judged otherwise since an entry was added, as `Outcome` has them."""

    now_breaches: tuple[int, ...]
    now_in_doubt: tuple[int, ...]
    no_longer_breaches: tuple[int, ...]


def _zone_before(process: Process) -> tzinfo:
    """Return the employer's zone; if the last entry changes the place, that of the place until then."""
    last = process.history[-1] if process.history else None
    calendar = process.calendar
    return (calendar.at(last.at - MICROSECOND) if isinstance(last, Change) else calendar).zone


def turned_breaches(before: Process, after: Process, joined: Process | None = None) -> Turned:
    """Return the earlier events that what was added made breaches, put in doubt, or cleared.

    ``joined``: the process that the added events are of; then these count, too, but for its own breaches.
    """
    were, are = (
        {placed.event.number: placed.doubtful for placed in each.breaches} for each in (before, after)
    )
    stand = {placed.event.number for placed in after.timeline}
    added = {entry.number for entry in after.history[len(before.history) :]}
    if joined is not None:
        theirs = {_words(placed): placed.doubtful for placed in joined.breaches}
        new = [placed for placed in after.breaches if placed.event.number in added]
        were |= {each.event.number: theirs[_words(each)] for each in new if _words(each) in theirs}
        added = set()
    turned = {number: doubt for number, doubt in are.items() if were.get(number) is not doubt}
    now, in_doubt = (
        tuple(sorted(number for number, doubt in turned.items() if doubt is wanted and number not in added))
        for wanted in (False, True)
    )
    cleared = tuple(sorted((were.keys() - are.keys()) & stand))
    return Turned(now_breaches=now, now_in_doubt=in_doubt, no_longer_breaches=cleared)


def _words(placed: Placed) -> tuple[object, ...]:
    """Return what two histories say alike of one event."""
    event = placed.event
    return event.name, event.application, event.to, event.carried, event.since or event.at


new_outcome = builder(Outcome)
