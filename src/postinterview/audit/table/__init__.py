"""A foreign table of transitions, read with the loader's own readers: YAML, JSON or CSV."""
