"""Find promises that hold only because the rule file lacks what they speak of.

A file without a no keeps every promise about what comes after a no, and so does one that calls the no by
another name. A file in which an act can never be allowed keeps every promise about that act. Both are true,
and say nothing about how polite the file is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import define, field

from postinterview.core.rules.definitions import EventKind
from postinterview.core.values.formatting import say_list
from postinterview.proof.model.variables import setters
from postinterview.proof.promises.promise import After, Before, Clause, LaterThan, Within, events_of, judges
from postinterview.proof.prove import Prover, Result


def vacuous(prover: Prover, results: Iterable[Result]) -> dict[str, str]:
    """Return the reason for each promise that holds for such a reason alone, by the promise's id."""
    emptiness = _Emptiness(prover)
    found = {}
    for result in results:
        if result.verdict == "proved":
            reasons = [emptiness.of_clause(clause) for clause in result.promise.clauses]
            if all(reasons):
                found[result.id] = "; ".join(dict.fromkeys(reasons))
    return found


@define
class _Emptiness:
    """Looks for what a rule file lacks, and remembers which acts can never be allowed."""

    prover: Prover
    _dead: dict[str, bool] = field(factory=dict)

    def of_clause(self, clause: Clause) -> str:
        """Return why the clause can't be broken for want of events or acts; empty if it could."""
        definition = self.prover.definition
        acts = [act for act in definition.events.values() if judges(definition, clause, act)]
        if not acts:
            return "no act here is one that it judges"
        if missing := tuple(self._missing(clause)):
            return f"{say_list(missing, 'and')} never happen{'s' * (len(missing) == 1)} here"
        if all(map(self._is_dead, acts)):
            return f"{say_list(tuple(f'`{act.name}`' for act in acts), 'and')} can never be allowed here"
        return ""

    def _missing(self, clause: Clause) -> Iterator[str]:
        """Yield the events without which the clause forbids nothing, if the file has none of them."""
        definition = self.prover.definition
        match clause.when:
            case After(of=of) | Within(of=of) | LaterThan(of=of) if not events_of(definition, of):
                yield from (f"`{name}`" for name in of)
            case Before(date=date):
                employers = (kind for kind in definition.events.values() if kind.by == "employer")
                if not setters(employers, date):
                    yield f"a date called `{date}`"
            case _:
                pass

    def _is_dead(self, act: EventKind) -> bool:
        """Return whether the act is refused after every history. Not known counts as no."""
        if act.name not in self._dead:
            self._dead[act.name] = self.prover.decide(act, ()).verdict == "proved"
        return self._dead[act.name]
