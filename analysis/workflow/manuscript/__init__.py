"""`early-recurrence manuscript`: sections, texts of one's own, changes of the templates."""
