"""Take steps: what an event makes of the past, one by one or for a whole history."""
