"""Write the functions that do an act, and that say whether it may be done; see `compiled_steps`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from postinterview.core.answers.outcome import Outcome
from postinterview.core.judging.engine import Engine
from postinterview.core.past.events import Event
from postinterview.core.past.histories import with_next
from postinterview.core.rules.definitions import FieldType
from postinterview.core.steps.event_input import ASK_LATER, RECORD_LATE, read_fields, read_person
from postinterview.core.steps.source_parts import Writer
from postinterview.core.values.builders import same_names, set_of
from postinterview.core.values.moments import LATEST
from postinterview.core.values.names import MAIN, read_application

_USUAL: Mapping[FieldType, str] = {
    "text": "type(value) is str and value.isascii()",
    "choice": "type(value) is str and value in {choices}",
    "bool": "value is True or value is False",
}
"""The signs of a usual value of a field, which is kept as it is."""


def write_do(engine: Engine, name: str, process: Any) -> tuple[str, dict[str, object]]:
    """Return the source of the function that does an act, and what it names. ``process``: the class."""
    return _Writer(engine, engine.definition.events[name]).do(process)


def write_may(engine: Engine, name: str) -> tuple[str, dict[str, object]]:
    """Return the source of the function that says whether an act may be done, and what it names."""
    return _Writer(engine, engine.definition.events[name]).may()


class _Writer(Writer):
    """The source of one of these functions while it is written."""

    zone = "shown.tzinfo"

    def may(self) -> tuple[str, dict[str, object]]:
        """Write the function that says whether the act may be done."""
        self.happens = False
        self._write_arguments()
        self.write_place()
        self.write_decision()
        self.source.add("return verdict")
        return self._function("may")

    def do(self, process: Any) -> tuple[str, dict[str, object]]:
        """Write the function that does the act."""
        add = self.source.add
        self._write_arguments()
        self.write_place()
        self.write_start()
        self.write_decision()
        self._write_event()
        self.write_placed()
        self.write_snapshot()
        self.source.names["with_next"] = with_next
        add("history = cell if process._past is past else with_next(process._past, past, event, cell)")
        same = {each: f"process.{each}" for each in ("rulebook", "employer", "calendar", "_first_name")}
        self.build("next_", process, **same, _past="history", _snapshot="after")
        self.build("outcome", Outcome, **same_names("event", "verdict", "moves"), process="next_")
        add("return outcome")
        return self._function("do")

    def _function(self, what: str) -> tuple[str, dict[str, object]]:
        self.source.names["help_"] = RECORD_LATE if self.happens else ASK_LATER
        return self.function(what, "process, shown, to, application, fields")

    def _write_arguments(self) -> None:
        """Write what `AskedMoments._asked_at` and `event_input.read_said` find."""
        add, kind = self.source.add, self.kind
        self.source.names |= {
            "LATEST": LATEST,
            "UTC": UTC,
            "datetime": datetime,
            "read_application": read_application,
            "read_fields": read_fields,
            "read_person": read_person,
        }
        add("snapshot, calendar, employer = process._snapshot, process.calendar, process.employer")
        add("past, at = snapshot.past, shown")
        usual = (
            "type(at) is datetime and at.tzinfo is UTC and past is not None and past.top.at <= at <= LATEST"
        )
        with self.source.when(f"not ({usual})"):
            add("at = process._asked_at(shown, help_)")
            add("if past is not None and at < past.top.at:", "    return None")
            add("shown = at.astimezone(shown.tzinfo)")
        if kind.to_person:
            add("to = read_person(kind, to)")
        else:
            add("if to is not None:", "    read_person(kind, to)")
        if kind.employer_wide:
            add("application = None")
        else:
            add("applications = snapshot.applications")
            with self.source.block(
                f"if application is None and len(applications) == 1 and {MAIN!a} in applications:"
            ):
                add(f"application = {MAIN!a}")
            with self.source.block("else:"):
                add("application = read_application(applications, application)")
        self._write_fields()
        add("if snapshot.unknowns or snapshot.others:", "    return None")
        add("if calendar.before is not None:", "    calendar = calendar.at(at)")

    def _write_fields(self) -> None:
        """Write what `event_input.read_fields` finds: it reads what is unusual, and says what is wrong."""
        add = self.source.add
        add("carried, left = (), len(fields)")
        with self.source.when("left"):
            for name, field in self.kind.fields.items():
                usual = _USUAL.get(field.type)
                if usual is not None:
                    add(f"value = fields.get({name!a})")
                    with self.source.when(usual.format(choices=set_of(field.choices))):
                        add(f"carried, left = (*carried, ({name!a}, value)), left - 1")
            with self.source.when("left"):
                add("carried = read_fields(kind, fields)")

    def _write_event(self) -> None:
        add = self.source.add
        with self.source.when("past is None"):
            add("position, number = 0, process._next_number()")
        with self.source.block("else:"):
            add("before = past.top")
            add("position, number = before.position + 1, before.event.number")
            add("if position == number:", "    position = number")  # one object for both
            add("number = number + 1 if process._past is past else process._next_number()")
        same = same_names("number", "at", "application", "to", "carried")
        self.build("event", Event, **same, name=ascii(self.kind.name))
