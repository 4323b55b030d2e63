"""Speed of analysis.statistics and analysis.inputs.radiomics beside the packages that do the same:
`make bench` prints a table of each."""

import early_recurrence  # noqa: F401  (kernels are pinned before NumPy is loaded)
