"""Fault of an image that can't be prepared as the study asks."""

from __future__ import annotations


class PreparationError(ValueError):
    """An image whose bias field or reference can't be found; the words name what to do."""
