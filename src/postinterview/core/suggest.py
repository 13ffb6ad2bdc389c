"""What to type instead: the names closest to one that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable

SHORT = 8


def close_to(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """At most three known names like ``name``: the same but for case and dashes, a prefix, similar."""
    import difflib  # costs 4 ms, and only a mistake needs it

    names = list(dict.fromkeys(known))
    folded = {_fold(candidate): candidate for candidate in reversed(names)}
    wanted = _fold(name)
    if wanted in folded:
        return (folded[wanted],)
    similar = [folded[match] for match in difflib.get_close_matches(wanted, folded, n=3, cutoff=0.6)]
    starting = [c for c in names if wanted and (_fold(c).startswith(wanted) or wanted.startswith(_fold(c)))]
    return tuple(dict.fromkeys((*starting, *similar)))[:3]


def one_of(name: str, known: Iterable[str]) -> str:
    """``did you mean `waiting`?``, or the whole list where it is short, or nothing."""
    names = tuple(dict.fromkeys(known))
    close = close_to(name, names)
    if close:
        return f"did you mean {' or '.join(f'`{candidate}`' for candidate in close)}?"
    if 0 < len(names) <= SHORT:
        return f"known: {', '.join(names)}"
    return ""


def _fold(name: str) -> str:
    return name.casefold().replace("-", "_").replace(" ", "_")
