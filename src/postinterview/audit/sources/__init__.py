"""Read the rows of a history from files of every kind that people have."""
