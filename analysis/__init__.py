"""From a study file to every number of its paper; `early_recurrence` is the interface to it."""

from analysis.core.arithmetic import pin

# Before anything numerical is loaded.
pin()
