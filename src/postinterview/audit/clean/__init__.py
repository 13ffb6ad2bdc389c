"""Tell which histories are clean, mostly without the engine: by what it asked in earlier steps."""
