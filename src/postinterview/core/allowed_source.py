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
from postinterview.core.guards.source import said
from postinterview.core.listeners import Listener
from postinterview.core.step_source import Writer


def write_allowed(engine: Engine, name: str) -> tuple[str, dict[str, object]]:
    """Return the source of the function that finds where an act is allowed, and what it names."""
    return _Writer(engine, engine.definition.events[name]).allowed()


class _Writer(Writer):
    """The source of a function that asks for one place after the other."""

    def allowed(self) -> tuple[str, dict[str, object]]:
        """Write the function, for a past of which all is known and that was no other."""
        source, kind = self.source, self.kind
        source.add("states, found = snapshot.states, []")
        with source.block("for place, unknown_person in places:"):
            source.add("application, round_, to = place")
            unstarted = "not snapshot.applications.get(application)" if kind.needs_a_start else "False"
            source.add(f"unstarted = {unstarted}")
            if kind.to_person or kind.needs_a_start:
                self._skip_if("unknown_person or unstarted")
            if any(each.scope.round for each in self.listeners):
                self._skip_if("not round_")
            for number, listener in enumerate(self.listeners):
                self._write_state_asked(listener, f"state{number}")
            self._write_situation("None")
            for number, listener in enumerate(self.listeners):
                self._write_guards_asked(listener, f"state{number}")
            self._write_verdict()
            source.add("found.append(verdict)")
        source.add("return found")
        return self._function("allowed", "snapshot, places, at, zone, calendar, employer")

    def _skip_if(self, condition: str) -> None:
        self.source.add(f"if {condition}:", "    continue")

    def _write_state_asked(self, listener: Listener, state: str) -> None:
        """Write whether a machine is in a state that some transition on the act leaves."""
        self._write_instance(listener, state)
        leaving = [each for _, states in listener.alike.values() for each in states]
        self._skip_if(f"{state} not in {_set_of(leaving)}" if leaving else "True")

    def _write_guards_asked(self, listener: Listener, state: str) -> None:
        """Write whether the guards of some transition from the machine's state hold."""
        source, begins, groups = self.source, "if", listener.alike.values()
        if all(any(not each.checks for each in transitions) for transitions, _ in groups):
            return
        for transitions, states in groups:
            for transition in transitions:
                asked = [] if len(groups) == 1 else [f"{state} in {_set_of(states)}"]
                if transition.checks:
                    asked.append(f"{source.bind(transition.function(), 'holds')}(situation, at)")
                source.add(f"{begins} {' and '.join(asked)}:  # {said(transition.rule.origin)}", "    pass")
                begins = "elif"
                if not transition.checks:
                    break
        source.add("else:", "    continue")


def _set_of(names: list[str]) -> str:
    return f"{{{', '.join(map(ascii, names))}}}"
