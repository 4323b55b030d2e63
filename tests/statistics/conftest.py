"""Property-based tests draw the same examples each time, so that a red test is red for
everybody."""

from hypothesis import settings

settings.register_profile("statistics", max_examples=50, deadline=None, derandomize=True)
settings.load_profile("statistics")
