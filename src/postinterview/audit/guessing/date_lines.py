"""Write the lines of a map that say how dates are written, or the choice between them. Pure."""

from __future__ import annotations

from postinterview.audit.guessing.looking import Column
from postinterview.audit.history.field_values import quoted
from postinterview.core.values.suggest import ticked

_CLOCK = 'time: "12:00"                # for dates without an hour; the audit knows that it is not said'


def date_lines(columns: list[Column], *, reads: bool) -> tuple[list[str], str]:
    """Return the lines, and why they are guessed; an empty text: a person must say it.

    Args:
        columns: the columns with dates that some entry reads.
        reads: whether there is an entry at all.
    """
    listed, whys = dict[str, None](), list[str]()
    lines, choices = dict[str, None](), list[str]()
    for column in columns:
        if column.ways:
            lines_of_ways = [
                f"# The dates in `{' '.join(column.name.split())}` are written in several ways. List those",
                "# that are meant. If a cell can be read in two of them, mend it in the file.",
                f"# dates: [{', '.join(map(quoted, column.ways))}]",
                _CLOCK,
            ]
            return lines_of_ways, ""
        if not column.formats:
            continue
        best = column.formats
        numeric = [
            form for form in best if form[:5] in ("%d/%m", "%m/%d", "%d-%m", "%m-%d") and "b" not in form
        ]
        if len(numeric) > 1:
            choices.append(f"`{column.name}`: {ticked(numeric[:2], 'or')}")
            lines |= dict.fromkeys(f"# dates: [{quoted(form)}]" for form in numeric[:2])
            continue
        listed[best[0]] = None
        whys.append(
            f"{quoted(best[0])} reads {column.fits(best[0])} of {column.tried} cells of `{column.name}`"
        )
    why = "; ".join(whys)
    if choices:
        said = "keep one of the lines below: no cell tells the day from the month"
        return [f"# {said} ({'; '.join(choices)})", *lines, _CLOCK], why
    if not listed and reads and not columns:
        return ["dates: [iso]                 # no entry reads a date yet", _CLOCK], why
    if not listed and not any(column.real for column in columns):
        missing = '# dates: ["%d.%m.%Y"]        # add how dates are written: `postinterview explain PI1004`'
        return [missing, _CLOCK], why
    return [f"dates: [{', '.join(map(quoted, listed or {'iso': None}))}]", _CLOCK], why
