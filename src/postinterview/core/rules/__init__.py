"""The declarations that a rulebook is made of, and what can be read off them alone."""
