"""Registration of phases as a cohort has it: how far, how much more alike, and what failed."""
