"""The answer of a comparison: for each act whether it is newly allowed, and the story that shows it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import field, frozen

from postinterview.core.rules.definitions import Definition
from postinterview.core.values.errors import MisuseError
from postinterview.proof.search.replay import StoryReplay

ComparedVerdict: TypeAlias = Literal["none", "some", "unknown"]


@frozen
class Compared:
    """The result for one act.

    ``is_contact``: whether it reaches the employer, by the word of either file.
    ``allowed``: the shortest story, told to the new rulebook; ``refused``: the same story told to the old
    one, or None if that knows no such act. ``supposing``: custom functions of the old rulebook that answer no
    in it. ``shown_by``: if no search found a story, the step of a given one that shows it.
    """

    act: str
    is_contact: bool
    verdict: ComparedVerdict
    seconds: float = field(eq=False)
    states: int
    allowed: StoryReplay | None = None
    refused: StoryReplay | None = None
    supposing: tuple[str, ...] = ()
    why_unknown: str = ""
    shown_by: str = ""

    def __repr__(self) -> str:
        return f"<Compared {self.act}: {self.verdict}>"


@frozen
class Comparison:
    """One result for each act of the new rulebook. It has no truth value: ask for its ``verdict``."""

    old: Definition
    new: Definition
    acts: tuple[Compared, ...]

    @property
    def verdict(self) -> ComparedVerdict:
        """``some`` if any act is newly allowed, else ``unknown`` if any is unknown, else ``none``."""
        verdicts = {act.verdict for act in self.acts}
        return "some" if "some" in verdicts else "unknown" if "unknown" in verdicts else "none"

    @property
    def summary(self) -> str:
        """A summary of what the new rules allow, such as ``1 of 9 acts are newly allowed``."""
        some = sum(each.verdict == "some" for each in self.acts)
        return {
            "none": "the new rules allow no act that the old ones refused",
            "some": f"{some} of {len(self.acts)} acts are newly allowed",
            "unknown": "nothing newly allowed was found, and not everything was looked at",
        }[self.verdict]

    @property
    def text(self) -> str:
        """The verdict as a short paragraph for a person."""
        said = [f"{self.new.name} after {self.old.name}: {self.summary}."]
        said += [f"`{each.act}` is newly allowed." for each in self.acts if each.verdict == "some"]
        said += [f"`{each.act}`: {each.why_unknown}." for each in self.acts if each.verdict == "unknown"]
        return " ".join(said)

    def __bool__(self) -> bool:
        raise MisuseError("a comparison is neither true nor false", 'ask comparison.verdict == "none"')

    def __repr__(self) -> str:
        return f"<Comparison of {self.old.name} and {self.new.name}: {self.summary}>"
