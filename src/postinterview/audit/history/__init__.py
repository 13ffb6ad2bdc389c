"""Audit the history of a tracker: load a map, read the rows by it, and judge each employer's events."""
