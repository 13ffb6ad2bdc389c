"""Scenarios: dated stories that show what the rules do, read, played and judged.

``read`` takes a file's text apart, ``link`` looks its names up in a rulebook, ``play`` plays a scenario.
"""
