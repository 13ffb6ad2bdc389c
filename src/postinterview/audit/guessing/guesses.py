"""Guess what the columns and words of a history mean, and write the map. Pure.

Nothing of this reaches a judgement by itself: each guess stands under `unconfirmed` with its reason, and an
audit refuses the map until a person has deleted the last of them. What no file says (the time zone, the day
of the export) and what has two readings (3/4/2026) is not guessed at all: the line is left as a comment.
"""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define, field, frozen

from postinterview.audit.guessing import words as w
from postinterview.audit.guessing.date_lines import date_lines
from postinterview.audit.guessing.looking import MOST_WORDS, Column, Seen
from postinterview.audit.history.field_values import quoted
from postinterview.core.judging.undoing import UndoRules
from postinterview.core.rules.definitions import Definition, EventKind
from postinterview.core.values.formatting import say_count
from postinterview.core.values.suggest import ticked

_MOST_SHOWN = 12


@frozen
class Guess:
    """A guess: its place in the map, such as `read.talk`, and its reason."""

    path: str
    why: str


@frozen(repr=False)
class Guesses:
    """A map to start from. ``text``: the map. ``guesses``: what a person must confirm in it."""

    text: str
    guesses: tuple[Guess, ...]

    def __repr__(self) -> str:
        return f"<Guesses: {say_count(len(self.guesses), 'guess', 'guesses')} to confirm>"


def guess(seen: Seen, definition: Definition, rules: str) -> Guesses:
    """Return a map of what was seen, under some rules. ``rules``: their name for the map."""
    return _Guesser(seen, definition, rules).guesses()


