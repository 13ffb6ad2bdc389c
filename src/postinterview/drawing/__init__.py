"""Pictures of a rulebook, as text that other tools draw. Pure."""
