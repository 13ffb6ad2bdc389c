"""Define the vocabulary of guards as data: the kinds that there are, and the keys that each of them takes."""

from __future__ import annotations

from postinterview.loading import schema as k
from postinterview.loading.schema import TableKey as Key

_RESERVED_GUARDS = k.RESERVED | {"state"}

COUNTED = k.some(k.Name("event or class"))
_PER = Key(k.SCOPE, "What is counted together; without it, the key of the machine.", "per: employer")
_SINCE = Key(COUNTED, "Count only after the latest of these.", "since: sign_of_life")
_IF_NEVER = Key(k.OneOf(("holds", "blocks")), "The answer if none of them ever happened.", "if_never: holds")
_WITHIN = Key(k.WINDOW, "Count only those less than this long ago.", "within: 14 days")
_UNLESS = Key(
    k.Entries(k.some(k.VALUE), "a field", "email"),
    "Does not apply to an act that carries one of these values.",
    "unless: {channel: email}",
)
_IN_EVERY = Key(
    k.OneOf(("application",)),
    "It must hold in each application of the employer.",
    "in_every: application",
)


def _guard(name: str, kind: k.Kind, doc: str, example: str, **others: Key) -> k.Table:
    noun = f"an `{name}` guard" if name[0] in "aeh" else f"a `{name}` guard"
    return k.Table(noun, {name: Key(kind, doc, f"{name}: {example}", True), **others, "unless": _UNLESS}, "")


_FROM = Key(COUNTED, "The events to keep apart from.", "from: message", True)
_OF = Key(COUNTED, "The events that count.", "of: chase", True)
_IN_TIME: dict[str, Key] = {"per": _PER, "in_every": _IN_EVERY, "if_never": _IF_NEVER}
_SEEN: dict[str, Key] = {"per": _PER, "in_every": _IN_EVERY, "since": _SINCE}
_OF_STATES: dict[str, Key] = {"in_every": _IN_EVERY}
_FIELDS = k.some(k.Name("field"))
_GUARDS: dict[str, tuple[k.Kind, str, str, dict[str, Key]]] = {
    "at_most": (
        k.Number(),
        "Fewer than this many happened so far.",
        "1",
        {"of": _OF, **_SEEN, "within": _WITHIN},
    ),
    "not_before": (k.MOMENT, "The moment has come.", "interview + 7 days", _IN_TIME),
    "not_after": (k.MOMENT, "The moment has not come yet.", "message + 30 days", _IN_TIME),
    "apart": (k.DURATION, "The last one was at least this long ago.", "7 days", {"from": _FROM, **_IN_TIME}),
    "state": (k.STATES, "Another machine is in one of the states.", "{plan: ready}", _OF_STATES),
    "not_state": (k.STATES, "Another machine is in none of the states.", "{plan: none}", _OF_STATES),
    "happened": (COUNTED, "It happened.", "interview", _SEEN),
    "not_happened": (COUNTED, "It did not happen.", "rejection", _SEEN),
    "spends": (k.Name("credit"), "There is a credit, and the act takes it.", "reply", {}),
    "fields": (_FIELDS, "The act carries them.", "[topic]", {}),
    "hours": (k.HOURS, "The local time is between the two.", "09:00-17:00, weekdays", {}),
    "custom": (k.Name("function"), "A function of the program says so.", "is_polite", {}),
}
GUARD = k.Variants(
    "a guard",
    {name: _guard(name, kind, doc, example, **keys) for name, (kind, doc, example, keys) in _GUARDS.items()},
    "{at_most: 1, of: chase}",
)
GUARDS = k.Entries(
    GUARD,
    GUARD.noun,
    GUARD.example,
    _RESERVED_GUARDS,
    {
        "use": Key(
            k.some(k.Name("guard set")),
            "The sets of guards that come first, by their names under `guard_sets`.",
            "use: before_any_nudge",
        )
    },
)