@define
class _Guesser:
    seen: Seen
    definition: Definition
    rules: str
    found: list[Guess] = field(factory=list)
    used: set[str] = field(factory=set)
    read: list[str] = field(factory=list)
    told: dict[str, None] = field(factory=dict)
    """The events that some entry reads."""
    open: set[str] = field(factory=set)
    """The events that happened to some application without a row that says when."""
    dated_by: dict[str, list[str]] = field(factory=dict)
    """By event the columns of its own, with dates or a number."""

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.seen.columns if column.name]

    @property
    def unknown(self) -> list[str]:
        return [name for name in self.definition.events if name not in self.told or name in self.open]

    def column(self, name: str) -> Column:
        return next(column for column in self.seen.columns if column.name == name)

    def add(self, path: str, why: str) -> None:
        self.found.append(Guess(path, why))

    def guesses(self) -> Guesses:
        settings = self.settings()
        employer, application = self.name("employer", w.EMPLOYER), self.name("application", w.APPLICATION)
        zone = self.zone()
        dated = self.dated()
        self.dates_in_columns(dated)
        self.deciding(dated)
        dates, why = date_lines([each for each in dated if each.name in self.used], reads=bool(self.read))
        if why:
            self.add("dates", why)
        unread = [name for name in self.names if name not in self.used]
        lines = [
            f"# A map of {self.seen.name}, to start from. Nobody has checked it.",
            "# Delete each line under `unconfirmed` when you have checked it: the audit waits for the last.",
            *(["unconfirmed:"] if self.found else []),
            *(
                f"  - {each.path}{' ' * max(1, 24 - len(each.path))}# {_one_line(each.why)}"
                for each in self.found
            ),
            "format: 1",
            f"rules: {self.rules}",
            *settings,
            *zone,
            "# as_of: 2026-03-20          # add the day on which the file was saved: no file says it",
            *dates,
            *employer,
            *application,
            "read:"
            if self.read
            else "# read:                     # nothing was recognized: say here what rows mean",
            *self.read,
            *([f"# columns that nothing reads: {_some(unread)}"] if unread else []),
            "# What the file does not show counts as unknown. Move an event to `never:` if the file would",
            "# show it, and it never happened.",
            f"unknown: [{', '.join(self.unknown)}]",
        ]
        return Guesses("\n".join(lines) + "\n", tuple(self.found))

    # --- the file ---------------------------------------------------------------------------------

    def settings(self) -> list[str]:
        lines = []
        for key, why in self.seen.why.items():
            value = getattr(self.seen.settings, key)
            written = "tab" if value == "\t" else "windows-1252" if value == "cp1252" else quoted(str(value))
            lines.append(f"{key}: {value if isinstance(value, int) else written}")
            self.add(key, why)
        return lines

    def name(self, key: str, names: tuple[str, ...]) -> list[str]:
        found = w.named(self.names, names)
        if found is None:
            return [f"# {key}:                  # which of {_some(self.names)}?"] if key == "employer" else []
        self.used.add(found)
        column = self.column(found)
        different = f"{say_count(len(column.words), 'different text')} in {say_count(column.filled, 'row')}"
        self.add(key, f"the column `{found}` is called so; it has {different}")
        empty = self.seen.rows - column.filled
        if key != "employer" or not 0 < empty < column.filled:
            return [f"{key}: {quoted(found)}"]
        self.add(
            "fill_down", f"`{found}` is empty in {say_count(empty, 'row')}, as if merged with the cell above"
        )
        return [f"{key}: {quoted(found)}", f"fill_down: [{quoted(found)}]"]

    def zone(self) -> list[str]:
        found = w.named(self.names, w.ZONE)
        if found is not None and all("/" in word or word == "UTC" for word in self.column(found).words):
            self.used.add(found)
            self.add("timezone_column", f"the column `{found}` holds names of time zones")
            return [f"timezone_column: {quoted(found)}"]
        return ["# timezone: Europe/Zurich    # add where the employers are: no column says it"]

    # --- what rows say ----------------------------------------------------------------------------

    def dated(self) -> list[Column]:
        return [column for column in self.seen.columns if column.name and column.has_dates]

    def deciding(self, dated: list[Column]) -> None:
        """Guess an entry for each event that the words of a log, or else of a status, mean."""
        log, standing = w.named(self.names, w.LOG), w.named(self.names, w.STANDING)
        name = standing if log is None or (standing and not self.meant(log).keys() - {"", w.NOTHING}) else log
        if name is None or len(self.column(name).words) > MOST_WORDS:
            return
        if standing is not None and standing != name:
            self.beside(standing, name)
        dates = [column for column in dated if w.plain(column.name) in w.DATE]
        date = max(dates, key=lambda column: column.filled).name if dates else None
        meant = self.meant(name)
        self.used |= {name} | ({date} if date else set())
        unclear = meant.pop("", [])
        for event, listed in meant.items():
            when = f"{quoted(name)}: [{', '.join(map(quoted, listed))}]"
            said = f"{ticked(listed[:4], 'and')} in `{name}`"
            if event == w.NOTHING:
                self.entry(event, f"{{nothing: true, when: {{{when}}}}}", f"{said}: no event of these rules")
                continue
            at, why = (f", at: {self.at(date)}" if date else ""), f"most trackers mean it by {said}"
            if all(w.event_id(word, self.definition.events) for word in listed):
                why = f"these rules call it so, and {said} too"
            if event in self.dated_by:  # its own columns say when; the word alone says that it happened
                when += "".join(f', {quoted(column)}: ""' for column in self.dated_by[event])
                why = f"{said}, and nothing in the columns of its own: it happened, nobody knows when"
                at = ""
            elif not date:
                why += ", and no column has its date"
            body = f"{{event: {event}, when: {{{when}}}{at}{self.fields(self.definition.events[event])}}}"
            self.entry(f"{event}_undated" if event in self.dated_by else event, body, why)
            self.told[event] = None
        if unclear:
            self.read.append(f"  # add what these words of {quoted(name)} mean: {_some(unclear)}")

    def meant(self, name: str) -> dict[str, list[str]]:
        """Return the words of a column by the event that they mean, or `nothing`; the others by ""."""
        found: dict[str, list[str]] = {}
        for word in self.column(name).words:
            event = w.event_id(word, self.definition.events) or w.event_of_word(word)
            found.setdefault(event if event in (*self.definition.events, w.NOTHING) else "", []).append(word)
        return found

    def beside(self, standing: str, log: str) -> None:
        """Say what a status beside a log leaves open: it stands on each row, and no row has its date."""
        self.open |= {event for event in self.meant(standing) if event in self.definition.events}
        self.used.add(standing)
        told = ", ".join(event for event in self.definition.events if event in self.open)
        self.read += [
            f"  # {_one_line(quoted(standing))} says where an application stands now, on each of its rows,",
            f"  # and not since when. What happened is read from {_one_line(quoted(log))}.",
            *([f"  # It may lack some: these are `unknown` below until you know: {told}"] if told else []),
        ]

    def dates_in_columns(self, dated: list[Column]) -> None:
        """Guess an entry for each event that has columns of its own: dates, or a number."""
        at: dict[str, list[str]] = {}
        for column in dated:
            event = w.event_of_column(column.name)
            if column.name not in self.used and event in self.definition.events and event not in self.told:
                at.setdefault(event, []).append(column.name)
        for column in self.seen.columns:
            event = w.event_of_column(column.name)
            is_new = (
                event in self.definition.events and event not in self.told and column.name not in self.used
            )
            if not is_new or not column.counts or column.has_dates:
                continue
            last = [each for each in at.pop(event, []) if self.column(each).split is None][:1]
            more = f", last: {quoted(last[0])}{self.fields(self.definition.events[event])}" if last else ""
            why = f"`{column.name}` holds small numbers" + (f", and `{last[0]}` dates" if last else "")
            self.entry(event, f"{{event: {event}, count: {quoted(column.name)}{more}}}", why)
            self.used |= {column.name, *last}
            self.told[event] = None
            self.dated_by[event] = [column.name, *last]
        for event, names in at.items():
            fields = self.fields(self.definition.events[event])
            alone = [[each] for each in names if self.column(each).split is not None]
            together = [each for each in names if [each] not in alone]
            for number, group in enumerate([*([together] if together else []), *alone], 1):
                where = self.at(group[0]) if len(group) == 1 else f"[{', '.join(map(quoted, group))}]"
                has = "has" if len(group) == 1 else "have"
                why = f"{ticked(group, 'and')} {has} dates, and the name of the event"
                name = event if number == 1 else f"{event}_{number}"
                self.entry(name, f"{{event: {event}, at: {where}{fields}}}", why)
            self.used |= set(names)
            self.told[event] = None
            self.dated_by[event] = names

    def at(self, name: str) -> str:
        """Return a column with dates as `at` names it."""
        split = self.column(name).split
        return quoted(name) if split is None else f"{{column: {quoted(name)}, split: {quoted(split)}}}"

    def entry(self, name: str, body: str, why: str) -> None:
        self.read.append(f"  {name}: {body}")
        self.add(f"read.{name}", why)

    def fields(self, kind: EventKind) -> str:
        """Return the keys `to` and `with` of an entry, from columns or as unknown."""
        people = w.named(self.names, w.PEOPLE)
        person = "unknown"
        if people is not None:
            cells = self.column(people).words
            often = {sign: sum(sign in cell for cell in cells) for sign in (",", ";", "/")}
            sign = max(often, key=lambda sign: often[sign]) if any(often.values()) else None
            person = f"{{column: {quoted(people)}{f', split: {quoted(sign)}' if sign else ''}}}"
        written: dict[str, str] = {}
        asked = UndoRules(self.definition).asked[kind.name]
        for name, each in kind.fields.items():
            if each.type == "people":
                written[name] = person
            elif each.type == "choice":
                channel = w.named(self.names, w.CHANNEL)
                fits = channel and {x.casefold() for x in self.column(channel).words} <= set(each.choices)
                written[name] = f"{{column: {quoted(channel)}}}" if channel and fits else "unknown"
            elif name in asked:
                written[name] = "unknown"
        to = f", to: {person}" if kind.to_person else ""
        if people is not None and (to or person in written.values()):
            self.used.add(people)
        return to + (f", with: {{{', '.join(f'{k}: {v}' for k, v in written.items())}}}" if written else "")


def _some(names: Iterable[str]) -> str:
    listed = [_one_line(quoted(name)) for name in names]
    more = f" and {len(listed) - _MOST_SHOWN} more" if len(listed) > _MOST_SHOWN else ""
    return ", ".join(listed[:_MOST_SHOWN]) + more


def _one_line(text: str) -> str:
    return " ".join(text.split())
