"""Checks of a study's tables, all of them at once, before anything is computed."""
