"""The packaged rules and their proof, which several files of tests look into."""

from __future__ import annotations

import postinterview as pi
from tests.proof.helpers import prove

RULEBOOK = pi.load_rulebook()
DEFINITION = RULEBOOK.definition
PROOF = prove(RULEBOOK)
