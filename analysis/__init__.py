"""Reporting of a prediction model from images: from the study file to the manuscript."""
