"""Write the source of the function that finds in which places an act is allowed; see `compiled_steps`.

Whoever asks what is allowed asks about every act, in each place that it may have::

    def allowed_reply(snapshot, places, at, zone, calendar, employer):
        streams, states, allowed = snapshot.streams, snapshot.states, []
        for place, unknown_person in places:
            application, round_, to = place
            key = key1(place)
            state = states.get(('application', key), 'before_interview')
            if state not in {'waiting', 'followed_up'}:
                continue
            ...                                        # its guards, the other machines, the verdict
            allowed.append(verdict)
        return allowed
"""

from __future__ import annotations

from postinterview.core.judging.engine import Engine
from postinterview.core.steps.source_parts import Writer


def write_allowed(engine: Engine, name: str) -> tuple[str, dict[str, object]]:
    """Return the source of the function that finds where an act is allowed, and what it names."""
    return _Writer(engine, engine.definition.events[name], carried="None").allowed()


class _Writer(Writer):
    """The source of a function that asks for one place after the other."""

    happens = False

    def allowed(self) -> tuple[str, dict[str, object]]:
        """Write the function, for a past of which all is known and that was no other."""
        source, kind = self.source, self.kind
        source.refused = "continue"
        source.add("streams, states, allowed = snapshot.streams, snapshot.states, []")
        self.write_shown()
        with source.block("for place, unknown_person in places:"):
            source.add("application, round_, to = place")
            if kind.to_person:
                source.refuse_if("unknown_person")
            if kind.needs_a_start:
                source.refuse_if("not snapshot.applications.get(application)")
            self.write_decision()
            source.add("allowed.append(verdict)")
        source.add("return allowed")
        return self.function("allowed", "snapshot, places, at, zone, calendar, employer")
