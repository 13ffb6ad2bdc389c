"""The audit: what a tracker holds is judged by the rules."""
