"""When a denominator is near zero; a module of its own, so that documents load no model for it."""

from __future__ import annotations

# Share of the learning patients' median magnitude below which a denominator is near zero.
LEAST_SHARE = 0.05
