"""Keys of the results, from their declarations: `keys.auc("dlrcr", "validation")`."""

from analysis.results.keys import *  # noqa: F403
