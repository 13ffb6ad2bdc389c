"""The proof: no path through a rulebook allows pushy repeat contact, or the shortest dated one that does.

Pure: time, where it is measured, comes in as an argument.
"""
