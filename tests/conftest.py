"""Settings for every test: two profiles for Hypothesis, chosen with ``--hypothesis-profile``."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# No deadline: the first call compiles and a shared machine stutters. The blob repeats a failure elsewhere.
# Quick draws the same examples each time, so that no change fails by chance; long goes looking.
settings.register_profile("quick", deadline=None, print_blob=True, max_examples=80, derandomize=True)
settings.register_profile(
    "long",
    deadline=None,
    print_blob=True,
    max_examples=3000,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("quick")
