"""Drawings of rulebooks, as text in the language of a drawing program."""
