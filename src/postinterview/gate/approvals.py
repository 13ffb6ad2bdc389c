"""The part of the gate that is for people: recipients, and words that wait for a confirmation."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any, TypeVar

from attrs import evolve, frozen

from postinterview.core.answers.outcome import Outcome
from postinterview.core.values.errors import MisuseError, UnknownNameError
from postinterview.core.values.moments import in_utc
from postinterview.core.values.names import as_text, check_name
from postinterview.gate import moving, words
from postinterview.gate.notes import HeldNotes, Note, Notes
from postinterview.gate.recipients import Recipient, check_new, read_recipient
from postinterview.gate.words import MOST_PENDING, Operation, Preview, Word
from postinterview.stores import Keeper
from postinterview.stores.checks import check_key
from postinterview.stores.owners import key_of, prefix_of

Clock = Callable[[], datetime]
_Kept = TypeVar("_Kept", Recipient, Word)


def server_time() -> datetime:
    """Return the moment by the server's clock."""
    return datetime.now(UTC)  # noqa: TID251 - here is the rim: no agent gives the gate a time


@frozen(eq=False)
class Approvals:
    """Holds what a gate works with, and does what people do there. Keys are those of the owner.

    Attributes:
        keeper: where processes are kept.
        notes: where recipients and pending words are kept.
        clock: returns the present moment, with a zone.
        owner: the user whose processes they are; None: keys are the keeper's own.
    """

    keeper: Keeper
    notes: Notes
    clock: Clock = server_time
    owner: str | None = None

    @property
    def prefix(self) -> str:
        """What the keeper's keys of these processes begin with."""
        return "" if self.owner is None else prefix_of(self.owner)

    def key(self, key: str | int) -> str:
        """Return the key by which the keeper knows a process."""
        found: str = as_text(key) if self.owner is None else key_of(self.owner, key)
        check_key("key", found)
        return found

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return in_utc(self.clock()).astimezone(UTC)

    # --- recipients -----------------------------------------------------------------------------------

    def register(
        self, key: str | int, recipient: str, /, *, person: str | int | None = None, shared: bool = False
    ) -> Recipient:
        """Say that messages of a process may go to an address, a domain or a telephone number.

        Args:
            key: the key of the process.
            recipient: ``ana@acme.example``; or ``acme.example``, for every address there and at its
                subdomains; or ``+41 44 123 45 67``.
            person: the person whose address it is. What is to one person goes to an address of this person.
            shared: another key has a recipient with the same domain, and it is another employer: an agency or
                a portal writes for both.

        Raises:
            UnknownKeyError: there is no such process.
            TakenKeyError: the recipient belongs to another key, or seems to.
            MisuseError: it is no recipient, or a domain that many employers share, or a `move` or `join` of
                this process was interrupted.
        """
        of = self.key(key)
        new = self.check(key, recipient, person=person, shared=shared)
        self.keeper.load(of)
        with self.notes.writing() as held:
            self._check_new(held, new, shared=shared)
            text = json.dumps({"kind": new.kind, "person": new.person})
            held.put(Note(kind="recipient", key=of, id=new.name, text=text))
        return new

    def check(
        self, key: str | int, recipient: str, /, *, person: str | int | None = None, shared: bool = False
    ) -> Recipient:
        """Return a recipient as `register` would, whether there is such a process or not. Nothing is written.

        Raises:
            MisuseError: as for `register`.
        """
        name, kind = read_recipient(recipient)
        whose = as_text(person)
        if whose is not None:
            check_name(whose, f"`{person!r}` is not a person", "give the person's key as a text")
        new = Recipient(key=self.key(key).removeprefix(self.prefix), name=name, kind=kind, person=whose)
        self._check_new(self.notes, new, shared=shared)
        return new

    def unregister(self, key: str | int, recipient: str, /) -> bool:
        """Say that messages may no longer go there; return whether they might."""
        name, _ = read_recipient(recipient)
        with self.notes.writing() as held:
            return bool(held.drop(self.key(key), kind="recipient", id=name))

    def recipients(self, key: str | int | None = None, /) -> tuple[Recipient, ...]:
        """Return the recipients of a process, or of all."""
        return tuple(self._named(each) for each in _recipients(moving.in_use(self._find("recipient", key))))

    # --- words ----------------------------------------------------------------------------------------

    def propose(
        self,
        key: str | int,
        operation: Operation,
        said: Mapping[str, Any] | None = None,
        /,
        *,
        because: str = "",
        **arguments: Any,
    ) -> Word:
        """Keep what somebody says who may not record it, until a person confirms it.

        Args:
            key: the key of the process.
            operation: ``record``, ``retract``, ``known``, ``unknown`` or ``change``.
            said: arguments that come from outside, whatever their names are.
            because: why, such as the line of a mail that says so.
            arguments: those of the keeper's method. For ``record`` they are ``event``, ``happened``, ``to``,
                ``application`` and ``fields``; ``of`` has the events of ``known`` and ``unknown``.

        Returns:
            the word; if the same one waits already, that one.

        Raises:
            MisuseError: it could not be recorded, or too many words wait already.
        """
        of, now = self.key(key), self.now()
        word = Word(
            id=token_hex(6),
            key=of,
            operation=operation,
            arguments=words.arguments_of(operation, {**(said or {}), **arguments}, now),
            because=words.reason_of(because),
            proposed=now,
        )
        words.preview(self.keeper, self.keeper.load(of), word, now)
        with self.notes.writing() as held:
            moving.check_still(held, self.prefix, of)
            waiting = _words(held.find("pending", key=of))
            same = next((each for each in waiting if each.same(word)), None)
            if same is None and len(waiting) >= MOST_PENDING:
                message = f"{len(waiting)} words wait for a confirmation under `{key}`"
                raise MisuseError(message, "let a person confirm or decline them first")
            if same is None:
                held.put(_note(word))
            return self._named(same or word)

    def pending(self, key: str | int | None = None, /) -> tuple[Word, ...]:
        """Return the words of a process, or of all, that wait for a person."""
        return tuple(self._named(each) for each in _words(moving.in_use(self._find("pending", key))))

    def preview(self, id: str) -> Preview:
        """Return what would become of the process if a word was confirmed now. Nothing is written."""
        word = self._word(self.notes, id)
        return words.preview(self.keeper, self.keeper.load(word.key), word, self.now())

    def confirm(self, id: str) -> Outcome:
        """Record a word that waits. Only a person may say so.

        If it is interrupted, confirm again: it is recorded once.

        Raises:
            UnknownNameError: no word with this id waits.
            MisuseError: it can no longer be recorded. It waits on, to be declined.
        """
        with self.notes.writing() as held:
            word = self._word(held, id)
            held.put(_note(evolve(word, state="confirming")))
        try:
            outcome = words.perform(self.keeper, word.key, word, self.now())
        except MisuseError:
            with self.notes.writing() as held:
                if any(each.id == id for each in moving.in_use(held.find("pending", key=word.key))):
                    held.put(_note(evolve(word, state="pending")))
            raise
        with self.notes.writing() as held:
            held.drop(word.key, kind="pending", id=id)
        return outcome

    def decline(self, id: str) -> bool:
        """Forget a word that waits; return whether it was there.

        Raises:
            MisuseError: somebody confirms it, or began to and was interrupted.
        """
        with self.notes.writing() as held:
            try:
                word = self._word(held, id)
            except UnknownNameError:
                return False
            if word.state == "confirming":
                message = f"the word `{id}` is being confirmed, and may be recorded already"
                raise MisuseError(message, "confirm it, and retract what it recorded")
            return bool(held.drop(word.key, kind="pending", id=id))

    # --- processes ------------------------------------------------------------------------------------

    def forget(self, key: str | int) -> bool:
        """Erase a process, its recipients and its pending words; return whether there was any of it."""
        of = self.key(key)
        found = self.keeper.forget(of)
        # After an interrupted `move` the notes are still under the old key.
        olds = moving.keys_on_the_way(self.notes, self.prefix, of)
        left = [each for each in olds if self.keeper.store.load(each) is None]
        with self.notes.writing() as held:
            gone = held.drop(of) + sum(held.drop(each) for each in left)
            return bool(gone) or found

    def move(self, key: str | int, new: str | int, /) -> None:
        """Give a process another key, with its recipients and pending words (see `Keeper.move`).

        If it is interrupted, make the same call again. Until then nobody gets messages of either process. If
        another process was started under one of the keys meanwhile, `join(new, key)` ends it.

        Raises:
            UnknownKeyError: there is no process under ``key``.
            ConflictError: there is one under ``new``.
            MisuseError: ``new`` can't be a key, or another `move` or `join` of one of them was interrupted.
        """
        moving.move(self.keeper, self.notes, self.prefix, self.key(key), self.key(new))

    def join(self, key: str | int, other: str | int, /) -> None:
        """Make one process of two, with the recipients and pending words of both (see `Keeper.join`).

        If it is interrupted, make the same call again. Until then nobody gets messages of the other process.

        Raises:
            UnknownKeyError: there is no process under one of the keys.
            MisuseError: the keys are the same, or another `move` or `join` of one of them was interrupted.
        """
        moving.join(self.keeper, self.notes, self.prefix, self.key(other), self.key(key))

    def export(self, key: str | int) -> dict[str, Any]:
        """Return what the gate knows beside a process: its recipients and pending words, in plain types."""
        recipients = [
            {"name": each.name, "kind": each.kind, "person": each.person} for each in self.recipients(key)
        ]
        return {"recipients": recipients, "pending": [each.as_json() for each in self.pending(key)]}

    # --- helpers --------------------------------------------------------------------------------------

    def _find(self, kind: Any, key: str | int | None) -> tuple[Note, ...]:
        if key is None:
            return self.notes.find(kind, prefix=self.prefix)
        return self.notes.find(kind, key=self.key(key))

    def _check_new(self, notes: Notes | HeldNotes, new: Recipient, *, shared: bool) -> None:
        moving.check_still(notes, self.prefix, self.key(new.key))
        # What is on the way to another key is taken, too.
        others = _recipients(notes.find("recipient", prefix=self.prefix))
        check_new(new, [self._named(each) for each in others], shared=shared)

    def _word(self, notes: Notes | HeldNotes, id: str) -> Word:
        waiting = moving.in_use(notes.find("pending", prefix=self.prefix))
        found = next((each for each in waiting if each.id == id), None)
        if found is None:
            raise UnknownNameError(
                f"no word `{id}` waits for a confirmation", "take an id from the list of those that do"
            )
        return words.of_text(found.key, found.id, found.text)

    def _named(self, each: _Kept) -> _Kept:
        """Return a recipient or word with the owner's own key."""
        return evolve(each, key=each.key.removeprefix(self.prefix))


def _recipients(notes: tuple[Note, ...]) -> list[Recipient]:
    return [Recipient(key=each.key, name=each.id, **moving.said(each)) for each in notes]


def _words(notes: tuple[Note, ...]) -> list[Word]:
    return [words.of_text(each.key, each.id, each.text) for each in notes]


def _note(word: Word) -> Note:
    return Note(kind="pending", key=word.key, id=word.id, text=words.to_text(word))
