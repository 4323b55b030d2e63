"""Roles of a contrast (`contrast_role.<comparator>`), for results and documents alike."""

PRIMARY, SECONDARY, EXPLORATORY, UNTESTED = "primary", "secondary", "exploratory", "untested"
