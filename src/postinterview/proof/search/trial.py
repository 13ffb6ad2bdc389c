"""Try short histories on both engines until one shows a difference.

A search knows less of calendars than the engines do. So where it finds no story that they follow, a few
hundred short histories are tried: those first after which the new rulebook has the fewest reasons to refuse
the act. The engines themselves say when the act opens and closes, so the first moment at which they differ is
found without steps of time. Then the same histories are begun on other days: so that what business days are
counted from lies right before a day that is free in one calendar only, and on each day of a week.

Example: the new rules have the holidays of Germany, and forbid a call later than 60 days after the answer was
due, which is a business day after the date they named. After "interview, they decide by Friday" both engines
close on one day. So it is begun again with Maundy Thursday as that date, before four days that are free in
Germany, and the new rules still allow a call 64 days later.

A history that shows nothing proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import product

from attrs import evolve

from postinterview.core.values.moments import ONE_DAY, LocalCalendar
from postinterview.proof.model.labels import dates_in
from postinterview.proof.search.candidates import counted_from, free_days
from postinterview.proof.search.difference import MOST_TURNS, Difference
from postinterview.proof.search.histories import GAPS, Histories, Node, moved_to
from postinterview.proof.search.path import STORY_START, Story
from postinterview.proof.search.refinement import Limits
from postinterview.proof.search.replay import StoryReplay, replay
from postinterview.proof.search.retelling import moved

MOST_KEPT = 60
"""The most histories that are begun on other days."""

FEW_TURNS = 4
"""How often the act opens in the first look at a history."""

WEEK, MOST_WEEKS = timedelta(days=7), 14
DAYS_AHEAD = (1, 2, 3, 5, 8, 11, 41, 42)
"""What business days are counted from, or the story's begin, lies so many days before a free day."""

Found = tuple[StoryReplay, Difference]


def trial(
    questions: Sequence[Difference],
    limits: Limits,
    calendars: tuple[LocalCalendar, LocalCalendar],
    near: Sequence[Story] = (),
    *,
    legal: bool = False,
) -> Found | None:
    """Return a story that answers one of the questions, if one is found in time.

    ``near``: stories that are tried first, and longer ones after each. ``legal``: both rulebooks allow every
    act in it but the last.
    """
    by_noes = {each.refusal.noes: each for each in reversed(questions)}
    free = free_days(*calendars)
    for noes in sorted(by_noes, key=len):
        alike = [each for each in questions if each.refusal.noes == noes]
        found = _Trial(alike, limits, free, near, legal=legal).run()
        if found is not None:
            return found
    return None


def retrial(
    questions: Sequence[Difference],
    limits: Limits,
    calendars: tuple[LocalCalendar, LocalCalendar],
    known: Iterable[StoryReplay],
) -> Found | None:
    """Return a story that answers one of the questions with the history of one of the known stories.

    Acts with the same guards differ after the same histories, so the story of one shows the next one.
    """
    by_noes = {each.refusal.noes: each for each in reversed(questions)}
    for told, noes in product(known, by_noes):
        alike = [each for each in questions if each.refusal.noes == noes]
        found = _Trial(alike, limits, free_days(*calendars), legal=False).again(told.story)
        if found is not None:
            return found
    return None


class _Trial:
    """The histories of some questions that share their processes."""

    def __init__(
        self,
        questions: Sequence[Difference],
        limits: Limits,
        free: Sequence[date],
        near: Sequence[Story] = (),
        *,
        legal: bool,
    ) -> None:
        self.questions, self.limits, self.free = questions, limits, free
        self.first = questions[0]
        for each in questions:
            each.limits = limits
        now = limits.clock()  # where calendars differ, most of the time goes to other days
        enough = evolve(limits, deadline=now + (limits.deadline - now) * (0.25 if free else 0.85))
        self.histories = Histories(questions, enough.is_late, near, legal=legal)
        self.acts = self.histories.acts
        self.counted = frozenset(counted_from(questions))

    def run(self) -> Found | None:
        """Return a story, if one is found in time."""
        kept: list[Node] = []
        for node, look in self.histories:
            if look.opens or len(self.acts) > 1:
                found = self._shown_by(node, MOST_TURNS if look.differs else FEW_TURNS)
                if found is None and self.first.hours and not look.differs and len(kept) < MOST_KEPT:
                    found = self._shown_later_by(node)
                if found is not None:
                    return found
            if look.opens:
                kept.append(node)
        for node, later in self._other_days(kept[:MOST_KEPT]):
            if self.limits.is_late():
                return None
            begun = self._begun_later(later, node)
            if begun is not None and (found := self._shown_by(begun, MOST_TURNS)):
                return found
        return None

    def again(self, story: Story) -> Found | None:
        """Return the story with this act instead of the last one, if it shows a difference then or later."""
        node = self.histories.of(story.happenings)
        if node is None:
            return None
        place = None if self.first.relation.act.employer_wide else story.act.application
        self.acts = tuple(evolve(each, application=place) for each in self.acts)
        return self._shown_by(node, MOST_TURNS)

    def _other_days(self, kept: Sequence[Node]) -> Iterator[tuple[Node, timedelta]]:
        """Yield histories, and how much later they are begun."""
        days = {number: self._counted_days(node) for number, node in enumerate(kept)}
        for ahead, free, (number, node) in product(DAYS_AHEAD, self.free, enumerate(kept)):
            yield from ((node, free - ahead * ONE_DAY - day) for day in days[number])
        for weekday, node in product(range(7), kept):
            yield node, weekday * ONE_DAY
        for ahead, free, node in product(DAYS_AHEAD, self.free, kept):
            yield node, free - ahead * ONE_DAY - STORY_START.date()

    def _counted_days(self, node: Node) -> set[date]:
        """Return the days from which one of the rulebooks counts business days."""
        days = set[date]()
        for each in node.told:
            if ("", each.event) in self.counted:
                days.add(each.at.date())
            fields = self.first.relation.definition.events[each.event].fields
            for name, value in each.carried:
                if isinstance(value, date) and any(
                    (named, each.event) in self.counted for named in dates_in(fields[name].sets)
                ):
                    days.add(value)
        return days

    def _begun_later(self, later: timedelta, node: Node) -> Node | None:
        begun: Node | None = self.histories.root
        for each in node.told:
            late = begun is None or self.limits.is_late()
            begun = None if begun is None or late else self.histories.after(begun, moved(each, later))
        return begun

    def _shown_by(self, node: Node, turns: int, later: timedelta = GAPS[0]) -> Found | None:
        """Return the story if the engines differ after this history, before the act opens so many times."""
        for act in self.acts:
            begun = node.at + later
            at = self.first.differs_at(node.new, node.old, moved_to(act, begun), begun, turns)
            made = None if at is None else replay(self.first.start, Story(node.told, moved_to(act, at)))
            for question in self.questions:
                if made is not None and question.confirms(made):
                    return made, question
        return None

    def _shown_later_by(self, node: Node) -> Found | None:
        """Return the story if the engines differ weeks later. Office hours open it daily until then."""
        found = (self._shown_by(node, 1, weeks * WEEK) for weeks in range(1, MOST_WEEKS))
        return next(filter(None, found), None)
