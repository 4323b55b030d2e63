"""`early-recurrence submit`: the files that a journal asks for, in one folder."""
