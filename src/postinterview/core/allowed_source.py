"""Write the source of the function that finds in which places an act is allowed; see `compiled_steps`.

Whoever asks what is allowed asks about every act, and most are refused by the state of a machine. So the
function looks at the states first, and makes the value that guards read only where all of them fit::

    def allowed_reply(snapshot, places, at, zone, calendar, employer):
        states, found = snapshot.states, []
        for place, unknown_person in places:
            application, round_, to = place
            key = key1(place)
            state0 = states.get(('application', key), 'before_interview')
            if state0 not in {'waiting', 'followed_up'}:
                continue
            ...                                        # the other machines, and the act in its place
            if holds1(situation, at):
                pass
            else:
                continue
            ...                                        # the verdict
            found.append(verdict)
        return found
"""

from __future__ import annotations

from postinterview.core.engine import Engine
from postinterview.core.source_parts import Writer


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
