"""Define what the statuses of a host's board stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import field, frozen

from postinterview.core.rules.definitions import Definition
from postinterview.core.steps.event_input import event_called
from postinterview.core.values.errors import MisuseError, UnknownStatusError
from postinterview.core.values.formatting import shorten
from postinterview.core.values.frozen_mapping import FrozenMapping
from postinterview.core.values.names import is_name, unknown_name, word_among
from postinterview.core.values.suggest import instead_of, ticked


def _frozen_events(events: object) -> Mapping[str, str | None]:
    if not isinstance(events, Mapping) or not events:
        raise MisuseError(
            f"{events!r} is no map of statuses",
            'give each status its event, such as {"Interview": "interview", "Archived": None}',
        )
    for status, event in events.items():
        if not (event is None or isinstance(event, str)):
            raise MisuseError(f"{event!r} is no event, for {status!r}", "give the name of an event, or None")
    return FrozenMapping(events)


def _frozen_words(also: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(also, Mapping) or any(isinstance(words, str) for words in also.values()):
        example = 'give each status a list of them: also={"Rejected": ["No", "Absage"]}'
        raise MisuseError(f"{also!r} can't be other words for statuses", example)
    return FrozenMapping({status: tuple(words) for status, words in also.items()})


def folded(word: str) -> str:
    """Return a word of a board as it is compared: whatever its letter case and its spaces."""
    return " ".join(word.split()).casefold()


@frozen(repr=False)
class StatusMap:
    """Says what the statuses of a board stand for.

    ``"Offer" in statuses`` tells whether a word is a status, or another word for one. A status or word that
    ends with ``*`` stands for all words that begin so. Of several, a word that is the same counts first, then
    the longest.

    Attributes:
        events: each status, in the order of the board, and the event that a card there stands for; None if
            none does. Several statuses may stand for one event: each is entered once.
        also: other words for a status, such as those of another language.

    Raises:
        MisuseError: ``events`` is no mapping of texts, or a word means two statuses. Letter case and spaces
            don't matter.
        UnknownNameError: ``also`` names no status.
    """

    events: Mapping[str, str | None] = field(
        converter=_frozen_events, eq=lambda events: tuple(events.items())
    )
    also: Mapping[str, tuple[str, ...]] = field(converter=_frozen_words, factory=dict)
    _statuses: Mapping[str, str] = field(init=False, eq=False)

    @_statuses.default
    def _by_word(self) -> Mapping[str, str]:
        found: dict[str, tuple[str, str]] = {}
        for status, word in self._words():
            if not is_name(word):
                raise MisuseError(f"{word!r} is no status", "give the text that the board shows")
            if folded(word) in found:
                message = f"`{found[folded(word)][1]}` and `{word}` are one status"
                raise MisuseError(message, "write it in one way, and once")
            found[folded(word)] = status, word
        return FrozenMapping({word: status for word, (status, _) in found.items()})

    def _words(self) -> Iterator[tuple[str, str]]:
        """Yield each status and each word for one, with the status that it means."""
        yield from ((status, status) for status in self.events)
        for status, words in self.also.items():
            if status not in self.events:
                raise unknown_name("status", status, self.events)
            yield from ((status, word) for word in words)

    def __repr__(self) -> str:
        return shorten(f"<StatusMap {', '.join(self.events)}>")

    def __contains__(self, word: object) -> bool:
        return self._status(word) is not None

    def _status(self, word: object) -> str | None:
        listed = word_among(folded(word), self._statuses) if isinstance(word, str) else None
        return None if listed is None else self._statuses[listed]

    def status(self, word: object) -> str:
        """Return the status that a word of the board means, as ``events`` writes it.

        Raises:
            UnknownStatusError: it means none.
        """
        status = self._status(word)
        if status is not None:
            return status
        known = [*self.events, *(word for words in self.also.values() for word in words)]
        help = instead_of(word, known) if isinstance(word, str) else "give the text that the board shows"
        if not help:
            help = f"the map has {ticked(self.events, 'and')}; list other words of the board under `also`"
        raise UnknownStatusError(f"unknown status `{word}`", help, word)


def check_statuses(statuses: object, definition: Definition) -> None:
    """Check that the rules know the events of a map of statuses.

    Raises:
        MisuseError: it is none.
        UnknownNameError: they don't.
    """
    if not isinstance(statuses, StatusMap):
        raise MisuseError(f"{statuses!r} is no map of statuses", 'give StatusMap({"Interview": "interview"})')
    for event in filter(None, statuses.events.values()):
        event_called(definition, event)
