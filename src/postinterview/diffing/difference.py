"""The answer of `diff`: what a change of rules does, part by part."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import field, frozen

from postinterview.core.rules.definitions import Definition
from postinterview.core.values.errors import MisuseError
from postinterview.core.values.formatting import say_count, say_list
from postinterview.diffing.change import Change
from postinterview.diffing.stories import StoryDifference
from postinterview.proof.bound import Bound
from postinterview.proof.comparison import Compared
from postinterview.proof.search.replay import StoryReplay

DifferenceVerdict: TypeAlias = Literal["equal", "words", "other", "looser", "stricter", "both", "unknown"]
Newly: TypeAlias = Literal["allowed", "refused"]
PromiseStatus: TypeAlias = Literal["kept", "broken", "loosened", "not known"]


@frozen
class PromiseChange:
    """A promise that is kept otherwise, or that one of the files doesn't make, or words otherwise.

    ``title`` says what it forbids, and ``why`` why a file loosens it. ``made``: whether the old file and the
    new one are held to it. Both are judged by it all the same. ``was`` and ``says``: what it forbade, and
    what it forbids now; empty unless these differ.
    """

    id: str
    title: str
    before: PromiseStatus
    after: PromiseStatus
    why: str = ""
    made: tuple[bool, bool] = (True, True)
    was: str = ""
    says: str = ""


@frozen
class ChoiceChange:
    """Choices of an act's field that only the old rules have, or only the new ones.

    An act that carries one is refused by the others, which don't know it. ``story``: the shortest in which
    those that have it allow such an act; None if none was found in time.
    """

    newly: Newly
    act: str
    field: str
    choices: tuple[str, ...]
    story: StoryReplay | None = None

    @property
    def carrying(self) -> str:
        """Return ``channel: call``, with all choices."""
        return f"{self.field}: {say_list(self.choices)}"


@frozen
class BoundChange:
    """The answers of both rulebooks to one question about the most contacts."""

    before: Bound
    after: Bound

    @property
    def is_changed(self) -> bool:
        """Return whether they are not the same."""
        return self.before.text != self.after.text


@frozen(kw_only=True)
class Difference:
    """The differences between two rulebooks. It has no truth value: ask for its ``verdict``.

    ``allowed``: for each act whether the new rules allow it somewhere where the old ones refuse it, with the
    story. ``refused``: the other way round. Each has one `Compared` for each act that it is about: its
    ``allowed`` is the story told to the rules that allow the last act, its ``refused`` the same story told to
    the others.
    ``choices``: those that only one of them has, for the acts that can carry them.
    ``changes``: what the files say otherwise, by meaning. ``promises``: those whose verdict changed.
    ``bounds``: empty unless asked for. ``stories``: those that go otherwise, of ``played`` in all.
    """

    old: Definition
    new: Definition
    allowed: tuple[Compared, ...]
    refused: tuple[Compared, ...]
    changes: tuple[Change, ...]
    choices: tuple[ChoiceChange, ...] = ()
    promises: tuple[PromiseChange, ...] = ()
    bounds: tuple[BoundChange, ...] = ()
    stories: tuple[StoryDifference, ...] = ()
    played: int = 0
    seconds: float = field(eq=False, default=0.0)

    @property
    def looser(self) -> tuple[Compared, ...]:
        """The acts that are newly allowed."""
        return tuple(each for each in self.allowed if each.verdict == "some")

    @property
    def stricter(self) -> tuple[Compared, ...]:
        """The acts that are newly refused."""
        return tuple(each for each in self.refused if each.verdict == "some")

    def counted(self, newly: Newly) -> int:
        """Return how many acts are newly allowed or refused, with any of their choices."""
        found = self.looser if newly == "allowed" else self.stricter
        acts = {each.act for each in self.choices if each.newly == newly}
        return len(acts | {each.act for each in found})

    @property
    def unknown(self) -> tuple[str, ...]:
        """The acts for which one of the directions is not known."""
        found = (each.act for each in (*self.allowed, *self.refused) if each.verdict == "unknown")
        return tuple(dict.fromkeys(found))

    @property
    def rule_changes(self) -> tuple[Change, ...]:
        """The changes that are not of words alone."""
        return tuple(each for each in self.changes if each.part != "words")

    @property
    def verdict(self) -> DifferenceVerdict:
        """Return whether the new rules are looser or stricter, by meaning.

        ``other``: they allow the same acts at the same times, and differ in dates, suggestions or states.
        ``words``: only titles and reasons differ. ``unknown``: one direction is not known.
        """
        looser, stricter = self.counted("allowed"), self.counted("refused")
        if looser and stricter:
            return "both"
        if self.unknown:
            return "unknown"
        if looser or stricter:
            return "looser" if looser else "stricter"
        return "other" if self.rule_changes else "words" if self.changes else "equal"

    @property
    def names(self) -> tuple[str, str]:
        """What to call the old and the new rules."""
        if self.old.name == self.new.name:
            return "the old rules", "the new rules"
        return f"`{self.old.name}`", f"`{self.new.name}`"

    @property
    def headline(self) -> str:
        """The answer in one sentence."""
        old, new = self.names
        looser, stricter = self.counted("allowed"), self.counted("refused")
        allowed = f"{new} allows {_acts(looser)} that {old} refuses"
        refused = f"refuses {_acts(stricter)} that {old} allows"
        if self.verdict == "both":
            said = f"looser and stricter: {allowed}, and {refused}"
        elif self.verdict == "unknown":
            known = [*([allowed] if looser else []), *([f"{new} {refused}"] if stricter else [])]
            missing = f"{_acts(len(self.unknown))} could not be compared fully"
            said = f"not known: {'; '.join((*known, missing))}"
        else:
            said = {
                "looser": f"looser: {allowed}, and refuses nothing that {old} allows",
                "stricter": f"stricter: {new} {refused}, and allows nothing that {old} refuses",
                "other": f"the same acts are allowed at the same times: {_other(self.changes)}",
                "words": f"equal by meaning: only words{' and promises' * bool(self.promises)} differ",
                "equal": "equal: the rules mean the same",
            }[self.verdict]
        return f"{said}."

    @property
    def summary(self) -> str:
        """The counts, as the last line of a report."""
        marks = [each.mark for each in self.rule_changes]
        counts = [
            f"{_acts(self.counted('allowed'))} looser, {self.counted('refused')} stricter",
            *([f"{len(self.unknown)} not known"] if self.unknown else []),
            f"rules: {marks.count('+')} added, {marks.count('~')} changed, {marks.count('-')} removed",
        ]
        if self.promises:
            counts.append(f"promises that differ: {len(self.promises)}")
        if self.played:
            counts.append(f"stories that go otherwise: {len(self.stories)} of {self.played}")
        return "; ".join(counts)

    @property
    def text(self) -> str:
        """The answer as a report, in lines."""
        from postinterview.diffing.report import difference_lines
        from postinterview.layout import plain

        return plain(difference_lines(self))

    def __bool__(self) -> bool:
        raise MisuseError("a difference is neither true nor false", 'ask difference.verdict == "equal"')

    def __repr__(self) -> str:
        return f"<Difference of {self.old.name} and {self.new.name}: {self.headline}>"


def _acts(count: int) -> str:
    return say_count(count, "act")


def _other(changes: tuple[Change, ...]) -> str:
    """Say what else than acts differs."""
    parts = dict.fromkeys(each.part for each in changes if each.part != "words")
    said = {
        "date": "dates",
        "due": "suggestions",
        "guard": "guards",
        "calendar": "the calendar",
        "class": "classes",
    }
    return f"only {say_list((said.get(part, f'{part}s') for part in parts), 'and')} differ"
