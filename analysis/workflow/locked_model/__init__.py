"""The locked model for use outside the study: written with what it was trained on, applied to new
patients."""
