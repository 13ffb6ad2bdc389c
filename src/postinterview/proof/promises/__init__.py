"""Promises: what rules must never allow, how files say it, and who is to blame where one is broken."""
