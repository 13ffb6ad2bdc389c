"""The input of a lint: rules with the places of their values, and the rules to compare them with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import TypeAlias

from attrs import define, evolve, frozen

from postinterview.core.rules.definitions import Definition, Guard, Origin, Scope, Transition
from postinterview.core.values.suggest import ticked
from postinterview.loading.diagnostics import Diagnostic, Label, Span
from postinterview.loading.link_events import origin_of
from postinterview.loading.nodes import Mapping as MappingNode
from postinterview.loading.nodes import Node, Scalar, Sequence
from postinterview.loading.report import span_of
from postinterview.loading.source_text import entries_of, in_one_line

Path: TypeAlias = tuple[str, ...]
TransitionKey: TypeAlias = tuple[str, str]
"""The machine and the id of a transition."""

_SHOWN = 2
"""So many names are shown of a longer list."""


@define(eq=False, slots=False)
class Rules:
    """A rule file as it stands: what it means, and its values as they are written.

    ``whole``: the file laid over those that it extends.
    """

    definition: Definition
    whole: Node

    @property
    def file(self) -> str:
        return self.definition.sources[0].name

    @cached_property
    def transitions(self) -> Mapping[TransitionKey, Transition]:
        machines = self.definition.machines.values()
        return {(each.machine, each.id): each for machine in machines for each in machine.transitions}

    @cached_property
    def entries(self) -> Mapping[Path, tuple[Scalar, Node]]:
        """The key and the value of each entry of a mapping, by the path to it."""
        return entries_of(self.whole)

    @cached_property
    def leaves(self) -> Mapping[Path, Scalar]:
        """Each plain value by its path, with a number as the name of an item of a list."""
        return dict(_leaves(self.whole, ()))

    @cached_property
    def _paths(self) -> Mapping[Origin, Path]:
        return {origin_of(key): path for path, (key, _) in self.entries.items()}

    def path_of(self, origin: Origin) -> Path:
        """Return the path to what is written at a place."""
        return self._paths.get(origin, ())

    def written(self, origin: Origin) -> str:
        """Return what the file says at a place, in one line, such as ``{at_most: 1, of: chase}``."""
        path = self.path_of(origin)
        return in_one_line(self.entries[path][1]) if path else ""

    @cached_property
    def asked(self) -> Mapping[str, list[tuple[Transition, Guard]]]:
        """The guards by id, each with every transition that asks it."""
        found: dict[str, list[tuple[Transition, Guard]]] = {}
        for rule in self.transitions.values():
            for guard in rule.guards:
                found.setdefault(guard.id, []).append((rule, guard))
        return found

    def holders(self, guard: Guard) -> list[Transition]:
        """Return the transitions that ask a guard: several if it is in a set that they share."""
        return [rule for rule, each in self.asked[guard.id] if each.origin == guard.origin]

    @cached_property
    def heard(self) -> Mapping[str, Mapping[str, list[Transition]]]:
        """The transitions by event and machine."""
        found: dict[str, dict[str, list[Transition]]] = {}
        for rule in self.transitions.values():
            found.setdefault(rule.event, {}).setdefault(rule.machine, []).append(rule)
        return found

    def extends(self, other: Rules) -> bool:
        return other.definition.sources[0] in self.definition.sources


@frozen
class Slip:
    """A finding, and the ``name`` under which a file says that it is meant."""

    name: str
    diagnostic: Diagnostic

    @property
    def place(self) -> tuple[str, str, str]:
        return self.diagnostic.code, self.diagnostic.path, self.diagnostic.message


def slip(
    code: str,
    name: str,
    where: Span,
    message: str,
    label: str,
    help: str,
    *,
    path: Path = (),
    others: Iterable[Label] = (),
    plain: bool = False,
) -> Slip:
    """Return a warning. Unless ``plain``, its help ends with how to say that it is meant."""
    if not plain:
        help += " If" if help.endswith("?") else "; if"
        help += f" it is meant so, say why at the top of the file: `meant: {{{name}: why it is so}}`"
    found = Diagnostic(
        code=code,
        severity="warning",
        message=message,
        where=where,
        path=".".join(path),
        label=label,
        others=tuple(others),
        help=help,
    )
    return Slip(name, found)


def beside(slip: Slip, mine: Rules, theirs: Rules) -> Slip:
    """Return the finding with the place of the other rules that says something else than this one."""
    path = tuple(slip.diagnostic.path.split("."))
    if path not in mine.entries or path not in theirs.entries:
        return slip
    (key, there), (_, here) = theirs.entries[path], mine.entries[path]
    if in_one_line(there) == in_one_line(here):
        return slip
    label = Label(span_of(key), f"in {theirs.file}")
    return evolve(slip, diagnostic=evolve(slip.diagnostic, others=(*slip.diagnostic.others, label)))


def per_text(scope: Scope) -> str:
    """Return how a file says by what a guard counts, such as ``per: [round, interviewer]``."""
    named = str(scope).split(" and ")
    return f"per: {named[0] if len(named) == 1 else '[' + ', '.join(named) + ']'}"


def few(names: Collection[str], last: str = "or") -> str:
    """Return names in backticks; of many, the first ones and how many more there are."""
    if len(names) <= _SHOWN + 1:
        return ticked(names, last)
    shown = ", ".join(f"`{name}`" for name in islice(names, _SHOWN))
    return f"{shown} {last} {len(names) - _SHOWN} more"


def place(origin: Origin, name: str) -> Span:
    return Span.at(origin, name)


def _leaves(node: Node, path: Path) -> Iterator[tuple[Path, Scalar]]:
    match node:
        case Scalar():
            yield path, node
        case Sequence(items=items):
            for number, item in enumerate(items):
                yield from _leaves(item, (*path, str(number)))
        case MappingNode(entries=entries):
            for key, value in entries:
                yield from _leaves(value, (*path, key.text))
