"""Parse a tracker's table of transitions in YAML, JSON or CSV."""
