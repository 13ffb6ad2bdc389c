"""Stateful tests drive the real engine with random events, and no proved promise is ever broken.

They act around the moments at which rules turn, in time zones whose clocks change, on days that are no
business days, and against the rules as well. The oracle looks at nothing but the bare history.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

import postinterview as pi
from postinterview.core.process import Process
from postinterview.proof.model.trace import Trace
from postinterview.proof.prove import Proof
from tests.oracle.reading import Rules
from tests.oracle.stories import plain
from tests.proof.packaged import PROOF, RULEBOOK
from tests.proof.test_random_rules import allowed_and_wrong, is_inside, parts, proof_of, view_of_part
from tests.proof.test_relation import play
from tests.strategies.hand import Hand
from tests.strategies.packaged import packaged
from tests.strategies.runs import HOLIDAYS, ZONES, Teller, all_given
from tests.strategies.scale import IS_LONG
from tests.strategies.writing import written

DEFAULT = plain((Path(__file__).parents[2] / "rules" / "default.yaml").read_text(encoding="utf-8"))


class Life(RuleBasedStateMachine):
    """One candidate and one employer. ``proof``: what is known of the rules."""

    process: Process
    proof: Proof
    book: Rules
    teller: Teller

    def begin(self, data: st.DataObject, rulebook: pi.Rulebook, rules: Rules, proof: Proof) -> None:
        hand = Hand(data.draw)
        zone = hand.one(ZONES)
        applications = ("main", "other") if hand.chance(40) else (None,)
        self.teller = Teller(hand, rules, zone, applications)
        self.process = rulebook.start("acme", zone, holidays=hand.some(HOLIDAYS))
        self.book, self.proof = rules, proof
        self.proved = {result.id for result in proof.results if result.verdict == "proved"}

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """A fact, or an act that is tried, or done whatever the rules say."""
        self.teller.hand = Hand(data.draw)
        step = self.teller.step(corrections=False)
        self.judge(step.at)
        self.process = play(self.process, step)

    @rule(data=st.data())
    def what_is_allowed_is_done(self, data: st.DataObject) -> None:
        hand = self.teller.hand = Hand(data.draw)
        at = self.teller.moment()
        allowed = self.judge(at)
        if allowed:
            chosen = hand.one(allowed)
            fields = all_given(self.book, chosen.event, at)
            self.process = self.process.do(
                chosen.event, at=at, to=chosen.to, application=chosen.application, **fields
            ).process

    def judge(self, at: datetime) -> list[pi.Verdict]:
        """What is allowed now; none of it may break what was proved."""
        judged = list(allowed_and_wrong(self.process, at))
        for verdict, wrong in judged:
            assert not wrong & self.proved, (verdict, wrong & self.proved)
        return [verdict for verdict, _ in judged]

    def teardown(self) -> None:
        """Wherever the life has come to, it is inside the certificate."""
        if not hasattr(self, "process") or not self.process.timeline:
            return
        at = self.process.timeline[-1].at
        places = {verdict.event: verdict for verdict in self.process.verdicts(at=at)}
        for result, part in parts(self.proof):
            verdict = places.get(part.act)
            if part.verdict == "proved" and verdict is not None:
                trace = Trace(
                    view_of_part(self.proof, result, part), self.process, verdict.application, verdict.to
                )
                trace.follow(at)
                assert not trace.strays, (result.id, verdict)
                assert is_inside(part, trace, at), (result.id, verdict)


class DefaultLife(Life):
    @initialize(data=st.data())
    def start(self, data: st.DataObject) -> None:
        self.begin(data, RULEBOOK, DEFAULT, PROOF)


class RandomLife(Life):
    @initialize(data=st.data(), rules=packaged())
    def start(self, data: st.DataObject, rules: Rules) -> None:
        text = written(rules)
        self.begin(data, pi.load_rulebook(text=text), rules, proof_of(text))


DefaultLife.TestCase.settings = settings(max_examples=2000 if IS_LONG else 8, stateful_step_count=25)
RandomLife.TestCase.settings = settings(max_examples=3000 if IS_LONG else 12, stateful_step_count=15)
TestDefaultLives = DefaultLife.TestCase
TestRandomLives = RandomLife.TestCase
