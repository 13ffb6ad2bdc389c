"""Find what is due, what to wait for and what to ask, in the order of what matters."""
