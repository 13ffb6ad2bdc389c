"""One code's page."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Code:
    """A code and what a person needs to know of it, without knowing YAML or Python.

    ``explanation``: two to five sentences, why it is refused and what to write instead. The examples
    are lines of a rule file; ``example_bad`` may be words in brackets where no text can show the fault.
    ``replaced_by``: the code that is reported instead of a retired one; a code never gets a second meaning.
    """

    code: str
    title: str
    explanation: str
    example_bad: str
    example_good: str
    replaced_by: str = ""
