"""Coverage: what of the rules the stories show, what they do not, and stories that would show it.

`seen` collects what played stories show, `deciding` finds stories by the proof, and `report` puts both
together. What counts as seen:

- A **state**, if a machine was in it.
- A **transition**, if a fact or an allowed act took it. A breach takes transitions whatever the guards say,
  so it does not count.
- A **guard** of an act twice: if it refused the act, and if it alone did, so that without it the act would
  have been allowed. The guards of facts refuse nobody; their transitions count.
- A **promise**, if an act that it judges was refused by a guard, or a state, on which its proof rests.
"""
