"""Models that are trained, and the staging systems and indexes that have nothing to learn."""

import analysis  # noqa: F401  (it pins the kernels of numerical libraries before they are loaded)
