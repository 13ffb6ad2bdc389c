"""Judge an act: whether it is allowed, why not, and when it opens and closes."""
