"""What happened: the entries of a history, the place of each event, and what is not known."""
