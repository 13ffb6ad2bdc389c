"""What a process or a keeper takes beside an event's fields is no name of a field."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature

import pytest

import postinterview as pi
from postinterview.stores import Keeper

CALLS: tuple[Callable[..., object], ...] = (
    pi.Process.may,
    pi.Process.do,
    pi.Process.record,
    Keeper.may,
    Keeper.do,
    Keeper.record,
)


def taken(call: Callable[..., object]) -> set[str]:
    """The names that a call gives a meaning of its own."""
    given = (Parameter.POSITIONAL_ONLY, Parameter.VAR_KEYWORD)
    return {each.name for each in signature(call).parameters.values() if each.kind not in given}


@pytest.mark.parametrize("name", sorted({name for call in CALLS for name in taken(call)}))
def test_a_rule_file_can_not_call_a_field_as_a_call_calls_something_else(name: str) -> None:
    rules = f"format: 1\nevents:\n  promise: {{by: employer, fields: {{{name}: text}}}}\n"

    with pytest.raises(pi.RulesError) as caught:
        pi.load_rulebook(text=rules)
    assert f"`{name}` can't be the name of a field" in [each.message for each in caught.value.diagnostics]
