"""Scenarios: dated stories that show what the rules do, parsed, linked, played and judged.

`parsing.read` parses a file, `linking.link` looks its names up in a rulebook, and `playing.play` plays a
scenario.
"""
