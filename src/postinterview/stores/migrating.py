"""Every process of a store carried over to rules that changed, or what would become of each, said before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from attrs import evolve, frozen

from postinterview.core.errors import MisuseError, SavedError
from postinterview.saving.answers import Answer, Fate, answer_to
from postinterview.stores.keeper import TRIES, Keeper
from postinterview.stores.protocol import ConflictError, Kept
from postinterview.stores.texts import lines_of, saved_in, standing_of

PAGE = 1000
"""So many keys are held at a time."""

Told = Callable[[str, Answer], object]


@frozen
class Migrated:
    """How many processes there are of each fate, and how many were written.

    ``left``: how many could go on when they were asked about, and not any more when they were to be written.
    """

    counts: Mapping[Fate, int]
    written: int = 0
    left: int = 0

    @property
    def stuck(self) -> bool:
        """Whether some can't go on under the rules."""
        return bool(self.counts.get("refused") or self.counts.get("damaged") or self.left)


def migrate(
    keeper: Keeper, *, check: bool = False, told: Told | None = None, wrote: Told | None = None
) -> Migrated:
    """Carry every process of a keeper's store over to the keeper's rules, or only say what would happen.

    First it asks of each what would become of it, and calls ``told`` with its key and the `Answer`. Only
    if none is refused or damaged, and not with ``check``, it goes through them once more and writes each
    that is to be written, in a transaction of its own, and calls ``wrote``. Others may write meanwhile, under
    these rules: a process is asked about as it stands when it is written, and left as it is (and told
    again) if it can't go on any more. Broken off, it can be called again: what was written is unchanged then.

    It holds one page of keys and one process at a time.
    """
    counts: Counter[Fate] = Counter()
    for key, answer in ask(keeper):
        counts[answer.fate] += 1
        if told is not None:
            told(key, answer)
    if check or Migrated(counts).stuck:
        return Migrated(counts)
    done: Counter[bool] = Counter()
    for key, answer in carry_over(keeper):
        done[answer.can_be] += 1
        say = wrote if answer.can_be else told
        if say is not None:
            say(key, answer)
    return Migrated(counts, done[True], done[False])


def ask(keeper: Keeper) -> Iterator[tuple[str, Answer]]:
    """What would become of each process, with its key; nothing is written."""
    for key in keeper.keys(page=PAGE):
        _, answer = _asked(keeper, key)
        if answer is not None:
            yield key, answer


def carry_over(keeper: Keeper) -> Iterator[tuple[str, Answer]]:
    """Write what is to be written anew; with the key of each that was, and of each that can't be.

    Raises:
        ConflictError: others wrote a process time and again.
    """
    for key in keeper.keys(page=PAGE):
        answer = _carry_over(keeper, key)
        if answer is not None and answer.fate != "unchanged":
            yield key, answer


def _carry_over(keeper: Keeper, key: str) -> Answer | None:
    for _ in range(TRIES):
        kept, answer = _asked(keeper, key)
        if kept is None or answer is None or answer.process is None or not answer.changes:
            return answer
        lines = lines_of(answer.process, [line.once for line in kept.lines])
        try:
            keeper.store.rewrite(key, kept.version, lines, standing_of(answer.process, key))
        except ConflictError:
            continue
        return answer
    raise ConflictError(f"others wrote the process `{key}` {TRIES} times in between")


def _asked(keeper: Keeper, key: str) -> tuple[Kept | None, Answer | None]:
    """A process as it is kept now, and what becomes of it; neither where it is gone meanwhile."""
    try:
        kept = keeper.store.load(key)
    except (MisuseError, SavedError) as error:  # somebody wrote the row past every check
        path = getattr(error, "path", "key")
        return None, Answer(fate="damaged", message=error.message, help=error.help, path=path)
    if kept is None:
        return None, None
    answer = answer_to(keeper.rulebook, lambda: saved_in(key, kept))
    if answer.process is None or answer.fate != "unchanged" or answer.process.next_due == kept.standing.due:
        return kept, answer
    return kept, evolve(answer, fate="goes_on")  # clocks and calendars change without the rules
