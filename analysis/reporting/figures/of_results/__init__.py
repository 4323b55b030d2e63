"""From the results of a study to its figures, by subject."""
