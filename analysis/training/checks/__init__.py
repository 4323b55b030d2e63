"""Checks of a run's folds and models, before it fits any."""
