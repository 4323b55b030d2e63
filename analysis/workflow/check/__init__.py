"""A study's files read in one pass, so that every problem is found at once."""
