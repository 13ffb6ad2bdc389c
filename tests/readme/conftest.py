"""The pages call many commands on the same packaged rules."""

from tests.sharing import shared_proofs

__all__ = ["shared_proofs"]
