"""Names of the table of repeatability with and without preprocessing, for what only reads it."""

from __future__ import annotations

TABLE = "tables/preprocessing_repeatability"
# Of all classes of features together.
ALL = "all"
