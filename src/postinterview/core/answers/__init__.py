"""What the engine answers with: verdicts and their reasons, the lines of an agenda, texts."""
