"""What can be wrong with a study's tables, all of it at once, before anything is computed."""
