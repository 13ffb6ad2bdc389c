"""The model: what the rules of a file mean, as variables, clocks and moves between their values."""
