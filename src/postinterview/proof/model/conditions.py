"""Conditions on variables: what guards and promises ask, in the same few atoms.

A condition has options, and each option is a tuple of atoms that hold together. An atom looks at one
variable. If it speaks of time, it answers with bounds on that variable's clocks. Example: ``apart: 7 days,
from: message`` becomes two options: (a message is known, and 7 days have come since), or (no message is
known). `guards` has what each guard asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from attrs import evolve, frozen

from postinterview.proof.model import variables as v
from postinterview.proof.model.credits import CreditBucket
from postinterview.proof.model.labels import Stage
from postinterview.proof.model.machine_states import MachineState
from postinterview.proof.model.tally import Tallied

Bounds: TypeAlias = tuple[tuple[v.ClockName, int, bool], ...]
"""Clocks of a variable, each with a constant in microseconds and whether it is below that (or at least)."""


@frozen(cache_hash=True)
class AtLeast:
    """A count or a bucket has at least ``number``; negated: fewer.

    ``micros``: of the latest, those less than so many microseconds ago.
    """

    variable: v.EventCount | CreditBucket | v.Recent
    number: int
    negated: bool = False
    micros: int = 0

    def holds(self, value: v.Value) -> Bounds | None:
        if v.pair(value)[0] < self.number:
            return () if self.negated else None
        if not (self.micros and self.number):
            return None if self.negated else ()
        return ((self.number - 1, self.micros, not self.negated),)


@frozen(cache_hash=True)
class IsKnown:
    """The anchor has happened, or its date is set; negated: not."""

    variable: v.TimeAnchor
    negated: bool = False

    def holds(self, value: v.Value) -> Bounds | None:
        return () if (v.pair(value)[0] > 0) is not self.negated else None


@frozen(cache_hash=True)
class HasCome:
    """A known anchor's instant and ``micros`` microseconds after it have come; negated: not yet."""

    variable: v.TimeAnchor
    instant: int = 0
    micros: int = 0
    negated: bool = False

    def holds(self, value: v.Value) -> Bounds | None:
        if v.pair(value)[0] < 2 + self.instant:
            return () if self.negated else None
        if not self.micros:
            return None if self.negated else ()
        return ((self.instant, self.micros, self.negated),)


@frozen(cache_hash=True)
class InStates:
    """The machine is in one of the states."""

    variable: MachineState
    states: frozenset[str]

    def holds(self, value: v.Value) -> Bounds | None:
        return () if value in self.states else None


@frozen(cache_hash=True)
class InStage:
    """The place has come to one of the stages."""

    stages: frozenset[Stage]
    variable: None = None

    def holds(self, value: v.Value) -> Bounds | None:
        return () if value in self.stages else None


Atom: TypeAlias = AtLeast | Tallied | IsKnown | HasCome | InStates | InStage
"""``holds`` gives the bounds on clocks under which an atom holds of a value; None if it does not hold."""

Options: TypeAlias = tuple[tuple[Atom, ...], ...]

ALWAYS: Options = ((),)
NEVER: Options = ()


def conjunction(*lists: Iterable[Atom]) -> tuple[Atom, ...]:
    """Return all atoms of the lists, each once."""
    return tuple(dict.fromkeys(atom for atoms in lists for atom in atoms))


def contradicts(atoms: tuple[Atom, ...], others: tuple[Atom, ...] | None = None) -> bool:
    """Return whether one of the atoms is the opposite of another, or of one of the ``others``."""
    if others is None:
        return not _opposites(atoms).isdisjoint(atoms)
    return not _opposites(others).isdisjoint(atoms)


@lru_cache(maxsize=2**14)
def _opposites(atoms: tuple[Atom, ...]) -> frozenset[Atom]:
    signed = (each for each in atoms if isinstance(each, AtLeast | Tallied | IsKnown | HasCome))
    return frozenset(map(_opposite, signed))


@lru_cache(maxsize=2**12)
def _opposite(atom: AtLeast | Tallied | IsKnown | HasCome) -> Atom:
    return evolve(atom, negated=not atom.negated)


def looked_at(options: Iterable[tuple[Atom, ...]]) -> set[object]:
    """Return the variables that the atoms look at; an atom without one stands for itself."""
    return {atom.variable or atom for option in options for atom in option}
