"""A history of any tracker, by a map of its columns: rows to processes, and what was against the rules."""
