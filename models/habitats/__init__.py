"""Habitats: parts of the tumour with like intensities, clustered anew in every fold."""
